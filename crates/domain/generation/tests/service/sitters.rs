//! Avatars to be drawn: a trained portrait, a style, and an instant avatar with its photos.

use std::collections::BTreeSet;

use avatar::{
    Avatar, AvatarKind, AvatarName, AvatarState, AvatarUnits as _, Consent, ConsentVersion, NewPhoto, News,
    NextTraining, PhotoState, PresetName, TrainerId, Training, Weights, WizardStep,
};
use bytes::Bytes;
use kernel::{
    Audience, AvatarId, ChatId, Credits, HoldId, ImageFormat, IncomingFileId, MessageId, ModelId, ObjectKey,
    ObjectStore as _, PerceptualHash, PhotoId, Timestamp,
};
use testkit::fakes::fake_image;
use uuid::Uuid;

use crate::workshop::Workshop;

fn ready(workshop: &Workshop, number: u128, kind: AvatarKind) -> Avatar {
    Avatar {
        id: AvatarId::new(Uuid::from_u128(0xA0 + number)),
        account: workshop.account,
        consent: Consent {
            version: ConsentVersion::CURRENT,
            text_digest: "0f".repeat(32),
            given_at: Timestamp::EPOCH,
        },
        name: Some(AvatarName::new("Anna").unwrap()),
        kind: Some(kind),
        step: WizardStep::Confirm,
        preset: Some(PresetName::Standard),
        state: AvatarState::Ready,
        audience: Audience { chat: ChatId::new(42), progress_message: Some(MessageId::new(9)) },
        leafing_message: None,
        compared: BTreeSet::new(),
        next_training: NextTraining::Paid,
        training: None,
        weights: None,
        news: News::Told,
        leaving_photos: 0,
        ready_at: Some(Timestamp::EPOCH),
        created_at: Timestamp::EPOCH,
        updated_at: Timestamp::EPOCH,
        version: 0,
    }
}

/// A free training, so that nothing is expected of the ledger.
fn training(round: u32) -> Training {
    Training {
        round,
        trainer: TrainerId::new("portraits"),
        preset: PresetName::Standard,
        price: Credits::ZERO,
        hold: HoldId::new(Uuid::from_u128(1)),
        ordered_at: Timestamp::EPOCH,
        deadline: Timestamp::EPOCH,
        attempt: round,
        attempts_of_round: 1,
        unknown_outcomes: 0,
        last_failure: None,
        unwanted: None,
    }
}

async fn insert(workshop: &Workshop, avatar: &Avatar) -> AvatarId {
    let mut unit = workshop.database.begin_avatar().await;
    unit.avatars().insert(avatar).await.unwrap();
    unit.commit().await.unwrap();
    avatar.id
}

/// A trained avatar with weights that can be lent.
pub async fn trained(workshop: &Workshop, number: u128, kind: AvatarKind) -> AvatarId {
    let blank = ready(workshop, number, kind);
    let key = ObjectKey::weights(blank.account, blank.id, 1);
    workshop.objects.put(&key, Bytes::from_static(b"weights"), "application/octet-stream").await.unwrap();
    let weights = Weights {
        key,
        config: None,
        bytes: 7,
        draws_with: ModelId::new("lora"),
        trigger: "sks person".to_owned(),
        verified_at: Timestamp::EPOCH,
    };
    insert(workshop, &Avatar { weights: Some(weights), training: Some(training(1)), ..blank }).await
}

pub async fn portrait(workshop: &Workshop) -> AvatarId {
    trained(workshop, 1, AvatarKind::Portrait { traits: "woman, dark hair".to_owned() }).await
}

/// An instant avatar with so many photos.
pub async fn instant(workshop: &Workshop, photos: u128) -> AvatarId {
    let avatar = ready(workshop, 2, AvatarKind::Instant { traits: "freckles".to_owned() });
    let id = insert(workshop, &avatar).await;
    for number in 0..photos {
        let photo = NewPhoto {
            id: PhotoId::new(Uuid::from_u128(0xF0 + number)),
            file: IncomingFileId::new(format!("file-{number}")),
            unique_file: format!("unique-{number}"),
            message: MessageId::new(100 + i64::try_from(number).unwrap()),
        };
        let key = ObjectKey::photo(workshop.account, id, photo.id.uuid());
        let picture = fake_image(ImageFormat::Jpeg, 3_000, 2_000, &format!("{number} of Anna"));
        workshop.objects.put(&key, picture, "image/jpeg").await.unwrap();
        let accepted = PhotoState::Accepted { report: None, fingerprint: PerceptualHash(0) };
        let mut unit = workshop.database.begin_avatar().await;
        unit.avatars().add_photo(workshop.account, id, &photo, 4).await.unwrap();
        unit.avatars().set_photo(workshop.account, photo.id, &accepted).await.unwrap();
        unit.commit().await.unwrap();
    }
    id
}

/// Changes an avatar that is there.
pub async fn change(workshop: &Workshop, id: AvatarId, change: impl FnOnce(&mut Avatar)) {
    let mut unit = workshop.database.begin_avatar().await;
    let mut avatar = unit.avatars().load(workshop.account, id).await.unwrap().unwrap();
    change(&mut avatar);
    unit.avatars().update(&avatar).await.unwrap();
    unit.commit().await.unwrap();
}

/// Begins a unit of work on avatars.
trait BeginAvatar {
    async fn begin_avatar(&self) -> Box<dyn avatar::UnitOfWork>;
}

impl BeginAvatar for testkit::fakes::MemoryDatabase {
    async fn begin_avatar(&self) -> Box<dyn avatar::UnitOfWork> {
        self.begin().await.unwrap()
    }
}

/// Another training of an avatar has ended well.
pub async fn train_again(workshop: &Workshop, id: AvatarId) {
    change(workshop, id, |avatar| avatar.training = Some(training(2))).await;
}
