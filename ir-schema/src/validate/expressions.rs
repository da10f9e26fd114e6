//! The type of every form of expression.

use foldhash::HashSet;

use super::Validator;
use super::place::Place;
use super::scope::{RunView, Scope};
use crate::MAX_NESTING;
use crate::expr::{Expr, ExprKind, Function, MatchArm, RunField, UnaryOp};
use crate::lookup::{enumeration, record};
use crate::program::{NodeId, NodeKind, Results};
use crate::types::{Field, Type, Variant};

/// A scope with what the match arms around bind, innermost last, and how deep the expression stands.
struct Context<'s, 'a> {
    scope: &'s Scope<'a>,
    bindings: Vec<(&'a str, &'a Type)>,
    depth: usize,
}

impl<'a> Validator<'a> {
    /// An expression of any type.
    pub(super) fn expression(&mut self, expr: &'a Expr, scope: &Scope<'a>, depth: usize, place: &Place<'_>) {
        self.one(expr, &mut Context { scope, bindings: Vec::new(), depth }, place);
    }

    /// An expression of this type.
    pub(super) fn expression_of(
        &mut self,
        expr: &'a Expr,
        ty: &Type,
        scope: &Scope<'a>,
        depth: usize,
        place: &Place<'_>,
    ) {
        self.same(&expr.ty, ty, expr, place);
        self.expression(expr, scope, depth, place);
    }

    /// A call of `zip`, where a map takes its items from.
    pub(super) fn zip(&mut self, expr: &'a Expr, scope: &Scope<'a>, depth: usize, place: &Place<'_>) {
        if let ExprKind::Call { function, args } = &expr.kind
            && self.usable_type(&expr.ty, place, expr.span)
        {
            self.function(*function, args, expr, place);
            let context = &mut Context { scope, bindings: Vec::new(), depth };
            self.all(args, context, place);
        }
    }

    /// Reports an expression whose type isn't the one that is needed.
    pub(super) fn same(&mut self, found: &Type, expected: &Type, expr: &Expr, place: &Place<'_>) -> bool {
        self.require(found == expected, place, expr.span, || format!("expected {expected}, found {found}"))
    }

    fn one(&mut self, expr: &'a Expr, context: &mut Context<'_, 'a>, place: &Place<'_>) {
        let is_bounded = context.depth <= MAX_NESTING;
        if !self.require(is_bounded, place, expr.span, || format!("nested more than {MAX_NESTING} deep")) {
            return;
        }
        if self.usable_type(&expr.ty, place, expr.span) {
            self.kind(expr, context, place);
        }
    }

    fn inside(&mut self, expr: &'a Expr, context: &mut Context<'_, 'a>, place: &Place<'_>) {
        context.depth += 1;
        self.one(expr, context, place);
        context.depth -= 1;
    }

    fn all(&mut self, exprs: &'a [Expr], context: &mut Context<'_, 'a>, place: &Place<'_>) {
        for (index, expr) in exprs.iter().enumerate() {
            self.inside(expr, context, &place.item(index));
        }
    }

