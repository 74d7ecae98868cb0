//! What every [`AvatarReader`](avatar::AvatarReader) must do; callbacks have a suite of their own.

use std::time::Duration;

use avatar::{Avatar, AvatarState, TrainerId, Training};
use kernel::{AccountId, AvatarId};

use super::DatabaseSubject;
use super::avatars_samples::{
    add_photo, avatar, avatar_id, begun, insert_avatar, instant, make_main, new_photo, photo_id, trained,
    training, update_avatar, weights,
};
use super::samples::{ACCOUNT, OTHER_ACCOUNT, database_now};

database_suite! { $ avatars_reader as avatars_reader_tests:
    no_call_must_give_an_avatar_or_photo_of_another_account,
    find_must_give_deleted_ones_too_with_now_by_the_databases_clock,
    list_must_give_those_that_are_not_deleted_the_newest_first,
    main_must_give_the_main_avatar_and_nothing_when_there_is_none,
    draft_must_give_the_latest_avatar_that_is_a_draft_or_collects_photos,
    photo_must_give_one,
    usual_duration_must_be_nothing_before_there_are_three_trainings,
    usual_duration_must_be_the_median_of_the_latest_trainings_of_any_account_with_that_trainer,
    usual_duration_must_outlive_retraining_and_erasure,
}

/// No call MUST give an avatar or photo of another account.
pub async fn no_call_must_give_an_avatar_or_photo_of_another_account(subject: &DatabaseSubject) {
    insert_avatar(subject, &avatar(ACCOUNT, 1)).await;
    insert_avatar(subject, &trained(avatar(ACCOUNT, 2))).await;
    make_main(subject, ACCOUNT, avatar_id(2)).await;
    add_photo(subject, avatar_id(1), &new_photo(1), 20).await;
    let reader = &subject.avatars;
    assert_eq!(reader.find(OTHER_ACCOUNT, avatar_id(1)).await.expect("find"), None);
    assert_eq!(reader.list(OTHER_ACCOUNT).await.expect("list"), []);
    assert_eq!(reader.main(OTHER_ACCOUNT).await.expect("main"), None);
    assert_eq!(reader.draft(OTHER_ACCOUNT).await.expect("draft"), None);
    assert_eq!(reader.photos(OTHER_ACCOUNT, avatar_id(1)).await.expect("photos"), []);
    assert_eq!(reader.photo(OTHER_ACCOUNT, photo_id(1)).await.expect("photo"), None);
    let mut unit = subject.avatar_units.begin().await.expect("begin");
    assert_eq!(unit.avatars().load(OTHER_ACCOUNT, avatar_id(1)).await.expect("load"), None);
    assert_eq!(unit.avatars().load(ACCOUNT, avatar_id(3)).await.expect("load"), None, "never there");
    unit.commit().await.expect("commit");
}

/// `find` gives deleted ones too, with the present moment by the database's clock.
pub async fn find_must_give_deleted_ones_too_with_now_by_the_databases_clock(subject: &DatabaseSubject) {
    let deleted = Avatar { state: AvatarState::Deleted, ..avatar(ACCOUNT, 1) };
    let inserted = insert_avatar(subject, &deleted).await;
    subject.time.elapse(Duration::from_mins(1)).await;
    let before = database_now(subject).await;
    let (found, now) = subject.avatars.find(ACCOUNT, inserted.id).await.expect("find").expect("it is there");
    let after = database_now(subject).await;
    assert!(before <= now && now <= after, "{before:?}, {now:?}, {after:?}");
    assert!(now.since(found.created_at) >= Duration::from_mins(1), "time has passed");
    assert_eq!((found.id, found.state), (inserted.id, AvatarState::Deleted));
}

/// `list` MUST give those that are not deleted, the newest first.
pub async fn list_must_give_those_that_are_not_deleted_the_newest_first(subject: &DatabaseSubject) {
    for kept in [
        begun(ACCOUNT, 1),
        Avatar { state: AvatarState::Deleted, ..avatar(ACCOUNT, 2) },
        trained(avatar(ACCOUNT, 3)),
        Avatar { state: AvatarState::Cancelled, ..avatar(ACCOUNT, 4) },
        instant(ACCOUNT, 5),
        avatar(OTHER_ACCOUNT, 6),
    ] {
        insert_avatar(subject, &kept).await;
    }
    assert_eq!(list(subject, ACCOUNT).await, [5, 4, 3, 1].map(avatar_id));
    assert_eq!(list(subject, OTHER_ACCOUNT).await, [avatar_id(6)]);
}

