//! A task as a function: its environment, its program's attempts, and what is collected afterwards.

use pipec_ir::lookup::record;
use pipec_ir::{
    Expr, ExprKind, Interpreter, Output, Parameter, Results, Role, Run, Settings, Span, Task, Type,
};
use serde_json::json;

use super::bash::{comment, directory, quote, quoted};
use super::context::Context;
use super::files::captured;
use super::function::{Function, Scope, Word};
use super::kind::{absence, columns, kind, size_kind, type_json, type_table, value_part};
use crate::{OutputFile, Refusal};

/// Variables that bash sets itself, or won't let go: they are given to the program by `env`.
const VARIABLES_OF_BASH: &[&str] = &[
    "BASH",
    "BASHOPTS",
    "BASHPID",
    "BASH_ARGV0",
    "BASH_COMMAND",
    "BASH_SUBSHELL",
    "BASH_VERSINFO",
    "DIRSTACK",
    "EPOCHREALTIME",
    "EPOCHSECONDS",
    "EUID",
    "FUNCNAME",
    "GROUPS",
    "HISTCMD",
    "IFS",
    "LINENO",
    "OLDPWD",
    "PATH",
    "PIPESTATUS",
    "POSIXLY_CORRECT",
    "PPID",
    "PWD",
    "RANDOM",
    "SECONDS",
    "SHELLOPTS",
    "SHLVL",
    "SRANDOM",
    "UID",
    "_",
];

pub(super) struct LoweredTask {
    pub(super) text: String,
    pub(super) files: Vec<OutputFile>,
}

/// Lowers a task to the function `name`; its files are named after `stem`.
pub(super) fn lower(context: &Context<'_>, task: &Task, name: &str, stem: &str) -> LoweredTask {
    let mut function = Function::new(context, Scope::Task, format!("task {}", task.name));
    refuse_settings(context, task);
    function.line(format!("TASK={}", quoted(&task.name)));
    function.line("begin_step");
    let mut files = captured(context.program, &task.files, &format!("files/{stem}"));
    if !files.is_empty() {
        function.line(format!("FILES={}", quoted(stem)));
    }
    for parameter in task.inputs.iter().filter(|parameter| parameter.role == Role::Program) {
        bind(&mut function, parameter);
    }
    for output in task.results.outputs() {
        let extension = extension(context, &output.ty);
        function.line(format!("output {} {}", output.name, quoted(&extension)));
        let place = format!("\"$OUTPUTS/\"{}", quoted(&format!("{}{extension}", output.name)));
        function.bindings.push((output.name.clone(), place));
    }
    settings(&mut function, task);
    let command = match &task.run {
        Run::Command(arguments) => command(&mut function, task, arguments),
        Run::Script { interpreter, text, span } => {
            let (command, written) = script(context, task, stem, *interpreter, text, *span);
            files.extend(written);
            command
        }
    };
    if matches!(task.run, Run::Script { interpreter: Interpreter::Python, .. }) {
        function.line("IS_PYTHON=yes");
    }
    function.must(format!("attempts {command}"));
    for output in task.results.outputs() {
        collect(&mut function, output, matches!(task.results, Results::Single(_)));
    }
    let mut text = task.doc.as_deref().map(comment).unwrap_or_default();
    let place = context.place(task.span);
    if !place.is_empty() {
        text.push_str(&comment(&format!("{}, {place}", task.name)));
    }
    text.push_str(&function.finish(name));
    LoweredTask { text, files }
}

fn refuse_settings(context: &Context<'_>, task: &Task) {
    let refuse = |message: String, help: &str, span: Option<Span>| {
        context
            .refuse(Refusal::new(message).help(help).at(format!("task {}", task.name), span.or(task.span)));
    };
    if let Some((path, secret)) = task.settings.secrets.first() {
        refuse(
            format!("a script can't mount a secret at {path}"),
            "give it to the program as a variable: env: { TOKEN: secret(…) }",
            secret.span,
        );
    }
    if let Some(volume) = task.settings.volumes.first() {
        refuse(
            format!("a script can't mount a volume at {}", volume.mount),
            "write to $TMPDIR, or pass a directory as an input",
            None,
        );
    }
}

/// An input as variables of the program, and as files where it holds artifacts.
fn bind(function: &mut Function<'_>, parameter: &Parameter) {
    let expr = Expr { ty: parameter.ty.clone(), kind: ExprKind::Input(parameter.name.clone()), span: None };
    if matches!(parameter.ty.without_optional(), Type::Secret) {
        return;
    }
    let word = function.expression(&expr);
    let presented = bind_value(function, &parameter.name, word, &parameter.ty);
    if let Some(presented) = presented {
        function.bindings.push((parameter.name.clone(), presented));
    }
}

