//! text → IR.
