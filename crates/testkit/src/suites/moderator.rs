//! What every [`Moderator`] must do.

use std::error::Error;
use std::iter::successors;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{ModerationVerdict, Moderator, ProviderError, UnsafeCategory};

/// Sets up moderators in the conditions that the contract speaks of.
#[async_trait]
pub trait Bench: Sync {
    /// A moderator whose service objects to everything for these categories; for none of those that it names when there
    /// are none.
    async fn flagging(&self, categories: &[UnsafeCategory]) -> Arc<dyn Moderator>;

    /// A moderator whose service has no objection.
    async fn allowing(&self) -> Arc<dyn Moderator>;

    /// Moderators that can have no verdict, one for each way in which that happens, each under a name for messages. A
    /// service that repeats what it was sent is among the ways.
    async fn without_verdict(&self) -> Vec<(String, Arc<dyn Moderator>)>;
}

/// A text that stands out in any message.
const TEXT: &str = "a cockatrice under a crimson umbrella";
/// The beginning of a photo, with words that stand out in any message.
const PHOTO: Bytes = Bytes::from_static(b"\xff\xd8\xff\xe0 cockatrice crimson umbrella");
/// The same words as they are written in base 64.
const PHOTO_IN_BASE_64: &str = "/9j/4CBjb2NrYXRyaWNl";

/// Runs every test.
pub async fn all(bench: &dyn Bench) {
    a_flagged_text_must_be_flagged_with_at_least_one_category_never_an_error(bench).await;
    a_flagged_photo_must_be_flagged_with_at_least_one_category_never_an_error(bench).await;
    when_no_verdict_could_be_had_the_call_must_fail(bench).await;
    neither_text_nor_photo_must_appear_in_any_error(bench).await;
}

/// A flagged text MUST be `Flagged` with at least one category, never an error.
pub async fn a_flagged_text_must_be_flagged_with_at_least_one_category_never_an_error(bench: &dyn Bench) {
    let moderator = bench.flagging(&[UnsafeCategory::Violence, UnsafeCategory::Hate]).await;
    assert_eq!(
        moderator.review(TEXT).await.expect("a verdict"),
        ModerationVerdict::Flagged(vec![UnsafeCategory::Hate, UnsafeCategory::Violence]),
        "each category once, in their order"
    );

    let moderator = bench.flagging(&[]).await;
    match moderator.review(TEXT).await.expect("a verdict") {
        ModerationVerdict::Flagged(categories) => assert!(!categories.is_empty(), "at least one category"),
        ModerationVerdict::Allowed => panic!("the service flagged the text"),
    }

    let moderator = bench.allowing().await;
    assert_eq!(moderator.review(TEXT).await.expect("a verdict"), ModerationVerdict::Allowed);
    moderator.probe().await.expect("the service can be used");
}

/// A flagged photo MUST be `Flagged` with at least one category, never an error.
pub async fn a_flagged_photo_must_be_flagged_with_at_least_one_category_never_an_error(bench: &dyn Bench) {
    let moderator = bench.flagging(&[UnsafeCategory::Sexual, UnsafeCategory::Violence]).await;
    assert_eq!(
        moderator.review_photo(&PHOTO).await.expect("a verdict"),
        ModerationVerdict::Flagged(vec![UnsafeCategory::Sexual, UnsafeCategory::Violence]),
        "each category once, in their order"
    );

    let moderator = bench.flagging(&[]).await;
    match moderator.review_photo(&PHOTO).await.expect("a verdict") {
        ModerationVerdict::Flagged(categories) => assert!(!categories.is_empty(), "at least one category"),
        ModerationVerdict::Allowed => panic!("the service flagged the photo"),
    }

    let moderator = bench.allowing().await;
    assert_eq!(moderator.review_photo(&PHOTO).await.expect("a verdict"), ModerationVerdict::Allowed);
}

/// When no verdict could be had the call MUST fail; it MUST NOT answer `Allowed`.
pub async fn when_no_verdict_could_be_had_the_call_must_fail(bench: &dyn Bench) {
    for (way, moderator) in bench.without_verdict().await {
        let answer = moderator.review(TEXT).await;
        assert!(answer.is_err(), "{way}: {answer:?}");
        let answer = moderator.review_photo(&PHOTO).await;
        assert!(answer.is_err(), "{way}, asked about a photo: {answer:?}");
    }
}

/// Neither text nor photo MUST appear in any error.
pub async fn neither_text_nor_photo_must_appear_in_any_error(bench: &dyn Bench) {
    for (way, moderator) in bench.without_verdict().await {
        let about_text = moderator.review(TEXT).await.err();
        let about_photo = moderator.review_photo(&PHOTO).await.err();
        for error in [about_text, about_photo].into_iter().flatten() {
            let message = everything_said(&error);
            for word in ["cockatrice", "crimson", "umbrella", PHOTO_IN_BASE_64] {
                assert!(!message.contains(word), "{way}: {message}");
            }
        }
    }
}

/// The error with its causes, for people and for programmers.
fn everything_said(error: &ProviderError) -> String {
    let causes = successors(error.source(), |cause: &&dyn Error| (*cause).source());
    let mut said = vec![format!("{error} {error:?}")];
    said.extend(causes.map(|cause| format!("{cause} {cause:?}")));
    said.join(" ")
}
