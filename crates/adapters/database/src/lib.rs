//! database-adapter
