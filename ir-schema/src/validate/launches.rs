//! Launches: arguments that are known before a run, and when it starts.

use super::Validator;
use super::names::is_id;
use super::place::Place;
use super::scope::{RunView, Scope};
use crate::program::{Launch, PipelineId};

/// The five fields of a schedule: their names and bounds.
const CRON_FIELDS: [(&str, u32, u32); 5] = [
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day of the month", 1, 31),
    ("month", 1, 12),
    ("day of the week", 0, 7),
];

impl<'a> Validator<'a> {
    pub(super) fn launch(&mut self, name: &'a str, launch: &'a Launch, place: &Place<'_>) {
        self.require(is_id(name), place, launch.span, || format!("`{name}` is no name of a launch"));
        match self.program.pipelines.get(&launch.pipeline) {
            Some(pipeline) => {
                let scope = Scope::new(RunView::Start);
                self.arguments(&launch.arguments, &pipeline.inputs, &scope, 1, launch.span, place);
            }
            None => {
                let PipelineId(id) = &launch.pipeline;
                self.report(place, launch.span, format!("there is no pipeline {id}"));
            }
        }
        if let Some(message) = launch.schedule.as_deref().and_then(schedule_problem) {
            self.report(&place.at("schedule"), launch.span, message);
        }
        let is_zone = launch.timezone.as_deref().is_none_or(|zone| {
            !zone.is_empty()
                && zone.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte))
        });
        self.require(is_zone, &place.at("timezone"), launch.span, || {
            "this is no name of a time zone".to_owned()
        });
        self.labels(&launch.labels, launch.span, &place.at("labels"));
        let has_time = launch.deadline_ms != Some(0);
        self.require(has_time, &place.at("deadline_ms"), launch.span, || "no time to run in".to_owned());
    }
}

/// What is wrong with a schedule of five cron fields: `*`, numbers, ranges, steps, lists, names of months and days.
fn schedule_problem(schedule: &str) -> Option<String> {
    let fields: Vec<&str> = schedule.split_ascii_whitespace().collect();
    if fields.len() != CRON_FIELDS.len() {
        return Some(format!("a schedule has five fields, and `{schedule}` has {}", fields.len()));
    }
    let wrong =
        fields.iter().zip(CRON_FIELDS).find(|(field, (_, least, most))| !is_cron_field(field, *least, *most));
    wrong.map(|(field, (name, least, most))| format!("`{field}` is no {name}: {least} to {most}"))
}

fn is_cron_field(field: &str, least: u32, most: u32) -> bool {
    field.split(',').all(|part| {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (part, None),
        };
        let step_fits = step.is_none_or(|step| step.parse::<u32>().is_ok_and(|step| step > 0));
        let number = |text: &str| cron_number(text).filter(|number| (least..=most).contains(number));
        let range_fits = range == "*"
            || match range.split_once('-') {
                Some((from, to)) => number(from).zip(number(to)).is_some_and(|(from, to)| from <= to),
                None => number(range).is_some(),
            };
        step_fits && range_fits
    })
}

fn cron_number(text: &str) -> Option<u32> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    let lower = text.to_ascii_lowercase();
    let month = MONTHS.iter().zip(1..).find(|(name, _)| **name == lower).map(|(_, number)| number);
    let day = DAYS.iter().zip(0..).find(|(name, _)| **name == lower).map(|(_, number)| number);
    let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    month.or(day).or_else(|| text.parse().ok().filter(|_| is_digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules() {
        for schedule in ["0 3 * * *", "*/15 0-6,12 1 jan-mar MON", "59 23 31 12 7"] {
            assert_eq!(schedule_problem(schedule), None, "{schedule}");
        }
        for (schedule, message) in [
            ("0 3 * *", "a schedule has five fields, and `0 3 * *` has 4"),
            ("60 3 * * *", "`60` is no minute: 0 to 59"),
            ("0 24 * * *", "`24` is no hour: 0 to 23"),
            ("0 0 0 * *", "`0` is no day of the month: 1 to 31"),
            ("0 0 * * 8", "`8` is no day of the week: 0 to 7"),
            ("*/0 0 * * *", "`*/0` is no minute: 0 to 59"),
            ("5-1 0 * * *", "`5-1` is no minute: 0 to 59"),
            ("@ 0 * * *", "`@` is no minute: 0 to 59"),
        ] {
            assert_eq!(schedule_problem(schedule).as_deref(), Some(message));
        }
    }
}
