//! The checks of definitions: one rule, one file, one code, one folder of fixtures.
