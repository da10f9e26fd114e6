//! Amounts of cores and bytes that are constant: units of the right kind, more than nothing, requests up to limits.

use pipec_ir::quantity::{Amount, parse_quantity};

use super::messages;
use super::records::{field, quantity};
use crate::check::context::Checker;
use crate::hir::Expr;

/// What an amount is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Cores,
    Bytes,
}

impl Checker<'_> {
    /// Checks an amount that is known, and gives it.
    pub(super) fn amount_of(&mut self, path: &str, expr: &Expr, measure: Measure) -> Option<Amount> {
        let text = quantity(expr)?;
        let Some(amount) = parse_quantity(&text) else {
            self.report(messages::no_quantity(path, &text, expr.span));
            return None;
        };
        let unit = text.trim_start_matches(|character: char| character.is_ascii_digit() || character == '.');
        match measure {
            Measure::Cores => {
                if unit.ends_with('i') || ["k", "M", "G", "T", "P"].contains(&unit) {
                    self.report(messages::cores_in_bytes(path, &text, expr.span));
                    return None;
                }
                if !is_whole_millicores(&text) {
                    self.report(messages::too_fine_cores(path, &text, expr.span));
                    return None;
                }
            }
            Measure::Bytes => {
                if unit == "m" {
                    self.report(messages::bytes_in_thousandths(path, &text, expr.span));
                    return None;
                }
                if !amount.is_whole() {
                    self.report(messages::part_of_a_byte(path, &text, expr.span));
                    return None;
                }
            }
        }
        if amount.is_zero() {
            self.report(messages::no_amount(path, expr.span));
            return None;
        }
        Some(amount)
    }

    pub(super) fn check_resources(&mut self, value: &Expr) {
        let mut amounts = Vec::new();
        for (name, measure) in [
            ("cpu", Measure::Cores),
            ("cpu_limit", Measure::Cores),
            ("memory", Measure::Bytes),
            ("memory_limit", Measure::Bytes),
            ("ephemeral_storage", Measure::Bytes),
        ] {
            if let Some(expr) = field(value, name)
                && let Some(amount) = self.amount_of(&format!("resources.{name}"), expr, measure)
            {
                amounts.push((name, amount, expr));
            }
        }
        for (request, limit) in [("cpu", "cpu_limit"), ("memory", "memory_limit")] {
            let find = |name| amounts.iter().find(|(known, ..)| *known == name);
            if let (Some((_, asked, at)), Some((_, most, limit_at))) = (find(request), find(limit))
                && asked.to_f64() > most.to_f64()
            {
                self.report(messages::request_above_limit(request, limit, at.span, limit_at.span));
            }
        }
        self.check_room(value, &amounts);
        if let Some(kind) = field(value, "gpu_kind")
            && let Some(text) = super::records::text(kind)
            && let Err(reason) = super::names::label_key(text)
        {
            self.report(messages::no_name("a kind of GPU", text, reason, kind.span));
        }
    }
}

fn is_whole_millicores(text: &str) -> bool {
    if text.ends_with('m') {
        return parse_quantity(text.trim_end_matches('m')).is_some_and(Amount::is_whole);
    }
    parse_quantity(&format!("{text}k")).or_else(|| parse_quantity(text)).is_some_and(Amount::is_whole)
}
