//! Checking and compiling programs that are made to be slow: each shape at a size and at four times that size, which should take about four
//! times as long. What can grow out of all bounds is refused, and that has to be quick, too.

use std::fmt::Write as _;
use std::path::Path;

use divan::Bencher;
use pipec::compiler;
use pipec::diagnostics::levels::Levels;
use pipec::source::Memory;

fn main() {
    divan::main();
}

const TIMES: [usize; 2] = [1, 4];

const SHOW: &str = "task show(x: int) {\n  run: [\"echo\", \"${x}\"]\n}\n";
const KEEP: &str = "task keep<T: value>(x: T) -> T {\n  run: python \"\"\"\n    out = x\n  \"\"\"\n}\n";

fn check(bencher: Bencher<'_, '_>, text: &str) {
    let entry = Path::new("/project/main.pipe");
    let mut memory = Memory::default();
    memory.files.insert(entry.to_owned(), text.as_bytes().to_vec());
    let levels = Levels::default();
    bencher.bench_local(|| compiler::check(entry, &memory, &levels).map(|checked| checked.diagnostics.len()));
}

/// Also to a manifest and to a script.
fn compile(bencher: Bencher<'_, '_>, text: &str) {
    let entry = Path::new("/project/main.pipe");
    let mut memory = Memory::default();
    memory.files.insert(entry.to_owned(), text.as_bytes().to_vec());
    let levels = Levels::default();
    let target = pipec_backends::argo::Target::default();
    bencher.bench_local(|| {
        let checked = compiler::check(entry, &memory, &levels).expect("the program is there");
        let program = checked.ir(None, &memory).expect("the program has no errors");
        let manifests = pipec_backends::argo::compile(&program, &target).map_or(0, |made| made.files.len());
        let scripts = pipec_backends::local::compile(&program).map_or(0, |files| files.len());
        manifests + scripts
    });
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, index| {
        let _ = writeln!(text, "{}", line(index));
        text
    })
}

#[divan::bench(args = TIMES)]
fn a_record_with_500_fields(bencher: Bencher<'_, '_>, times: usize) {
    let fields = lines(500 * times, |index| format!("  f{index}: int = {index}"));
    let given = lines(500 * times, |index| format!("    f{index}: {index}"));
    let text =
        format!("record R {{\n{fields}}}\npipeline p() -> R {{\n  r: R = {{\n{given}  }}\n  return r\n}}\n");
    check(bencher, &text);
}

#[divan::bench(args = TIMES)]
fn an_enum_with_500_variants(bencher: Bencher<'_, '_>, times: usize) {
    let variants = lines(500 * times, |index| format!("  v{index}"));
    let arms = lines(500 * times, |index| format!("    E.v{index} => {index}"));
    let text =
        format!("enum E {{\n{variants}}}\npipeline p(e: E) -> int {{\n  return match e {{\n{arms}  }}\n}}\n");
    check(bencher, &text);
}

#[divan::bench(args = ["and", "or"])]
fn a_chain_of_190(bencher: Bencher<'_, '_>, operator: &str) {
    let chain = vec!["b"; 190].join(&format!(" {operator} "));
    check(bencher, &format!("{SHOW}pipeline p(b: bool) {{\n  if {chain} {{ show(1) }}\n}}\n"));
}

#[divan::bench(args = TIMES)]
fn narrowing_in_a_chain(bencher: Bencher<'_, '_>, times: usize) {
    let count = 20 * times;
    let inputs: Vec<String> = (0..count).map(|index| format!("b{index}: int?")).collect();
    let tests: Vec<String> = (0..count).map(|index| format!("b{index} != null")).collect();
    let sum: Vec<String> = (0..count).map(|index| format!("b{index}")).collect();
    let (inputs, tests, sum) = (inputs.join(", "), tests.join(" and "), sum.join(" + "));
    check(bencher, &format!("{SHOW}pipeline p({inputs}) {{\n  if {tests} {{ show({sum}) }}\n}}\n"));
}

#[divan::bench(args = TIMES)]
fn nested_blocks(bencher: Bencher<'_, '_>, times: usize) {
    let depth = 12 * times;
    let (open, close) = ("if b {\n".repeat(depth), "}\n".repeat(depth));
    check(bencher, &format!("{SHOW}pipeline p(b: bool) {{\n{open}show(1)\n{close}}}\n"));
}

