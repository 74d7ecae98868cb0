//! `[gallery]`

use std::time::Duration;

use super::reader::Reader;
use super::{ConfigurationError, Setting};

const UNDO: Setting = Setting::new("gallery", "undo_seconds", "whole seconds, such as 86400");

/// Kept images.
#[derive(Debug, Clone, Copy)]
pub struct GallerySection {
    /// For how long a deleted image can be brought back.
    pub undo: Duration,
}

impl GallerySection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        Ok(Self { undo: reader.seconds(&UNDO)? })
    }
}
