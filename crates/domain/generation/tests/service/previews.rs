//! The two free pictures of an avatar that has become ready.

use generation::{Likeness, StateName};
use kernel::{AvatarId, Credits, JobKind, JobState, NewJob};
use uuid::Uuid;

use crate::sitters::{change, instant, portrait, train_again};
use crate::workshop::{Workshop, both};

/// Has the previews of an avatar asked for, as its training does.
async fn ask(workshop: &Workshop, avatar: AvatarId) {
    let job = NewJob::now(workshop.account, JobKind::DrawPreviews, avatar.uuid());
    let mut unit = generation::GenerationUnits::begin(&workshop.database).await.unwrap();
    unit.jobs().schedule(&job).await.unwrap();
    unit.commit().await.unwrap();
    let job = workshop.claim_kind(JobKind::DrawPreviews, avatar.uuid()).await.unwrap();
    workshop.service.draw_previews(&job).await.unwrap();
}

fn generations(workshop: &Workshop) -> Vec<generation::Generation> {
    workshop.database.committed().generations.values().cloned().collect()
}

#[tokio::test]
async fn two_previews_are_drawn_for_free() {
    let workshop = Workshop::open(both()).await;
    let avatar = portrait(&workshop).await;
    ask(&workshop, avatar).await;
    let all = generations(&workshop);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].request.likeness, Likeness::Avatar { avatar });
    assert_eq!((all[0].unit_price, all[0].audience.progress_message), (Credits::ZERO, None));
    let done = workshop.work(all[0].id).await;
    assert_eq!(done.state.name(), StateName::Delivered);
    let items = workshop.items(done.id).await;
    assert_eq!(items.len(), 2);
    assert!(items.iter().all(|item| item.kept.price.is_zero()));
    assert_eq!(workshop.credits().await, (40, 0));
    workshop.audit().await;
}

#[tokio::test]
async fn asking_again_for_the_same_training_draws_nothing_more_and_another_training_does() {
    let workshop = Workshop::open(both()).await;
    let avatar = portrait(&workshop).await;
    for _ in 0..2 {
        ask(&workshop, avatar).await;
    }
    assert_eq!(generations(&workshop).len(), 1);
    train_again(&workshop, avatar).await;
    ask(&workshop, avatar).await;
    assert_eq!(generations(&workshop).len(), 2);
}

#[tokio::test]
async fn previews_go_on_without_a_safety_check_because_the_words_are_ours() {
    let workshop = Workshop::open_with(both(), |ports| ports.moderator = None).await;
    let avatar = portrait(&workshop).await;
    ask(&workshop, avatar).await;
    let id = generations(&workshop)[0].id;
    assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
}

#[tokio::test]
async fn there_are_none_of_what_cannot_be_drawn_or_was_not_trained() {
    let workshop = Workshop::open(both()).await;
    let gone = portrait(&workshop).await;
    change(&workshop, gone, |avatar| avatar.state = avatar::AvatarState::Deleted).await;
    let untrained = instant(&workshop, 1).await;
    for avatar in [gone, untrained, AvatarId::new(Uuid::nil())] {
        ask(&workshop, avatar).await;
        assert_eq!(workshop.job_state(JobKind::DrawPreviews, avatar.uuid()), Some(JobState::Done));
    }
    assert!(generations(&workshop).is_empty());
}

#[tokio::test]
async fn previews_that_cannot_be_had_are_given_up_and_nothing_else() {
    let workshop = Workshop::open(both()).await;
    let avatar = portrait(&workshop).await;
    let job = NewJob::now(workshop.account, JobKind::DrawPreviews, avatar.uuid());
    let mut unit = generation::GenerationUnits::begin(&workshop.database).await.unwrap();
    unit.jobs().schedule(&job).await.unwrap();
    unit.commit().await.unwrap();
    let job = workshop.claim_kind(JobKind::DrawPreviews, avatar.uuid()).await.unwrap();
    workshop.service.give_up_previews(&job, "the database is away").await.unwrap();
    assert_eq!(workshop.job_state(JobKind::DrawPreviews, avatar.uuid()), Some(JobState::Buried));
}
