//! The safety check of descriptions: what happens when it is away, and how it comes back.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use generation::StateName;
use kernel::{
    FailureClass, ModerationVerdict, Moderator, OperatorNotice, Pausable, PauseCause, Pauses as _,
    ProviderError,
};

use crate::workshop::{Workshop, both, model};

/// A check whose next answers are failures of these classes; then it allows everything.
#[derive(Default)]
struct Ailing(Mutex<VecDeque<FailureClass>>);

impl Ailing {
    fn with(classes: &[FailureClass]) -> Arc<Self> {
        Arc::new(Self(Mutex::new(classes.iter().copied().collect())))
    }

    fn answer(&self) -> Result<(), ProviderError> {
        match self.0.lock().unwrap().pop_front() {
            Some(class) => Err(ProviderError::new(class, "no-verdict", "the check is away")),
            None => Ok(()),
        }
    }
}

#[async_trait]
impl Moderator for Ailing {
    async fn review(&self, _text: &str) -> Result<ModerationVerdict, ProviderError> {
        self.answer().map(|()| ModerationVerdict::Allowed)
    }

    async fn review_photo(&self, _photo: &Bytes) -> Result<ModerationVerdict, ProviderError> {
        self.answer().map(|()| ModerationVerdict::Allowed)
    }

    async fn probe(&self) -> Result<(), ProviderError> {
        self.answer()
    }
}

async fn workshop(moderator: Option<Arc<dyn Moderator>>) -> Workshop {
    Workshop::open_with(both(), |ports| ports.moderator = moderator).await
}

fn check() -> Pausable {
    Pausable::Provider("openai".to_owned())
}

#[tokio::test]
async fn with_the_check_away_or_not_set_up_work_goes_on() {
    let none: Option<Arc<dyn Moderator>> = None;
    for moderator in [none, Some(Ailing::with(&[FailureClass::Unavailable]))] {
        let workshop = workshop(moderator).await;
        let id = workshop.begin("a fox", 1).await;
        assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
        assert!(workshop.database.active().await.unwrap().is_empty(), "it may pass by itself");
    }
}

#[tokio::test]
async fn a_refused_key_of_the_check_is_told_to_the_operators_and_work_goes_on() {
    let workshop =
        workshop(Some(Ailing::with(&[FailureClass::Misconfigured, FailureClass::Misconfigured]))).await;
    let id = workshop.begin("a fox", 1).await;
    assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
    let notices = workshop.operators.notices();
    assert!(
        matches!(&notices[..], [OperatorNotice::Paused { subject, .. }] if *subject == check()),
        "{notices:?}"
    );
    assert_eq!(workshop.service.probe_paused().await.unwrap(), 0, "it is still refused");
    assert_eq!(workshop.service.probe_paused().await.unwrap(), 1, "it works again");
    assert_eq!(workshop.operators.notices()[1..], [OperatorNotice::Resumed { subject: check() }]);
    assert!(workshop.database.active().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_cannot_be_tried_stays_paused() {
    let workshop = workshop(None).await;
    let cause = PauseCause { code: "bad-key".to_owned(), detail: "the key is refused".to_owned() };
    let unknown = [check(), Pausable::Provider("nobody".to_owned()), Pausable::Model("a-dream".to_owned())];
    for subject in &unknown {
        workshop.database.pause(subject, &cause).await.unwrap();
    }
    assert_eq!(workshop.service.probe_paused().await.unwrap(), 0);
    assert_eq!(workshop.database.active().await.unwrap().len(), unknown.len());
    let error = workshop.service.probe(&model("a-dream", "nobody", 1)).await.unwrap_err();
    assert_eq!((error.class, error.code.as_str()), (FailureClass::Misconfigured, "provider-not-configured"));
}
