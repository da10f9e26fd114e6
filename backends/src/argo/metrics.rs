//! How often and how long tasks and pipelines run, for Prometheus: Argo exports these as `argo_workflows_pipec_…`.

use super::manifest::{Counter, Histogram, Metric, MetricLabel, Metrics};

/// Seconds: from a step that starts at once to a training of a day.
const BUCKETS: [u32; 10] = [1, 5, 15, 60, 300, 900, 3_600, 14_400, 43_200, 86_400];

/// Of a task's template.
pub(crate) fn of_task(program: &str, task: &str) -> Metrics {
    let labels = |outcome: bool| labels(program, "task", task, outcome.then_some("{{status}}"));
    Metrics {
        prometheus: vec![
            counter("pipec_task_total", "Steps that ended, by task and outcome", labels(true)),
            histogram("pipec_task_seconds", "How long steps took", "{{duration}}", labels(false)),
        ],
    }
}

/// Of a run.
pub(crate) fn of_pipeline(program: &str, pipeline: &str) -> Metrics {
    let labels =
        |outcome: bool| labels(program, "pipeline", pipeline, outcome.then_some("{{workflow.status}}"));
    Metrics {
        prometheus: vec![
            counter("pipec_run_total", "Runs that ended, by pipeline and outcome", labels(true)),
            histogram("pipec_run_seconds", "How long runs took", "{{workflow.duration}}", labels(false)),
        ],
    }
}

fn labels(program: &str, kind: &'static str, name: &str, outcome: Option<&str>) -> Vec<MetricLabel> {
    let mut labels = vec![
        MetricLabel { key: "program", value: program.to_owned() },
        MetricLabel { key: kind, value: name.to_owned() },
    ];
    if let Some(outcome) = outcome {
        labels.push(MetricLabel { key: "status", value: outcome.to_owned() });
    }
    labels
}

fn counter(name: &'static str, help: &'static str, labels: Vec<MetricLabel>) -> Metric {
    Metric { name, help, labels, counter: Some(Counter { value: "1" }), histogram: None }
}

fn histogram(
    name: &'static str,
    help: &'static str,
    value: &'static str,
    labels: Vec<MetricLabel>,
) -> Metric {
    let histogram = Histogram { value, buckets: BUCKETS.to_vec() };
    Metric { name, help, labels, counter: None, histogram: Some(histogram) }
}
