//! IR → files.
