//! The code table: every code that a finding may have, with its title and its page in `explanations/`.
//!
//! A new code is a row here, a page `explanations/CODE.md` (the form of `E0701.md`), and a case in the tests. Codes are
//! never reused or renumbered. Families: E01 syntax, E02 names, E03 types, E04 wiring, E05 control flow, E06 settings,
//! E07 targets, E08 files and projects; W01… are lints of the same families, each with the level that it has where
//! nobody says otherwise.

use super::Code;
use super::levels::Level;

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub code: Code,
    /// What is wrong, in a few words: the page's heading and the first column of `pipec explain --all`.
    pub title: &'static str,
    /// Markdown.
    pub page: &'static str,
    /// Of a lint: how loud it is where nobody says otherwise.
    pub level: Option<Level>,
}

/// That of a code: lints warn where the table doesn't say `allow`.
const fn level(code: &str, written: Option<Level>) -> Option<Level> {
    match written {
        None if code.as_bytes()[0] == b'W' => Some(Level::Warn),
        None | Some(_) => written,
    }
}

macro_rules! level {
    () => {
        None
    };
    (allow) => {
        Some(Level::Allow)
    };
}

/// The constant that passes use, the code, a level other than the usual, the title. A code whose page is missing doesn't compile.
macro_rules! table {
    ($($name:ident = $code:literal $($level:ident)?: $title:literal)*) => {
        $(pub const $name: Code = Code($code);)*

        /// In order of code.
        pub const TABLE: &[Row] = &[$(Row {
            code: Code($code),
            title: $title,
            page: include_str!(concat!("explanations/", $code, ".md")),
            level: level($code, level!($($level)?)),
        },)*];
    };
}

