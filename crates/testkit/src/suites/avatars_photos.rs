//! What every [`AvatarWriter`](avatar::AvatarWriter) must do with photos.

use std::collections::BTreeSet;

use avatar::{NewPhoto, Photo, PhotoAdded, PhotoProblem, PhotoState};
use futures::future::join_all;
use kernel::{
    FaceAngle, Percent, PerceptualHash, PhotoConcern, PhotoLight, PhotoReport, ShotDistance, StoreError,
};

use super::DatabaseSubject;
use super::avatars_samples::{
    add_photo, avatar, avatar_id, insert_avatar, new_photo, photo_id, photos, set_photo,
};
use super::samples::{ACCOUNT, OTHER_ACCOUNT, database_now};

database_suite! { $ avatars_photos as avatars_photos_tests:
    add_photo_must_keep_it_as_received_now_by_the_databases_clock,
    add_photo_must_be_full_when_photos_that_take_a_place_are_as_many_as_most,
    add_photo_must_be_full_also_when_many_come_at_once,
    add_photo_must_be_repeat_for_a_message_or_a_lasting_file_id_that_the_avatar_has_in_any_state,
    add_photo_of_one_photo_by_many_at_once_must_be_new_once,
    add_photo_to_an_avatar_that_is_not_there_must_fail_with_conflict,
    photos_must_be_listed_in_the_order_of_their_ids,
    set_photo_must_answer_false_for_a_photo_that_is_not_there,
    set_photo_must_store_every_state,
    remove_photo_must_remove_the_row_and_answer_false_when_it_is_not_there,
}

const REJECTED: PhotoState = PhotoState::Rejected { problem: PhotoProblem::TooDark };

fn accepted() -> PhotoState {
    PhotoState::Accepted { report: None, fingerprint: PerceptualHash(u64::MAX) }
}

/// `add_photo` keeps the photo as received, with everything that was sent.
pub async fn add_photo_must_keep_it_as_received_now_by_the_databases_clock(subject: &DatabaseSubject) {
    insert_avatar(subject, &avatar(ACCOUNT, 1)).await;
    let sent = new_photo(1);
    let before = database_now(subject).await;
    assert_eq!(add_photo(subject, avatar_id(1), &sent, 20).await, PhotoAdded::New);
    let after = database_now(subject).await;
    let kept = photos(subject, avatar_id(1)).await.remove(0);
    assert!(before <= kept.created_at && kept.created_at <= after, "{kept:?}");
    let expected = Photo {
        id: sent.id,
        account: ACCOUNT,
        avatar: avatar_id(1),
        file: sent.file,
        unique_file: sent.unique_file,
        message: sent.message,
        state: PhotoState::Received,
        created_at: kept.created_at,
    };
    assert_eq!(kept, expected);
}

/// `add_photo` MUST be `Full` when photos that take a place (received or accepted) are as many as `most`.
pub async fn add_photo_must_be_full_when_photos_that_take_a_place_are_as_many_as_most(
    subject: &DatabaseSubject,
) {
    for number in 1..=2 {
        insert_avatar(subject, &avatar(ACCOUNT, number)).await;
    }
    add_photo(subject, avatar_id(2), &new_photo(90), 20).await;
    for number in 1..=3 {
        assert_eq!(add_photo(subject, avatar_id(1), &new_photo(number), 3).await, PhotoAdded::New);
    }
    assert!(set_photo(subject, photo_id(1), &accepted()).await);
    assert_eq!(add_photo(subject, avatar_id(1), &new_photo(4), 3).await, PhotoAdded::Full);
    assert_eq!(photos(subject, avatar_id(1)).await.len(), 3, "nothing was written");
    // One that cannot be used makes room.
    assert!(set_photo(subject, photo_id(2), &REJECTED).await);
    assert_eq!(add_photo(subject, avatar_id(1), &new_photo(4), 3).await, PhotoAdded::New);
    assert_eq!(add_photo(subject, avatar_id(1), &new_photo(5), 3).await, PhotoAdded::Full);
    assert_eq!(add_photo(subject, avatar_id(1), &new_photo(5), 4).await, PhotoAdded::New);
    // Within one unit too, which goes on.
    let mut unit = subject.avatar_units.begin().await.expect("begin");
    for (number, expected) in [(6, PhotoAdded::New), (7, PhotoAdded::Full)] {
        let added = unit.avatars().add_photo(ACCOUNT, avatar_id(1), &new_photo(number), 5).await;
        assert_eq!(added.expect("add a photo"), expected);
    }
    unit.commit().await.expect("commit");
    assert_eq!(photos(subject, avatar_id(1)).await.len(), 6);
}

