//! `check` and `compile --target argo` as whole processes: CPU time and peak memory over the number of steps. A machine's
//! own speed is in these numbers; what has to hold everywhere is that they grow as the programs do.

#[path = "support/layered.rs"]
mod layered;

use std::process::{Command, Stdio};

use nix::sys::resource::{UsageWho, getrusage};

const RUNS: u32 = 7;

fn main() {
    let scratch = tempfile::tempdir().expect("a scratch directory");
    println!("{:>8} {:>9} {:<8} {:>9} {:>9}", "steps", "KiB", "command", "CPU ms", "peak MiB");
    for steps in [100, 1_000, 2_000, 5_000, 10_000] {
        let source = layered::layered(steps);
        let path = scratch.path().join(format!("steps_{steps}.pipe"));
        std::fs::write(&path, &source).expect("a program");
        for (name, arguments) in
            [("check", &["check"][..]), ("compile", &["compile", "--target", "argo", "-o", "-"][..])]
        {
            let mut command = Command::new(env!("CARGO_BIN_EXE_pipec"));
            command.args(arguments).arg(&path).stdout(Stdio::null()).stderr(Stdio::null());
            let (milliseconds, mebibytes) = measure(&mut command);
            println!("{steps:>8} {:>9} {name:<8} {milliseconds:>9.1} {mebibytes:>9.1}", source.len() >> 10);
        }
    }
}

/// The least CPU time of some runs, and the peak memory of all children so far: sizes go up, so it is this one's.
fn measure(command: &mut Command) -> (f64, f64) {
    let mut least = f64::INFINITY;
    for _ in 0..RUNS {
        let before = cpu_milliseconds();
        let status = command.status().expect("pipec runs");
        // Argo's size limit refuses the largest programs, at the end of all the work.
        assert!(matches!(status.code(), Some(0 | 1)), "{command:?} failed: run it by hand to see why");
        least = least.min(cpu_milliseconds() - before);
    }
    let peak = getrusage(UsageWho::RUSAGE_CHILDREN).expect("usage").max_rss();
    (least, peak as f64 / 1024.0)
}

fn cpu_milliseconds() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("usage");
    let milliseconds =
        |time: nix::sys::time::TimeVal| time.tv_sec() as f64 * 1e3 + time.tv_usec() as f64 / 1e3;
    milliseconds(usage.user_time()) + milliseconds(usage.system_time())
}
