//! Whatever the text: parsing ends, never panics, and gives places that lie within the text; and a mistake in one item
//! leaves the others as they are.

use std::fmt::Write as _;

use pipec::source::FileId;
use pipec::syntax::{Parsed, parse};

use crate::tree;

const PROGRAMS: [&str; 4] = [
    include_str!("../cases/syntax/at_a_glance.pipe"),
    include_str!("../cases/syntax/declarations.pipe"),
    include_str!("../cases/syntax/expressions.pipe"),
    include_str!("../cases/syntax/control.pipe"),
];

/// Parses, and checks every place in the tree and in the findings.
fn checked(text: &str) -> Parsed {
    let parsed = parse(FileId(0), text);
    let everything = format!("{parsed:?}");
    for place in everything.split("Span { file: FileId(0), start: ").skip(1) {
        let (start, rest) = place.split_once(", end: ").unwrap();
        let (end, _) = rest.split_once(' ').unwrap();
        let (start, end) = (start.parse::<usize>().unwrap(), end.parse::<usize>().unwrap());
        assert!(start <= end && end <= text.len(), "{start}..{end} isn't within {text:?}");
        assert!(
            text.is_char_boundary(start) && text.is_char_boundary(end),
            "{start}..{end} of {text:?} cuts a character"
        );
    }
    parsed
}

fn codes(parsed: &Parsed) -> Vec<&'static str> {
    parsed.diagnostics.iter().map(|diagnostic| diagnostic.code.0).collect()
}

/// SplitMix64: the same numbers every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % limit as u64).unwrap()
    }
}

#[test]
fn random_characters() {
    let mut numbers = Numbers(1);
    let alphabet: Vec<char> =
        "ab_Z09 \n\t\r\"'`{}()[]<>.,:;=+-*/%&|!?@#$\\~^\0\u{1}\u{2}é😀\u{a0}“".chars().collect();
    for _ in 0..3000 {
        let length = numbers.below(60);
        let text: String = (0..length).map(|_| alphabet[numbers.below(alphabet.len())]).collect();
        checked(&text);
    }
}

#[test]
fn random_tokens() {
    const TOKENS: &str = "task pipeline record enum type const use format launch language let def if else for in match \
        return repeat until limit try not and or div mod after with on matching distinct as true null x y fit T Loss \
        int string table file 1 2.5 5m 8Gi \"s\" \"a ${ b }\" \" ${ } \"\"\" \"\"\"\" ' /re/ ( ) [ ] { } < > , : ; = == != \
        => -> + - * / ? ?? ?. . .. ..= ..< && || ! // /// //! # /* */ ... @ é";
    let tokens: Vec<&str> = TOKENS.split_whitespace().collect();
    let mut numbers = Numbers(2);
    for _ in 0..4000 {
        let mut text = String::new();
        for _ in 0..numbers.below(50) {
            text.push_str(tokens[numbers.below(tokens.len())]);
            text.push_str([" ", "\n", "", "  ", "\n  "][numbers.below(5)]);
        }
        checked(&text);
    }
}

#[test]
fn programs_cut_off_anywhere() {
    for program in PROGRAMS {
        let cuts: Vec<usize> = program.char_indices().map(|(at, _)| at).step_by(11).collect();
        for at in cuts {
            checked(&program[..at]);
            checked(&program[at..]);
        }
    }
}

#[test]
fn programs_with_a_token_too_few_or_too_many() {
    let mut numbers = Numbers(3);
    for program in PROGRAMS {
        for _ in 0..120 {
            let mut at = numbers.below(program.len());
            while !program.is_char_boundary(at) {
                at -= 1;
            }
            let end = program[at..].find([' ', '\n']).map_or(program.len(), |found| at + found);
            checked(&format!("{}{}", &program[..at], &program[end..]));
            let extra =
                ["}", "{", ")", "(", "]", "[", "\"", "\"\"\"", "=", ":", ",", "$", "'"][numbers.below(13)];
            checked(&format!("{}{extra}{}", &program[..at], &program[at..]));
        }
    }
}

