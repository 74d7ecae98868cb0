//! Paused trainers and the probes that lift their pauses.

use avatar::{AvatarPolicy, AvatarService};
use kernel::{FailureClass, Pausable, PauseCause, Pauses as _, ProviderError};

use crate::studio::{Studio, registry};

#[tokio::test]
async fn a_pause_of_what_is_no_trainer_is_left_to_others() {
    let studio = Studio::open().await;
    let cause = PauseCause { code: "x".to_owned(), detail: "x".to_owned() };
    for subject in [Pausable::Provider("fal".to_owned()), Pausable::Model("flux".to_owned())] {
        studio.database.pause(&subject, &cause).await.unwrap();
    }
    assert_eq!(studio.service.probe_paused().await.unwrap(), 0);
    assert_eq!(studio.database.active().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_probe_says_what_is_wrong() {
    let studio = Studio::open().await;
    let registry = registry();
    let entry = registry.all().next().unwrap();
    studio.service.probe(entry).await.unwrap();
    studio.trainer.fail_next_probe(ProviderError::new(FailureClass::Misconfigured, "bad-key", "refused"));
    assert_eq!(studio.service.probe(entry).await.unwrap_err().code, "bad-key");
    let studio = studio.with_ports(|ports| ports.trainers.clear());
    let missing = studio.service.probe(entry).await.unwrap_err();
    assert_eq!(
        (missing.class, missing.code.as_str()),
        (FailureClass::Misconfigured, "provider-not-configured")
    );
}

#[tokio::test]
async fn a_service_with_times_that_do_not_fit_together_is_not_made() {
    let studio = Studio::open().await;
    let hasty = AvatarPolicy { lifetime: std::time::Duration::ZERO, ..AvatarPolicy::default() };
    assert!(AvatarService::new(studio.ports.clone(), registry(), hasty).is_err());
}
