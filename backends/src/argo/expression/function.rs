//! The library's functions.

use pipec_ir::{Expr, Function, Type};

use super::convert::MAX_EXACT;
use super::{
    Class, Lowering, Scope, Term, class, element, formula, from_wire, ill_typed, into_json, out_of_json,
};
use crate::Refusal;

impl Lowering<'_> {
    pub(super) fn call(
        &self,
        function: Function,
        args: &[Expr],
        expr: &Expr,
        scope: &Scope,
    ) -> Result<Term, Refusal> {
        let values = args.iter().map(|arg| self.value(arg, scope)).collect::<Result<Vec<_>, _>>()?;
        let of = |i: usize| values.get(i).zip(args.get(i)).ok_or_else(|| ill_typed("a call", expr.span));
        let (a, first) = of(0)?;
        let simple = |text: String| Ok(Term::made_of(text, &values.iter().collect::<Vec<_>>()));
        match function {
            Function::Len => simple(format!("len({})", a.text)),
            Function::Range => {
                let fail = self.fail(expr.span, "a range has at most 100000 items");
                Ok(formula(&[a, of(1)?.0], |t| {
                    format!(
                        "{1} <= {0} ? [] : {1} - {0} < 0 or {1} - {0} > 100000 ? {fail} : \
                         map({0}..{1}-1, # > {MAX_EXACT} or # < -{MAX_EXACT} ? string(#) : #)",
                        t[0], t[1]
                    )
                })
                .faulting())
            }
            Function::Zip => self.zip(&values, expr),
            Function::Enumerate => simple(format!("map({}, ({{'index': #index, 'item': #}}))", a.text)),
            Function::MinOf | Function::MaxOf => self.extreme_of(function, args, &values),
            Function::MinIn | Function::MaxIn => self.extreme_in(function, a, first, expr),
            Function::Sum => self.sum(a, first, expr),
            Function::Join => simple(format!("join({}, {})", a.text, of(1)?.0.text)),
            Function::Contains => {
                let (x, item) = of(1)?;
                let inside = self.by_amount(&into_json(x, &item.ty, self.types), &item.ty);
                let each = self.by_amount(&element(), &item.ty).text;
                let list = if each == "#" { a.text.clone() } else { format!("map({}, {each})", a.text) };
                let scalar =
                    !matches!(item.ty, Type::Optional { .. }) && is_scalar(class(&item.ty, self.types));
                // Inside JSON numbers are doubles, which an int never equals in a list.
                let number = matches!(class(&item.ty, self.types), Class::Int | Class::Float);
                let text = if scalar && !number {
                    format!("({} in {list})", inside.text)
                } else {
                    format!("(toJson({}) in map({list}, toJson(#)))", inside.text)
                };
                Ok(Term::made_of(text, &[&inside, a]))
            }
            Function::Keys => simple(format!("sort(keys({}))", a.text)),
            Function::Values => simple(format!("map(sortBy(toPairs({}), #[0]), #[1])", a.text)),
            Function::Get => {
                let place = if let Type::Map { .. } = first.ty {
                    Term::made_of(format!("{}[{}]", a.text, of(1)?.0.text), &[a, of(1)?.0])
                } else {
                    formula(&[a, of(1)?.0], |t| {
                        format!("{1} >= 0 and {1} < len({0}) ? {0}[{1}] : nil", t[0], t[1])
                    })
                };
                Ok(out_of_json(&place, &expr.ty, self.types))
            }
            Function::Compact => simple(format!("filter({}, # != nil)", a.text)),
            Function::Flatten => simple(format!("reduce({}, concat(#acc, #), [0])[1:]", a.text)),
            Function::Concat => {
                let lists: Vec<&str> = values.iter().map(|value| value.text.as_str()).collect();
                simple(format!("concat([0], {})[1:]", lists.join(", ")))
            }
            Function::ToMap => {
                let fail = self.fail(expr.span, "to_map needs as many keys as values, each key once");
                let pairs = |t: &[String]| {
                    format!(
                        "sprig.chunk(2, sortBy(concat([], map({0}, [2 * #index, #]), map({1}, [2 * #index + 1, #])), #[0]))",
                        t[0], t[1]
                    )
                };
                Ok(formula(&[a, of(1)?.0], |t| {
                    format!(
                        "len({0}) != len({1}) or len(uniq({0})) != len({0}) ? {fail} : \
                         reduce({2}, sprig.set(#acc, #[0][1], #[1][1]), {{}})",
                        t[0],
                        t[1],
                        pairs(t)
                    )
                })
                .faulting())
            }
            Function::AddDays => {
                let days = of(1)?.0;
                let fail = self.fail(expr.span, "the day is outside the years 0000 to 9999");
                let moved = formula(&[a, days], |t| {
                    format!(
                        "abs({1}) > 100000 ? {fail} : (date({0}, '2006-01-02') + duration(string(24 * {1}) + 'h')).Format('2006-01-02')",
                        t[0], t[1]
                    )
                });
                Ok(formula(&[&moved], |t| format!("len({0}) == 10 ? {0} : {fail}", t[0])).faulting())
            }
            Function::ToString => Ok(self.text(a, &first.ty)),
            Function::Abs => match class(&first.ty, self.types) {
                Class::Int => {
                    let fail = self.fail(expr.span, "integer overflow");
                    Ok(formula(&[a], |t| format!("{0} < -9223372036854775807 ? {fail} : abs({0})", t[0]))
                        .faulting())
                }
                Class::Float
                | Class::Duration
                | Class::Bool
                | Class::Name
                | Class::Text
                | Class::Plain
                | Class::Encoded
                | Class::Variant { .. } => simple(format!("abs({})", a.text)),
            },
            Function::Round => {
                let fail = self.fail(expr.span, "the result is outside 64 bits");
                let rounded = Term::made_of(format!("round({})", a.text), &[a]);
                Ok(formula(&[&rounded], |t| {
                    format!(
                        "{0} >= -9223372036854775808.0 and {0} < 9223372036854775808.0 ? int({0}) : {fail}",
                        t[0]
                    )
                })
                .faulting())
            }
        }
    }

    /// What a value looks like inside text.
    pub(super) fn text(&self, value: &Term, ty: &Type) -> Term {
        match class(ty, self.types) {
            Class::Bool | Class::Int | Class::Float | Class::Duration => {
                super::to_wire(value, ty, self.types)
            }
            Class::Name | Class::Text | Class::Plain | Class::Encoded | Class::Variant { .. } => {
                value.clone()
            }
        }
    }

    pub(super) fn interpolate(&self, pieces: &[Expr], scope: &Scope) -> Result<Term, Refusal> {
        let texts = pieces
            .iter()
            .map(|piece| Ok(self.text(&self.value(piece, scope)?, &piece.ty)))
            .collect::<Result<Vec<_>, Refusal>>()?;
        let joined: Vec<&str> = texts.iter().map(|text| text.text.as_str()).collect();
        let text = if joined.is_empty() { "''".to_owned() } else { format!("({})", joined.join(" + ")) };
        Ok(Term::made_of(text, &texts.iter().collect::<Vec<_>>()))
    }

    fn zip(&self, lists: &[Term], expr: &Expr) -> Result<Term, Refusal> {
        let fail = self.fail(expr.span, "zip needs lists of one length");
        let width = lists.len();
        let operands: Vec<&Term> = lists.iter().collect();
        Ok(formula(&operands, |t| {
            let unequal: Vec<String> =
                t[1..].iter().map(|list| format!("len({}) != len({list})", t[0])).collect();
            let marked: Vec<String> = t
                .iter()
                .enumerate()
                .map(|(i, list)| format!("map({list}, [{width} * #index + {i}, #])"))
                .collect();
            let fields: Vec<String> = (0..width).map(|i| format!("'a{i}': #[{i}][1]")).collect();
            format!(
                "{} ? {fail} : map(sprig.chunk({width}, sortBy(concat({}), #[0])), ({{{}}}))",
                unequal.join(" or "),
                marked.join(", "),
                fields.join(", ")
            )
        })
        .faulting())
    }

    fn extreme_of(&self, function: Function, args: &[Expr], values: &[Term]) -> Result<Term, Refusal> {
        let smallest = matches!(function, Function::MinOf);
        let operands: Vec<&Term> = values.iter().collect();
        let texts: Vec<&str> = values.iter().map(|value| value.text.as_str()).collect();
        let joined = texts.join(", ");
        let is_text = args.first().is_some_and(|arg| class(&arg.ty, self.types) == Class::Text);
        let text = match (is_text, smallest) {
            (true, true) => format!("sort([{joined}])[0]"),
            (true, false) => format!("sort([{joined}])[-1]"),
            (false, true) => format!("min({joined})"),
            (false, false) => format!("max({joined})"),
        };
        Ok(Term::made_of(text, &operands))
    }

    fn extreme_in(&self, function: Function, list: &Term, arg: &Expr, expr: &Expr) -> Result<Term, Refusal> {
        let Type::List { item } = &arg.ty else { return Err(ill_typed("min or max", expr.span)) };
        let smallest = matches!(function, Function::MinIn);
        if class(item, self.types) == Class::Text {
            let at = if smallest { "0" } else { "-1" };
            return Ok(formula(&[list], |t| format!("len({0}) == 0 ? nil : sort({0})[{at}]", t[0])));
        }
        let element = Term { text: "#".to_owned(), faults: false, needs_workflow: false, atom: false };
        let outside = out_of_json(&element, item, self.types);
        let name = if smallest { "min" } else { "max" };
        Ok(formula(&[list], |t| format!("len({0}) == 0 ? nil : {name}(map({0}, {1}))", t[0], outside.text)))
    }

    fn sum(&self, list: &Term, arg: &Expr, expr: &Expr) -> Result<Term, Refusal> {
        let Type::List { item } = &arg.ty else { return Err(ill_typed("sum", expr.span)) };
        match class(item, self.types) {
            Class::Int => {
                let fail = self.fail(expr.span, "integer overflow");
                let text = format!(
                    "reduce({}, (#acc + int(#) > #acc) == (int(#) > 0) ? #acc + int(#) : {fail}, 0)",
                    list.text
                );
                Ok(Term::made_of(text, &[list]).faulting())
            }
            Class::Float => {
                let total = Term::made_of(format!("reduce({}, #acc + #, 0.0)", list.text), &[list]);
                Ok(self.finite(&total, expr.span))
            }
            Class::Duration => {
                let fail = self.fail(expr.span, "duration out of range");
                let element =
                    Term { text: "#".to_owned(), faults: false, needs_workflow: false, atom: false };
                let milliseconds = from_wire(&element, item, self.types);
                let text = format!(
                    "reduce(map({}, {}), abs(#acc + #) <= {MAX_EXACT} ? #acc + # : {fail}, 0)",
                    list.text, milliseconds.text
                );
                Ok(Term::made_of(text, &[list]).faulting())
            }
            Class::Bool
            | Class::Name
            | Class::Text
            | Class::Plain
            | Class::Encoded
            | Class::Variant { .. } => Err(ill_typed("sum", expr.span)),
        }
    }
}

fn is_scalar(class: Class) -> bool {
    match class {
        Class::Bool | Class::Int | Class::Float | Class::Duration | Class::Name | Class::Text => true,
        Class::Plain | Class::Encoded | Class::Variant { .. } => false,
    }
}
