//! Voice messages for tests and for people without a microphone: files that tell the sandbox's OpenAI what is said
//! in them.
//!
//! [`voice`] makes a whole recording, whose words stand among its tags. [`plant`] puts words behind a recording that
//! is there already, whatever its format: players skip what they do not know.

mod ogg;

use bytes::{BufMut as _, Bytes, BytesMut};

pub use ogg::seconds;

/// The tag of an OGG file that holds what is said.
const TAG: &str = "TRANSCRIPT";
/// Between a recording and the words planted behind it.
const MARK: &[u8] = b"\0SANDBOX-SAID\0";
/// The container's name for silence of 20 ms.
const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];

/// A recording of `seconds` in OGG/Opus, as Telegram's clients make it: silent, but a transcription gives `text`.
pub fn voice(text: &str, seconds: u32) -> Bytes {
    ogg::write(&[(TAG, text)], SILENCE, seconds)
}

/// The recording with `text` planted behind it.
pub fn plant(recording: &[u8], text: &str) -> Bytes {
    let mut planted = BytesMut::with_capacity(recording.len() + MARK.len() + text.len());
    planted.put_slice(recording);
    planted.put_slice(MARK);
    planted.put_slice(text.as_bytes());
    planted.freeze()
}

/// What is said in a recording by [`voice`] or [`plant`]; none for any other.
pub fn said(recording: &[u8]) -> Option<String> {
    let planted = recording.windows(MARK.len()).rposition(|window| window == MARK);
    match planted.and_then(|start| recording.get(start + MARK.len()..)) {
        Some(text) => std::str::from_utf8(text).ok().map(ToOwned::to_owned),
        None => ogg::tag(recording, TAG),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_says_its_words_and_its_length() {
        let recording = voice("рыжая лиса на снегу", 7);
        assert!(recording.starts_with(b"OggS"));
        assert_eq!(said(&recording).as_deref(), Some("рыжая лиса на снегу"));
        assert!((seconds(&recording).unwrap() - 7.0).abs() < 0.001);
        let long = voice(&"слово ".repeat(300), 121);
        assert_eq!(said(&long).unwrap().len(), "слово ".len() * 300);
        assert!((seconds(&long).unwrap() - 121.0).abs() < 0.001);
    }

    #[test]
    fn words_are_planted_behind_any_recording() {
        assert_eq!(said(&plant(b"\x1aE\xdf\xa3 a recording", "hello there")).as_deref(), Some("hello there"));
        let twice = plant(&plant(&voice("one", 1), "two"), "three");
        assert_eq!(said(&twice).as_deref(), Some("three"));
        assert!((seconds(&twice).unwrap() - 1.0).abs() < 0.001);
        assert_eq!(said(b"OggS"), None);
        assert_eq!(said(b""), None);
    }
}
