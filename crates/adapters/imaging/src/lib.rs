//! imaging-adapter
