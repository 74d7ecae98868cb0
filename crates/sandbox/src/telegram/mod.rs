//! A Bot API server on the real wire.