    fn kind(&mut self, expr: &'a Expr, context: &mut Context<'_, 'a>, place: &Place<'_>) {
        let ty = &expr.ty;
        if matches!(ty, Type::Secret) {
            let is_reference = matches!(expr.kind, ExprKind::Secret { .. } | ExprKind::Input(_));
            self.require(is_reference, place, expr.span, || {
                "a secret is only handed on, never computed".to_owned()
            });
        }
        match &expr.kind {
            ExprKind::Const(json) => self.constant(json, expr, place),
            ExprKind::Artifact(artifact) => self.artifact(artifact, expr, place),
            ExprKind::Secret { name, key } => self.secret(name, key, expr, place),
            ExprKind::Input(name) => self.input(name, expr, context, place),
            ExprKind::Output { node, output } => {
                self.output(node, output.as_deref(), expr, context.scope, place)
            }
            ExprKind::Run(field) => self.run_field(*field, expr, context.scope, place),
            ExprKind::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    let place = place.item(index);
                    self.same(ty, &Type::list(item.ty.clone()), expr, &place);
                    self.inside(item, context, &place);
                }
                let is_list = matches!(ty, Type::List { .. });
                self.require(is_list, place, expr.span, || format!("a list is no {ty}"));
            }
            ExprKind::Record(fields) => {
                let is_plain = matches!(ty, Type::Record { .. });
                match record(ty, self.types).filter(|_| is_plain) {
                    Some(declared) => self.fields(fields, &declared.fields, expr, context, place),
                    None => self.report(place, expr.span, format!("a record is no {ty}")),
                }
            }
            ExprKind::Map(entries) => self.map(entries, expr, context, place),
            ExprKind::Variant { variant, fields } => self.variant(variant, fields, expr, context, place),
            ExprKind::Field { of, field } => {
                let is_plain = matches!(of.ty, Type::Record { .. });
                self.field_of(&of.ty, field, is_plain, false, expr, place);
                self.inside(of, context, place);
            }
            ExprKind::OptionalField { of, field } => {
                let is_optional = matches!(of.ty, Type::Optional { .. });
                self.field_of(&of.ty, field, is_optional, true, expr, place);
                self.inside(of, context, place);
            }
            ExprKind::Project { of, field } => {
                self.project(&of.ty, field, expr, place);
                self.inside(of, context, place);
            }
            ExprKind::Index { of, index } => {
                self.index(of, index, expr, place);
                self.inside(of, context, place);
                self.inside(index, context, &place.at("index"));
            }
            ExprKind::Unary { op, operand } => {
                let base = operand.ty.without_refinements();
                let fits = match op {
                    UnaryOp::Not => base == Type::Bool,
                    UnaryOp::Negate => [Type::INT, Type::FLOAT, Type::Duration].contains(&base),
                };
                self.require(fits && *ty == base, place, expr.span, || {
                    format!("{} can't be made of {} here", ty, operand.ty)
                });
                self.inside(operand, context, place);
            }
            ExprKind::Binary { op, left, right } => {
                self.binary(*op, left, right, expr, place);
                self.inside(left, context, &place.at("left"));
                self.inside(right, context, &place.at("right"));
            }
            ExprKind::If { condition, then, otherwise } => {
                self.same(&condition.ty, &Type::Bool, condition, &place.at("condition"));
                self.same(&then.ty, ty, then, &place.at("then"));
                self.same(&otherwise.ty, ty, otherwise, &place.at("otherwise"));
                self.inside(condition, context, &place.at("condition"));
                self.inside(then, context, &place.at("then"));
                self.inside(otherwise, context, &place.at("otherwise"));
            }
            ExprKind::Match { subject, arms } => {
                self.inside(subject, context, &place.at("subject"));
                self.match_arms(subject, arms, expr, context, place);
            }
            ExprKind::Interpolate(pieces) => {
                self.same(ty, &Type::STRING, expr, place);
                for (index, piece) in pieces.iter().enumerate() {
                    let is_text = piece.ty.is_text(self.types);
                    self.require(is_text, &place.item(index), piece.span, || {
                        format!("{} has no text", piece.ty)
                    });
                }
                self.all(pieces, context, place);
            }
            ExprKind::Call { function, args } => {
                self.require(*function != Function::Zip, place, expr.span, || {
                    "zip stands only where a map takes its items from".to_owned()
                });
                self.function(*function, args, expr, place);
                self.all(args, context, place);
            }
            ExprKind::Widen(operand) => {
                self.require(self.widens(&operand.ty, ty), place, expr.span, || {
                    format!("{} doesn't convert to {ty}", operand.ty)
                });
                self.inside(operand, context, place);
            }
            ExprKind::Refine(operand) => {
                let fits = operand.ty.without_refinements() == ty.without_refinements() && self.is_value(ty);
                self.require(fits, place, expr.span, || {
                    format!("{} can't be checked to be {ty}", operand.ty)
                });
                self.inside(operand, context, place);
            }
            ExprKind::Narrow(operand) => {
                let fits = operand.ty == Type::optional(ty.clone()) && operand.ty != *ty;
                self.require(fits, place, expr.span, || format!("{} isn't {ty} without its ?", operand.ty));
                self.inside(operand, context, place);
            }
        }
    }

    fn input(&mut self, name: &str, expr: &Expr, context: &Context<'_, 'a>, place: &Place<'_>) {
        let bound = context.bindings.iter().rev().find(|(bound, _)| *bound == name).map(|(_, ty)| *ty);
        match bound.or_else(|| context.scope.inputs.get(name).copied()) {
            Some(ty) => {
                self.same(&expr.ty, ty, expr, place);
            }
            None => self.report(place, expr.span, format!("there is no input `{name}` here")),
        }
    }

    fn output(
        &mut self,
        id: &NodeId,
        output: Option<&str>,
        expr: &Expr,
        scope: &Scope<'a>,
        place: &Place<'_>,
    ) {
        let Some(node) = scope.nodes.get(id).copied() else {
            self.report(place, expr.span, format!("there is no earlier node `{}` in this body", id.0));
            return;
        };
        let ty = match (output, &node.kind) {
            (None, _) => node.ty.as_ref(),
            (Some(name), NodeKind::Call(call)) => {
                self.program.interface(&call.callee).and_then(|interface| match interface.results {
                    Results::Named(outputs) => {
                        outputs.iter().find(|output| output.name == name).map(|output| &output.ty)
                    }
                    Results::None | Results::Single(_) => None,
                })
            }
            (
                Some(_),
                NodeKind::Let(_)
                | NodeKind::Branch { .. }
                | NodeKind::Match { .. }
                | NodeKind::Map { .. }
                | NodeKind::Repeat { .. }
                | NodeKind::Try { .. }
                | NodeKind::Approve { .. }
                | NodeKind::Sleep { .. },
            ) => None,
        };
        match (ty, output) {
            (Some(ty), _) => {
                self.same(&expr.ty, ty, expr, place);
            }
            (None, Some(name)) => self.report(place, expr.span, format!("`{}` has no output `{name}`", id.0)),
            (None, None) => self.report(place, expr.span, format!("`{}` has no value", id.0)),
        }
    }

    fn run_field(&mut self, field: RunField, expr: &Expr, scope: &Scope<'a>, place: &Place<'_>) {
        let is_known = match scope.run {
            RunView::None => false,
            RunView::Start => field.is_known_from_start(),
            RunView::End => true,
        };
        self.require(is_known, place, expr.span, || "this isn't known of the run here".to_owned());
        let fits = match field {
            RunField::Id | RunField::Name | RunField::Scheduled | RunField::Started => {
                expr.ty == Type::STRING
            }
            RunField::Day => is_date(&expr.ty),
            RunField::Duration => expr.ty == Type::Duration,
            RunField::Status => self.is_run_status(&expr.ty),
            RunField::Failures => self.is_failures(&expr.ty),
        };
        self.require(fits, place, expr.span, || format!("what is known of the run is no {}", expr.ty));
    }

    fn is_run_status(&self, ty: &Type) -> bool {
        let Some(definition) = enumeration(ty, self.types).filter(|_| ty.is_plain_enum(self.types)) else {
            return false;
        };
        let names: Vec<&str> = definition.variants.iter().map(|variant| variant.name.as_str()).collect();
        names == ["succeeded", "failed", "cancelled"]
    }

    fn is_failures(&self, ty: &Type) -> bool {
        let Type::List { item } = ty else { return false };
        let fields = record(item, self.types).filter(|_| matches!(**item, Type::Record { .. }));
        fields.is_some_and(|record| {
            let fields: Vec<(&str, &Type)> =
                record.fields.iter().map(|field| (field.name.as_str(), &field.ty)).collect();
            fields == [("step", &Type::STRING), ("message", &Type::STRING)]
        })
    }

    fn fields(
        &mut self,
        values: &'a [(String, Expr)],
        declared: &'a [Field],
        expr: &Expr,
        context: &mut Context<'_, 'a>,
        place: &Place<'_>,
    ) {
        let are_all = values.iter().map(|(name, _)| name).eq(declared.iter().map(|field| &field.name));
        self.require(are_all, place, expr.span, || {
            let names: Vec<&str> = declared.iter().map(|field| field.name.as_str()).collect();
            format!("expected the fields {}, in this order", names.join(", "))
        });
        for (name, value) in values {
            let place = place.at(name);
            if let Some(field) = declared.iter().find(|field| field.name == *name) {
                self.same(&value.ty, &field.ty, value, &place);
            }
            self.inside(value, context, &place);
        }
    }

    fn map(
        &mut self,
        entries: &'a [(String, Expr)],
        expr: &'a Expr,
        context: &mut Context<'_, 'a>,
        place: &Place<'_>,
    ) {
        let Type::Map { value: value_type } = &expr.ty else {
            self.report(place, expr.span, format!("a map is no {}", expr.ty));
            return;
        };
        let mut keys = HashSet::default();
        for (key, value) in entries {
            let place = place.at(key);
            let is_key = keys.insert(key) && !key.contains('\0');
            self.require(is_key, &place, value.span, || "a key stands once, without U+0000".to_owned());
            self.same(&value.ty, value_type, value, &place);
            self.inside(value, context, &place);
        }
    }

    fn variant(
        &mut self,
        name: &str,
        fields: &'a [(String, Expr)],
        expr: &'a Expr,
        context: &mut Context<'_, 'a>,
        place: &Place<'_>,
    ) {
        let is_plain = matches!(expr.ty, Type::Enum { .. });
        let declared: Option<&'a Variant> = enumeration(&expr.ty, self.types)
            .filter(|_| is_plain)
            .and_then(|definition| definition.variants.iter().find(|variant| variant.name == name));
        match declared {
            Some(variant) => self.fields(fields, &variant.fields, expr, context, place),
            None => self.report(place, expr.span, format!("{} has no variant `{name}`", expr.ty)),
        }
    }

    fn field_of(
        &mut self,
        of: &Type,
        field: &str,
        fits: bool,
        is_optional: bool,
        expr: &Expr,
        place: &Place<'_>,
    ) {
        let declared = record(of, self.types).filter(|_| fits).and_then(|record| record.field(field));
        let Some(declared) = declared else {
            self.report(place, expr.span, format!("{of} has no field `{field}`"));
            return;
        };
        let ty = if is_optional { Type::optional(declared.ty.clone()) } else { declared.ty.clone() };
        self.same(&expr.ty, &ty, expr, place);
    }

    fn project(&mut self, of: &Type, field: &str, expr: &Expr, place: &Place<'_>) {
        let item = if let Type::List { item } = of { Some(&**item) } else { None };
        let declared = item.and_then(|item| record(item, self.types)).and_then(|record| record.field(field));
        let Some((declared, item)) = declared.zip(item) else {
            self.report(place, expr.span, format!("the items of {of} have no field `{field}`"));
            return;
        };
        let is_optional = matches!(item, Type::Optional { .. });
        let ty = if is_optional { Type::optional(declared.ty.clone()) } else { declared.ty.clone() };
        self.same(&expr.ty, &Type::list(ty), expr, place);
    }

    fn index(&mut self, of: &Expr, index: &Expr, expr: &Expr, place: &Place<'_>) {
        match element(&of.ty, &index.ty) {
            Some(element) => {
                self.same(&expr.ty, element, expr, place);
            }
            None => self.report(place, expr.span, format!("{} has no element at {}", of.ty, index.ty)),
        }
    }

    fn match_arms(
        &mut self,
        subject: &'a Expr,
        arms: &'a [MatchArm],
        expr: &'a Expr,
        context: &mut Context<'_, 'a>,
        place: &Place<'_>,
    ) {
        self.exhaustive(&subject.ty, arms.iter().map(|arm| arm.variant.as_deref()), expr.span, place);
        for arm in arms {
            let place = place.at(arm.variant.as_deref().unwrap_or("null"));
            let outer = context.bindings.len();
            let bound =
                self.bindings(&subject.ty, arm.variant.as_deref(), &arm.bindings, arm.value.span, &place);
            context.bindings.extend(bound);
            self.same(&arm.value.ty, &expr.ty, &arm.value, &place);
            self.inside(&arm.value, context, &place);
            context.bindings.truncate(outer);
        }
    }

    /// Every case of the subject has one arm, and no arm is about anything else.
    pub(super) fn exhaustive<'n>(
        &mut self,
        subject: &Type,
        arms: impl Iterator<Item = Option<&'n str>>,
        span: Option<crate::program::Span>,
        place: &Place<'_>,
    ) {
        let mut cases: Vec<Option<&str>> =
            match (subject.without_optional(), enumeration(subject, self.types)) {
                (Type::Bool, _) => vec![Some("true"), Some("false")],
                (_, Some(definition)) => {
                    definition.variants.iter().map(|variant| Some(variant.name.as_str())).collect()
                }
                (_, None) => {
                    self.report(place, span, format!("{subject} has no cases to match"));
                    return;
                }
            };
        if matches!(subject, Type::Optional { .. }) {
            cases.push(None);
        }
        let mut missing: HashSet<Option<&str>> = cases.iter().copied().collect();
        for arm in arms {
            let name = arm.unwrap_or("null");
            let is_case = cases.contains(&arm);
            self.require(is_case, place, span, || format!("{subject} has no case `{name}`"));
            let is_first = missing.remove(&arm) || !is_case;
            self.require(is_first, place, span, || format!("two arms for `{name}`"));
        }
        let missing: Vec<&str> =
            cases.iter().filter(|case| missing.contains(*case)).map(|case| case.unwrap_or("null")).collect();
        self.require(missing.is_empty(), place, span, || format!("no arm for {}", missing.join(", ")));
    }

    /// The names that an arm binds, with their types.
    pub(super) fn bindings(
        &mut self,
        subject: &Type,
        variant: Option<&str>,
        bindings: &'a [(String, String)],
        span: Option<crate::program::Span>,
        place: &Place<'_>,
    ) -> Vec<(&'a str, &'a Type)> {
        let fields: &'a [Field] = enumeration(subject, self.types)
            .and_then(|definition| {
                definition.variants.iter().find(|declared| Some(declared.name.as_str()) == variant)
            })
            .map_or(&[], |variant| &variant.fields);
        let mut names = HashSet::default();
        let mut bound = Vec::with_capacity(bindings.len());
        for (field, name) in bindings {
            self.require(names.insert(name), place, span, || format!("`{name}` is bound twice"));
            match fields.iter().find(|declared| declared.name == *field) {
                Some(declared) => bound.push((name.as_str(), &declared.ty)),
                None => self.report(place, span, format!("the variant has no field `{field}`")),
            }
        }
        bound
    }
}

pub(super) fn is_zip(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Call { function: Function::Zip, .. })
}

/// The type of `of[index]`.
pub(super) fn element<'t>(of: &'t Type, index: &Type) -> Option<&'t Type> {
    match (of, index) {
        (Type::List { item }, Type::Int { .. }) => Some(item),
        (Type::Map { value }, Type::String { .. }) => Some(value),
        _ => None,
    }
}

/// Text for a day: any, or the prelude's `Date`.
pub(super) fn is_date(ty: &Type) -> bool {
    let Type::String { pattern } = ty else { return false };
    pattern.as_deref().is_none_or(|pattern| pattern == r"\d{4}-\d{2}-\d{2}")
}