/// Gives the word that the program's arguments see instead of the value: the path of an artifact.
fn bind_value(function: &mut Function<'_>, name: &str, word: Word, ty: &Type) -> Option<Word> {
    if let Type::Optional { of } = ty {
        let word = function.in_variable(word);
        function.line(format!("if [[ -n {word} ]]; then"));
        function.indent();
        let inner = function.stripped(&word);
        bind_value(function, name, inner, of);
        function.dedent();
        function.line("fi");
        return None;
    }
    let types = function.context.types();
    if ty.is_single_artifact() {
        let extension = extension(function.context, ty);
        function.must(format!("input_file {name} {} {word}", quoted(&extension)));
        return Some(format!("\"$INPUTS/\"{}", quoted(&format!("{name}{extension}"))));
    }
    if ty.is_artifact() {
        function.must(format!("input_files {name} {word}"));
        return Some(format!("\"$INPUTS/\"{}", quoted(name)));
    }
    if ty.is_mixed(types) {
        let values = function.query(&format!("{name}_values"), &word, "json", &value_part(ty, types));
        function.line(format!("variable {name} {values}"));
    } else if matches!(ty, Type::Enum { .. }) && kind(ty, types) == "json" {
        let filter = "if type == \"string\" then . else canonical end";
        let text = function.query(name, &word, "text", filter);
        function.line(format!("variable {name} {text}"));
    } else {
        function.line(format!("variable {name} {word}"));
    }
    match record(ty, types) {
        Some(record) => {
            for field in &record.fields {
                if matches!(field.ty.without_optional(), Type::Secret) {
                    continue;
                }
                let variable = format!("{name}_{}", field.name);
                let step = format!(".[{}]", super::kind::jq_string(field.json_name()));
                let field_kind = kind(&field.ty, types);
                let value = function.query(&variable, &word, field_kind, &step);
                if let Some(presented) = bind_value(function, &variable, value, &field.ty) {
                    function.fields.insert((name.to_owned(), field.name.clone()), presented);
                }
            }
        }
        None if ty.is_mixed(types) => {
            for (names, filter) in columns(ty, types) {
                let variable = format!("{name}_{}", names.join("_"));
                let column = function.query(&variable, &word, "json", &filter);
                function.must(format!("input_files {variable} {column}"));
            }
        }
        None => {}
    }
    None
}

fn settings(function: &mut Function<'_>, task: &Task) {
    let settings = &task.settings;
    for (name, value) in &settings.env {
        let is_special = VARIABLES_OF_BASH.contains(&name.as_str());
        if matches!(value.ty, Type::Secret) {
            if is_special {
                function.refuse(
                    Refusal::new(format!("a script can't give a secret to a program in the variable {name}, which bash keeps for itself"))
                        .help("give the variable another name"),
                    value,
                );
                continue;
            }
            let reference = function.expression(value);
            let secret = function.operation("secret", "secret_value", &reference);
            function.line(format!("variable {name} {secret}"));
        } else {
            let word = function.expression(value);
            if is_special {
                function.line(format!("SPECIAL+=({}{word})", quoted(&format!("{name}="))));
            } else {
                function.line(format!("variable {name} {word}"));
            }
        }
    }
    amounts(function, settings);
    if let Some(timeout) = &settings.timeout {
        let word = function.expression(timeout);
        let place = function.place(timeout);
        function.must(format!("timeout_of {word} {place}"));
    }
    if let Some(retry) = &settings.retry {
        let backoff = retry.backoff_ms.unwrap_or(0);
        let factor = thousandths(retry.factor.unwrap_or(1.0));
        let most = retry.max_backoff_ms.unwrap_or(0);
        function
            .line(format!("RETRIES={} BACKOFF={backoff} FACTOR={factor} MOST_BACKOFF={most}", retry.limit));
        if let Some(codes) = &retry.exit_codes {
            let codes: Vec<String> = codes.iter().map(u8::to_string).collect();
            function.line(format!("RETRY_STATUSES=' {} '", codes.join(" ")));
        }
    }
}

/// What a process has no use for makes sense all the same. Constants were computed, and do.
fn amounts(function: &mut Function<'_>, settings: &Settings) {
    let resources = &settings.resources;
    let quantities = [
        ("cpu", &resources.cpu, "cores"),
        ("cpu_limit", &resources.cpu_limit, "cores"),
        ("memory", &resources.memory, "bytes"),
        ("memory_limit", &resources.memory_limit, "bytes"),
        ("ephemeral_storage", &resources.ephemeral_storage, "bytes"),
        ("shm_size", &settings.shm_size, "bytes"),
    ];
    for (name, amount, unit) in quantities {
        if let Some(amount) = computed(amount) {
            let (word, place) = (function.expression(amount), function.place(amount));
            function.must(format!("amount_of {name} {word} {unit} {place}"));
        }
    }
    if let Some(count) = computed(&resources.gpu) {
        let (word, place) = (function.expression(count), function.place(count));
        function.must(format!("count_of gpu {word} {place}"));
    }
}

