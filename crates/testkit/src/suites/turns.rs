//! What every [`Turns`] must do.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use kernel::{ChatId, Lane, Limit, Turns};

use super::Elapse;

/// Turns under test, and the time that passes for them.
pub struct Subject {
    /// The turns, none taken yet.
    pub turns: Arc<dyn Turns>,
    /// Their time.
    pub time: Arc<dyn Elapse>,
}

const CHAT: Lane = Lane::Chat(ChatId::new(31));
const OTHER_CHAT: Lane = Lane::Chat(ChatId::new(-1_000_000_000_032));

/// Far apart, so that nothing is earned back during a test by the mere running of it.
const SLOW: Limit = Limit { burst: 3, period: Duration::from_secs(100) };
/// Close together, for tests that let the time pass.
const QUICK: Limit = Limit { burst: 2, period: Duration::from_millis(500) };

/// Runs every test, each on turns of its own.
pub async fn all(factory: impl AsyncFn() -> Subject) {
    burst_turns_at_once_must_be_given_without_a_wait_and_those_after_them_one_every_period(&factory().await)
        .await;
    a_turn_that_was_given_must_not_be_given_again(&factory().await).await;
    after_hold_back_no_turn_of_the_lane_must_come_sooner_than_pause_from_then(&factory().await).await;
    lanes_must_not_influence_each_other(&factory().await).await;
}

/// `burst` turns at once MUST be given without a wait, and those after them one every `period`, however many processes
/// ask.
pub async fn burst_turns_at_once_must_be_given_without_a_wait_and_those_after_them_one_every_period(
    subject: &Subject,
) {
    for number in 1..=SLOW.burst {
        assert_eq!(take(subject, CHAT, 1, SLOW).await, Duration::ZERO, "turn {number} of the burst");
    }
    for number in 1..=3 {
        let wait = take(subject, CHAT, 1, SLOW).await;
        let expected = SLOW.period * number;
        assert!(is_about(wait, expected), "turn {number} after the burst waits {wait:?}, not {expected:?}");
    }
    let wait = take(subject, OTHER_CHAT, 5, SLOW).await;
    assert_eq!(wait, Duration::ZERO, "several in a row wait for the first of them only");
    let wait = take(subject, OTHER_CHAT, 1, SLOW).await;
    assert!(is_about(wait, SLOW.period * 3), "and whoever comes after them for all: {wait:?}");
}

/// A turn that was given MUST NOT be given again.
pub async fn a_turn_that_was_given_must_not_be_given_again(subject: &Subject) {
    // All at once, as from many processes.
    let mut waits = join_all((0..20).map(|_| take(subject, Lane::Everybody, 1, SLOW))).await;
    waits.sort();
    for (place, wait) in (0_u32..).zip(&waits) {
        let expected = SLOW.period * (place + 1).saturating_sub(SLOW.burst);
        assert!(is_about(*wait, expected), "turn {place} waits {wait:?}, not {expected:?}");
    }
    for number in 0..4 {
        let wait = take(subject, CHAT, 1, QUICK).await;
        assert!(wait <= QUICK.period, "{wait:?} for turn {number}");
        subject.time.elapse(wait).await;
    }
    assert!(!take(subject, CHAT, 1, QUICK).await.is_zero(), "waiting earns one turn, not two");
}

/// After `hold_back` no turn of the lane MUST come sooner than `pause` from then.
pub async fn after_hold_back_no_turn_of_the_lane_must_come_sooner_than_pause_from_then(subject: &Subject) {
    let pause = Duration::from_secs(1_000);
    subject.turns.hold_back(CHAT, pause, SLOW).await.expect("hold_back");
    let wait = take(subject, CHAT, 1, SLOW).await;
    assert!(is_about(wait, pause), "{wait:?}");
    let wait = take(subject, CHAT, 1, SLOW).await;
    assert!(is_about(wait, pause + SLOW.period), "the burst is not given after a pause: {wait:?}");

    take(subject, OTHER_CHAT, 20, SLOW).await;
    subject.turns.hold_back(OTHER_CHAT, Duration::from_secs(1), SLOW).await.expect("hold_back");
    let wait = take(subject, OTHER_CHAT, 1, SLOW).await;
    assert!(wait > Duration::from_secs(1_000), "a short pause brings nothing forward: {wait:?}");
}

/// Lanes MUST NOT influence each other.
pub async fn lanes_must_not_influence_each_other(subject: &Subject) {
    take(subject, CHAT, 10, SLOW).await;
    subject.turns.hold_back(CHAT, SLOW.period, SLOW).await.expect("hold_back");
    assert_eq!(take(subject, OTHER_CHAT, 1, SLOW).await, Duration::ZERO);
    assert_eq!(take(subject, Lane::Everybody, 1, SLOW).await, Duration::ZERO);
    assert!(!take(subject, CHAT, 1, SLOW).await.is_zero());
}

async fn take(subject: &Subject, lane: Lane, count: u32, pace: Limit) -> Duration {
    subject.turns.take(lane, count, pace).await.expect("take")
}

/// Less the time that the test itself has taken.
fn is_about(wait: Duration, expected: Duration) -> bool {
    wait <= expected && wait + SLOW.period / 2 > expected
}
