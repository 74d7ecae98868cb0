//! imagen-adapter