fn computed(setting: &Option<Expr>) -> Option<&Expr> {
    setting.as_ref().filter(|expr| !matches!(expr.kind, ExprKind::Const(_)))
}

/// Waiting times need no more.
fn thousandths(factor: f64) -> u64 {
    let scaled = (factor * 1000.0).round();
    if scaled.is_finite() && scaled >= 0.0 { scaled.min(1e9) as u64 } else { 1000 }
}

/// The argument vector: each element is one word.
fn command(function: &mut Function<'_>, task: &Task, arguments: &[Expr]) -> String {
    let _ = task;
    let words: Vec<Word> = arguments.iter().map(|argument| argument_word(function, argument)).collect();
    words.join(" ")
}

/// A field of a record input is the path under `inputs` where it is an artifact.
fn argument_word(function: &mut Function<'_>, argument: &Expr) -> Word {
    if let ExprKind::Field { of, field } = &argument.kind
        && let Some(name) = variable_name(of)
        && let Some(word) = function.fields.get(&(name, field.clone()))
    {
        return word.clone();
    }
    function.expression(argument)
}

/// `s_a` for the expression `s.a`.
fn variable_name(expr: &Expr) -> Option<String> {
    if let ExprKind::Input(name) = &expr.kind {
        Some(name.clone())
    } else if let ExprKind::Field { of, field } = &expr.kind {
        Some(format!("{}_{field}", variable_name(of)?))
    } else {
        None
    }
}

/// A script's command, and its files.
fn script(
    context: &Context<'_>,
    task: &Task,
    stem: &str,
    interpreter: Interpreter,
    text: &str,
    span: Option<Span>,
) -> (String, Vec<OutputFile>) {
    let content = format!("{text}\n");
    match interpreter {
        Interpreter::Bash => {
            let path = format!("programs/{stem}.bash");
            (format!("bash \"$HERE/{path}\""), vec![OutputFile::text(path, content)])
        }
        Interpreter::Sh => {
            let path = format!("programs/{stem}.sh");
            (format!("sh \"$HERE/{path}\""), vec![OutputFile::text(path, content)])
        }
        Interpreter::Python => {
            let path = format!("programs/{stem}.json");
            let file = span.and_then(|span| {
                usize::try_from(span.file).ok().and_then(|index| context.program.sources.get(index))
            });
            let inputs = task.inputs.iter().filter(|input| input.role == Role::Program);
            let description = json!({
                "program": format!("{stem}.py"),
                "file": file.map_or("block.py", String::as_str),
                "line": span.map_or(1, |span| span.line.max(1)),
                "inputs": inputs.map(|input| json!({ "name": input.name, "ty": type_json(&input.ty) })).collect::<Vec<_>>(),
                "outputs": task.results.outputs().iter()
                    .map(|output| json!({ "name": output.name, "ty": type_json(&output.ty) })).collect::<Vec<_>>(),
                "types": type_table(context.types()),
            });
            let description = serde_json::to_string_pretty(&description).unwrap_or_default() + "\n";
            (
                format!("python3 \"$HERE/lib/prelude.py\" \"$HERE/{path}\" \"$INPUTS\" \"$OUTPUTS/.ended\""),
                vec![
                    OutputFile::text(format!("programs/{stem}.py"), content),
                    OutputFile::text(path, description),
                ],
            )
        }
    }
}

fn collect(function: &mut Function<'_>, output: &Output, is_single: bool) {
    let context = function.context;
    let types = context.types();
    let name = if is_single { "''".to_owned() } else { quote(&directory(&output.name)) };
    if output.ty.is_artifact() {
        let extension = quoted(&extension(context, &output.ty));
        let shape = quoted(&shape(&output.ty));
        function.must(format!("collect_artifact {name} {} {extension} {shape}", output.name));
        return;
    }
    let optional = absence(&output.ty);
    let size = quoted(&size_kind(output.ty.without_optional(), types));
    let check = context.check(&output.ty, output.span);
    function.must(format!("collect_value {name} {} {size} {optional} {check}", output.name));
}

/// `file`, `dir`, `[file]`, `{dir?}`.
fn shape(ty: &Type) -> String {
    if let Type::Optional { of } = ty {
        format!("{}?", shape(of))
    } else if let Type::List { item } = ty {
        format!("[{}]", shape(item))
    } else if let Type::Map { value } = ty {
        format!("{{{}}}", shape(value))
    } else if matches!(ty, Type::Dir { .. }) {
        "dir".to_owned()
    } else {
        "file".to_owned()
    }
}

/// The extension of a path to an artifact of the type.
fn extension(context: &Context<'_>, ty: &Type) -> String {
    let (Type::File { format } | Type::Table { format, .. }) = ty.without_optional() else {
        return String::new();
    };
    let format = format.as_ref().and_then(|format| context.program.formats.get(format));
    format.map(|format| format.extension.clone()).unwrap_or_default()
}
