//! What every [`RateLimiter`] must do.

use std::sync::Arc;
use std::time::Duration;

use kernel::{Action, ChatId, Limit, RateLimiter, Verdict};

use super::Elapse;

/// A limiter under test, and the time that passes for it.
pub struct Subject {
    /// The limiter, which has counted nothing yet.
    pub limiter: Arc<dyn RateLimiter>,
    /// Its time.
    pub time: Arc<dyn Elapse>,
}

const CHAT: ChatId = ChatId::new(11);
const OTHER_CHAT: ChatId = ChatId::new(12);

/// Far apart, so that nothing is earned back during a test by the mere running of it.
const SLOW: Limit = Limit { burst: 3, period: Duration::from_secs(100) };
/// Close together, for tests that let the time pass.
const QUICK: Limit = Limit { burst: 2, period: Duration::from_millis(500) };

/// Runs every test, each on a limiter of its own.
pub async fn all(factory: impl AsyncFn() -> Subject) {
    burst_actions_at_once_must_be_allowed_and_the_next_one_must_be_told_how_long_to_wait(&factory().await)
        .await;
    after_that_wait_the_action_must_be_allowed(&factory().await).await;
    a_refused_action_must_not_count(&factory().await).await;
    conversations_and_actions_must_not_influence_each_other(&factory().await).await;
}

/// `burst` actions at once MUST be allowed, and the next one MUST be told how long to wait.
pub async fn burst_actions_at_once_must_be_allowed_and_the_next_one_must_be_told_how_long_to_wait(
    subject: &Subject,
) {
    exhaust(subject, CHAT, Action::Generate, SLOW).await;
    let wait = refused(subject, CHAT, Action::Generate, SLOW).await;
    assert!(wait <= SLOW.period, "{wait:?} is longer than one is earned back in");
    assert!(wait > SLOW.period / 2, "{wait:?} is too short");
}

/// After that wait the action MUST be allowed.
pub async fn after_that_wait_the_action_must_be_allowed(subject: &Subject) {
    exhaust(subject, CHAT, Action::Write, QUICK).await;
    for round in 1..=3 {
        let wait = refused(subject, CHAT, Action::Write, QUICK).await;
        subject.time.elapse(wait).await;
        assert_eq!(check(subject, CHAT, Action::Write, QUICK).await, Verdict::Allowed, "round {round}");
    }
    let wait = refused(subject, CHAT, Action::Write, QUICK).await;
    assert!(wait > Duration::ZERO, "one wait earns one action, not two");
}

/// A refused action MUST NOT count.
pub async fn a_refused_action_must_not_count(subject: &Subject) {
    exhaust(subject, CHAT, Action::Press, QUICK).await;
    let first = refused(subject, CHAT, Action::Press, QUICK).await;
    for _ in 0..5 {
        let again = refused(subject, CHAT, Action::Press, QUICK).await;
        assert!(again <= first, "a refusal made the wait longer: {again:?} after {first:?}");
    }
    subject.time.elapse(first).await;
    assert_eq!(check(subject, CHAT, Action::Press, QUICK).await, Verdict::Allowed);
}

/// Conversations and actions MUST NOT influence each other.
pub async fn conversations_and_actions_must_not_influence_each_other(subject: &Subject) {
    exhaust(subject, CHAT, Action::Generate, SLOW).await;
    exhaust(subject, CHAT, Action::Press, SLOW).await;
    exhaust(subject, OTHER_CHAT, Action::Generate, SLOW).await;
    refused(subject, CHAT, Action::Generate, SLOW).await;
    assert_eq!(check(subject, OTHER_CHAT, Action::Press, SLOW).await, Verdict::Allowed);
}

async fn exhaust(subject: &Subject, chat: ChatId, action: Action, limit: Limit) {
    for number in 1..=limit.burst {
        assert_eq!(
            check(subject, chat, action, limit).await,
            Verdict::Allowed,
            "action {number} of a burst of {}",
            limit.burst
        );
    }
}

async fn refused(subject: &Subject, chat: ChatId, action: Action, limit: Limit) -> Duration {
    match check(subject, chat, action, limit).await {
        Verdict::Wait(wait) => wait,
        Verdict::Allowed => panic!("the burst is used up, and the action was allowed all the same"),
    }
}

async fn check(subject: &Subject, chat: ChatId, action: Action, limit: Limit) -> Verdict {
    subject.limiter.check(chat, action, limit).await.expect("check")
}