/// `main` MUST give the main avatar, and nothing when there is none.
pub async fn main_must_give_the_main_avatar_and_nothing_when_there_is_none(subject: &DatabaseSubject) {
    assert_eq!(subject.avatars.main(ACCOUNT).await.expect("main"), None);
    let inserted = insert_avatar(subject, &trained(avatar(ACCOUNT, 1))).await;
    insert_avatar(subject, &instant(ACCOUNT, 2)).await;
    assert_eq!(subject.avatars.main(ACCOUNT).await.expect("main"), None);
    make_main(subject, ACCOUNT, inserted.id).await;
    assert_eq!(subject.avatars.main(ACCOUNT).await.expect("main"), Some(inserted));
}

/// `draft` MUST give the latest avatar that is a draft or collects photos.
pub async fn draft_must_give_the_latest_avatar_that_is_a_draft_or_collects_photos(subject: &DatabaseSubject) {
    let draft = async || subject.avatars.draft(ACCOUNT).await.expect("draft").map(|avatar| avatar.id);
    assert_eq!(draft().await, None);
    insert_avatar(subject, &begun(ACCOUNT, 1)).await;
    assert_eq!(draft().await, Some(avatar_id(1)));
    let collecting = insert_avatar(subject, &avatar(ACCOUNT, 2)).await;
    insert_avatar(subject, &trained(avatar(ACCOUNT, 3))).await;
    assert_eq!(draft().await, Some(avatar_id(2)));
    update_avatar(subject, &Avatar { state: AvatarState::Deleted, ..collecting }).await;
    assert_eq!(draft().await, Some(avatar_id(1)));
}

/// `photo` MUST give one.
pub async fn photo_must_give_one(subject: &DatabaseSubject) {
    insert_avatar(subject, &avatar(ACCOUNT, 1)).await;
    for number in 1..=2 {
        add_photo(subject, avatar_id(1), &new_photo(number), 20).await;
    }
    let all = subject.avatars.photos(ACCOUNT, avatar_id(1)).await.expect("photos");
    let one = subject.avatars.photo(ACCOUNT, photo_id(2)).await.expect("photo");
    assert_eq!(one.as_ref(), all.last());
    assert_eq!(subject.avatars.photo(ACCOUNT, photo_id(3)).await.expect("photo"), None);
}

/// `usual_duration` MUST be nothing before there are three trainings.
pub async fn usual_duration_must_be_nothing_before_there_are_three_trainings(subject: &DatabaseSubject) {
    for number in 1..=2 {
        finish_training(subject, ACCOUNT, number, "trainer", 10, 0).await;
        // What is changed afterwards is no other training.
        let (found, _) =
            subject.avatars.find(ACCOUNT, avatar_id(number)).await.expect("find").expect("it is there");
        update_avatar(subject, &found).await;
        // Neither is one that goes on.
        let under_way = avatar(ACCOUNT, 100 + number);
        let under_way = insert_avatar(subject, &under_way).await;
        let training = Some(order(&under_way, "trainer"));
        update_avatar(subject, &Avatar { training, ..under_way }).await;
    }
    assert_eq!(usual(subject, "trainer").await, None);
    finish_training(subject, ACCOUNT, 3, "another trainer", 10, 0).await;
    assert_eq!(usual(subject, "trainer").await, None);
    finish_training(subject, ACCOUNT, 4, "trainer", 10, 0).await;
    assert_eq!(usual(subject, "trainer").await, Some(Duration::from_mins(10)));
}

