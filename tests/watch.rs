//! `check --watch`, as a person uses it.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

/// A process that ends with its test.
struct Watch {
    process: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn start(folder: &Path) -> Watch {
        let mut process = Command::new(env!("CARGO_BIN_EXE_pipec"))
            .args(["check", "--watch", "--output-format", "short", "main.pipe"])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Watch { process, lines }
    }

    /// Waits for a line that holds a text, changing a file again and again: nobody knows when it is being watched.
    fn after(&self, change: impl Fn(), wanted: &str) {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(60) {
            change();
            while let Ok(line) = self.lines.recv_timeout(Duration::from_millis(500)) {
                if line.contains(wanted) {
                    return;
                }
            }
        }
        panic!("`{wanted}` is never said");
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_change_is_checked_also_of_an_import_and_of_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    std::fs::create_dir(folder.path().join("lib")).unwrap();
    write("lib/rows.pipe", "record Row { id: int }\n");
    write("main.pipe", "use \"./lib/rows.pipe\" as rows\nrecord All { rows: [rows.Rw] }\n");
    let watch = Watch::start(folder.path());
    watch.after(|| {}, "`Rw`");
    watch.after(|| write("lib/rows.pipe", "record Rw { id: inte }\n"), "`inte`");
    watch.after(
        || write("lib/rows.pipe", "record Rw { id: int }\npipeline p(n: int) { }\n"),
        "`n` is never used",
    );
    watch.after(|| write("pipec.toml", "[lints]\nW0201 = \"deny\"\n"), "error[W0201]");
}
