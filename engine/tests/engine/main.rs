//! Runs of small programs, by real processes in directories of their own.

#![cfg(test)]

#[cfg(test)]
mod entry;
#[cfg(test)]
mod steps;
#[cfg(test)]
mod support;
#[cfg(test)]
mod units;
