//! Runs of small programs, by real processes in directories of their own.

#![cfg(test)]

#[cfg(test)]
mod steps;
#[cfg(test)]
mod support;
