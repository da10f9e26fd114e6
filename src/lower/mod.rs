//! HIR → IR. Total on programs without findings: types lose their names, constants are computed, bodies become nodes
//! and regions, and files are captured.

mod bodies;
mod capture;
mod constants;
mod effects;
mod entry;
mod expressions;
mod instances;
mod names;
mod program;
mod settings;
mod surroundings;
mod tasks;
mod types;

pub use capture::CaptureError;
pub use constants::evaluate;
pub use entry::{NoEntry, entry};
pub use names::Names;
pub use program::{Entry, Inputs, lower};
pub use types::Types;
