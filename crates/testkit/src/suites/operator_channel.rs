//! What every [`OperatorChannel`] must do.

use std::sync::Arc;

use async_trait::async_trait;
use kernel::{FailureReference, OperatorChannel, OperatorNotice, Pausable, PauseCause, Timestamp};

/// How an operator can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// As they should.
    Reachable,
    /// Not at all.
    Unreachable,
}

/// A channel, and what operators hear through it.
#[async_trait]
pub trait Bench: Sync {
    /// A channel to these operators.
    async fn channel(&self, operators: &[Operator]) -> Arc<dyn OperatorChannel>;

    /// How many notices each operator of the latest channel has heard, in their order.
    fn heard(&self) -> Vec<usize>;
}

/// Runs every test.
pub async fn all(bench: &dyn Bench) {
    tell_must_reach_every_operator_that_is_configured(bench).await;
    tell_must_succeed_when_none_is_configured(bench).await;
    a_failure_to_reach_one_operator_must_not_keep_the_others_from_hearing(bench).await;
}

/// `tell` MUST reach every operator that is configured, with every kind of notice.
pub async fn tell_must_reach_every_operator_that_is_configured(bench: &dyn Bench) {
    let channel = bench.channel(&[Operator::Reachable; 3]).await;
    for (told, notice) in (1..).zip(notices()) {
        channel.tell(&notice).await.expect("everybody can be reached");
        assert_eq!(bench.heard(), [told; 3], "{notice:?}");
    }
}

/// `tell` MUST succeed when none is configured.
pub async fn tell_must_succeed_when_none_is_configured(bench: &dyn Bench) {
    let channel = bench.channel(&[]).await;
    for notice in notices() {
        channel.tell(&notice).await.expect("there is nobody to reach");
    }
}

/// A failure to reach one operator MUST NOT keep the others from hearing.
pub async fn a_failure_to_reach_one_operator_must_not_keep_the_others_from_hearing(bench: &dyn Bench) {
    let operators = [Operator::Reachable, Operator::Unreachable, Operator::Reachable];
    let channel = bench.channel(&operators).await;
    for (told, notice) in (1..).zip(notices()) {
        // Whether a failure to reach some is an error is the channel's to say.
        drop(channel.tell(&notice).await);
        assert_eq!(bench.heard(), [told, 0, told], "{notice:?}");
    }
}

fn notices() -> [OperatorNotice; 4] {
    let subject = Pausable::Provider("google".to_owned());
    let cause = PauseCause { code: "API_KEY_INVALID".to_owned(), detail: "a <key> & more".to_owned() };
    [
        OperatorNotice::Paused { subject: subject.clone(), cause },
        OperatorNotice::Resumed { subject },
        OperatorNotice::NewFailure {
            fingerprint: "chat: timeout".to_owned(),
            reference: FailureReference::from_random(7),
        },
        OperatorNotice::ShutdownAhead {
            model: "sample-model".to_owned(),
            at: Timestamp::from_seconds(1_800_000_000),
        },
    ]
}