/// `add_photo` MUST be `Full` also when many come at once: of 25 photos 20 are taken.
pub async fn add_photo_must_be_full_also_when_many_come_at_once(subject: &DatabaseSubject) {
    insert_avatar(subject, &avatar(ACCOUNT, 1)).await;
    let outcomes = join_all(
        (1..=25).map(|number| async move { add_photo(subject, avatar_id(1), &new_photo(number), 20).await }),
    )
    .await;
    let new = outcomes.iter().filter(|outcome| **outcome == PhotoAdded::New).count();
    let full = outcomes.iter().filter(|outcome| **outcome == PhotoAdded::Full).count();
    assert_eq!((new, full), (20, 5), "{outcomes:?}");
    assert_eq!(photos(subject, avatar_id(1)).await.len(), 20);
}

/// `add_photo` MUST be `Repeat` for a message or a lasting file id that the avatar has in any state.
pub async fn add_photo_must_be_repeat_for_a_message_or_a_lasting_file_id_that_the_avatar_has_in_any_state(
    subject: &DatabaseSubject,
) {
    for number in 1..=2 {
        insert_avatar(subject, &avatar(ACCOUNT, number)).await;
    }
    let first = new_photo(1);
    assert_eq!(add_photo(subject, avatar_id(1), &first, 2).await, PhotoAdded::New);
    let same_message = NewPhoto { message: first.message, ..new_photo(2) };
    let same_file = NewPhoto { unique_file: first.unique_file.clone(), ..new_photo(3) };
    let same_in_all = NewPhoto { id: photo_id(4), ..first.clone() };
    for state in [PhotoState::Received, accepted(), REJECTED] {
        assert!(set_photo(subject, first.id, &state).await);
        for repeat in [&same_message, &same_file, &same_in_all] {
            // Full or not.
            for most in [1, 2] {
                let added = add_photo(subject, avatar_id(1), repeat, most).await;
                assert_eq!(added, PhotoAdded::Repeat, "{repeat:?} while it is {state:?}");
            }
        }
    }
    let kept = photos(subject, avatar_id(1)).await;
    assert_eq!(kept.len(), 1, "nothing was written");
    assert_eq!(kept[0].state, REJECTED, "nothing was changed");
    // The same photo may serve another avatar.
    let elsewhere = NewPhoto { id: photo_id(5), ..first };
    assert_eq!(add_photo(subject, avatar_id(2), &elsewhere, 20).await, PhotoAdded::New);
}

/// `add_photo` of one photo MUST be `New` once, also when it comes ten times at once.
pub async fn add_photo_of_one_photo_by_many_at_once_must_be_new_once(subject: &DatabaseSubject) {
    insert_avatar(subject, &avatar(ACCOUNT, 1)).await;
    let outcomes = join_all((1..=10).map(|number| async move {
        let photo = NewPhoto { id: photo_id(number), ..new_photo(1) };
        add_photo(subject, avatar_id(1), &photo, 20).await
    }))
    .await;
    let new = outcomes.iter().filter(|outcome| **outcome == PhotoAdded::New).count();
    let repeats = outcomes.iter().filter(|outcome| **outcome == PhotoAdded::Repeat).count();
    assert_eq!((new, repeats), (1, 9), "{outcomes:?}");
    assert_eq!(photos(subject, avatar_id(1)).await.len(), 1);
}

/// `add_photo` to an avatar that the account does not have fails with `Conflict`.
pub async fn add_photo_to_an_avatar_that_is_not_there_must_fail_with_conflict(subject: &DatabaseSubject) {
    insert_avatar(subject, &avatar(OTHER_ACCOUNT, 1)).await;
    for number in [1, 2] {
        let mut unit = subject.avatar_units.begin().await.expect("begin");
        let outcome = unit.avatars().add_photo(ACCOUNT, avatar_id(number), &new_photo(1), 20).await;
        assert!(matches!(outcome, Err(StoreError::Conflict { .. })), "{outcome:?}");
    }
    let theirs = subject.avatars.photos(OTHER_ACCOUNT, avatar_id(1)).await.expect("photos");
    assert_eq!(theirs, []);
}

