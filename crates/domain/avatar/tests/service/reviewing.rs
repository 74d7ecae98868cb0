//! The set as a whole: one person, a score, and one message that tells of it.

use std::sync::Arc;

use avatar::{AvatarPorts, Collection, KindName, MissingShot, PhotoProblem, PhotoState, PhotoStateName};
use kernel::{FailureClass, JobKind, MessageId, ProviderError};
use testkit::fakes::AvatarNews;

use crate::failing::Failing;
use crate::studio::{Studio, picture};

fn collections(studio: &Studio) -> Vec<Collection> {
    let heard = studio.notifier.heard().into_iter();
    heard
        .filter_map(|(_, news)| match news {
            AvatarNews::Collection(collection) => Some(collection),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn whoever_is_somebody_else_is_taken_out_of_the_set() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    studio.fill(id, 9).await;
    assert!(studio.look(id).await.compared.is_empty(), "there are not enough to compare");
    studio.photo(id, "a stranger person=boris").await;
    let photos = studio.photos(id).await;
    let stranger = photos.last().unwrap();
    assert_eq!(stranger.state, PhotoState::Rejected { problem: PhotoProblem::AnotherPerson });
    let avatar = studio.look(id).await;
    assert_eq!(avatar.compared.len(), 9);
    assert_eq!(avatar.kind.unwrap().traits(), "woman, dark curly hair");
    assert_eq!(studio.keys("photos").len(), 9, "of a stranger nothing is kept");
}

#[tokio::test]
async fn the_message_that_collects_counts_scores_and_advises() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    studio.fill(id, 10).await;
    let last = collections(&studio).pop().unwrap();
    assert_eq!((last.accepted, last.waiting), (10, 0));
    assert!(last.score.missing.contains(&MissingShot::ThreeQuarter));
    let before = last.score.score;
    studio.photo(id, "turned three-quarter half hard person=anna").await;
    let after = collections(&studio).pop().unwrap();
    assert!(after.score.score > before && !after.score.missing.contains(&MissingShot::ThreeQuarter));
    let messages = studio.notifier.messages();
    assert_eq!(messages.keys().collect::<Vec<_>>(), [&MessageId::new(7)], "it is one message");
}

#[tokio::test]
async fn a_message_that_was_removed_is_replaced_and_remembered() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    studio.notifier.remove(MessageId::new(7));
    studio.photo(id, "1 person=anna").await;
    let replaced = studio.look(id).await.audience.progress_message.unwrap();
    assert_ne!(replaced, MessageId::new(7));
    studio.photo(id, "2 person=anna").await;
    assert_eq!(studio.look(id).await.audience.progress_message, Some(replaced));
    assert_eq!(studio.notifier.messages().len(), 1);
}

#[tokio::test]
async fn whoever_has_blocked_the_bot_is_no_reason_to_try_again() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    studio.notifier.block();
    studio.fill(id, 10).await;
    assert_eq!(studio.look(id).await.compared.len(), 10);
}

#[tokio::test]
async fn a_messenger_that_is_away_is_tried_again() {
    let studio = Studio::open().await;
    let weather = Failing::first(3, "avatar_notifier.show_collection", testkit::weather::Fate::FailsBefore);
    let stormy = Arc::new(studio.notifier.with_weather(weather));
    let studio = studio.with_ports(|ports: &mut AvatarPorts| ports.notifier = stormy);
    let id = studio.begin(KindName::Instant).await;
    studio.photo(id, "person=anna").await;
    studio.pass(std::time::Duration::from_secs(10)).await;
    assert_eq!(collections(&studio).pop().map(|last| last.accepted), Some(1));
}

#[tokio::test]
async fn a_refusal_to_compare_takes_everything_out() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    studio.fill(id, 9).await;
    let sent = studio.send(picture("the tenth person=anna"));
    studio.service.add_photo(studio.account, id, &sent).await.unwrap();
    let photo = studio.photos(id).await.pop().unwrap();
    let job = studio.claim(JobKind::CheckPhoto, photo.id.uuid()).await.unwrap();
    studio.run(&job).await.unwrap();
    studio.analyst.fail_next(ProviderError::new(FailureClass::Refused, "refused", "no"));
    studio.run_due().await;
    let rejected =
        studio.photos(id).await.iter().filter(|photo| photo.state.name() == PhotoStateName::Rejected).count();
    assert_eq!(rejected, 10);
    assert!(studio.keys("photos").is_empty());
}

#[tokio::test]
async fn a_comparison_that_cannot_be_had_is_tried_again() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Instant).await;
    studio.photo(id, "1 person=anna").await;
    let sent = studio.send(picture("2 person=anna"));
    studio.service.add_photo(studio.account, id, &sent).await.unwrap();
    let photo = studio.photos(id).await.pop().unwrap();
    let job = studio.claim(JobKind::CheckPhoto, photo.id.uuid()).await.unwrap();
    studio.run(&job).await.unwrap();
    studio.analyst.fail_next(ProviderError::new(FailureClass::Misconfigured, "quota", "used up"));
    studio.run_due().await;
    assert_eq!(studio.look(id).await.compared.len(), 1);
    assert_eq!(studio.operators.notices().len(), 1);
    studio.pass(std::time::Duration::from_secs(5)).await;
    assert_eq!(studio.look(id).await.compared.len(), 2);
}

#[tokio::test]
async fn pictures_of_a_style_are_not_compared() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Style).await;
    studio.fill(id, 10).await;
    assert!(studio.look(id).await.compared.is_empty());
    assert_eq!(collections(&studio).pop().unwrap().accepted, 10);
}

#[tokio::test]
async fn a_review_of_what_no_longer_collects_does_nothing() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    let sent = studio.send(picture("person=anna"));
    studio.service.add_photo(studio.account, id, &sent).await.unwrap();
    let photo = studio.photos(id).await.pop().unwrap();
    let job = studio.claim(JobKind::CheckPhoto, photo.id.uuid()).await.unwrap();
    studio.run(&job).await.unwrap();
    studio.service.discard_draft(studio.account, id).await.unwrap();
    let heard = collections(&studio).len();
    studio.run_due().await;
    assert_eq!(collections(&studio).len(), heard);
}
