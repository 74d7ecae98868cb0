//! What every [`ObjectReferences`](kernel::ObjectReferences) must do.

use generation::{Generation, State};
use kernel::{AccountId, ExportId, ObjectKey};
use uuid::Uuid;

use super::DatabaseSubject;
use super::avatars_samples::{
    add_photo, avatar, avatar_id, insert_avatar, new_photo, photo_id, trained, training, weights,
};
use super::samples::{
    ACCOUNT, OTHER_ACCOUNT, UNIT_PRICE, bury, generation, generation_id, insert, item, item_id, keep, update,
};

database_suite! { $ object_references as object_references_tests:
    an_image_a_preview_a_photo_and_weights_that_a_person_has_must_be_needed,
    what_a_person_can_still_bring_back_must_be_needed,
    what_work_under_way_has_written_or_may_still_read_must_be_needed,
    an_object_whose_key_says_nothing_to_us_must_be_needed,
    any_other_object_must_not_be_needed,
}

/// An image, a preview, a photo or weights that a person has MUST be needed.
pub async fn an_image_a_preview_a_photo_and_weights_that_a_person_has_must_be_needed(
    subject: &DatabaseSubject,
) {
    keep(subject, &item(ACCOUNT, 1, 1, UNIT_PRICE)).await;
    let whole = insert_avatar(subject, &trained(avatar(ACCOUNT, 1))).await;
    insert_avatar(subject, &avatar(ACCOUNT, 2)).await;
    add_photo(subject, avatar_id(2), &new_photo(1), 20).await;
    let photo = photo_id(1).uuid();
    let weights = weights(&whole);
    for key in [
        ObjectKey::image(ACCOUNT, generation_id(1), 1),
        ObjectKey::preview(ACCOUNT, generation_id(1), 1),
        ObjectKey::photo(ACCOUNT, avatar_id(2), photo),
        ObjectKey::photo_preview(ACCOUNT, avatar_id(2), photo),
        weights.key,
        weights.config.expect("a description"),
    ] {
        assert!(is_needed(subject, &key).await, "{key}");
    }
}

/// An image that a person can still bring back MUST be needed; one that is erased MUST NOT.
pub async fn what_a_person_can_still_bring_back_must_be_needed(subject: &DatabaseSubject) {
    keep(subject, &item(ACCOUNT, 1, 0, UNIT_PRICE)).await;
    assert!(bury(subject, ACCOUNT, item_id(1, 0)).await);
    let image = ObjectKey::image(ACCOUNT, generation_id(1), 0);
    assert!(is_needed(subject, &image).await, "it is in the trash");
    let mut unit = subject.gallery_units.begin().await.expect("begin");
    assert!(unit.gallery().mark_erased(ACCOUNT, item_id(1, 0)).await.expect("erased"));
    unit.commit().await.expect("commit");
    assert!(!is_needed(subject, &image).await, "it is a tombstone");
}

/// What work under way has written, or may still read, MUST be needed.
pub async fn what_work_under_way_has_written_or_may_still_read_must_be_needed(subject: &DatabaseSubject) {
    let drawn = insert(subject, &generation(ACCOUNT, 1)).await;
    let written = [
        ObjectKey::attempt(ACCOUNT, generation_id(1), 0, 1),
        ObjectKey::image(ACCOUNT, generation_id(1), 0),
        ObjectKey::preview(ACCOUNT, generation_id(1), 0),
    ];
    for key in &written {
        assert!(is_needed(subject, key).await, "{key}");
    }
    update(subject, &Generation { state: State::Expired, ..drawn }).await;
    for key in &written {
        assert!(!is_needed(subject, key).await, "{key}");
    }
    let queued = avatar(ACCOUNT, 2);
    let queued = avatar::Avatar {
        training: Some(training(&queued)),
        state: avatar::AvatarState::Queued { not_before: kernel::Timestamp::EPOCH },
        ..queued
    };
    insert_avatar(subject, &queued).await;
    for key in [
        ObjectKey::training_archive(ACCOUNT, avatar_id(2), 2),
        ObjectKey::weights(ACCOUNT, avatar_id(2), 2),
        ObjectKey::weights_config(ACCOUNT, avatar_id(2), 2),
    ] {
        assert!(is_needed(subject, &key).await, "{key}");
    }
}

/// An object whose key says nothing to us MUST be needed: it is somebody else's.
pub async fn an_object_whose_key_says_nothing_to_us_must_be_needed(subject: &DatabaseSubject) {
    for key in ["backups/2026/dump.age", "somebody/elses", "images/not-an-account/1/2", "images"] {
        assert!(is_needed(subject, &key.parse().expect("a key")).await, "{key}");
    }
}

/// Any other object MUST NOT be needed.
pub async fn any_other_object_must_not_be_needed(subject: &DatabaseSubject) {
    keep(subject, &item(ACCOUNT, 1, 0, UNIT_PRICE)).await;
    let whole = insert_avatar(subject, &trained(avatar(ACCOUNT, 1))).await;
    add_photo(subject, avatar_id(1), &new_photo(1), 20).await;
    let attempt_before = 1;
    for key in [
        ObjectKey::image(ACCOUNT, generation_id(1), 1),
        ObjectKey::image(OTHER_ACCOUNT, generation_id(1), 0),
        ObjectKey::attempt(ACCOUNT, generation_id(1), 0, 1),
        ObjectKey::photo(ACCOUNT, avatar_id(1), photo_id(2).uuid()),
        ObjectKey::photo(OTHER_ACCOUNT, avatar_id(1), photo_id(1).uuid()),
        ObjectKey::training_archive(ACCOUNT, avatar_id(1), 2),
        ObjectKey::weights(ACCOUNT, whole.id, attempt_before),
        ObjectKey::weights(OTHER_ACCOUNT, whole.id, 2),
        export(ACCOUNT),
    ] {
        assert!(!is_needed(subject, &key).await, "{key}");
    }
}

fn export(account: AccountId) -> ObjectKey {
    ObjectKey::export(account, ExportId::new(Uuid::from_u128(7)).uuid())
}

async fn is_needed(subject: &DatabaseSubject, key: &ObjectKey) -> bool {
    subject.references.is_needed(key).await.expect("an answer")
}
