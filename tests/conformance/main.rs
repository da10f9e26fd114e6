//! One suite of programs for every target: README.md beside this file says what a program's folder holds.
//! `UPDATE_EXPECTED=1 cargo test --test conformance` writes the snapshots and `docs/quality.md` anew.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod case;
mod cluster;
mod here;
mod proven;
mod workflow;

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use case::Case;
use proven::{Evidence, VERSIONS};

/// Runs `work` on every program, some at a time, and fails with everything that went wrong.
fn for_every(work: impl Fn(&Case) -> Result<(), String> + Sync) {
    let cases = case::all();
    let queue = Mutex::new(cases.iter());
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some(case) = queue.lock().unwrap().next() else { break };
                    if let Err(why) = work(case) {
                        wrong.lock().unwrap().push(format!("== {}\n{why}", case.name));
                    }
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    assert!(wrong.is_empty(), "{} of {} programs:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// Compares with a file of the suite, or writes it anew.
fn is_expected(path: &Path, text: &str) -> Result<(), String> {
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(path, text).unwrap();
    }
    if fs::read_to_string(path).unwrap_or_default() == text {
        return Ok(());
    }
    Err(format!("{} is stale; UPDATE_EXPECTED=1 writes it anew\n{text}", path.display()))
}

#[test]
fn have_no_findings() {
    for_every(|case| {
        let said = case.pipec(&["check", "main.pipe"])?;
        if said == "no mistakes in 1 file\n" { Ok(()) } else { Err(said) }
    });
}

/// A folder's name is the name under which its program can be deployed beside all the others.
#[test]
fn are_called_like_their_folder() {
    for_every(|case| {
        let entry = case.program()?.entry_pipeline;
        let expected = case.name.replace('-', "_");
        if entry == expected { Ok(()) } else { Err(format!("its pipeline is called {entry}")) }
    });
}

#[test]
fn run_by_the_engine() {
    for_every(|case| case.judge(&here::engine(case)?));
}

#[test]
fn run_as_scripts() {
    for_every(|case| case.judge(&here::script(case)?));
}

/// What is emitted for Argo: accepted by our own judge, as its snapshot has it where there is one, and counted as proven
/// where a real controller ran exactly this.
#[test]
fn compile_to_argo() {
    let evidence = Evidence::read();
    let tally = Mutex::new(proven::Tally::default());
    for_every(|case| {
        for version in VERSIONS {
            let yaml = case.for_argo(version);
            tally.lock().unwrap().count(version, case, yaml.as_deref().ok(), &evidence);
            if version != VERSIONS[0] {
                continue;
            }
            match yaml {
                Err(refusal) => is_expected(&case.path("argo.refused"), &refusal)?,
                Ok(_) if case.path("argo.refused").exists() => {
                    return Err("Argo takes it now: remove argo.refused".to_owned());
                }
                Ok(yaml) => {
                    if case.path("argo.yaml").exists() {
                        is_expected(&case.path("argo.yaml"), &yaml)?;
                    }
                    let mut faults = pipec_manifests::check(&yaml);
                    faults.append(&mut pipec_manifests::restricted(&yaml));
                    if !faults.is_empty() {
                        return Err(format!("{faults:#?}"));
                    }
                }
            }
        }
        Ok(())
    });
    let tally = tally.into_inner().unwrap();
    cluster::say(&tally.lines().join("\n"));
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/quality.md");
    is_expected(&page, &tally.page()).unwrap();
}

/// Needs `KUBECONFIG`, `PIPEC_CONFORMANCE_NAMESPACE` and `PIPEC_CONFORMANCE_ARGO` (the version that runs there).
#[test]
fn run_on_a_cluster() {
    let Some(cluster) = cluster::Cluster::from_environment() else {
        cluster::say(
            "skipped: no real Argo; KUBECONFIG, PIPEC_CONFORMANCE_NAMESPACE and PIPEC_CONFORMANCE_ARGO name one",
        );
        return;
    };
    cluster.prove(&case::all());
}
