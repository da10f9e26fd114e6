//! What is known of a run, and of how it ended.

use pipec_ir::{RunField, Span};

use super::Term;
use super::scope::Ending;
use super::term::string_literal;
use crate::Refusal;

/// A field of `run` as a value.
pub(crate) fn run_field(field: RunField, ending: &Ending, span: Option<Span>) -> Result<Term, Refusal> {
    let text = match (field, ending) {
        (RunField::Id, _) => "workflow.uid".to_owned(),
        (RunField::Name, _) => "workflow.parameters['run-name']".to_owned(),
        (RunField::Scheduled, _) => crate::argo::instant::SCHEDULED.to_owned(),
        (RunField::Day, _) => crate::argo::instant::DAY.to_owned(),
        (RunField::Status, Ending::Run { .. }) => status("workflow.status"),
        (RunField::Status, Ending::Call) => status("inputs.parameters['run-status']"),
        (RunField::Started, Ending::Run { .. }) => "workflow.creationTimestamp.RFC3339".to_owned(),
        (RunField::Started, Ending::Call) => "inputs.parameters['run-started']".to_owned(),
        (RunField::Duration, Ending::Run { .. }) => "int(round(float(workflow.duration) * 1000))".to_owned(),
        (RunField::Duration, Ending::Call) => {
            "int((now() - date(inputs.parameters['run-started'])).Milliseconds())".to_owned()
        }
        (RunField::Failures, Ending::Run { caught }) => failures(caught),
        (RunField::Failures, Ending::Call) => {
            return Err(Refusal::new(
                "Argo tells which steps of a whole run failed, but not which of a pipeline's call",
            )
            .help(
                "use `run.failures` in a hook of the pipeline that the run is for; here `run.status` and what a `try` gives \
                 say what went wrong",
            )
            .spanned(span));
        }
    };
    Ok(Term { faults: false, needs_workflow: true, atom: !text.contains('('), text })
}

/// A run that was stopped counts as failed: Argo doesn't tell.
fn status(of: &str) -> String {
    format!("({of} == 'Succeeded' ? 'succeeded' : 'failed')")
}

/// The failed nodes, sorted by name: each step once, with the message of its last attempt. A node that failed because of
/// one inside it has no message.
fn failures(caught: &[String]) -> String {
    // Argo quotes JSON as Go does, with escapes that JSON doesn't know.
    let json = r"sprig.regexReplaceAll('(\\\\\\\\)|\\\\(x7f|U[0-9a-f]{8})', workflow.failures, '${1}')";
    let failed = format!("(fromJSON(fromJSON({json})) ?? [])");
    let mut own = "#.message != ''".to_owned();
    if !caught.is_empty() {
        let names: Vec<String> = caught.iter().map(|name| string_literal(name)).collect();
        own = format!("{own} and not (#.templateName in [{}])", names.join(", "));
    }
    let sorted = format!("sortBy(filter({failed}, {own}), #.displayName + ' ' + #.message)");
    // An attempt follows its step; the step itself says only that there are no more.
    let is_attempt = r"#.displayName matches '[(][0-9]+[)]$'";
    let follows = "len(#acc) > 0 and #.displayName startsWith #acc[-1].name + '('";
    let told = format!("concat(#acc[:len(#acc) - 1], [{}])", entry("#acc[-1].name", "#acc[-1].step"));
    let step = "(#.templateName == 'same' ? #.displayName : trimSuffix(#.templateName, '-program'))";
    let next = format!("concat(#acc, [{}])", entry("#.displayName", step));
    let folded = format!("reduce({sorted}, {is_attempt} ? ({follows} ? {told} : #acc) : {next}, [])");
    // What Argo puts around a step's own words, and the picture of an expression below its message.
    let around = "'(?s)^failed to evaluate expression: |^main: Error [(]exit code [0-9]+[)]: \
                  |( [(][0-9]+:[0-9]+[)])?\\n.*$'";
    let message = format!("sprig.regexReplaceAll({around}, #.message, '')");
    format!("map({folded}, ({{'message': {message}, 'step': #.step}}))")
}

fn entry(name: &str, step: &str) -> String {
    format!("({{'name': {name}, 'step': {step}, 'message': #.message}})")
}
