//! What the type parameters of a callee stand for at a call: inferred from the arguments, whose types are laid over those
//! of the inputs. Several arguments that speak of one parameter meet, as items of a list do.

use foldhash::HashSet;

use super::inference_messages as say;
use crate::check::context::{Checker, Scope, error_expression};
use crate::check::expressions::{is_empty, literal_hint, needs_a_type};
use crate::check::type_parameters::Bindings;
use crate::hir::{self, Callee, RecordId, TypeParameterId};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::{Kind, Type, kind, meet};

/// An argument and the index of its input.
pub(in crate::check) struct Placed<'t> {
    pub(in crate::check) input: usize,
    pub(in crate::check) tree: &'t ast::Expr,
}

/// What an argument says about a type parameter.
struct Candidate {
    ty: Type,
    /// Of the argument.
    span: Span,
}

/// A type parameter of the callee and what the arguments say about it.
struct Unknown {
    id: TypeParameterId,
    candidates: Vec<Candidate>,
    /// Something that it depends on has had its message.
    is_torn: bool,
}

/// The type parameters of the call at hand.
struct Inference {
    unknowns: Vec<Unknown>,
    bindings: Bindings,
}

/// An argument on its way.
enum Argument {
    Ready(hir::Expr),
    /// Its type is looked at, and not yet that of its input.
    Typed(hir::Expr),
    /// A literal that says too little by itself.
    Waiting,
}

