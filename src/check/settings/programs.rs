//! A task's program and the files that are delivered beside it.

use foldhash::HashMap;
use pipec_ir::Interpreter;
use pipec_ir::value::Value;

use super::messages;
use super::records::literal;
use super::table::{self, Holder};
use crate::check::context::{Checker, Scope, error_expression};
use crate::check::fold::Known;
use crate::check::foreign;
use crate::hir::{Expr, ExprKind, LocalKind, ModuleId, TaskFile, TaskId, TaskProgram};
use crate::resolve::suggest;
use crate::source::Span;
use crate::syntax::ast;
use crate::types::{Kind, Type, kind};

/// Programs that execute an argument as code, by the beginning of their names.
const INTERPRETERS: &[&str] = &[
    "sh",
    "bash",
    "dash",
    "ash",
    "zsh",
    "ksh",
    "fish",
    "csh",
    "tcsh",
    "pwsh",
    "powershell",
    "python",
    "pypy",
    "perl",
    "ruby",
    "node",
    "nodejs",
    "deno",
    "bun",
    "php",
    "lua",
    "Rscript",
    "R",
    "julia",
    "ipython",
    "osascript",
    "tclsh",
    "groovy",
    "scala",
    "elixir",
];

impl Checker<'_> {
    /// Settings and program of a task.
    pub(crate) fn check_task(&mut self, id: TaskId) {
        let modules = self.modules;
        let (module, _, tree) = modules.task(id);
        let type_parameters = self.program.tasks[id.index()].type_parameters.clone();
        self.enter_type_parameters(&type_parameters);
        let mut scope = self.task_scope(id);
        let settings = self.settings(&mut scope, &tree.settings, super::Of::Task(id));
        let program = self.program_of(id, tree);
        let is_python = matches!(program, Some(TaskProgram::Script { interpreter: Interpreter::Python, .. }));
        self.check_variables(id, is_python);
        self.leave_type_parameters();
        let files = match first_setting(tree, "files") {
            Some(setting) => self.files(module, setting),
            None => Vec::new(),
        };
        let task = &mut self.program.tasks[id.index()];
        task.settings = settings;
        task.program = program;
        task.files = files;
    }

    fn program_of(&mut self, id: TaskId, tree: &ast::Task) -> Option<TaskProgram> {
        let Some(setting) = first_setting(tree, "run") else {
            // Its program is there, under another name: that has been said.
            let is_run = |setting: &ast::Setting| {
                let name = &setting.name.value;
                let is_slip = table::find(Holder::Task, name).is_none()
                    && suggest::nearest(name, table::names(Holder::Task)) == Some("run");
                is_slip || foreign::setting(name).is_some_and(|foreign| foreign.word == Some("run"))
            };
            if tree.settings.iter().any(is_run) {
                return None;
            }
            self.report(messages::no_program(&tree.name.value, tree.name.span));
            return None;
        };
        match &setting.value {
            ast::SettingValue::Block { word, text } => {
                let interpreter = match word.value.as_str() {
                    "bash" => Interpreter::Bash,
                    "sh" => Interpreter::Sh,
                    "python" => Interpreter::Python,
                    _ => {
                        self.report(messages::unknown_interpreter(word));
                        return None;
                    }
                };
                Some(TaskProgram::Script { interpreter, block: text.clone(), span: setting.span })
            }
            ast::SettingValue::WordRecord { word, .. } => {
                if word.value == "resource" {
                    let diagnostic =
                        crate::check::messages::not_supported_yet("a `resource` as a program", word.span);
                    self.report(diagnostic);
                } else {
                    self.report(messages::unknown_interpreter(word));
                }
                None
            }
            ast::SettingValue::Expr(expr) => {
                let arguments = self.argument_vector(id, expr)?;
                Some(TaskProgram::Command { arguments, span: expr.span })
            }
        }
    }

    fn argument_vector(&mut self, id: TaskId, expr: &ast::Expr) -> Option<Vec<Expr>> {
        let ast::ExprKind::List(trees) = &expr.kind else {
            if !matches!(expr.kind, ast::ExprKind::Error) {
                self.report(messages::no_vector(expr.span));
            }
            return None;
        };
        if trees.is_empty() {
            self.report(messages::empty_vector(expr.span));
            return None;
        }
        let mut scope = self.command_scope(id);
        let arguments: Vec<Expr> =
            trees.iter().map(|tree| self.argument_of_vector(&mut scope, tree)).collect();
        let first = &arguments[0];
        if plain_text(first) == Some("") {
            self.report(messages::empty_program(first.span));
        }
        if !matches!(first.kind, ExprKind::Error) && !self.is_constant(first) {
            self.report(messages::program_varies(first.span));
        }
        self.check_code(&arguments);
        Some(arguments)
    }

    fn argument_of_vector(&mut self, scope: &mut Scope, tree: &ast::Expr) -> Expr {
        let value = self.expression(scope, tree, None);
        let Some(ty) = value.ty.clone() else {
            let why = crate::check::convert::Expectation::new("an argument");
            return self.convert(value, &Type::STRING, &why);
        };
        if matches!(ty, Type::Error) || is_output(&value, scope) || self.has_text(&ty) {
            return self.folded(value);
        }
        if matches!(ty, Type::Timestamp | Type::Date | Type::Decimal) {
            // That it is for columns only has been said where it is declared.
            return error_expression(value.span);
        }
        if let Some((why, help)) = self.why_no_argument(&ty) {
            let diagnostic = messages::no_argument(&self.show(&ty), why, help, value.span);
            self.report(diagnostic);
            return error_expression(value.span);
        }
        value
    }

    fn why_no_argument(&self, ty: &Type) -> Option<(&'static str, &'static str)> {
        if let Type::Optional(_) = ty {
            return Some((
                "may be absent",
                "say what it is where there is none (`x ?? \"\"`), or write a block, in which the variable is unset",
            ));
        }
        match kind(ty, &self.program) {
            Kind::Artifact => None,
            Kind::Secret => Some((
                "a secret",
                "pass it by `env: { TOKEN: token }` or as a file by `secrets`: arguments can be seen by everyone",
            )),
            Kind::Mixed => Some(("a record with artifacts", "name its fields one by one: `s.id`, `s.reads`")),
            Kind::Either => Some((
                "a value or an artifact, as the call says",
                "write a block, in which it is a variable, or take artifacts only: `<T: artifact>`",
            )),
            Kind::Value => Some((
                "more than one text",
                "write a block, in which it is a variable with its JSON, or name fields one by one: `params.depth`",
            )),
        }
    }

    /// What stands after `-c` or `-e` of a shell or interpreter is code, so it has to be constant.
    fn check_code(&mut self, arguments: &[Expr]) {
        let mut interpreter: Option<String> = None;
        for (index, argument) in arguments.iter().enumerate() {
            if let (Some(program), ExprKind::Interpolate(parts)) = (&interpreter, &argument.kind)
                && let Some(flag) = parts.first().and_then(plain_text).and_then(joined_flag)
                && !self.is_constant(argument)
            {
                let diagnostic = messages::value_as_code(flag, program, argument.span, argument.span);
                self.report(diagnostic);
            }
            let Some(text) = plain_text(argument) else { continue };
            if let Some(program) = &interpreter
                && is_code_flag(text)
                && let Some(next) = arguments.get(index + 1)
                && !matches!(next.kind, ExprKind::Error)
                && !self.is_constant(next)
            {
                let diagnostic = messages::value_as_code(text, program, next.span, argument.span);
                self.report(diagnostic);
            }
            let base = text.rsplit('/').next().unwrap_or(text);
            if interpreter.is_none() && is_interpreter(base) {
                interpreter = Some(base.to_owned());
            }
        }
    }

    /// `files: ["./train.py"]`.
    fn files(&mut self, module: ModuleId, setting: &ast::Setting) -> Vec<TaskFile> {
        let ast::SettingValue::Expr(expr) = &setting.value else { return Vec::new() };
        let mut paths: Vec<(String, Span)> = Vec::new();
        let mut scope = Scope::constant(module);
        if let ast::ExprKind::List(items) = &expr.kind {
            for item in items {
                let value = self.expression(&mut scope, item, Some(&Type::STRING));
                match self.known(&value) {
                    Known::Value(Value::String(text)) => paths.push((text, item.span)),
                    Known::Value(_) | Known::Fault(_) | Known::Nothing => self.no_path_of_file(&value),
                }
            }
        } else {
            let value = self.expression(&mut scope, expr, Some(&Type::list(Type::STRING)));
            match self.known(&value) {
                Known::Value(Value::List(items))
                    if items.iter().all(|item| matches!(item, Value::String(_))) =>
                {
                    for item in items {
                        if let Value::String(text) = item {
                            paths.push((text, expr.span));
                        }
                    }
                }
                Known::Value(_) | Known::Fault(_) | Known::Nothing => self.no_path_of_file(&value),
            }
        }
        let mut files = Vec::with_capacity(paths.len());
        let mut first: HashMap<String, Span> = HashMap::default();
        for (text, span) in paths {
            match self.file(module, &text) {
                Ok((path, place)) => match first.get(&place) {
                    Some(other) => self.report(messages::one_place(&place, span, *other)),
                    None => {
                        first.insert(place.clone(), span);
                        files.push(TaskFile { path, place, span });
                    }
                },
                Err(reason) => self.report(messages::bad_file(&text, &reason, span)),
            }
        }
        files
    }

    fn no_path_of_file(&mut self, value: &Expr) {
        if !matches!(value.kind, ExprKind::Error) {
            self.report(messages::files_are_texts(value.span));
        }
    }

    /// The project path of a file that a module names, and its place beside the program.
    fn file(&self, module: ModuleId, text: &str) -> Result<(String, String), String> {
        if !text.starts_with("./") && !text.starts_with("../") {
            return Err(format!(
                "paths begin with `./` or `../`; write \"./{text}\" for a file beside this one"
            ));
        }
        if text.contains(['\\', '\0']) {
            return Err("parts of a path are separated by `/`".to_owned());
        }
        let own = &self.modules.module(module).path;
        let directory = own.rsplit_once('/').map_or("", |(directory, _)| directory);
        let path = joined(directory, text)
            .ok_or("it leads out of the project, which is the folder of `pipec.toml`, or without one that of the compiled file")?;
        if self.project.entry(&path).is_none() {
            return Err("there is no such file".to_owned());
        }
        let place = if text.starts_with("../") {
            path.clone()
        } else {
            // A path beside the file lands where it is written.
            joined("", text).ok_or("it leads out of the folder of this file: begin it with `../`")?
        };
        let place = if place.is_empty() { ".".to_owned() } else { place };
        Ok((path, place))
    }
}

