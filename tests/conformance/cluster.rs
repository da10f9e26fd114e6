//! Runs programs on a real Argo: applies what is emitted, submits a workflow with the inputs, waits, reads the outputs
//! from its status, and writes the evidence down. It needs `kubectl`, and no access to the object store.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use crate::case::{Case, Ended, Run, said, text};
use crate::proven::Evidence;
use crate::workflow;

/// The longest that one run may take.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// Between two looks at a run: each starts a program, and the node has better things to do.
const POLL: Duration = Duration::from_secs(8);

/// A namespace in which a real Argo runs workflows.
pub(crate) struct Cluster {
    namespace: String,
    version: String,
}

/// Says something that the test harness doesn't capture.
pub(crate) fn say(line: &str) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl Cluster {
    pub(crate) fn from_environment() -> Option<Cluster> {
        variable("KUBECONFIG")?;
        Some(Cluster {
            namespace: variable("PIPEC_CONFORMANCE_NAMESPACE")?,
            version: variable("PIPEC_CONFORMANCE_ARGO")?,
        })
    }

    /// Runs every program that isn't proven yet, or those that `PIPEC_CONFORMANCE_ONLY` names, some at a time
    /// (`PIPEC_CONFORMANCE_JOBS`), and fails with everything that went wrong.
    pub(crate) fn prove(&self, cases: &[Case]) {
        let only: Option<Vec<String>> =
            variable("PIPEC_CONFORMANCE_ONLY").map(|names| names.split(',').map(str::to_owned).collect());
        let jobs: usize = variable("PIPEC_CONFORMANCE_JOBS").map_or(3, |jobs| jobs.parse().unwrap());
        let evidence = Mutex::new(Evidence::read());
        let queue = Mutex::new(cases.iter());
        let wrong = Mutex::new(Vec::new());
        let work = || {
            loop {
                let Some(case) = queue.lock().unwrap().next() else { break };
                let Ok(yaml) = case.for_argo(&self.version) else { continue };
                match &only {
                    Some(names) if !names.contains(&case.name) => continue,
                    None if evidence.lock().unwrap().holds(case, &self.version, &yaml) => continue,
                    Some(_) | None => {}
                }
                let start = Instant::now();
                match self.run(case, &yaml).and_then(|run| case.judge(&run)) {
                    Ok(()) => {
                        say(&format!("passed: {} in {} s", case.name, start.elapsed().as_secs()));
                        evidence.lock().unwrap().passed(case, &self.version, &yaml, today());
                    }
                    Err(why) => {
                        say(&format!("FAILED: {} in {} s\n{why}", case.name, start.elapsed().as_secs()));
                        evidence.lock().unwrap().failed(case, &self.version);
                        wrong.lock().unwrap().push(case.name.clone());
                    }
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..jobs {
                scope.spawn(work);
            }
        });
        let wrong = wrong.into_inner().unwrap();
        assert!(wrong.is_empty(), "not as expected: {}", wrong.join(", "));
    }

    fn run(&self, case: &Case, yaml: &str) -> Result<Run, String> {
        let interface = case.program()?;
        for (name, keys) in case.secrets() {
            let secret = json!({
                "apiVersion": "v1", "kind": "Secret", "metadata": { "name": name }, "stringData": keys,
            });
            self.kubectl(&["apply", "-f", "-"], &secret.to_string())?;
        }
        let (standing, started) = workflow::documents(yaml);
        self.kubectl(&["apply", "-f", "-"], &standing.join("\n---\n"))?;
        let submitted = match case.launch() {
            Some(_) => started.first().ok_or("it holds no Workflow of a launch")?.to_string(),
            None => workflow::submission(&interface, yaml, &case.inputs(), &case.typed())?.to_string(),
        };
        let name = self.kubectl(&["create", "-o", "name", "-f", "-"], &submitted)?;
        let name = name.trim();
        let ended = workflow::outcome(&self.wait(name)?, &interface)?;
        let printed = if case.has_printed() { self.logs(name)? } else { String::new() };
        // What went wrong stays to be looked at.
        if matches!(ended, Ended::Well(_)) {
            self.kubectl(&["delete", name, "--wait=false"], "")?;
        }
        Ok(Run { ended, printed })
    }

    /// What the steps of a workflow printed.
    fn logs(&self, workflow: &str) -> Result<String, String> {
        let name = workflow.rsplit('/').next().unwrap_or(workflow);
        let label = format!("workflows.argoproj.io/workflow={name}");
        self.kubectl(&["logs", "-l", &label, "-c", "main", "--tail=-1", "--ignore-errors"], "")
    }

    /// The workflow at its end. Whoever has to approve something does.
    fn wait(&self, name: &str) -> Result<Json, String> {
        let start = Instant::now();
        loop {
            let workflow = self.kubectl(&["get", name, "-o", "json"], "")?;
            let mut workflow: Json = serde_json::from_str(&workflow).map_err(|error| error.to_string())?;
            expand_nodes(&mut workflow)?;
            if workflow::is_over(&workflow) {
                return Ok(workflow);
            }
            if start.elapsed() > PATIENCE {
                return Err(format!("{name} didn't end\n{}", workflow::story(&workflow)));
            }
            if let Some(patch) = workflow::approval(&workflow) {
                self.kubectl(&["patch", name, "--type", "merge", "-p", &patch.to_string()], "")?;
            }
            std::thread::sleep(POLL);
        }
    }

    fn kubectl(&self, arguments: &[&str], input: &str) -> Result<String, String> {
        let mut command = Command::new("kubectl");
        command.args(["-n", &self.namespace]).args(arguments);
        fed(command, input).map_err(|said| format!("kubectl {}\n{said}", arguments.join(" ")))
    }
}

/// What a program prints that gets this as its input, or all that it says where it fails.
fn fed(mut command: Command, input: &str) -> Result<String, String> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().map_err(|error| error.to_string())?;
    let mut stdin = process.stdin.take().unwrap();
    let input = input.to_owned();
    // Apart, because a program may print before it has read everything.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = process.wait_with_output().unwrap();
    writer.join().unwrap().map_err(|error| error.to_string())?;
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(said(&output)) }
}

/// Argo compresses what a large run's status says of its nodes.
fn expand_nodes(workflow: &mut Json) -> Result<(), String> {
    let Some(compressed) = workflow["status"]["compressedNodes"].as_str() else { return Ok(()) };
    let mut command = Command::new("sh");
    command.args(["-c", "base64 -d | gzip -d"]);
    let nodes = fed(command, compressed)?;
    workflow["status"]["nodes"] = serde_json::from_str(&nodes).map_err(|error| error.to_string())?;
    Ok(())
}

fn today() -> String {
    let output = Command::new("date").args(["-u", "+%F"]).output().unwrap();
    text(&output.stdout).trim().to_owned()
}
