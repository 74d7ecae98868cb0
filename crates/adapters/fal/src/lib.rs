//! fal-adapter
