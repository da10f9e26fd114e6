//! One program as a process: started in a group of its own, waited for, and what it left running ended.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{PoisonError, RwLock};

use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use super::stop::StopSwitch;

/// A program that is being started inherits, for a moment, each file that another thread has open for writing; if that is
/// an executable, starting it fails. So executables are written under `read`, and programs started under `write`.
pub(super) static STARTING: RwLock<()> = RwLock::new(());

/// What to start.
#[derive(Debug)]
pub(super) struct Program<'a> {
    pub(super) arguments: &'a [OsString],
    /// All of it: nothing is inherited.
    pub(super) environment: &'a [(OsString, OsString)],
    pub(super) directory: &'a Path,
    pub(super) stdout: File,
    pub(super) stderr: File,
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    Status(i32),
    Signal(i32),
}

/// Starts the program, calls `started`, and returns when it has ended and nothing of its group is left.
pub(super) fn run(program: Program<'_>, stop: &StopSwitch, started: impl FnOnce()) -> io::Result<Ended> {
    let [name, arguments @ ..] = program.arguments else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "there is no program to start"));
    };
    let mut command = Command::new(name);
    command
        .args(arguments)
        .env_clear()
        .envs(program.environment.iter().map(|(name, value)| (name, value)))
        .current_dir(program.directory)
        .stdin(Stdio::null())
        .stdout(program.stdout)
        .stderr(program.stderr)
        .process_group(0);
    let mut child = {
        let _alone = STARTING.write().unwrap_or_else(PoisonError::into_inner);
        command.spawn()?
    };
    let leader = Pid::from_child(&child);
    stop.attach(leader);
    started();
    let status = wait(leader, &mut child, stop)?;
    Ok(match status.signal() {
        Some(signal) => Ended::Signal(signal),
        None => Ended::Status(status.code().unwrap_or(1)),
    })
}

/// Leaves the leader a zombie until its group has been ended: so long its number isn't given to another process.
fn wait(leader: Pid, child: &mut Child, stop: &StopSwitch) -> io::Result<ExitStatus> {
    while let Err(error) = waitid(WaitId::Pid(leader), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT) {
        if error != rustix::io::Errno::INTR {
            break;
        }
    }
    stop.release();
    child.wait()
}

/// The usual name of a signal.
pub(super) fn signal_name(signal: i32) -> Option<&'static str> {
    const NAMES: [(i32, &str); 14] = [
        (1, "SIGHUP"),
        (2, "SIGINT"),
        (3, "SIGQUIT"),
        (4, "SIGILL"),
        (5, "SIGTRAP"),
        (6, "SIGABRT"),
        (8, "SIGFPE"),
        (9, "SIGKILL"),
        (11, "SIGSEGV"),
        (13, "SIGPIPE"),
        (14, "SIGALRM"),
        (15, "SIGTERM"),
        (24, "SIGXCPU"),
        (25, "SIGXFSZ"),
    ];
    NAMES.iter().find(|(number, _)| *number == signal).map(|(_, name)| *name)
}
