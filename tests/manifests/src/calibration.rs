//! The checker itself: it accepts a fine manifest, and rejects it with any of these changes, for the reason that is named.

const FINE: &str = include_str!("fine.yaml");

/// (what stands in the fine manifest, what is put there, what the fault says)
const CHANGES: &[(&str, &str, &str)] = &[
    ("entrypoint: words", "entrypoint: nope", "entrypoint `nope` isn't there"),
    ("name: words\n  labels", "name: Words\n  labels", "no name for it"),
    ("team: growth", "a b: growth", "no name for a label"),
    ("team: growth", "team: -growth", "no value for a label"),
    ("template: prepare\n", "template: nope\n", "template `nope` isn't there"),
    ("depends: prepare.Succeeded", "depends: nope.Succeeded", "`nope`, which isn't there"),
    ("depends: prepare.Succeeded", "depends: prepare.Done", "no result `Done`"),
    ("depends: prepare.Succeeded", "depends: prepare.Succeeded &&", "lacks the name"),
    ("depends: prepare.Succeeded", "depends: report.Succeeded", "waits for itself"),
    ("depends: prepare.Succeeded", "dependencies: [prepare]", "unknown field `dependencies`"),
    ("            depends: each.Succeeded\n", "", "hasn't ended"),
    ("tasks.each.outputs.parameters.counts}}", "tasks.each.outputs.parameters.nope}}", "isn't there"),
    ("tasks.prepare.outputs.artifacts.base", "tasks.prepare.outputs.parameters.base", "an artifact is due"),
    ("tasks['each'].outputs.parameters.counts)", "tasks['nope'].outputs.parameters.counts)", "isn't there"),
    (
        "tasks['each'].outputs.parameters.counts)) > 0",
        "tasks['each'].outputs.parameters.counts)) >",
        "ends too early",
    ),
    ("when: \"{{=", "when: \"1 == 1 && {{=", "no single expression"),
    ("value: \"{{item}}\"", "value: \"{{item.text}}\"", "no such item"),
    ("value: \"{{inputs.parameters.texts}}\"", "value: \"{{item}}\"", "no such item"),
    ("value: \"{{inputs.parameters.text}}\"", "value: \"{{inputs.parameters.text\"", "has no end"),
    ("value: \"{{inputs.parameters.text}}\"", "value: \"{{inputs.parameters.texts}}\"", "isn't there"),
    ("value: \"{{inputs.parameters.text}}\"", "value: 3", "expected a string"),
    ("withParam: \"{{inputs.parameters.texts}}\"", "withParam: not json", "no JSON"),
    ("'[\"a\",\"b c\"]'", "'{\"a\":1}'", "no list"),
    ("expression: lastRetry", "expression: = lastRetry", "where a value should be"),
    ("expression: toJson(", "expression: toJson", "where it should end"),
    ("limit: \"2\"", "limit: two", "no whole number"),
    ("retryPolicy: Always", "retryPolicy: Sometimes", "none that Argo knows"),
    ("- name: TEXT", "- name: a-b", "no name for a variable"),
    ("memory: 128Mi", "memory: 1GG", "no quantity"),
    ("memory: 128Mi", "memory: 1Mi", "above its limit"),
    ("            path: /tmp/base\n      container", "      container", "has no path"),
    ("path: /tmp/n", "path: tmp/n", "is relative"),
    ("parallelism: 2", "activeDeadlineSeconds: 2", "no effect on a DAG"),
    ("parallelism: 2", "parallelisms: 2", "unknown field"),
    (
        "      retryStrategy:",
        "      parallelism: 1\n      retryStrategy:",
        "no effect on a template that is no DAG",
    ),
    (
        "      container:\n        image: busybox:1.36\n        command: [touch",
        "      container:\n        command: [touch",
        "no image",
    ),
    ("        command: [touch, /tmp/base]\n", "", "no command"),
    ("      name: words\n    arguments", "      name: nope\n    arguments", "isn't in the stream"),
    (
        "- name: texts\n          value: \"[]\"",
        "- name: nope\n          value: \"[]\"",
        "takes no argument `nope`",
    ),
    ("schedules: [\"0 3 * * *\"]", "schedules: []", "no schedule"),
    ("name: nightly", "name: nightly-nightly-nightly-nightly-nightly-nightly-nightly", "no name for it"),
    ("kind: CronWorkflow", "kind: Pod", "pipec emits no Pod"),
];

#[test]
fn accepts_what_is_fine() {
    assert_eq!(crate::check(FINE), []);
}

#[test]
fn rejects_each_fault() {
    for (before, after, expected) in CHANGES {
        assert!(FINE.contains(before), "the fine manifest has no {before:?}");
        let faults = crate::check(&FINE.replacen(before, after, 1));
        assert!(
            faults.iter().any(|fault| fault.message.contains(expected)),
            "{before:?} → {after:?} should say {expected:?}, and says {faults:#?}"
        );
    }
}