table! {
    UNEXPECTED = "E0101": "This makes no sense here"
    UNPAIRED_BRACKET = "E0102": "A bracket without its partner"
    UNCLOSED_TEXT = "E0103": "A string or a raw block without an end"
    WRONG_SIGN = "E0104": "One sign stands for another"
    MISSING_SIGN = "E0105": "A sign is missing"
    BAD_NAME = "E0106": "Not a name"
    FOREIGN_SYNTAX = "E0107": "This is how another language writes it"
    BAD_NUMBER = "E0108": "Not a number"
    BAD_ESCAPE = "E0109": "Not an escape"
    BAD_CHARACTER = "E0110": "A character that no program has"
    INTERVAL_END = "E0111": "An interval without a say about its end"
    CHAINED_COMPARISON = "E0112": "Comparisons don't chain"
    BAD_PATTERN = "E0113": "Not a pattern"
    TOO_DEEP = "E0114": "Nested too deeply"
    LANGUAGE_VERSION = "E0115": "A language that this pipec doesn't know"
    MISPLACED_DOCUMENTATION = "E0116": "Documentation that documents nothing"
    DECLARED_TWICE = "E0201": "A name is declared twice"
    UNKNOWN_NAME = "E0202": "A name isn't declared"
    HIDES = "E0203": "A name hides another"
    WRONG_KIND_OF_NAME = "E0204": "A name of something else"
    VARIABLE_TWICE = "E0205": "Two things in one variable"
    NO_VARIABLE_NAME = "E0206": "A name that no program can use"
    OUTSIDE_NAME_TWICE = "E0207": "Outside names that can't be told apart"
    MALFORMED_DECLARATION = "E0208": "A declaration that declares nothing"
    NOT_VISIBLE = "E0220": "A name is used where it can't be seen"
    VALUE_CYCLE = "E0221": "A value that needs itself"
    TYPE_MISMATCH = "E0301": "A value has another type than its place needs"
    NO_VALUE = "E0302": "Something without a value stands where a value is due"
    MALFORMED_TYPE = "E0303": "A type that makes no sense"
    TYPE_NOT_HERE = "E0304": "A type that can't stand here"
    BAD_INTERVAL = "E0305": "An interval without numbers"
    BAD_REGULAR_EXPRESSION = "E0306": "Not a regular expression"
    TYPE_CYCLE = "E0307": "A type that contains itself"
    TYPE_TOO_LARGE = "E0308": "A type that is too large"
    TYPE_UNKNOWN = "E0309": "A value that doesn't tell its type"
    CONSTANT_CYCLE = "E0310": "A constant that depends on itself"
    CONSTANT_FAULT = "E0311": "A constant that can't be computed"
    OUTSIDE_REFINEMENT = "E0312": "A value outside of its interval or pattern"
    PIPELINE_CYCLE = "E0313": "A pipeline that calls itself"
    TYPE_NOT_INFERRED = "E0314": "A type parameter that can't be inferred"
    BREAKS_BOUND = "E0315": "A type that a type parameter doesn't take"
    DO_NOT_MEET = "E0321": "Values that meet have no type in common"
    NO_SUCH_FIELD = "E0322": "There is no such field"
    FIELD_MISSING = "E0323": "A field isn't given"
    FIELD_TWICE = "E0324": "A field is given twice"
    WRONG_OPERANDS = "E0325": "An operator between things that it doesn't go with"
    NO_TEXT = "E0326": "Something that has no text"
    MAY_BE_NULL = "E0327": "A value may be null where it must be there"
    NUMBER_OUT_OF_RANGE = "E0328": "A number that can't be held"
    NO_SUCH_VARIANT = "E0330": "Not a variant of the enum"
    WRONG_FUNCTION_ARGUMENT = "E0331": "A function can't take these arguments"
    NOT_CONSTANT = "E0332": "A constant that depends on a run"
    SECRET_AS_VALUE = "E0333": "A secret is used as a value"
    BAD_ARTIFACT = "E0334": "A constant artifact or secret that isn't one"
    WRONG_KEY = "E0335": "A key of the wrong kind"
    RUN_NOT_KNOWN = "E0336": "Nothing is known of the run here"
    NOT_SUPPORTED_YET = "E0399": "Not supported yet"
    MISSING_ARGUMENT = "E0401": "An argument is missing"
    UNKNOWN_ARGUMENT = "E0402": "An argument that is no input"
    ARGUMENT_TWICE = "E0403": "An argument is given twice"
    TOO_MANY_ARGUMENTS = "E0404": "An argument that finds no input"
    NOT_CALLABLE = "E0405": "Something is called that can't be"
    CALL_NOT_EVALUATED = "E0406": "A call stands where it may not run"
    WRONG_SURROUNDINGS = "E0407": "What stands around a call doesn't belong there"
    NOTHING_WAITS = "E0408": "A gate that holds nothing back"
    WRONG_AFTER = "E0409": "There is nothing to wait for"
    WRONG_RETURN = "E0410": "A pipeline doesn't return what it declares"
    ARMS_MISSING = "E0501": "A match misses an arm"
    WRONG_ARM = "E0502": "An arm that is never taken"
    CANNOT_MATCH = "E0503": "A match on something without variants"
    CANNOT_WALK = "E0504": "A loop over something that is no list"
    WRONG_LOOP = "E0505": "The names and lists of a loop don't go together"
    WRONG_LIMIT = "E0506": "Not a limit"
    TOO_MANY_ITEMS = "E0507": "More items than a loop takes"
    WRONG_HOOK = "E0508": "Not a hook"
    UNKNOWN_SETTING = "E0601": "There is no such setting"
    SETTING_TWICE = "E0602": "A setting is given twice"
    SETTING_INCOMPLETE = "E0603": "A part of a setting is missing"
    SETTING_NOT_CONSTANT = "E0604": "A setting that has to be constant"
    UNKNOWN_WORD = "E0605": "Not one of a setting's words"
    WRONG_AMOUNT = "E0606": "An amount that makes no sense"
    BAD_IMAGE = "E0607": "Not an image"
    BAD_ENVIRONMENT = "E0608": "Not a variable of the environment"
    BAD_MOUNT = "E0609": "Not a place to mount"
    BAD_CLUSTER_NAME = "E0610": "A name that a cluster doesn't take"
    BAD_TOLERATION = "E0611": "A toleration that tolerates nothing"
    BAD_SCHEDULE = "E0612": "Not a schedule"
    WRONG_PROGRAM = "E0613": "A task without a program"
    WRONG_ARGUMENT = "E0614": "Not an argument of a program"
    VALUE_AS_CODE = "E0615": "A value that would become code"
    BAD_LAUNCH_NAME = "E0616": "A name that a launch can't have"
    OVERWRITTEN_PATH = "E0617": "A program overwrites a path that it should write to"
    TARGET_CANNOT = "E0701": "The target can't do this"
    BEYOND_TARGET = "E0702": "More than the target has"
    BAD_IMPORT = "E0801": "Not a path of an import"
    CANNOT_IMPORT = "E0802": "A file that can't be imported"
    IMPORT_CYCLE = "E0803": "Files that import each other"
    OUTSIDE_PROJECT = "E0804": "A path that leads out of the project"
    NOT_IN_MODULE = "E0805": "A file doesn't declare what is imported from it"
    BAD_FILE = "E0806": "A file that can't be taken along"
    USELESS_ALLOW = "W0101": "An allow comment that allows nothing"
    BAD_COMMENT = "W0102": "A comment to pipec that it can't follow"
    UNUSED = "W0201": "A name is never used"
    NAMING = "W0202" allow: "A name that isn't written as others are"
    HIDES_LIBRARY = "W0203" allow: "A name that hides one of the library"
    NEVER_NULL = "W0301": "A question about null that has one answer"
    SWAPPABLE = "W0401" allow: "Arguments that could be swapped unseen"
    CONSTANT_CONDITION = "W0501": "A condition that is always the same"
    NO_EFFECT = "W0502": "A value that nobody uses"
    SAME_BRANCHES = "W0503": "Branches that are all the same"
    LOOSE_IMAGE = "W0601": "An image that isn't fixed"
    LOOSE_CACHE = "W0602": "A result is kept that may be another tomorrow"
    NO_RESOURCES = "W0603" allow: "A task without a say about its resources"
    NO_TIMEOUT = "W0604" allow: "A task that may run for ever"
    GOES_ON = "W0605" allow: "A script that goes on when something fails"
    LIKE_AN_OPTION = "W0606" allow: "A value that may be read as an option"
    UNORDERED_FILES = "W0607" allow: "Files of a list in another order than the list's"
    UNKNOWN_IN_PROGRAM = "W0610": "A program uses a name that nothing sets"
    INPUT_NOT_READ = "W0611": "A program never reads an input"
    OUTPUT_NOT_WRITTEN = "W0612": "A program never writes an output"
    BROKEN_PROGRAM = "W0613": "A program that can't be read"
    TARGET_NOTE = "W0701": "Something to know about the target"
}

/// The row of a code as a user typed it, in any case.
pub fn find(code: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.code.0.eq_ignore_ascii_case(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_unique() {
        for pair in TABLE.windows(2) {
            assert!(pair[0].code < pair[1].code, "{} stands before {}", pair[0].code.0, pair[1].code.0);
        }
    }

    #[test]
    fn every_page_begins_with_its_code_and_title() {
        for row in TABLE {
            let heading = format!("# {}: {}\n", row.code.0, row.title);
            assert!(
                row.page.starts_with(&heading),
                "explanations/{}.md must begin with `{heading}`",
                row.code.0
            );
        }
    }
}