#[divan::bench(args = TIMES)]
fn nested_calls_with_type_parameters(bencher: Bencher<'_, '_>, times: usize) {
    let depth = 12 * times;
    let (open, close) = ("keep(".repeat(depth), ")".repeat(depth));
    check(bencher, &format!("{KEEP}pipeline p() -> int {{\n  return {open}1{close}\n}}\n"));
}

#[divan::bench(args = TIMES)]
fn types_that_get_deeper(bencher: Bencher<'_, '_>, times: usize) {
    let calls = lines(15 * times, |index| format!("  a{} = keep([a{index}])", index + 1));
    check(bencher, &format!("{KEEP}pipeline p() {{\n  a0 = 1\n{calls}}}\n"));
}

#[divan::bench(args = TIMES)]
fn types_that_double(bencher: Bencher<'_, '_>, times: usize) {
    let records = lines(8 * times, |index| format!("  a{} = {{ x: a{index}, y: a{index} }}", index + 1));
    check(bencher, &format!("{SHOW}pipeline p() {{\n  a0 = 1\n{records}  show(1)\n}}\n"));
}

#[divan::bench(args = TIMES)]
fn instances_that_double(bencher: Bencher<'_, '_>, times: usize) {
    let pipelines = lines(4 * times, |index| {
        format!(
            "pipeline f{next}<A: value, B: value>(a: A, b: B) -> A {{\n  x = f{index}({{ l: a, r: b }}, b)\n  \
             y = f{index}(a, {{ l: b, r: a }})\n  z = f{index}(x, y)\n  return z.l\n}}",
            next = index + 1
        )
    });
    let last = 4 * times;
    let text = format!(
        "pipeline f0<A: value, B: value>(a: A, b: B) -> A {{\n  return a\n}}\n{pipelines}\
         pipeline p() -> int {{\n  return f{last}(1, 2)\n}}\n"
    );
    check(bencher, &text);
}

#[divan::bench(args = TIMES)]
fn records_that_double(bencher: Bencher<'_, '_>, times: usize) {
    let records = lines(4 * times, |index| {
        format!("record R{next}<T: value> {{ a: R{index}<R{index}<T>>, b: R{index}<[T]> }}", next = index + 1)
    });
    let last = 4 * times;
    check(bencher, &format!("record R0<T: value> {{ a: T }}\n{records}type End = R{last}<int>\n"));
}

/// Each branch but the last needs a type of the others.
#[divan::bench(args = TIMES)]
fn nested_branches_that_wait(bencher: Bencher<'_, '_>, times: usize) {
    let depth = 12 * times;
    let (open, close) = ("if b { [] } else {\n".repeat(depth), "}\n".repeat(depth));
    check(
        bencher,
        &format!("pipeline p(b: bool, xs: [int]) -> [int] {{\n  ys = {open}xs\n{close}  return ys\n}}\n"),
    );
}

#[divan::bench(args = TIMES)]
fn items_that_wait(bencher: Bencher<'_, '_>, times: usize) {
    let items = lines(500 * times, |index| format!("    {{ a: null, b: [], c: {index} }},"));
    let last = "    { a: 1, b: [2], c: 3 },\n";
    check(bencher, &format!("{SHOW}pipeline p() {{\n  xs = [\n{items}{last}  ]\n  show(len(xs))\n}}\n"));
}

#[divan::bench(args = TIMES)]
fn a_long_else_if(bencher: Bencher<'_, '_>, times: usize) {
    let inputs: Vec<String> = (0..50 * times).map(|index| format!("b{index}: int?")).collect();
    let rungs = lines(50 * times, |index| format!("if b{index} != null {{ show(b{index}) }} else"));
    let (inputs, rungs) = (inputs.join(", "), rungs.replace('\n', " "));
    check(bencher, &format!("{SHOW}pipeline p({inputs}) {{\n  {rungs} {{ show(0) }}\n}}\n"));
}

#[divan::bench(args = TIMES)]
fn a_call_with_500_arguments(bencher: Bencher<'_, '_>, times: usize) {
    let inputs: Vec<String> = (0..500 * times).map(|index| format!("i{index}: int")).collect();
    let outputs: Vec<String> = (0..500 * times).map(|index| format!("o{index}: int")).collect();
    let given = lines(500 * times, |index| format!("    i{index}: {index},"));
    let sum = lines(500 * times, |index| format!("  show(made.o{index})"));
    let (inputs, outputs) = (inputs.join(", "), outputs.join(", "));
    let text = format!(
        "{SHOW}task wide({inputs}) -> ({outputs}) {{\n  run: [\"wide\"]\n}}\npipeline p() {{\n  made = wide(\n{given}  )\n{sum}}}\n"
    );
    check(bencher, &text);
}