/// A path without `.` and `..`; `None` if it leads out.
fn joined(directory: &str, text: &str) -> Option<String> {
    let mut parts: Vec<&str> = directory.split('/').filter(|part| !part.is_empty()).collect();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn first_setting<'t>(tree: &'t ast::Task, name: &str) -> Option<&'t ast::Setting> {
    tree.settings.iter().find(|setting| setting.name.value == name)
}

/// The path to write an output to may be an argument, whatever the output is.
fn is_output(value: &Expr, scope: &Scope) -> bool {
    let mut at = value;
    while let ExprKind::Widen(of) | ExprKind::Narrow(of) = &at.kind {
        at = of;
    }
    matches!(&at.kind, ExprKind::Local(local) if matches!(scope.local(*local).kind, LocalKind::Output))
}

fn plain_text(expr: &Expr) -> Option<&str> {
    if let Some(Value::String(text)) = literal(expr) { Some(text) } else { None }
}

/// `python3.12` is one as well.
fn is_interpreter(name: &str) -> bool {
    let stem = name.trim_end_matches(|character: char| character.is_ascii_digit() || character == '.');
    INTERPRETERS.contains(&stem) || INTERPRETERS.contains(&name)
}

/// `-c`, `-e`, `--eval`, or a cluster of short options that ends so.
fn is_code_flag(text: &str) -> bool {
    if matches!(text, "--eval" | "--command" | "-Command") {
        return true;
    }
    text.strip_prefix('-').is_some_and(|letters| {
        letters.ends_with(['c', 'e']) && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
    })
}

