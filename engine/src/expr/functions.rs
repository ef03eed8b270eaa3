//! The functions that expressions may call, with their types: one table, from which the reference is checked.
