//! Formats that people send and that are not read, so that whoever looks into a refusal sees what it was.

use thiserror::Error;

/// The file is of a format that is known and not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{0} is not among the formats that are read")]
pub struct UnsupportedFormat(
    /// The usual name of the format.
    pub &'static str,
);

/// Beginnings of files, and where in the file they stand.
const BEGINNINGS: [(usize, &[u8], &str); 14] = [
    (4, b"ftypheic", "HEIC"),
    (4, b"ftypheix", "HEIC"),
    (4, b"ftyphevc", "HEIC"),
    (4, b"ftypheim", "HEIC"),
    (4, b"ftypmif1", "HEIF"),
    (4, b"ftypmsf1", "HEIF"),
    (4, b"ftypavif", "AVIF"),
    (4, b"ftyp", "a film"),
    (0, b"GIF8", "GIF"),
    (0, b"%PDF", "PDF"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"BM", "BMP"),
    (0, b"PK\x03\x04", "an archive"),
];

/// Which known format it is, if any.
pub(crate) fn unsupported(bytes: &[u8]) -> Option<UnsupportedFormat> {
    let begins = |at: usize, with: &[u8]| bytes.get(at..).is_some_and(|rest| rest.starts_with(with));
    let known = BEGINNINGS.iter().find(|(at, beginning, _)| begins(*at, beginning));
    known.map(|(_, _, name)| UnsupportedFormat(name))
}