/// Where everything is wrong, that is said of everything.
#[divan::bench(args = TIMES)]
fn many_mismatches(bencher: Bencher<'_, '_>, times: usize) {
    let aliases = lines(100 * times, |index| format!("type T{index} = int in {index}..=100000"));
    let calls = lines(500 * times, |index| format!("  show(\"{index}\")\n  x{index}: T1 = n"));
    check(bencher, &format!("{aliases}{SHOW}pipeline p(n: int) {{\n{calls}}}\n"));
}

#[divan::bench(args = TIMES)]
fn many_unknown_names(bencher: Bencher<'_, '_>, times: usize) {
    let steps = lines(250 * times, |index| format!("  step_number_{index} = keep({index})"));
    let calls = lines(250 * times, |index| format!("  keep(step_nunber_{index})"));
    check(bencher, &format!("{KEEP}pipeline p() {{\n{steps}{calls}}}\n"));
}

#[divan::bench(args = TIMES)]
fn a_long_circle(bencher: Bencher<'_, '_>, times: usize) {
    let count = 500 * times;
    let steps = lines(count, |index| format!("  a{index} = keep(a{})", (index + 1) % count));
    check(bencher, &format!("{KEEP}pipeline p() {{\n{steps}}}\n"));
}

#[divan::bench(args = TIMES)]
fn an_enum_with_500_payloads(bencher: Bencher<'_, '_>, times: usize) {
    let variants = lines(500 * times, |index| format!("  v{index}(reason: string, code: int)"));
    let arms =
        lines(500 * times, |index| format!("    E.v{index}(reason, code) => \"${{reason}} ${{code}}\""));
    let made = lines(500 * times, |index| format!("    E.v{index}(reason: \"x\", code: {index}),"));
    let text = format!(
        "enum E {{\n{variants}}}\npipeline p(e: E) -> (text: string, all: [E]) {{\n  text = match e {{\n{arms}  }}\n  \
         all = [\n{made}  ]\n  return {{ text: text, all: all }}\n}}\n"
    );
    check(bencher, &text);
}

#[divan::bench(args = TIMES)]
fn wide_records_that_meet(bencher: Bencher<'_, '_>, times: usize) {
    let fields = lines(500 * times, |index| format!("  f{index}: int?"));
    let given = lines(500 * times, |index| format!("    f{index}: null"));
    let text = format!(
        "record R {{\n{fields}}}\n{KEEP}pipeline p(r: R, b: bool) -> [R] {{\n  a = if b {{ r }} else {{ {{\n{given}  }} }}\n  \
         return [keep(a), r, a]\n}}\n"
    );
    check(bencher, &text);
}

#[divan::bench(args = TIMES)]
fn arguments_that_match(bencher: Bencher<'_, '_>, times: usize) {
    let steps = lines(250 * times, |index| {
        format!("  s{index} = keep(match m {{ Mode.fast => {index}, Mode.slow => 0 }})")
    });
    compile(bencher, &format!("enum Mode {{ fast, slow }}\n{KEEP}pipeline p(m: Mode) {{\n{steps}}}\n"));
}

#[divan::bench(args = TIMES)]
fn a_step_that_takes_all(bencher: Bencher<'_, '_>, times: usize) {
    let steps = lines(250 * times, |index| format!("  s{index} = keep({index})"));
    let all: Vec<String> = (0..250 * times).map(|index| format!("s{index}")).collect();
    let all = all.join(", ");
    compile(bencher, &format!("{KEEP}pipeline p() {{\n{steps}  keep([{all}])\n}}\n"));
}

#[divan::bench(args = TIMES)]
fn a_block_full_of_braces(bencher: Bencher<'_, '_>, times: usize) {
    let braces = "{{".repeat(10_000 * times);
    check(
        bencher,
        &format!("task t(n: int) {{\n  run: bash \"\"\"\n    echo \"$n\" '{braces}'\n  \"\"\"\n}}\n"),
    );
}
