//! Runs programs on a real Argo: applies what is emitted, submits a workflow with the inputs, waits, reads the outputs
//! from its status, and writes the evidence down. It needs `kubectl`, and no access to the object store.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use crate::case::{Case, Ended, said, text};
use crate::proven::Evidence;
use crate::workflow;

/// The longest that one run may take.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

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
                match self.run(case, &yaml).and_then(|ended| case.judge(ended)) {
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

    fn run(&self, case: &Case, yaml: &str) -> Result<Ended, String> {
        let interface = case.program()?;
        for (name, keys) in case.secrets() {
            let secret = json!({
                "apiVersion": "v1", "kind": "Secret", "metadata": { "name": name }, "stringData": keys,
            });
            self.kubectl(&["apply", "-f", "-"], &secret.to_string())?;
        }
        self.kubectl(&["apply", "-f", "-"], yaml)?;
        let submitted = workflow::submission(&interface, yaml, &case.inputs())?;
        let name = self.kubectl(&["create", "-o", "name", "-f", "-"], &submitted.to_string())?;
        let name = name.trim();
        let ended = workflow::outcome(&self.wait(name)?, &interface)?;
        // What went wrong stays to be looked at.
        if matches!(ended, Ended::Well(_)) {
            self.kubectl(&["delete", name, "--wait=false"], "")?;
        }
        Ok(ended)
    }

    /// The workflow at its end. Whoever has to approve something does.
    fn wait(&self, name: &str) -> Result<Json, String> {
        let start = Instant::now();
        loop {
            let workflow = self.kubectl(&["get", name, "-o", "json"], "")?;
            let workflow: Json = serde_json::from_str(&workflow).map_err(|error| error.to_string())?;
            if workflow::is_over(&workflow) {
                return Ok(workflow);
            }
            if start.elapsed() > PATIENCE {
                return Err(format!("{name} didn't end\n{}", workflow::story(&workflow)));
            }
            if let Some(patch) = workflow::approval(&workflow) {
                self.kubectl(&["patch", name, "--type", "merge", "-p", &patch.to_string()], "")?;
            }
            std::thread::sleep(Duration::from_secs(2));
        }
    }

    fn kubectl(&self, arguments: &[&str], input: &str) -> Result<String, String> {
        let mut command = Command::new("kubectl");
        command.args(["-n", &self.namespace]).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().map_err(|error| format!("kubectl: {error}"))?;
        let mut stdin = process.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).map_err(|error| error.to_string())?;
        drop(stdin);
        let output = process.wait_with_output().unwrap();
        if output.status.success() {
            Ok(text(&output.stdout))
        } else {
            Err(format!("kubectl {}\n{}", arguments.join(" "), said(&output)))
        }
    }
}

fn today() -> String {
    let output = Command::new("date").args(["-u", "+%F"]).output().unwrap();
    text(&output.stdout).trim().to_owned()
}
