//! `match`: one arm for each variant, exhaustively.

use foldhash::{HashMap, HashSet};

use super::{block_type, messages};
use crate::check::context::{Checker, Scope, error_expression};
use crate::check::expressions::{Demand, Qualifier, type_of};
use crate::check::narrowing::Path;
use crate::hir::{self, EnumId, ExprKind, LocalId, LocalKind};
use crate::source::Span;
use crate::syntax::ast::{self, ArmBody, PatternKind};
use crate::types::Type;

/// What a pattern takes, in the words of `hir::Arm::variant`, with what it binds.
struct Matched {
    variant: Option<String>,
    bindings: Vec<(String, LocalId)>,
}

/// What a subject's type consists of.
struct Cases {
    enumeration: Option<EnumId>,
    is_bool: bool,
    may_be_null: bool,
}

impl Checker<'_> {
    pub(in crate::check) fn choice(
        &mut self,
        scope: &mut Scope,
        tree: &ast::Match,
        span: Span,
        demand: Demand<'_>,
    ) -> hir::Expr {
        let subject = self.expression(scope, &tree.subject, None);
        let subject = self.with_value(subject, "what `match` looks at");
        let subject = self.known_type(subject);
        let cases = self.cases(scope, &subject, &tree.arms);
        let facts = Path::all_of(&subject);
        let values: Vec<Option<&ast::Expr>> =
            tree.arms.iter().map(|arm| demand.untold(arm.body.value())).collect();
        let arm_type = |(_, body): &(Option<Matched>, hir::Block)| block_type(body);
        let checked = self.together(&values, arm_type, |checker, index, told| {
            let demand = demand.with(told.or(demand.expected));
            checker.arm(scope, &tree.arms[index], cases.as_ref(), &facts, demand)
        });
        let mut arms: Vec<hir::Arm> = Vec::with_capacity(tree.arms.len());
        let mut failed = cases.is_none();
        let mut first: HashMap<Option<String>, Span> = HashMap::default();
        for (arm, (matched, body)) in tree.arms.iter().zip(checked) {
            let Some(Matched { variant, bindings }) = matched else {
                failed = true;
                continue;
            };
            if let Some(first) = first.get(&variant) {
                self.report(messages::arm_twice(variant.as_deref(), arm.pattern.span, *first));
                failed = true;
                continue;
            }
            first.insert(variant.clone(), arm.pattern.span);
            arms.push(hir::Arm { variant, bindings, body, span: arm.pattern.span });
        }
        let Some(cases) = cases else { return error_expression(span) };
        if !failed {
            failed = self.check_exhaustive(&cases, &arms, tree);
        }
        let blocks = arms.iter_mut().map(|arm| &mut arm.body).collect();
        let ty = self.branches_meet(scope, blocks, demand, "arm", span);
        if failed {
            return hir::Expr { kind: ExprKind::Error, ty, span };
        }
        let unit = hir::Match { subject, arms, after: Vec::new() };
        hir::Expr { kind: ExprKind::Match(Box::new(unit)), ty, span }
    }

    /// An arm's pattern, if that makes sense, and its body.
    fn arm(
        &mut self,
        scope: &mut Scope,
        arm: &ast::Arm,
        cases: Option<&Cases>,
        facts: &[Path],
        demand: Demand<'_>,
    ) -> (Option<Matched>, hir::Block) {
        let start = scope.enter();
        let matched = match cases {
            Some(cases) => self.arm_pattern(scope, &arm.pattern, cases),
            None => {
                self.declare_unknown(scope, &arm.pattern);
                None
            }
        };
        let is_null = matched.as_ref().is_some_and(|matched| matched.variant.is_none());
        let facts = if is_null { Vec::new() } else { facts.to_vec() };
        let body = self.arm_body(scope, &arm.body, facts, demand);
        scope.leave(start);
        (matched, body)
    }

    fn cases(&mut self, scope: &Scope, subject: &hir::Expr, arms: &[ast::Arm]) -> Option<Cases> {
        let ty = type_of(subject);
        let may_be_null = matches!(ty, Type::Optional(_));
        let inner = ty.without_optional();
        if let Type::Enum(id) = inner {
            return Some(Cases { enumeration: Some(*id), is_bool: false, may_be_null });
        }
        if matches!(inner, Type::Bool) {
            return Some(Cases { enumeration: None, is_bool: true, may_be_null });
        }
        if !matches!(inner, Type::Error) {
            let source = self.source_of(scope, subject);
            self.report(messages::cannot_match(self, subject, arms, source));
        }
        None
    }

    fn arm_pattern(&mut self, scope: &mut Scope, pattern: &ast::Pattern, cases: &Cases) -> Option<Matched> {
        let plain = |variant: Option<&str>| {
            Some(Matched { variant: variant.map(str::to_owned), bindings: Vec::new() })
        };
        match &pattern.kind {
            PatternKind::Error => None,
            PatternKind::Bare(word) if matches!(word.as_str(), "_" | "else" | "default") => {
                self.report(messages::wildcard_pattern(pattern.span));
                None
            }
            PatternKind::Bare(text) | PatternKind::Literal(text) => {
                match cases.enumeration {
                    Some(id) => {
                        let enumeration = &self.program.enums[id.index()];
                        self.report(messages::pattern_without_enum(text, enumeration, pattern.span));
                    }
                    None => self.wrong_pattern(pattern.span, cases),
                }
                None
            }
            PatternKind::Null if cases.may_be_null => plain(None),
            PatternKind::Null => {
                self.report(messages::null_arm_of_plain(pattern.span));
                None
            }
            PatternKind::Bool(value) if cases.is_bool => plain(Some(if *value { "true" } else { "false" })),
            PatternKind::Bool(_) => {
                self.wrong_pattern(pattern.span, cases);
                None
            }
            PatternKind::Variant { module, enumeration, variant, fields } => {
                let found = self.pattern_enum(scope, module.as_ref(), enumeration);
                let Some(id) = cases.enumeration else {
                    self.wrong_pattern(pattern.span, cases);
                    self.declare_unknown(scope, pattern);
                    return None;
                };
                let Some(found) = found else {
                    self.declare_unknown(scope, pattern);
                    return None;
                };
                if found != id {
                    let wanted = &self.program.enums[id.index()];
                    let other = &self.program.enums[found.index()];
                    self.report(messages::pattern_of_another_enum(wanted, other, enumeration.span));
                    self.declare_unknown(scope, pattern);
                    return None;
                }
                let Some(index) = self.variant(id, variant) else {
                    self.declare_unknown(scope, pattern);
                    return None;
                };
                let bindings = self.variant_fields(scope, id, index, fields);
                Some(Matched { variant: Some(variant.value.clone()), bindings })
            }
        }
    }

    fn wrong_pattern(&mut self, span: Span, cases: &Cases) {
        let name = cases.enumeration.map(|id| self.program.enums[id.index()].name.clone());
        self.report(messages::wrong_pattern(name.as_deref(), span));
    }

    fn pattern_enum(
        &mut self,
        scope: &Scope,
        module: Option<&ast::Name>,
        enumeration: &ast::Name,
    ) -> Option<EnumId> {
        let name =
            |name: &ast::Name| ast::Expr { kind: ast::ExprKind::Name(name.value.clone()), span: name.span };
        let path = match module {
            None => name(enumeration),
            Some(module) => ast::Expr {
                kind: ast::ExprKind::Field { of: Box::new(name(module)), name: enumeration.clone() },
                span: module.span.to(enumeration.span),
            },
        };
        if let Some(Qualifier::Enum(id)) = self.qualifier(scope, &path) {
            return Some(id);
        }
        self.report(messages::no_such_enum(enumeration));
        None
    }

    /// Binds a variant's fields by name.
    fn variant_fields(
        &mut self,
        scope: &mut Scope,
        id: EnumId,
        variant: u32,
        fields: &[ast::PatternField],
    ) -> Vec<(String, LocalId)> {
        let mut bindings: Vec<(String, LocalId)> = Vec::with_capacity(fields.len());
        for field in fields {
            let declared = &self.program.enums[id.index()].variants[variant as usize];
            let Some(found) = declared.fields.iter().find(|known| known.name == field.field.value) else {
                let diagnostic = messages::no_field_of_variant(&field.field, declared);
                self.report(diagnostic);
                self.bind_name(scope, &field.binding, Some(Type::Error), LocalKind::MatchField);
                continue;
            };
            let ty = found.ty.clone();
            if bindings.iter().any(|(known, _)| *known == field.field.value) {
                self.report(messages::field_bound_twice(&field.field));
                continue;
            }
            let local = self.bind_name(scope, &field.binding, Some(ty), LocalKind::MatchField);
            bindings.push((field.field.value.clone(), local));
        }
        bindings
    }

    /// Declares what a pattern that makes no sense binds, so that its arm gives no further messages.
    fn declare_unknown(&mut self, scope: &mut Scope, pattern: &ast::Pattern) {
        if let PatternKind::Variant { fields, .. } = &pattern.kind {
            for field in fields {
                self.bind_name(scope, &field.binding, Some(Type::Error), LocalKind::MatchField);
            }
        }
    }

    fn arm_body(
        &mut self,
        scope: &mut Scope,
        body: &ArmBody,
        facts: Vec<Path>,
        demand: Demand<'_>,
    ) -> hir::Block {
        match body {
            ArmBody::Block(block) => self.block_with(scope, block, facts, demand),
            ArmBody::Expr(expr) => {
                let known = scope.learn(facts);
                let value = self.evaluated(scope, expr, demand);
                scope.forget_facts(known);
                let (statements, value) = if demand.used {
                    (Vec::new(), Some(value))
                } else {
                    (vec![hir::Statement::Expr(value)], None)
                };
                hir::Block { statements, value, span: expr.span }
            }
        }
    }

    /// Whether an arm is missing; a finding if so.
    fn check_exhaustive(&mut self, cases: &Cases, arms: &[hir::Arm], tree: &ast::Match) -> bool {
        let there: HashSet<Option<&str>> = arms.iter().map(|arm| arm.variant.as_deref()).collect();
        let has = |variant: Option<&str>| there.contains(&variant);
        let mut missing = Vec::new();
        if let Some(id) = cases.enumeration {
            let enumeration = &self.program.enums[id.index()];
            let absent = enumeration.variants.iter().filter(|variant| !has(Some(&variant.name)));
            missing.extend(absent.map(|variant| format!("{}.{}", enumeration.name, variant.name)));
        }
        if cases.is_bool {
            missing.extend(["true", "false"].into_iter().filter(|word| !has(Some(word))).map(str::to_owned));
        }
        if cases.may_be_null && !has(None) {
            missing.push("null".to_owned());
        }
        if missing.is_empty() {
            return false;
        }
        let declared = cases.enumeration.map(|id| self.program.enums[id.index()].span);
        self.report(messages::arms_missing(&missing, tree, declared));
        true
    }
}