/// `photos` MUST list them in the order of their ids, and only those of the avatar.
pub async fn photos_must_be_listed_in_the_order_of_their_ids(subject: &DatabaseSubject) {
    for number in 1..=2 {
        insert_avatar(subject, &avatar(ACCOUNT, number)).await;
    }
    for number in [3, 1, 4, 2] {
        add_photo(subject, avatar_id(1), &new_photo(number), 20).await;
    }
    add_photo(subject, avatar_id(2), &new_photo(9), 20).await;
    let expected = [1, 2, 3, 4].map(photo_id);
    let listed: Vec<_> = photos(subject, avatar_id(1)).await.iter().map(|photo| photo.id).collect();
    assert_eq!(listed, expected);
    let mut unit = subject.avatar_units.begin().await.expect("begin");
    add_in(unit.as_mut(), &new_photo(0)).await;
    let within = unit.avatars().photos(ACCOUNT, avatar_id(1)).await.expect("photos");
    let listed: Vec<_> = within.iter().map(|photo| photo.id).collect();
    assert_eq!(listed, [0, 1, 2, 3, 4].map(photo_id), "a unit sees its own writes");
    assert_eq!(unit.avatars().photos(OTHER_ACCOUNT, avatar_id(1)).await.expect("photos"), []);
}

async fn add_in(unit: &mut dyn avatar::UnitOfWork, photo: &NewPhoto) {
    let added = unit.avatars().add_photo(ACCOUNT, avatar_id(1), photo, 20).await;
    assert_eq!(added.expect("add a photo"), PhotoAdded::New);
}

/// `set_photo` MUST answer `false` for a photo that is not there.
pub async fn set_photo_must_answer_false_for_a_photo_that_is_not_there(subject: &DatabaseSubject) {
    insert_avatar(subject, &avatar(ACCOUNT, 1)).await;
    add_photo(subject, avatar_id(1), &new_photo(1), 20).await;
    assert!(!set_photo(subject, photo_id(2), &REJECTED).await, "never there");
    let mut unit = subject.avatar_units.begin().await.expect("begin");
    let foreign = unit.avatars().set_photo(OTHER_ACCOUNT, photo_id(1), &REJECTED).await;
    assert!(!foreign.expect("set a photo"), "another account's");
    unit.commit().await.expect("commit");
    assert_eq!(photos(subject, avatar_id(1)).await[0].state, PhotoState::Received);
}

/// `set_photo` stores every state as it is given.
pub async fn set_photo_must_store_every_state(subject: &DatabaseSubject) {
    insert_avatar(subject, &avatar(ACCOUNT, 1)).await;
    add_photo(subject, avatar_id(1), &new_photo(1), 20).await;
    let report = PhotoReport {
        faces: 1,
        face_share: Percent::new(40),
        sharpness: Percent::FULL,
        brightness: Percent::new(55),
        angle: FaceAngle::ThreeQuarter,
        distance: ShotDistance::Half,
        light: PhotoLight::Soft,
        concerns: BTreeSet::from([PhotoConcern::Sunglasses, PhotoConcern::FaceCovered]),
        traits: "woman, 'dark' \"hair\"".to_owned(),
    };
    for state in [
        accepted(),
        PhotoState::Accepted { report: Some(report), fingerprint: PerceptualHash(0) },
        REJECTED,
        PhotoState::Rejected { problem: PhotoProblem::NotExamined },
        PhotoState::Received,
    ] {
        assert!(set_photo(subject, photo_id(1), &state).await);
        let kept = subject.avatars.photo(ACCOUNT, photo_id(1)).await.expect("photo");
        assert_eq!(kept.map(|photo| photo.state), Some(state));
    }
}

/// `remove_photo` MUST remove the row, and MUST answer `false` when it is not there.
pub async fn remove_photo_must_remove_the_row_and_answer_false_when_it_is_not_there(
    subject: &DatabaseSubject,
) {
    insert_avatar(subject, &avatar(ACCOUNT, 1)).await;
    for number in 1..=2 {
        add_photo(subject, avatar_id(1), &new_photo(number), 20).await;
    }
    for (account, is_there) in [(OTHER_ACCOUNT, false), (ACCOUNT, true), (ACCOUNT, false)] {
        let mut unit = subject.avatar_units.begin().await.expect("begin");
        let removed = unit.avatars().remove_photo(account, photo_id(1)).await.expect("remove a photo");
        unit.commit().await.expect("commit");
        assert_eq!(removed, is_there);
    }
    let left: Vec<_> = photos(subject, avatar_id(1)).await.iter().map(|photo| photo.id).collect();
    assert_eq!(left, [photo_id(2)]);
    // What was removed may be sent again.
    assert_eq!(add_photo(subject, avatar_id(1), &new_photo(1), 20).await, PhotoAdded::New);
}
