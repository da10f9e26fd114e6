//! Which input each positional argument is for. Where one argument too few, too many, or two in each other's place
//! explain why the types don't go together, that is the one mistake, and what it shifts has none of its own.

use super::messages;
use crate::check::context::{Checker, Scope};
use crate::hir::{self, Callee, Definition, ExprKind, RecordId, TypeParameterId};
use crate::syntax::ast;
use crate::types::{Conversion, IntInterval, Substitution, Type, assign};

/// What the positional arguments of a call are for.
pub(super) struct Alignment {
    /// The index of each one's input; `None` for one that has none.
    pub(super) inputs: Vec<Option<usize>>,
    /// What stands at the place of a missing argument, which has the first input that is missing.
    pub(super) displaced: Option<usize>,
}

impl Checker<'_> {
    /// Where the positional arguments of a call belong.
    pub(super) fn aligned(&mut self, scope: &Scope, callee: Callee, call: &ast::Call) -> Alignment {
        let positional: Vec<&ast::Argument> =
            call.arguments.iter().take_while(|argument| argument.name.is_none()).collect();
        let inputs = self.inputs_of(callee);
        let as_written = Alignment {
            inputs: (0..positional.len()).map(|index| (index < inputs.len()).then_some(index)).collect(),
            displaced: None,
        };
        let types: Vec<Option<Type>> =
            positional.iter().map(|argument| self.glance(scope, &argument.value)).collect();
        let wanted: Vec<Type> = inputs.iter().map(|input| self.at_first_sight(&input.ty)).collect();
        let fits = |argument: usize, input: usize| {
            is_called(positional[argument], inputs.get(input))
                || wanted.get(input).is_some_and(|wanted| self.may_be(types[argument].as_ref(), wanted))
        };
        let misfits: Vec<usize> =
            (0..positional.len().min(inputs.len())).filter(|index| !fits(*index, *index)).collect();
        if misfits.is_empty() {
            return as_written;
        }
        let is_named =
            |index: usize| call.arguments.iter().any(|argument| names(argument, &inputs[index].name));
        let may_be_missing = |index: usize| inputs[index].default.is_none() && !is_named(index);
        let shifted = if positional.len() > inputs.len() {
            one_too_many(positional.len(), inputs.len(), fits)
        } else {
            let shifted = one_too_few(positional.len(), inputs.len(), fits, may_be_missing);
            // What would be pushed onto an input that has its argument by name isn't at the wrong place.
            shifted.filter(|shifted| !shifted.inputs.iter().flatten().any(|index| is_named(*index)))
        };
        if let Some(shifted) = shifted {
            return shifted;
        }
        if let [first, second] = misfits[..]
            && fits(first, second)
            && fits(second, first)
        {
            let diagnostic = messages::swapped(
                self,
                self.callee_name(callee).0,
                (positional[first], &inputs[first]),
                (positional[second], &inputs[second]),
            );
            self.report(diagnostic);
            let mut swapped = as_written;
            swapped.inputs.swap(first, second);
            return swapped;
        }
        as_written
    }

    /// The type of an input, where type parameters may be anything.
    fn at_first_sight(&self, ty: &Type) -> Type {
        if ty.mentions_parameters(&self.program) {
            ty.substituted(&mut Anything(&self.program))
        } else {
            ty.clone()
        }
    }

    /// Whether every value of one type is, or becomes, one of the other.
    pub(super) fn always_becomes(&self, from: &Type, to: &Type) -> bool {
        match assign(from, to, &self.program) {
            Conversion::Identity | Conversion::Widen => true,
            Conversion::Refine | Conversion::Impossible(_) => false,
        }
    }

    fn may_be(&self, from: Option<&Type>, to: &Type) -> bool {
        let Some(from) = from else { return true };
        match assign(from, to, &self.program) {
            Conversion::Identity | Conversion::Widen => true,
            // A text that is written there may match the pattern.
            Conversion::Refine => matches!(from, Type::String(None)),
            Conversion::Impossible(_) => false,
        }
    }

    /// The type that an expression has at first sight, without a word about it; `None` where that takes more.
    fn glance(&self, scope: &Scope, expr: &ast::Expr) -> Option<Type> {
        use ast::ExprKind as K;
        match &expr.kind {
            K::Bool(_) => Some(Type::Bool),
            K::Int(digits) => {
                let number = digits.parse().ok();
                Some(Type::Int(IntInterval { min: number, max: number }))
            }
            K::Float(_) => Some(Type::FLOAT),
            K::String(_) | K::Raw(_) => Some(Type::STRING),
            K::List(_) | K::For(_) => Some(Type::list(Type::Error)),
            K::Parentheses(inner) => self.glance(scope, inner),
            K::Name(name) => self.glance_at_name(scope, name, expr),
            K::Field { of, name } => self.glance_at_field(scope, of, name),
            K::Call(call) => self.glance_at_call(scope, &call.callee),
            K::Null
            | K::Duration { .. }
            | K::Quantity { .. }
            | K::Braces(_)
            | K::OptionalField { .. }
            | K::Index { .. }
            | K::Unary { .. }
            | K::Binary { .. }
            | K::If(_)
            | K::Match(_)
            | K::Repeat(_)
            | K::Try(_)
            | K::After { .. }
            | K::With { .. }
            | K::Error => None,
        }
    }

    fn glance_at_name(&self, scope: &Scope, name: &str, expr: &ast::Expr) -> Option<Type> {
        if let Some(local) = scope.find(name) {
            let ty = scope.local(local).ty.clone();
            let value = hir::Expr { kind: ExprKind::Local(local), ty, span: expr.span };
            return scope.narrowed(value).ty;
        }
        let Definition::Constant(id) = self.modules.find(scope.module, name)? else { return None };
        self.program.constants.get(id.index()).map(|constant| constant.ty.clone())
    }

    fn glance_at_field(&self, scope: &Scope, of: &ast::Expr, name: &ast::Name) -> Option<Type> {
        if let ast::ExprKind::Name(enumeration) = &of.kind
            && scope.find(enumeration).is_none()
            && let Some(Definition::Enum(id)) = self.modules.find(scope.module, enumeration)
        {
            return Some(Type::Enum(id));
        }
        let of = self.glance(scope, of)?.base(&self.program);
        if let Type::List(item) = &of {
            return self.field_at_first_sight(item, name).map(Type::list);
        }
        self.field_at_first_sight(&of, name)
    }

    fn plain_value_type(&self, callee: Callee) -> Option<Type> {
        let ty = self.value_type(callee)?;
        (!ty.mentions_parameters(&self.program)).then_some(ty)
    }

    fn field_at_first_sight(&self, of: &Type, name: &ast::Name) -> Option<Type> {
        if let Type::Record(id) = of {
            let fields = &self.program.records[id.index()].fields;
            return fields.iter().find(|field| field.name == name.value).map(|field| field.ty.clone());
        }
        let Type::Anonymous(fields) = of else { return None };
        fields.iter().find(|field| field.name == name.value).map(|field| field.ty.clone())
    }

    fn glance_at_call(&self, scope: &Scope, callee: &ast::Expr) -> Option<Type> {
        let ast::ExprKind::Name(name) = &callee.kind else { return None };
        match self.modules.find(scope.module, name)? {
            Definition::Task(id) => self.plain_value_type(Callee::Task(id)),
            Definition::Pipeline(id) => self.plain_value_type(Callee::Pipeline(id)),
            Definition::TypeAlias(id) => Some(self.program.type_aliases[id.index()].ty.clone()),
            Definition::Module(_)
            | Definition::Record(_)
            | Definition::Enum(_)
            | Definition::Format(_)
            | Definition::Constant(_)
            | Definition::Launch(_)
            | Definition::Field(..)
            | Definition::Variant(..)
            | Definition::TaskParameter(..)
            | Definition::TaskResult(..)
            | Definition::PipelineParameter(..)
            | Definition::PipelineResult(..)
            | Definition::Local(..)
            | Definition::Function(_)
            | Definition::BuiltInType(_)
            | Definition::Setting(_) => None,
        }
    }
}

