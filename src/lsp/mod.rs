//! The language server protocol, and nothing but the protocol: what it answers comes from `ide` and `compiler`.
//!
//! One thread, one loop: everything that has queued up is taken in, then the open files are checked, then findings are
//! published, or told when they are asked for: one or the other, as the client wants. A request that meets a bug of ours gets an error; the server goes on.

mod actions;
mod convert;
mod documents;
mod positions;
mod server;
mod transport;

pub use server::{Goodbye, serve};
pub use transport::{Threads, stdio};
