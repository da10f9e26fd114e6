//! Draws programs: valid ones, of every construct, from a seed. What they compute is nobody's concern; what they are compiled
//! to is the judges'.

use std::fmt::Write;

/// The types of names in a drawn program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ty {
    Int,
    Text,
    Bool,
    Maybe,
    Ints,
    Texts,
    Row,
    File,
    Files,
}

/// Texts that some reader of a manifest could take for something else.
const TEXTS: [&str; 10] = [
    "plain",
    "",
    "null",
    "{{workflow.name}}",
    "\\$(HOME) \\$\\$",
    "a: b # c",
    "=x",
    "line\\nline",
    "'\\\"\\\\",
    "é \\u{1F600}",
];

const DECLARATIONS: &str = r#"
enum Mode { fast, slow(by: int) }
record Row { a: int, b: string = "x", c: [float] = [] }
record Sample { id: string, reads: [file<txt>] }

task number(a: int, s: string) -> int {
  retry: { limit: 1, exit_codes: [3] }
  run: bash """
    echo "$((a + ${#s}))" >"$out"
  """
}

task text(s: string) -> string {
  cache: true
  run: python """
    out = s + "{{x}}"
  """
}

task list(n: int) -> [int] {
  resources: { cpu: n, memory: 64Mi }
  run: sh """
    echo "[1, $n]" >"$out"
  """
}

task row(r: Row) -> Row {
  run: python """
    out = r
  """
}

task write(s: string) -> file<txt> {
  env: { TEXT: "<${s}>" }
  run: bash """
    printf '%s %s' "$s" "$TEXT" >"$out"
  """
}

task gather(files: [file<txt>], n: int?) -> (text: string, count: int) {
  timeout: 10m
  run: bash """
    echo "${n-}" >"$text"
    cp "$files/.count" "$count"
  """
}

task describe(sample: Sample) -> string {
  run: ["wc", "-c", sample.id, sample.reads, out]
}

task tell(s: string) {
  run: ["echo", s]
}

pipeline part(a: int, s: string = "d") -> (a: int, f: file<txt>) {
  on failure { tell("part ${a} ${run.status}") }
  n = number(a, s)
  return { a: n + 1, f: write("${s}${n}") }
}
"#;

/// A drawn program, called `name`.
pub(crate) fn draw(name: &str, seed: u64) -> String {
    let mut draw = Draw { random: seed | 1, names: Vec::new(), count: 0, text: String::new(), depth: 1 };
    let mut text = DECLARATIONS.trim_start().to_owned();
    for (given, ty) in
        [("i0", Ty::Int), ("s0", Ty::Text), ("b0", Ty::Bool), ("l0", Ty::Ints), ("o0", Ty::Maybe)]
    {
        draw.names.push((given.to_owned(), ty));
    }
    let _ = write!(
        text,
        "\npipeline {name}(i0: int = 3, s0: string = \"{}\", b0: bool = true, l0: [int] = [1, 2], o0: int? = null, \
         mode: Mode = Mode.fast) -> (a: int, b: string, c: [int], d: [string], e: int?) {{\n",
        TEXTS[(seed % 10) as usize]
    );
    if draw.chance(3) {
        draw.line("on failure { tell(\"failed: ${len(run.failures)}\") }");
    }
    draw.line("by = match mode {");
    draw.line("  Mode.fast => 0");
    draw.line("  Mode.slow(by) => by");
    draw.line("}");
    draw.names.push(("by".to_owned(), Ty::Int));
    for _ in 0..3 + draw.below(6) {
        draw.statement();
    }
    let (a, b, c) = (draw.int(2), draw.string(2), draw.ints(2));
    let (d, e) = (draw.texts(1), draw.maybe());
    draw.line(&format!("return {{ a: {a}, b: {b}, c: {c}, d: {d}, e: {e} }}"));
    text + &draw.text + "}\n"
}

