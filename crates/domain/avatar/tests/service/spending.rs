//! What may be spent at trainers in a day, and how much one person may have trained at once.

use avatar::{AvatarPolicy, AvatarState, KindName, OrderError};
use kernel::{CapOf, Day, MicroUsd, OperatorNotice, SpendBook as _, SpendCaps};

use crate::studio::{Studio, policy};

/// What one training costs at the studio's trainers.
const TRAINING: MicroUsd = MicroUsd::new(2_000_000);

async fn studio(caps: SpendCaps) -> Studio {
    Studio::open().await.with_policy(AvatarPolicy { spend_caps: caps, ..policy() })
}

/// What is counted for the person, and for everybody.
async fn counted(studio: &Studio) -> (MicroUsd, MicroUsd) {
    let day = Day::of(studio.now());
    let own = studio.database.spent_by(studio.account, day).await.unwrap();
    (own, studio.database.spent(day).await.unwrap())
}

#[tokio::test]
async fn an_order_beyond_a_cap_is_refused_and_changes_nothing() {
    for (caps, cap) in [
        (SpendCaps { per_person: Some(TRAINING), in_all: None }, CapOf::Person),
        (SpendCaps { per_person: None, in_all: Some(TRAINING) }, CapOf::Everybody),
    ] {
        let studio = studio(caps).await;
        let (first, second) =
            (studio.prepare(KindName::Portrait).await, studio.prepare(KindName::Style).await);
        studio.order(first).await.unwrap();
        let refused = studio.order(second).await.unwrap_err();
        let OrderError::SpendCap(reached) = refused else { panic!("{refused}") };
        let day = Day::of(studio.now());
        assert_eq!((reached.cap, reached.day), (cap, day));
        assert_eq!(studio.look(second).await.state, AvatarState::Collecting);
        assert_eq!(studio.credits().await, (20, 20));
        let news = OperatorNotice::SpendCapReached { cap: TRAINING, until: day.end() };
        let expected = if cap == CapOf::Everybody { vec![news] } else { vec![] };
        assert_eq!(studio.operators.notices(), expected);
        studio.audit().await;
    }
}

#[tokio::test]
async fn a_training_is_counted_until_it_is_taken_back_before_anybody_was_asked() {
    let caps = SpendCaps { per_person: Some(TRAINING), in_all: Some(TRAINING) };
    let studio = studio(caps).await;
    let id = studio.prepare(KindName::Portrait).await;
    studio.order(id).await.unwrap();
    assert_eq!(counted(&studio).await, (TRAINING, TRAINING));
    studio.service.cancel_training(studio.account, id).await.unwrap();
    assert_eq!(counted(&studio).await, (MicroUsd::ZERO, MicroUsd::ZERO));

    let id = studio.prepare(KindName::Style).await;
    studio.order(id).await.unwrap();
    studio.advance(id).await.unwrap();
    studio.service.cancel_training(studio.account, id).await.unwrap();
    assert_eq!(counted(&studio).await, (TRAINING, TRAINING), "the trainer was asked");
}

#[tokio::test]
async fn one_training_at_a_time_unless_set() {
    let studio = Studio::open().await.with_policy(AvatarPolicy::default());
    let (first, second) = (studio.prepare(KindName::Portrait).await, studio.prepare(KindName::Style).await);
    let orders = futures::join!(studio.order(first), studio.order(second));
    let refused: Vec<OrderError> = [orders.0, orders.1].into_iter().filter_map(Result::err).collect();
    assert!(matches!(refused.as_slice(), [OrderError::TooManyUnderWay(1)]), "{refused:?}");
    assert_eq!(studio.credits().await, (20, 20));
    studio.audit().await;
}
