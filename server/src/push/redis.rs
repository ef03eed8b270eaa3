//! Redis carries wake-ups only.