struct Draw {
    random: u64,
    names: Vec<(String, Ty)>,
    count: usize,
    text: String,
    depth: usize,
}

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        usize::try_from(self.random >> 33).unwrap() % limit
    }

    fn chance(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{}{line}", "  ".repeat(self.depth));
    }

    /// A name of the type that is in scope.
    fn name(&mut self, ty: Ty) -> Option<String> {
        let found: Vec<String> =
            self.names.iter().filter(|(_, of)| *of == ty).map(|(name, _)| name.clone()).collect();
        if found.is_empty() { None } else { Some(found[self.below(found.len())].clone()) }
    }

    fn bind(&mut self, ty: Ty, value: &str) {
        self.count += 1;
        let name = format!("v{}", self.count);
        self.line(&format!("{name} = {value}"));
        self.names.push((name, ty));
    }

    fn int(&mut self, depth: usize) -> String {
        let leaf = self.name(Ty::Int).unwrap_or_else(|| "1".to_owned());
        if depth == 0 {
            return leaf;
        }
        match self.below(9) {
            0 => format!("{}", self.below(100)),
            1 => format!("({} + {})", self.int(depth - 1), self.int(depth - 1)),
            2 => format!("({} * {leaf})", self.int(depth - 1)),
            3 => format!("({leaf} div 3 - {} mod 5)", self.int(depth - 1)),
            4 => format!("max({leaf}, {})", self.int(depth - 1)),
            5 => format!("sum({})", self.ints(depth - 1)),
            6 => format!("len({})", self.string(depth - 1)),
            7 => format!("({} ?? {leaf})", self.maybe()),
            _ => leaf,
        }
    }

    fn string(&mut self, depth: usize) -> String {
        let leaf = self.name(Ty::Text).unwrap_or_else(|| "\"x\"".to_owned());
        if depth == 0 {
            return leaf;
        }
        match self.below(6) {
            0 => format!("\"{}\"", TEXTS[self.below(TEXTS.len())]),
            1 => format!("\"${{{leaf}}}:${{{}}}\"", self.int(0)),
            2 => format!("join({}, {leaf})", self.texts(depth - 1)),
            3 => format!("to_string({})", self.int(depth - 1)),
            _ => leaf,
        }
    }

    fn bool(&mut self) -> String {
        let leaf = self.name(Ty::Bool).unwrap_or_else(|| "true".to_owned());
        match self.below(5) {
            0 => format!("{} < {}", self.int(1), self.int(1)),
            1 => format!("{} == {}", self.string(0), self.string(1)),
            2 => format!("{leaf} and not ({} > {})", self.int(0), self.int(1)),
            3 => format!("contains({}, {}) or {leaf}", self.ints(0), self.int(0)),
            _ => leaf,
        }
    }

    fn ints(&mut self, depth: usize) -> String {
        let leaf = self.name(Ty::Ints).unwrap_or_else(|| "[1]".to_owned());
        if depth == 0 {
            return leaf;
        }
        match self.below(4) {
            0 => format!("[{}, {}]", self.int(depth - 1), self.int(0)),
            1 => format!("concat({leaf}, {})", self.ints(depth - 1)),
            _ => leaf,
        }
    }

    fn texts(&mut self, depth: usize) -> String {
        match self.name(Ty::Texts) {
            Some(name) if self.chance(2) => name,
            _ => format!("[{}, {}]", self.string(depth), self.string(0)),
        }
    }

    fn maybe(&mut self) -> String {
        let leaf = self.name(Ty::Maybe).unwrap_or_else(|| "null".to_owned());
        if self.chance(3) { format!("get({}, {})", self.ints(0), self.int(0)) } else { leaf }
    }

    fn files(&mut self) -> Option<String> {
        if let Some(files) = self.name(Ty::Files)
            && self.chance(2)
        {
            return Some(files);
        }
        let (one, two) = (self.name(Ty::File)?, self.name(Ty::File)?);
        Some(format!("[{one}, {two}]"))
    }

    fn statement(&mut self) {
        match self.below(if self.depth > 3 { 10 } else { 16 }) {
            0 => self.number(),
            1 => {
                let call = format!("text({})", self.string(2));
                self.bind(Ty::Text, &call);
            }
            2 => {
                let call = format!("list({})", self.int(1));
                self.bind(Ty::Ints, &call);
            }
            3 => {
                let call = format!("row({{ a: {}, b: {} }})", self.int(1), self.string(1));
                self.bind(Ty::Row, &call);
            }
            4 => {
                let call = format!("write({})", self.string(2));
                self.bind(Ty::File, &call);
            }
            5 => {
                if let Some(files) = self.files() {
                    let call = format!("gather({files}, {}).text", self.maybe());
                    self.bind(Ty::Text, &call);
                }
            }
            6 => {
                let value = self.int(3);
                self.bind(Ty::Int, &value);
            }
            7 => {
                let call = format!("try number({}, {})", self.int(1), self.string(1));
                self.bind(Ty::Maybe, &call);
            }
            8 => {
                let call = format!("part({}, {}).a", self.int(1), self.string(1));
                self.bind(Ty::Int, &call);
            }
            9 => {
                if let (Some(row), Some(files)) = (self.name(Ty::Row), self.files()) {
                    let call = format!("describe({{ id: {row}.b, reads: {files} }})");
                    self.bind(Ty::Text, &call);
                }
            }
            10 | 11 => self.branch(),
            12..=14 => self.walk(),
            _ => self.rounds(),
        }
    }

    fn number(&mut self) {
        let call = format!("number({}, {})", self.int(2), self.string(1));
        match self.name(Ty::File) {
            Some(file) if self.chance(3) => self.bind(Ty::Int, &format!("{call} after {file}")),
            _ => self.bind(Ty::Int, &call),
        }
    }

    /// Some statements, and the value that `value` draws after them; what they bind is gone then.
    fn block(&mut self, value: impl FnOnce(&mut Draw) -> String) {
        let known = self.names.len();
        self.depth += 1;
        for _ in 0..self.below(3) {
            self.statement();
        }
        let value = value(self);
        self.line(&value);
        self.depth -= 1;
        self.names.truncate(known);
    }

    fn branch(&mut self) {
        self.count += 1;
        let name = format!("v{}", self.count);
        let condition = self.bool();
        self.line(&format!("{name} = if {condition} {{"));
        self.block(|draw| draw.int(1));
        if self.chance(3) {
            self.line("}");
            self.names.push((name, Ty::Maybe));
        } else {
            self.line("} else {");
            self.block(|draw| format!("number({}, {})", draw.int(1), draw.string(1)));
            self.line("}");
            self.names.push((name, Ty::Int));
        }
    }

    fn walk(&mut self) {
        self.count += 1;
        let (name, item) = (format!("v{}", self.count), format!("x{}", self.count));
        let (list, item_ty) =
            if self.chance(2) { (self.ints(1), Ty::Int) } else { (self.texts(1), Ty::Text) };
        let limit = if self.chance(3) { " limit 2" } else { "" };
        let index = if self.chance(3) { format!("i{}, ", self.count) } else { String::new() };
        self.line(&format!("{name} = for {index}{item} in {list}{limit} {{"));
        let known = self.names.len();
        self.names.push((item, item_ty));
        let ty = [Ty::Ints, Ty::Texts, Ty::Files][self.below(3)];
        self.block(|draw| match ty {
            Ty::Ints => draw.int(2),
            Ty::Files => format!("write({})", draw.string(1)),
            Ty::Texts | Ty::Int | Ty::Text | Ty::Bool | Ty::Maybe | Ty::Row | Ty::File => draw.string(2),
        });
        self.names.truncate(known);
        self.line("}");
        self.names.push((name, ty));
    }

    fn rounds(&mut self) {
        self.count += 1;
        let (name, state) = (format!("v{}", self.count), format!("n{}", self.count));
        let first = self.int(1);
        let limit = 1 + self.below(4);
        self.line(&format!("{name} = repeat {state} = {first} limit {limit} {{"));
        let known = self.names.len();
        self.names.push((state.clone(), Ty::Int));
        self.block(|draw| format!("number({state} + 1, {})", draw.string(0)));
        self.names.truncate(known);
        self.line(&format!("}} until {state} > 5"));
        self.names.push((name, Ty::Int));
    }
}