/// `usual_duration` MUST be the median time from order to verified weights of the latest trainings (50 at most, of any
/// account) with that trainer.
pub async fn usual_duration_must_be_the_median_of_the_latest_trainings_of_any_account_with_that_trainer(
    subject: &DatabaseSubject,
) {
    for (number, minutes) in (1..).zip([7, 100, 8]) {
        let account = if number == 2 { OTHER_ACCOUNT } else { ACCOUNT };
        finish_training(subject, account, number, "trainer", minutes, 0).await;
    }
    finish_training(subject, ACCOUNT, 4, "another trainer", 1, 0).await;
    assert_eq!(usual(subject, "trainer").await, Some(Duration::from_mins(8)));
    finish_training(subject, ACCOUNT, 5, "trainer", 10, 0).await;
    assert_eq!(
        usual(subject, "trainer").await,
        Some(Duration::from_mins(9)),
        "the mean of the two in the middle"
    );
    // Of later ones fifty are enough to forget those.
    for number in 10..60 {
        finish_training(subject, ACCOUNT, number, "trainer", 20, 1_000).await;
    }
    finish_training(subject, ACCOUNT, 60, "trainer", 1, 0).await;
    assert_eq!(usual(subject, "trainer").await, Some(Duration::from_mins(20)));
    for number in 61..87 {
        finish_training(subject, ACCOUNT, number, "trainer", 30, 2_000).await;
    }
    assert_eq!(usual(subject, "trainer").await, Some(Duration::from_mins(30)), "the latest count");
}

/// What is known of `usual_duration` is kept when an avatar is trained again or erased.
pub async fn usual_duration_must_outlive_retraining_and_erasure(subject: &DatabaseSubject) {
    for number in 1..=2 {
        finish_training(subject, ACCOUNT, number, "trainer", 10, 0).await;
    }
    let (found, _) = subject.avatars.find(ACCOUNT, avatar_id(1)).await.expect("find").expect("it is there");
    let mut again = order(&found, "trainer");
    again.round = 2;
    again.ordered_at = again.ordered_at + Duration::from_hours(5);
    // The former weights are still there, and older than the order.
    let state = AvatarState::Queued { not_before: again.ordered_at };
    let found = update_avatar(subject, &Avatar { state, training: Some(again.clone()), ..found }).await;
    assert_eq!(usual(subject, "trainer").await, None, "two trainings have ended");
    let mut new = weights(&found);
    new.verified_at = again.ordered_at + Duration::from_mins(10);
    let found = Avatar { state: AvatarState::Ready, weights: Some(new), ..found };
    let found = update_avatar(subject, &found).await;
    assert_eq!(usual(subject, "trainer").await, Some(Duration::from_mins(10)));

    update_avatar(subject, &Avatar { state: AvatarState::Deleted, ..found }).await;
    let mut unit = subject.avatar_units.begin().await.expect("begin");
    unit.avatars().erase(ACCOUNT, avatar_id(1)).await.expect("erase");
    unit.commit().await.expect("commit");
    assert_eq!(usual(subject, "trainer").await, Some(Duration::from_mins(10)));
}

fn order(avatar: &Avatar, trainer: &str) -> Training {
    Training { trainer: TrainerId::new(trainer), ..training(avatar) }
}

/// An avatar whose training took so many minutes, and ended so many minutes after those of others.
async fn finish_training(
    subject: &DatabaseSubject,
    account: AccountId,
    number: u128,
    trainer: &str,
    minutes: u64,
    later: u64,
) {
    let begun = insert_avatar(subject, &avatar(account, number)).await;
    let mut ordered = order(&begun, trainer);
    ordered.ordered_at = ordered.ordered_at + Duration::from_mins(later);
    let mut verified = weights(&begun);
    verified.verified_at = ordered.ordered_at + Duration::from_mins(minutes);
    let ready =
        Avatar { state: AvatarState::Ready, training: Some(ordered), weights: Some(verified), ..begun };
    update_avatar(subject, &ready).await;
}

async fn usual(subject: &DatabaseSubject, trainer: &str) -> Option<Duration> {
    subject.avatars.usual_duration(&TrainerId::new(trainer)).await.expect("usual duration")
}

async fn list(subject: &DatabaseSubject, account: AccountId) -> Vec<AvatarId> {
    subject.avatars.list(account).await.expect("list").into_iter().map(|avatar| avatar.id).collect()
}