/// Parsing them ends, and so does dropping their trees.
#[test]
fn deep_and_long_texts() {
    let around = |text: &str| format!("pipeline p(x: int) {{\n  a = {text}\n}}\n");
    let many = 10_000;
    let deep = 10_000;
    let texts = [
        "(".repeat(deep),
        "[".repeat(deep),
        "{".repeat(deep),
        "{ a: ".repeat(deep),
        "(".repeat(deep) + "x" + &")".repeat(deep),
        around(&("(".repeat(deep) + "x" + &")".repeat(deep))),
        around(&("[".repeat(deep) + &"]".repeat(deep))),
        around(&("f(".repeat(deep) + &")".repeat(deep))),
        around(&("x[".repeat(deep) + "0" + &"]".repeat(deep))),
        around(&("\"${".repeat(deep) + "x" + &"}\"".repeat(deep))),
        around(&("x".to_owned() + &"[0]".repeat(many))),
        around(&("x".to_owned() + &"()".repeat(many))),
        around(&("x".to_owned() + &".a".repeat(many))),
        around(&("1".to_owned() + &" + 1".repeat(many))),
        around(&("1".to_owned() + &" ?? 1".repeat(many))),
        around(&("a".to_owned() + &" < a".repeat(many))),
        around(&("not ".repeat(many) + "x")),
        around(&("- ".repeat(many) + "x")),
        around(&("try ".repeat(many) + "f()")),
        around(&("f()".to_owned() + &" after a".repeat(many))),
        around(&("f()".to_owned() + &" with { }".repeat(many))),
        around(&("if a { 1 } else ".repeat(many) + "{ 2 }")),
        around(&("if a { ".repeat(deep) + &"}".repeat(deep))),
        around(&("for x in xs { ".repeat(deep) + &"}".repeat(deep))),
        format!("type T = int{}", "?".repeat(many)),
        format!("type T = {}int{}", "map<".repeat(deep), ">".repeat(deep)),
        format!("type T = {}int{}", "foo<".repeat(deep), ">".repeat(deep)),
        format!("type T = {}int{}", "[".repeat(deep), "]".repeat(deep)),
        format!("type T = {}int{}", "(".repeat(deep), ")".repeat(deep)),
        format!("type T = {}int{}", "{ a: ".repeat(deep), "}".repeat(deep)),
        format!("type T = {}", "table<A, ".repeat(deep)),
        "pipeline p() {\n".repeat(deep),
        "}".repeat(many),
        ")\n".repeat(many),
        "\"".repeat(many),
        "\"\n".repeat(many),
        "\"\"\"\n\"\n".repeat(deep),
        "'".repeat(many),
        ";".repeat(many),
        "#\n".repeat(many),
        "/*".repeat(many),
        "/*\n".repeat(many),
        "///\n".repeat(many),
        "\0".repeat(many),
        "\u{1}\u{2}".repeat(many),
        ", ".repeat(many),
        around(&"x ".repeat(many)),
        around(&"x\n".repeat(many)),
        around(&"= ".repeat(many)),
        "a".repeat(200_000),
        around(&"1".repeat(200_000)),
        around(&format!("\"{}\"", "x".repeat(200_000))),
        format!("task t() {{ run: bash \"\"\"{}", "x\n".repeat(many)),
    ];
    for text in texts {
        drop(parse(FileId(0), &text));
    }
}

#[test]
fn too_deep_is_said_once_and_the_rest_is_read() {
    let deep = "(".repeat(10_000);
    let text = format!(
        "task a() {{ run: [\"x\"] }}\n\npipeline p() {{\n  x = {deep}\n}}\n\ntask b() {{ run: [\"y\"] }}\n"
    );
    let parsed = checked(&text);
    assert_eq!(codes(&parsed), ["E0114"]);
    assert_eq!(parsed.file.items.len(), 3);
    assert_eq!(parsed.file.broken_names[0].value, "p");
}

#[test]
fn the_bounds_are_not_reached_by_what_people_write() {
    let sum = vec!["a"; 150].join(" + ");
    let nested = format!("{}x{}", "f(".repeat(50), ")".repeat(50));
    let chain = "if a { 1 } else ".repeat(100) + "{ 2 }";
    let text = format!("pipeline p() {{\n  a = {sum}\n  b = {nested}\n  c = {chain}\n}}\n");
    assert_eq!(codes(&checked(&text)), [""; 0]);
}

/// Breaks each item of a program in turn: all other items stay as they are, and little is said.
#[test]
fn other_items_stay_as_they_are() {
    let program = PROGRAMS[0];
    let whole = checked(program);
    assert_eq!(codes(&whole), [""; 0]);
    let shown = |parsed: &Parsed, index: usize| {
        let mut file = parsed.file.clone();
        let item = file.items.swap_remove(index);
        file.items = vec![item];
        file.comments.clear();
        file.broken_names.clear();
        tree::file(&file)
    };
    let mut complaints = String::new();
    for (index, item) in whole.file.items.iter().enumerate() {
        let (start, end) = (item.span.start as usize, item.span.end as usize);
        let text = &program[start..end];
        for (what, by) in [
            ("(", ""),
            (")", ""),
            ("{", ""),
            ("}", ""),
            ("=", ""),
            (":", ""),
            ("\"", ""),
            (",", " "),
            (":", "="),
            ("{", "{ $ "),
        ] {
            let Some(found) = text.rfind(what) else { continue };
            let broken = format!("{}{by}{}", &text[..found], &text[found + what.len()..]);
            let changed = format!("{}{broken}{}", &program[..start], &program[end..]);
            let parsed = checked(&changed);
            if parsed.file.items.len() != whole.file.items.len() {
                let _ = writeln!(
                    complaints,
                    "{} items instead of {} after:\n{broken}\n",
                    parsed.file.items.len(),
                    whole.file.items.len()
                );
                continue;
            }
            for other in (0..whole.file.items.len()).filter(|other| *other != index) {
                if shown(&parsed, other) != shown(&whole, other) {
                    let _ = writeln!(complaints, "item {other} changed after:\n{broken}\n");
                }
            }
            if parsed.diagnostics.len() > 2 {
                let _ = writeln!(complaints, "{:#?}\nfor one mistake:\n{broken}\n", parsed.diagnostics);
            }
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
}
