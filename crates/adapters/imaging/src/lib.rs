//! Pictures with the `image` crate: checked within limits, cleaned, made small, compared, and marked as made by AI.
//!
//! Pixels are touched only where they must be: a mark goes into the file's container, beside the encoded pixels.
#![deny(missing_docs)]

mod clean;
mod color;
mod decode;
mod encode;
mod fingerprint;
mod foreign;
mod mark;
mod preview;
mod processor;
mod whole;

pub use foreign::UnsupportedFormat;
pub use processor::ImageProcessor;
