//! Avatars to test with, the same in every suite.

use std::collections::BTreeSet;

use avatar::{
    Avatar, AvatarKind, AvatarName, AvatarState, Consent, ConsentVersion, KindName, NewPhoto, News,
    NextTraining, Photo, PhotoAdded, PhotoState, PresetName, TrainerId, Training, Weights, WizardStep,
};
use kernel::{
    AccountId, Audience, AvatarId, ChatId, Credits, HoldId, IncomingFileId, MessageId, ModelId, ObjectKey,
    PhotoId, Timestamp,
};
use uuid::Uuid;

use super::DatabaseSubject;
use super::samples::ACCOUNT;

/// What a training of [`training`] costs.
pub(super) const TRAINING_PRICE: Credits = Credits::of(150);

/// An avatar's id; later ones have higher numbers.
pub(super) fn avatar_id(number: u128) -> AvatarId {
    AvatarId::new(Uuid::from_u128(0xAB_0000 + number))
}

/// A photo's id; later ones have higher numbers.
pub(super) fn photo_id(number: u128) -> PhotoId {
    PhotoId::new(Uuid::from_u128(0xF0_7000 + number))
}

/// A portrait that is being put together, with something in every field but those of a training.
pub(super) fn avatar(account: AccountId, number: u128) -> Avatar {
    Avatar {
        id: avatar_id(number),
        account,
        consent: Consent {
            version: ConsentVersion::CURRENT,
            text_digest: "0f".repeat(32),
            given_at: Timestamp::EPOCH,
        },
        name: Some(AvatarName::new("Анна <&> 'O'").expect("a name")),
        kind: Some(AvatarKind::Portrait { traits: "woman, \"dark\" hair".to_owned() }),
        step: WizardStep::Photos,
        preset: Some(PresetName::Standard),
        state: AvatarState::Collecting,
        audience: Audience { chat: ChatId::new(-77), progress_message: Some(MessageId::new(5)) },
        leafing_message: Some(MessageId::new(6)),
        compared: BTreeSet::from([photo_id(1), photo_id(2)]),
        next_training: NextTraining::Paid,
        training: None,
        weights: None,
        news: News::None,
        leaving_photos: 0,
        ready_at: None,
        created_at: Timestamp::EPOCH,
        updated_at: Timestamp::EPOCH,
        version: 0,
    }
}

/// An avatar of nothing, as it is begun.
pub(super) fn begun(account: AccountId, number: u128) -> Avatar {
    Avatar {
        name: None,
        kind: None,
        step: WizardStep::Name,
        preset: None,
        state: AvatarState::Draft,
        leafing_message: None,
        compared: BTreeSet::new(),
        ..avatar(account, number)
    }
}

/// An instant avatar that can be drawn.
pub(super) fn instant(account: AccountId, number: u128) -> Avatar {
    let kind = Some(AvatarKind::new(KindName::Instant));
    Avatar { kind, preset: None, state: AvatarState::Ready, ..avatar(account, number) }
}

/// The first training of an avatar, with something in every field.
pub(super) fn training(avatar: &Avatar) -> Training {
    let ordered_at = Timestamp::from_micros(1_800_000_000_123_456);
    Training {
        round: 1,
        trainer: TrainerId::new("sample/trainer"),
        preset: PresetName::Thorough,
        price: TRAINING_PRICE,
        hold: HoldId::new(avatar.id.uuid()),
        ordered_at,
        deadline: ordered_at + std::time::Duration::from_hours(3),
        attempt: 2,
        attempts_of_round: 2,
        unknown_outcomes: 1,
        last_failure: Some("503 'unavailable'".to_owned()),
        unwanted: None,
    }
}

/// Weights that were verified a quarter of an hour after the order of [`training`].
pub(super) fn weights(avatar: &Avatar) -> Weights {
    Weights {
        key: ObjectKey::weights(avatar.account, avatar.id, 2),
        config: Some(ObjectKey::weights_config(avatar.account, avatar.id, 2)),
        bytes: 171_000_000,
        draws_with: ModelId::new("sample-model"),
        trigger: "ohwx".to_owned(),
        verified_at: training(avatar).ordered_at + std::time::Duration::from_mins(15),
    }
}

/// A trained avatar that can be drawn.
pub(super) fn trained(avatar: Avatar) -> Avatar {
    Avatar {
        state: AvatarState::Ready,
        training: Some(training(&avatar)),
        weights: Some(weights(&avatar)),
        ready_at: Some(weights(&avatar).verified_at),
        ..avatar
    }
}

/// Keeps a new avatar in a unit of work of its own.
pub(super) async fn insert_avatar(subject: &DatabaseSubject, avatar: &Avatar) -> Avatar {
    let mut unit = subject.avatar_units.begin().await.expect("begin");
    let inserted = unit.avatars().insert(avatar).await.expect("insert");
    unit.commit().await.expect("commit");
    inserted
}

/// Stores a changed avatar in a unit of work of its own.
pub(super) async fn update_avatar(subject: &DatabaseSubject, avatar: &Avatar) -> Avatar {
    let mut unit = subject.avatar_units.begin().await.expect("begin");
    let updated = unit.avatars().update(avatar).await.expect("update");
    unit.commit().await.expect("commit");
    updated
}

/// Makes an avatar the main one in a unit of work of its own.
pub(super) async fn make_main(subject: &DatabaseSubject, account: AccountId, id: AvatarId) {
    let mut unit = subject.avatar_units.begin().await.expect("begin");
    unit.avatars().make_main(account, id).await.expect("make main");
    unit.commit().await.expect("commit");
}

/// The avatar as it is kept.
pub(super) async fn find_avatar(
    subject: &DatabaseSubject,
    account: AccountId,
    id: AvatarId,
) -> Option<Avatar> {
    subject.avatars.find(account, id).await.expect("find").map(|(avatar, _)| avatar)
}

/// A photo as it is sent: each number is a message and a file of its own.
pub(super) fn new_photo(number: u128) -> NewPhoto {
    NewPhoto {
        id: photo_id(number),
        file: IncomingFileId::new(format!("file-{number}")),
        unique_file: format!("unique-{number}"),
        message: MessageId::new(1_000 + i64::try_from(number).expect("a small number")),
    }
}

/// Keeps a photo of one of [`ACCOUNT`]'s avatars in a unit of work of its own.
pub(super) async fn add_photo(
    subject: &DatabaseSubject,
    avatar: AvatarId,
    photo: &NewPhoto,
    most: u8,
) -> PhotoAdded {
    let mut unit = subject.avatar_units.begin().await.expect("begin");
    let added = unit.avatars().add_photo(ACCOUNT, avatar, photo, most).await.expect("add a photo");
    unit.commit().await.expect("commit");
    added
}

/// Changes where a photo of [`ACCOUNT`] stands in a unit of work of its own.
pub(super) async fn set_photo(subject: &DatabaseSubject, photo: PhotoId, state: &PhotoState) -> bool {
    let mut unit = subject.avatar_units.begin().await.expect("begin");
    let set = unit.avatars().set_photo(ACCOUNT, photo, state).await.expect("set a photo");
    unit.commit().await.expect("commit");
    set
}

/// The photos of one of [`ACCOUNT`]'s avatars.
pub(super) async fn photos(subject: &DatabaseSubject, avatar: AvatarId) -> Vec<Photo> {
    subject.avatars.photos(ACCOUNT, avatar).await.expect("photos")
}
