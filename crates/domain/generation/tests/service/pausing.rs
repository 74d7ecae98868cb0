//! What operators pause, and what they hear of ahead.

use std::collections::BTreeMap;
use std::time::Duration;

use generation::{Likeness, RequestError};
use kernel::{Feature, ImageCount, OperatorNotice, Pausable, PauseCause, Pauses as _};

use crate::workshop::Workshop;

#[tokio::test]
async fn nothing_new_is_taken_on_while_images_are_paused() {
    let workshop = Workshop::open(BTreeMap::new()).await;
    let cause = PauseCause::by_operator("a test");
    workshop.database.pause(&Pausable::Feature(Feature::Images), &cause).await.unwrap();
    let quote = workshop.service.quote(workshop.account, Likeness::Nobody, ImageCount::ONE).await;
    assert!(matches!(quote, Err(RequestError::NoModel)), "{quote:?}");
    assert_eq!(workshop.service.probe_paused().await.unwrap(), 0, "nothing but a person lifts it");
    workshop.clock.advance(Duration::from_secs(1));
    let shutdowns = |notice: &OperatorNotice| matches!(notice, OperatorNotice::ShutdownAhead { .. });
    workshop.service.announce_shutdowns().await.unwrap();
    assert!(!workshop.operators.notices().iter().any(shutdowns), "no model of this registry ends");
}
