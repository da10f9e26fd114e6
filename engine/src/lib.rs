//! Runs an IR on this machine.
