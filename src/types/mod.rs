//! Types and what may stand for what.
