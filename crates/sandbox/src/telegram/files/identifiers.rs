//! File identifiers that look like Telegram's: opaque, long, and of a kind that can be seen from their start.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::store::FileKind;

/// A `file_id` for the file of number `sequence`.
pub(super) fn file_id(kind: FileKind, sequence: u64, content: &[u8; 32]) -> String {
    let mut digest = Sha256::new();
    digest.update(sequence.to_be_bytes());
    digest.update(content);
    let body = URL_SAFE_NO_PAD.encode(digest.finalize());
    let start = match kind {
        FileKind::Photo => "AgACAgIAAxkDAAI",
        FileKind::Document => "BQACAgIAAxkDAAI",
        FileKind::Voice => "AwACAgIAAxkDAAI",
        FileKind::Medium(medium) => medium.identifier(),
        FileKind::Thumbnail => "AAMCAgADGQMAAg",
    };
    format!("{start}{body}AAQ")
}

/// A `file_unique_id`: the same for the same content, and of no use for sending.
pub(super) fn file_unique_id(kind: FileKind, content: &[u8; 32]) -> String {
    let start = match kind {
        FileKind::Photo => "AQAD",
        FileKind::Thumbnail => "AQADt",
        FileKind::Document | FileKind::Voice | FileKind::Medium(_) => "AgAD",
    };
    let body = URL_SAFE_NO_PAD.encode(content.iter().take(9).copied().collect::<Vec<u8>>());
    format!("{start}{body}")
}
