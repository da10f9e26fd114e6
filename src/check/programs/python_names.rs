//! Names that Python has without an import.

/// Builtins of Python 3.8 and later; names with two underscores around them are not listed.
const BUILTINS: &[&str] = &[
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BaseException",
    "BaseExceptionGroup",
    "BlockingIOError",
    "BrokenPipeError",
    "BufferError",
    "BytesWarning",
    "ChildProcessError",
    "ConnectionAbortedError",
    "ConnectionError",
    "ConnectionRefusedError",
    "ConnectionResetError",
    "DeprecationWarning",
    "EOFError",
    "Ellipsis",
    "EncodingWarning",
    "EnvironmentError",
    "Exception",
    "ExceptionGroup",
    "False",
    "FileExistsError",
    "FileNotFoundError",
    "FloatingPointError",
    "FutureWarning",
    "GeneratorExit",
    "IOError",
    "ImportError",
    "ImportWarning",
    "IndentationError",
    "IndexError",
    "InterruptedError",
    "IsADirectoryError",
    "KeyError",
    "KeyboardInterrupt",
    "LookupError",
    "MemoryError",
    "ModuleNotFoundError",
    "NameError",
    "None",
    "NotADirectoryError",
    "NotImplemented",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "PendingDeprecationWarning",
    "PermissionError",
    "ProcessLookupError",
    "PythonFinalizationError",
    "RecursionError",
    "ReferenceError",
    "ResourceWarning",
    "RuntimeError",
    "RuntimeWarning",
    "StopAsyncIteration",
    "StopIteration",
    "SyntaxError",
    "SyntaxWarning",
    "SystemError",
    "SystemExit",
    "TabError",
    "TimeoutError",
    "True",
    "TypeError",
    "UnboundLocalError",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "UnicodeError",
    "UnicodeTranslateError",
    "UnicodeWarning",
    "UserWarning",
    "ValueError",
    "Warning",
    "ZeroDivisionError",
    "abs",
    "aiter",
    "all",
    "anext",
    "any",
    "ascii",
    "bin",
    "bool",
    "breakpoint",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "compile",
    "complex",
    "copyright",
    "credits",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "exit",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "help",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "license",
    "list",
    "locals",
    "map",
    "max",
    "memoryview",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "quit",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
];

pub(super) fn is_builtin(name: &str) -> bool {
    name.starts_with("__") && name.ends_with("__") || BUILTINS.binary_search(&name).is_ok()
}

/// Modules of the standard library that are often used, for a better message.
const MODULES: &[&str] = &[
    "argparse",
    "asyncio",
    "base64",
    "collections",
    "contextlib",
    "copy",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "functools",
    "glob",
    "gzip",
    "hashlib",
    "heapq",
    "io",
    "itertools",
    "json",
    "logging",
    "math",
    "operator",
    "os",
    "pathlib",
    "pickle",
    "random",
    "re",
    "shutil",
    "sqlite3",
    "statistics",
    "string",
    "struct",
    "subprocess",
    "sys",
    "tarfile",
    "tempfile",
    "textwrap",
    "time",
    "traceback",
    "typing",
    "urllib",
    "uuid",
    "warnings",
    "zipfile",
];

pub(super) fn is_module(name: &str) -> bool {
    MODULES.binary_search(&name).is_ok()
}

/// Names that everybody gives to modules.
const MODULE_ALIASES: [(&str, &str); 6] = [
    ("np", "numpy"),
    ("pd", "pandas"),
    ("pl", "polars"),
    ("plt", "matplotlib.pyplot"),
    ("sns", "seaborn"),
    ("tf", "tensorflow"),
];

/// The module that everybody calls so.
pub(super) fn module_called(alias: &str) -> Option<&'static str> {
    MODULE_ALIASES.iter().find(|(known, _)| *known == alias).map(|(_, module)| *module)
}

/// Names that set or read variables in ways that can't be followed.
pub(super) fn sets_unseen(name: &str) -> bool {
    matches!(
        name,
        "exec" | "globals" | "locals" | "vars" | "setattr" | "__import__" | "__builtins__" | "NameError"
    )
}

/// Names through which a block, or a program that it starts, reads the environment.
pub(super) fn reads_unseen(name: &str) -> bool {
    matches!(
        name,
        "environ"
            | "environb"
            | "getenv"
            | "getenvb"
            | "subprocess"
            | "system"
            | "popen"
            | "Popen"
            | "runpy"
            | "eval"
            | "pty"
            | "create_subprocess_exec"
            | "create_subprocess_shell"
            | "inspect"
    ) || name.starts_with("spawn")
        || (name.starts_with("exec") && name != "executor" && name.len() <= 7)
}

#[cfg(test)]
mod tests {
    use super::{BUILTINS, MODULES};

    #[test]
    fn lists_are_sorted() {
        assert!(BUILTINS.is_sorted() && MODULES.is_sorted());
    }
}
