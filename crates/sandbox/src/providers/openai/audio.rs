//! Formats of recordings, by their first bytes.

/// Extensions of the files that are taken.
pub(super) const EXTENSIONS: [&str; 9] = ["flac", "m4a", "mp3", "mp4", "mpeg", "mpga", "ogg", "wav", "webm"];

/// Whether the bytes begin like a recording in one of the formats.
pub(super) fn is_audio(bytes: &[u8]) -> bool {
    let starts: [&[u8]; 4] = [b"OggS", b"fLaC", b"ID3", b"\x1a\x45\xdf\xa3"];
    let is_wave = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WAVE");
    let is_mp4 = bytes.get(4..8) == Some(b"ftyp");
    // A frame of MPEG audio begins with eleven set bits.
    let is_mpeg = matches!(bytes, [0xff, second, ..] if second & 0xe0 == 0xe0);
    is_wave || is_mp4 || is_mpeg || starts.iter().any(|start| bytes.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recordings_are_known_by_their_beginning() {
        for bytes in [&b"OggS"[..], b"RIFF....WAVEfmt ", b"....ftypM4A ", b"\xff\xfb\x90", b"\x1aE\xdf\xa3"] {
            assert!(is_audio(bytes));
        }
        for bytes in [&b""[..], b"RIFF....WEBP", b"\xff\xd8\xff", b"<html>", b"\x89PNG"] {
            assert!(!is_audio(bytes));
        }
    }
}
