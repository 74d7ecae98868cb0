//! What every [`Transcriber`] must do.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use generation::Transcriber;
use kernel::{FailureClass, Language};

use super::said::assert_silent;

/// A transcriber in front of a service that does what the contract speaks of.
pub struct Stage {
    /// The transcriber under test.
    pub transcriber: Arc<dyn Transcriber>,
    /// A recording that it is given.
    pub recording: Bytes,
}

/// Sets the stage.
#[async_trait]
pub trait Bench: Sync {
    /// A recording that says this.
    async fn saying(&self, words: &str) -> Stage;

    /// A recording that cannot be read.
    async fn unreadable(&self) -> Stage;

    /// Services that fail while a recording says `words`, one for each way in which that happens, each under a name for
    /// messages. A service that repeats the words in its complaint is among the ways.
    async fn failing(&self, words: &str) -> Vec<(String, Stage)>;
}

/// A part of every key, which stands out in any message.
pub const KEY: &str = "key-with-a-magpie";
/// Words that stand out in any message.
const WORDS: &str = "a cockatrice under a crimson umbrella";

/// Runs every test.
pub async fn all(bench: &dyn Bench) {
    transcribe_must_give_what_is_said_in_the_language_that_is_spoken(bench).await;
    silence_must_be_an_empty_text(bench).await;
    a_recording_that_cannot_be_read_must_have_the_class_invalid(bench).await;
    no_key_and_no_words_must_appear_in_any_error(bench).await;
}

/// `transcribe` gives what is said, in the language that is spoken, whatever the person uses most.
pub async fn transcribe_must_give_what_is_said_in_the_language_that_is_spoken(bench: &dyn Bench) {
    for words in [WORDS, "\u{440}\u{44b}\u{436}\u{430}\u{44f} \u{43b}\u{438}\u{441}\u{430}"] {
        let stage = bench.saying(words).await;
        for hint in Language::ALL {
            let heard = stage.transcriber.transcribe(&stage.recording, hint).await.expect("words");
            assert_eq!(heard, words);
        }
    }
}

/// Silence MUST be an empty text, not an error.
pub async fn silence_must_be_an_empty_text(bench: &dyn Bench) {
    let stage = bench.saying("").await;
    let heard = stage.transcriber.transcribe(&stage.recording, Language::English).await.expect("silence");
    assert_eq!(heard, "");
}

/// A recording that cannot be read MUST have the class `Invalid`.
pub async fn a_recording_that_cannot_be_read_must_have_the_class_invalid(bench: &dyn Bench) {
    let stage = bench.unreadable().await;
    let error = stage.transcriber.transcribe(&stage.recording, Language::English).await.expect_err("noise");
    assert_eq!(error.class, FailureClass::Invalid, "{error:?}");
}

/// No key and no words MUST appear in any error.
pub async fn no_key_and_no_words_must_appear_in_any_error(bench: &dyn Bench) {
    for (way, stage) in bench.failing(WORDS).await {
        let heard = stage.transcriber.transcribe(&stage.recording, Language::Russian).await;
        let error = heard.err().unwrap_or_else(|| panic!("{way}: words"));
        assert_silent(&way, &error, &[KEY, "cockatrice", "crimson", "umbrella"]);
    }
}
