//! The language's functions as commands of the runtime.

use pipec_ir::{Expr, Function as Library, Type};

use super::bash::quoted;
use super::expression::compare_command;
use super::function::{Function, Word};

impl Function<'_> {
    pub(super) fn call(&mut self, function: Library, args: &[Expr], expr: &Expr) -> Word {
        let place = self.place(expr);
        let kind = self.kind(&expr.ty);
        let is_first = |test: fn(&Type) -> bool| args.first().is_some_and(|first| test(&first.ty));
        match function {
            Library::MinOf | Library::MaxOf => self.extreme_of(function, args, expr),
            Library::Concat => {
                let lists: Vec<Word> = args.iter().map(|list| self.expression(list)).collect();
                let list = format!("'['{}']'", lists.join("','"));
                self.query("list", &list, "json", "add")
            }
            Library::ToString => self.first(args),
            Library::Len if is_first(|ty| matches!(ty, Type::String { .. })) => {
                let text = self.first(args);
                self.operation("length", "text_length", &text)
            }
            Library::Len => self.of_json(args, "length", "text", "length"),
            Library::Range => {
                let arguments = self.two(args);
                self.operation("numbers", "int_list", &format!("{arguments} {place}"))
            }
            Library::Zip => {
                let lists: Vec<Word> = args.iter().map(|list| self.expression(list)).collect();
                let all = format!("'['{}']'", lists.join("','"));
                self.operation("rows", "query_at", &format!("{place} {all} json zipped"))
            }
            Library::Enumerate => self.of_json(args, "numbered", "json", "numbered"),
            Library::MinIn | Library::MaxIn => {
                let word = if function == Library::MinIn { "<" } else { ">" };
                let item = args.first().map_or(&Type::Json, |list| item(&list.ty)).clone();
                let list = self.first(args);
                if matches!(item, Type::Float { .. }) {
                    let filter = if word == "<" { "min" } else { "max" };
                    return self.query("extreme", &list, kind, filter);
                }
                let compare = compare_command(&item);
                self.operation("extreme", "extreme_in", &format!("{list} {compare} '{word}'"))
            }
            Library::Sum => {
                let list = self.first(args);
                let (command, arguments) = if matches!(expr.ty, Type::Float { .. }) {
                    ("float", format!("'.[0] | float_sum' {place} {list}"))
                } else if matches!(expr.ty, Type::Duration) {
                    ("sum", format!("{list} duration_add 0s {place}"))
                } else {
                    ("sum", format!("{list} int_add 0 {place}"))
                };
                self.operation("total", command, &arguments)
            }
            Library::Join => {
                let arguments: Vec<Word> = args.iter().map(|argument| self.expression(argument)).collect();
                let (list, separator) = pair(&arguments);
                let separator = self.json_of(separator, &Type::STRING);
                let both = format!("'['{list}','{separator}']'");
                self.query("text", &both, "text", "joined")
            }
            Library::Contains => {
                let [list, wanted] = args else { return "''".to_owned() };
                if wanted.ty.holds_quantities(self.context.types()) {
                    return self.contains_amount(list, wanted);
                }
                let list_word = self.expression(list);
                let wanted_word = self.expression(wanted);
                let wanted_word = self.widened(wanted_word, &wanted.ty, item(&list.ty));
                let wanted_word = self.json_of(&wanted_word, item(&list.ty));
                let both = format!("'['{list_word}','{wanted_word}']'");
                self.query("found", &both, "plain", "has_item")
            }
            Library::Keys => self.of_json(args, "names", "json", "keys"),
            Library::Values => self.of_json(args, "items", "json", "in_key_order"),
            Library::Get => {
                let command = if is_first(|ty| matches!(ty, Type::List { .. })) {
                    "element_or_null"
                } else {
                    "entry_or_null"
                };
                let arguments = self.two(args);
                self.operation("item", command, &format!("{arguments} {}", quoted(kind)))
            }
            Library::Compact => self.of_json(args, "items", "json", "map(select(. != null))"),
            Library::Flatten => self.of_json(args, "items", "json", "add // []"),
            Library::ToMap => {
                let arguments: Vec<Word> = args.iter().map(|argument| self.expression(argument)).collect();
                let (keys, values) = pair(&arguments);
                let both = format!("'['{keys}','{values}']'");
                self.operation("map", "query_at", &format!("{place} {both} json to_map"))
            }
            Library::AddDays => {
                let arguments = self.two(args);
                self.operation("day", "add_days", &format!("{arguments} {place}"))
            }
            Library::Abs if is_first(|ty| matches!(ty, Type::Float { .. })) => {
                let number = self.first(args);
                self.operation("size", "float", &format!("absolute {place} {number}"))
            }
            Library::Abs => {
                let number = self.first(args);
                self.operation("size", "int_absolute", &format!("{number} {place}"))
            }
            Library::Round if is_first(|ty| matches!(ty, Type::Float { .. })) => {
                let number = self.first(args);
                self.operation("whole", "round_float", &format!("{number} {place}"))
            }
            Library::Round => self.first(args),
        }
    }

    fn first(&mut self, args: &[Expr]) -> Word {
        args.first().map_or_else(|| "''".to_owned(), |first| self.expression(first))
    }

    fn two(&mut self, args: &[Expr]) -> String {
        let words: Vec<Word> = args.iter().map(|argument| self.expression(argument)).collect();
        words.join(" ")
    }

    fn of_json(&mut self, args: &[Expr], wanted: &str, kind: &str, filter: &str) -> Word {
        let of = self.first(args);
        self.query(wanted, &of, kind, filter)
    }

    fn extreme_of(&mut self, function: Library, args: &[Expr], expr: &Expr) -> Word {
        let has_float = args.iter().any(|argument| matches!(argument.ty, Type::Float { .. }));
        let mut words: Vec<Word> = Vec::new();
        for argument in args {
            let word = self.expression(argument);
            words.push(if has_float { self.widened(word, &argument.ty, &Type::FLOAT) } else { word });
        }
        let compare = if has_float {
            "float_compare"
        } else {
            args.first().map_or("int_compare", |first| compare_command(&first.ty))
        };
        let word = if function == Library::MinOf { "<" } else { ">" };
        let best = self.operation("extreme", "extreme", &format!("{compare} '{word}' {}", words.join(" ")));
        let from = if has_float {
            Type::FLOAT
        } else {
            args.first().map_or(Type::INT, |first| first.ty.without_refinements())
        };
        self.widened(best, &from, &expr.ty.without_refinements())
    }
}

fn item(ty: &Type) -> &Type {
    if let Type::List { item } = ty { item } else { ty }
}

fn pair(words: &[Word]) -> (&str, &str) {
    let at = |index: usize| words.get(index).map_or("''", String::as_str);
    (at(0), at(1))
}