/// Lets every type parameter be anything.
struct Anything<'p>(&'p hir::Program);

impl Substitution for Anything<'_> {
    fn parameter(&mut self, _: TypeParameterId) -> Option<Type> {
        Some(Type::Error)
    }

    fn record(&mut self, id: RecordId) -> Type {
        let record = Type::Record(id);
        if record.mentions_parameters(self.0) { Type::Error } else { record }
    }
}

/// Whether an argument is a name, and that of the input: then it is meant for it, whatever its type.
fn is_called(argument: &ast::Argument, input: Option<&hir::Parameter>) -> bool {
    let ast::ExprKind::Name(name) = &argument.value.kind else { return false };
    input.is_some_and(|input| *name == input.name)
}

fn names(argument: &ast::Argument, input: &str) -> bool {
    argument.name.as_ref().is_some_and(|name| name.value == input)
}

/// The arguments in their order, each at the next input that it fits, where only inputs that may be missing are left
/// out; not more of them than there are arguments that speak for it.
fn one_too_few(
    arguments: usize,
    inputs: usize,
    fits: impl Fn(usize, usize) -> bool,
    may_be_missing: impl Fn(usize) -> bool,
) -> Option<Alignment> {
    let mut input = 0;
    let mut displaced = None;
    let mut placed = Vec::with_capacity(arguments);
    for argument in 0..arguments {
        while !fits(argument, input) {
            if input >= inputs || !may_be_missing(input) {
                return None;
            }
            displaced = displaced.or(Some(argument));
            input += 1;
        }
        placed.push(Some(input));
        input += 1;
    }
    let left_out = input - arguments;
    displaced.filter(|displaced| left_out <= arguments - displaced)?;
    Some(Alignment { inputs: placed, displaced })
}

/// The inputs in their order, each with the next argument that fits it.
fn one_too_many(arguments: usize, inputs: usize, fits: impl Fn(usize, usize) -> bool) -> Option<Alignment> {
    let mut placed = Vec::with_capacity(arguments);
    let mut input = 0;
    for argument in 0..arguments {
        let belongs = input < inputs && fits(argument, input);
        placed.push(belongs.then_some(input));
        input += usize::from(belongs);
    }
    (input == inputs).then_some(Alignment { inputs: placed, displaced: None })
}