impl Checker<'_> {
    /// The arguments, and what the callee's type parameters stand for; `None` if a message has been given for that, or for
    /// an argument that isn't there: `complete` is the call's place, if all are.
    pub(super) fn inferred_arguments(
        &mut self,
        scope: &mut Scope,
        callee: Callee,
        placed: &[Placed<'_>],
        complete: Option<Span>,
    ) -> (Vec<hir::Argument>, Option<Vec<Type>>) {
        let declared = self.type_parameters_of(callee).to_vec();
        let mut inference = Inference::new(&declared);
        let mut values: Vec<Argument> = Vec::with_capacity(placed.len());
        for argument in placed {
            let value = self.look_at(scope, callee, argument, &mut inference);
            values.push(value);
        }
        self.solve(callee, &mut inference);
        self.look_at_the_rest(scope, callee, placed, &mut values, &mut inference);
        self.report_untold(scope, callee, placed, &mut values, &inference, complete);
        let is_known = self.check_bounds(callee, &inference);
        let arguments = placed
            .iter()
            .zip(values)
            .map(|(argument, value)| hir::Argument {
                parameter: u32::try_from(argument.input).unwrap_or(u32::MAX),
                value: match value {
                    Argument::Ready(value) => value,
                    Argument::Typed(value) if is_known => {
                        let ty = self.input_type(callee, argument.input, &inference.bindings);
                        self.fit_argument(scope, callee, argument.input, value, &ty)
                    }
                    Argument::Typed(value) => value,
                    Argument::Waiting => error_expression(argument.tree.span),
                },
            })
            .collect();
        let types = declared.iter().map(|id| inference.bindings.get(id).cloned()).collect();
        (arguments, if is_known { types } else { None })
    }

    pub(in crate::check) fn type_parameters_of(&self, callee: Callee) -> &[TypeParameterId] {
        match callee {
            Callee::Task(id) => &self.program.tasks[id.index()].type_parameters,
            Callee::Pipeline(id) => &self.program.pipelines[id.index()].type_parameters,
        }
    }

    /// An argument by itself, where its input's type has type parameters in it.
    fn look_at(
        &mut self,
        scope: &mut Scope,
        callee: Callee,
        argument: &Placed<'_>,
        inference: &mut Inference,
    ) -> Argument {
        let ty = self.inputs_of(callee)[argument.input].ty.clone();
        if !ty.mentions_parameters(&self.program) {
            return Argument::Ready(self.argument(scope, callee, argument.input, argument.tree, &ty));
        }
        if needs_a_type(argument.tree) {
            return Argument::Waiting;
        }
        let value = self.expression(scope, argument.tree, literal_hint(argument.tree, &ty));
        self.note(&ty, value, inference)
    }

    /// Takes from a value's type what it says about type parameters.
    fn note(&mut self, ty: &Type, value: hir::Expr, inference: &mut Inference) -> Argument {
        let value = self.with_value(value, "an argument");
        let value_type = value.ty.clone().unwrap_or(Type::Error);
        if Self::is_error(&value) {
            ty.for_each_parameter(&self.program, &mut |id| inference.tear(id));
            return Argument::Ready(value);
        }
        let mut walk = Walk { checker: self, inference, span: value.span, seen: HashSet::default() };
        walk.lay_over(ty, &value_type);
        Argument::Typed(value)
    }

    /// Literals that waited: with the type that the other arguments tell, or else by themselves.
    fn look_at_the_rest(
        &mut self,
        scope: &mut Scope,
        callee: Callee,
        placed: &[Placed<'_>],
        values: &mut [Argument],
        inference: &mut Inference,
    ) {
        for (argument, value) in placed.iter().zip(values) {
            if !matches!(value, Argument::Waiting) {
                continue;
            }
            let declared = self.inputs_of(callee)[argument.input].ty.clone();
            let ty = self.substituted(&declared, &inference.bindings);
            if inference.is_silent_about(&declared, self) {
                *value = Argument::Ready(self.expression(scope, argument.tree, Some(&Type::Error)));
            } else if !inference.leaves_open(&declared, self) {
                *value = Argument::Ready(self.argument(scope, callee, argument.input, argument.tree, &ty));
            } else if !is_empty(argument.tree) {
                let typed = self.expression(scope, argument.tree, literal_hint(argument.tree, &ty));
                *value = self.note(&declared, typed, inference);
                self.solve(callee, inference);
            }
        }
    }

    /// Binds each type parameter to where what the arguments say about it meets.
    fn solve(&mut self, callee: Callee, inference: &mut Inference) {
        for unknown in &mut inference.unknowns {
            if unknown.is_torn {
                continue;
            }
            let types: Vec<&Type> = unknown.candidates.iter().map(|candidate| &candidate.ty).collect();
            match meet(&types, &self.program) {
                Ok(Type::Null) => {}
                Ok(ty) => {
                    inference.bindings.insert(unknown.id, ty);
                }
                Err((first, second)) => {
                    let name = &self.program.type_parameters[unknown.id.index()].name;
                    let ends = [first, second].map(|index| {
                        let candidate = &unknown.candidates[index];
                        (self.show(&candidate.ty), candidate.span)
                    });
                    let diagnostic = say::disagreement(name, self.callee_name(callee), &ends);
                    self.report(diagnostic);
                    unknown.is_torn = true;
                    inference.bindings.remove(&unknown.id);
                }
            }
        }
    }

    /// Says of type parameters that nothing tells why that is.
    fn report_untold(
        &mut self,
        scope: &Scope,
        callee: Callee,
        placed: &[Placed<'_>],
        values: &mut [Argument],
        inference: &Inference,
        complete: Option<Span>,
    ) {
        let open: Vec<TypeParameterId> = inference
            .unknowns
            .iter()
            .filter(|unknown| !unknown.is_torn && !inference.bindings.contains_key(&unknown.id))
            .map(|unknown| unknown.id)
            .collect();
        let Some(first) = open.first() else { return };
        let mut silent_literal = None;
        for (argument, value) in placed.iter().zip(values) {
            let declared = self.inputs_of(callee)[argument.input].ty.clone();
            let mut speaks = false;
            declared.for_each_parameter(&self.program, &mut |id| speaks |= open.contains(&id));
            if !speaks {
                continue;
            }
            if let Argument::Typed(typed) = value {
                // It has another shape than its input: that is the mistake.
                let ty = self.substituted(&declared, &inference.bindings);
                let before = self.diagnostics.len();
                let fitted = self.fit_argument(scope, callee, argument.input, typed.clone(), &ty);
                if self.diagnostics.len() > before {
                    *value = Argument::Ready(fitted);
                    return;
                }
            }
            silent_literal = silent_literal.or(Some((argument.tree.span, self.show(&declared))));
        }
        // What isn't there, or a type parameter that no input tells, has had its message.
        let Some(span) = complete.filter(|_| self.is_told(callee, *first)) else { return };
        let names: Vec<&str> =
            open.iter().map(|id| self.program.type_parameters[id.index()].name.as_str()).collect();
        let diagnostic = match silent_literal {
            Some((place, shown)) => say::silent_argument(&names, self.callee_name(callee), place, &shown),
            None => say::not_told(&names, self.callee_name(callee), span),
        };
        self.report(diagnostic);
    }

    /// Whether an input has the type parameter in its type.
    fn is_told(&self, callee: Callee, id: TypeParameterId) -> bool {
        let mut told = false;
        for input in self.inputs_of(callee) {
            input.ty.for_each_parameter(&self.program, &mut |mentioned| told |= mentioned == id);
        }
        told
    }

    /// Whether all type parameters are bound, each to a type that it takes.
    fn check_bounds(&mut self, callee: Callee, inference: &Inference) -> bool {
        let mut fine = true;
        for unknown in &inference.unknowns {
            let bound = inference.bindings.get(&unknown.id).zip(unknown.candidates.first());
            fine &= match bound {
                Some((ty, first)) if !self.is_bounded(ty) => {
                    let diagnostic = say::grows(self.callee_name(callee), first.span);
                    self.report(diagnostic);
                    false
                }
                Some((ty, first)) => {
                    let name = self.callee_name(callee).0.to_owned();
                    self.check_bound(unknown.id, ty, Some(name), first.span)
                }
                None => false,
            };
        }
        fine
    }

    /// Whether a type parameter takes a type; a finding if not.
    pub(in crate::check) fn check_bound(
        &mut self,
        id: TypeParameterId,
        ty: &Type,
        of: Option<String>,
        place: Span,
    ) -> bool {
        let parameter = &self.program.type_parameters[id.index()];
        let fits = match (parameter.bound, kind(ty, &self.program)) {
            (Kind::Value, Kind::Value) | (Kind::Artifact, Kind::Artifact) => true,
            (Kind::Either, Kind::Value | Kind::Artifact | Kind::Either) => true,
            (Kind::Value | Kind::Artifact | Kind::Mixed | Kind::Secret | Kind::Either, _) => false,
        };
        if fits {
            return true;
        }
        let diagnostic = say::breaks_bound(self, parameter, ty, of.as_deref(), place);
        self.report(diagnostic);
        false
    }

    /// The type of an input where the callee's type parameters stand for others.
    pub(super) fn input_type(&mut self, callee: Callee, input: usize, bindings: &Bindings) -> Type {
        let declared = self.inputs_of(callee)[input].ty.clone();
        self.substituted(&declared, bindings)
    }
}

impl Inference {
    fn new(declared: &[TypeParameterId]) -> Inference {
        let unknowns =
            declared.iter().map(|id| Unknown { id: *id, candidates: Vec::new(), is_torn: false }).collect();
        Inference { unknowns, bindings: Bindings::default() }
    }

    fn unknown(&mut self, id: TypeParameterId) -> Option<&mut Unknown> {
        self.unknowns.iter_mut().find(|unknown| unknown.id == id)
    }

    fn tear(&mut self, id: TypeParameterId) {
        if let Some(unknown) = self.unknown(id) {
            unknown.is_torn = true;
        }
    }

    /// Whether one of the type parameters in a type isn't bound.
    fn leaves_open(&self, ty: &Type, checker: &Checker<'_>) -> bool {
        let mut open = false;
        ty.for_each_parameter(&checker.program, &mut |id| open |= !self.bindings.contains_key(&id));
        open
    }

    /// Whether a message has been given for one of the type parameters in a type.
    fn is_silent_about(&self, ty: &Type, checker: &Checker<'_>) -> bool {
        let mut torn = false;
        ty.for_each_parameter(&checker.program, &mut |id| {
            torn |= self.unknowns.iter().any(|unknown| unknown.id == id && unknown.is_torn);
        });
        torn
    }
}

/// Lays the type of an argument over that of its input.
struct Walk<'w, 'c> {
    checker: &'w Checker<'c>,
    inference: &'w mut Inference,
    span: Span,
    /// Pairs of records that have been looked at: records may share records many times over.
    seen: HashSet<(RecordId, RecordId)>,
}

impl Walk<'_, '_> {
    fn lay_over(&mut self, ty: &Type, argument: &Type) {
        if let Type::Parameter(id) = ty {
            self.speak(*id, argument);
            return;
        }
        let argument = self.underneath(argument);
        match (ty, &argument) {
            (Type::Optional(of), Type::Optional(inner)) => self.lay_over(of, inner),
            (Type::Optional(of), _) => self.lay_over(of, &argument),
            // That it may be `null` is said when it is converted.
            (_, Type::Optional(inner)) => self.lay_over(ty, inner),
            (Type::List(of), Type::List(inner)) | (Type::Map(of), Type::Map(inner)) => {
                self.lay_over(of, inner);
            }
            (Type::Record(_) | Type::Anonymous(_), Type::Record(_) | Type::Anonymous(_)) => {
                self.records(ty, &argument);
            }
            _ => {}
        }
    }

    fn speak(&mut self, id: TypeParameterId, argument: &Type) {
        let candidate = Candidate { ty: argument.clone(), span: self.span };
        if let Some(unknown) = self.inference.unknown(id) {
            unknown.candidates.push(candidate);
        }
    }

    /// A `distinct` type is what it is made of.
    fn underneath(&self, ty: &Type) -> Type {
        let mut at = ty;
        while let Type::Distinct(id) = at {
            at = &self.checker.program.distincts[id.index()].of;
        }
        at.clone()
    }

    fn records(&mut self, ty: &Type, argument: &Type) {
        if let (Type::Record(a), Type::Record(b)) = (ty, argument)
            && !self.seen.insert((*a, *b))
        {
            return;
        }
        if let Some((ours, theirs)) = self.of_one_record(ty, argument) {
            for (ty, argument) in ours.iter().zip(&theirs) {
                self.lay_over(ty, argument);
            }
            return;
        }
        let given = self.fields(argument);
        for (name, field) in self.fields(ty) {
            if let Some((_, inner)) = given.iter().find(|(other, _)| *other == name) {
                self.lay_over(&field, inner);
            }
        }
    }

    /// What the parameters of a record stand for on both sides.
    fn of_one_record(&self, ty: &Type, argument: &Type) -> Option<(Vec<Type>, Vec<Type>)> {
        let instance = |ty: &Type| {
            let Type::Record(id) = ty else { return None };
            self.checker.program.records[id.index()].instance.clone()
        };
        let (ours, theirs) = (instance(ty)?, instance(argument)?);
        (ours.of == theirs.of).then_some((ours.arguments, theirs.arguments))
    }

    fn fields(&self, record: &Type) -> Vec<(String, Type)> {
        if let Type::Record(id) = record {
            let fields = &self.checker.program.records[id.index()].fields;
            return fields.iter().map(|field| (field.name.clone(), field.ty.clone())).collect();
        }
        let Type::Anonymous(fields) = record else { return Vec::new() };
        fields.iter().map(|field| (field.name.clone(), field.ty.clone())).collect()
    }
}