/// The flag of `--eval=…` or `-c…`, where text follows in the same argument.
fn joined_flag(text: &str) -> Option<&'static str> {
    ["--eval=", "--command=", "-c", "-e"].into_iter().find(|flag| text.starts_with(flag))
}

#[cfg(test)]
mod tests {
    use super::{is_code_flag, is_interpreter, joined};

    #[test]
    fn what_executes_its_arguments() {
        for name in ["bash", "python3", "python3.12", "Rscript", "node"] {
            assert!(is_interpreter(name), "{name}");
        }
        for name in ["sed", "grep", "pythonic", "etl"] {
            assert!(!is_interpreter(name), "{name}");
        }
        for flag in ["-c", "-e", "-lc", "-xe", "--eval"] {
            assert!(is_code_flag(flag), "{flag}");
        }
        for flag in ["-x", "--cache", "c", "-", "-1e"] {
            assert!(!is_code_flag(flag), "{flag}");
        }
    }

    #[test]
    fn paths_stay_in_the_project() {
        assert_eq!(joined("lib", "./a/b.py").as_deref(), Some("lib/a/b.py"));
        assert_eq!(joined("lib", "../a.py").as_deref(), Some("a.py"));
        assert_eq!(joined("lib", "../../a.py"), None);
        assert_eq!(joined("", "./").as_deref(), Some(""));
    }
}
