//! Avatars as a part of what is kept of a person.

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{
    AccountId, ArchiveContent, ArchiveEntry, DataKind, FailureClass, Inventory, PersonalData,
    PersonalDataError,
};
use serde::Serialize;

use super::{AvatarError, AvatarService};
use crate::{Avatar, AvatarState, PhotoStateName, machine};

#[derive(Serialize)]
struct ExportedAvatar<'avatar> {
    name: &'avatar str,
    kind: Option<&'static str>,
    traits: &'avatar str,
    state: &'static str,
    consent_version: u32,
    consent_text_sha256: &'avatar str,
    consent_given_at_micros: i64,
    created_at_micros: i64,
}

#[async_trait]
impl PersonalData for AvatarService {
    async fn inventory(&self, account: AccountId) -> Result<Inventory, PersonalDataError> {
        let mut inventory = Inventory::new();
        for avatar in self.ports.reader.list(account).await? {
            add(&mut inventory, DataKind::Avatars, 1);
            let photos = self.ports.reader.photos(account, avatar.id).await?.len();
            add(&mut inventory, DataKind::Photos, u64::try_from(photos).unwrap_or(u64::MAX));
            add(&mut inventory, DataKind::Weights, u64::from(avatar.weights.is_some()));
        }
        Ok(inventory)
    }

    async fn export(&self, account: AccountId) -> Result<Vec<ArchiveEntry>, PersonalDataError> {
        let mut entries = Vec::new();
        for (place, avatar) in self.ports.reader.list(account).await?.iter().enumerate() {
            let folder = format!("avatars/{:02}", place + 1);
            entries.push(inline(format!("{folder}/avatar.json"), describe(avatar)?));
            let photos = self.ports.reader.photos(account, avatar.id).await?;
            let kept = photos.iter().filter(|photo| photo.state.name() == PhotoStateName::Accepted);
            for (number, photo) in kept.enumerate() {
                let path = format!("{folder}/photos/{:02}.jpg", number + 1);
                entries.push(ArchiveEntry { path, content: ArchiveContent::Object(photo.key()) });
            }
            if let Some(weights) = &avatar.weights {
                let path = format!("{folder}/weights.safetensors");
                entries.push(ArchiveEntry { path, content: ArchiveContent::Object(weights.key.clone()) });
            }
        }
        Ok(entries)
    }

    async fn erase(&self, account: AccountId) -> Result<(), PersonalDataError> {
        for avatar in self.ports.reader.list(account).await? {
            self.erase_one(account, &avatar).await.map_err(|error| held(&error))?;
        }
        Ok(())
    }
}

impl AvatarService {
    /// Deletes one avatar on the spot, without a word to the person: the receipt of the whole is theirs.
    async fn erase_one(&self, account: AccountId, avatar: &Avatar) -> Result<(), AvatarError> {
        let mut unit = self.ports.units.begin().await?;
        let Some(present) = unit.avatars().load(account, avatar.id).await? else {
            return Ok(());
        };
        if present.state != AvatarState::Deleted {
            let deleted = Avatar { news: crate::News::Told, ..machine::deleted(&present) };
            unit.avatars().update(&deleted).await?;
            self.release(unit.as_mut(), &present).await?;
            unit.avatars().clear_main(account, avatar.id).await?;
        }
        // Looks for what still goes on, and for bytes that were put down meanwhile.
        let job = kernel::NewJob::now(account, kernel::JobKind::EraseAvatar, avatar.id.uuid());
        unit.jobs().schedule(&job).await?;
        if present.state != AvatarState::Deleted {
            self.give_back_cost(unit.as_mut(), &present).await?;
        }
        unit.commit().await?;
        self.wake(&job).await;
        self.delete_photos_of(account, avatar.id).await?;
        self.ports.objects.delete_prefix(&format!("weights/{account}/{}/", avatar.id)).await?;
        let mut unit = self.ports.units.begin().await?;
        unit.avatars().erase(account, avatar.id).await?;
        Ok(unit.commit().await?)
    }
}

fn add(inventory: &mut Inventory, kind: DataKind, number: u64) {
    if number > 0 {
        *inventory.entry(kind).or_default() += number;
    }
}

fn inline(path: String, bytes: Vec<u8>) -> ArchiveEntry {
    ArchiveEntry { path, content: ArchiveContent::Inline(Bytes::from(bytes)) }
}

fn describe(avatar: &Avatar) -> Result<Vec<u8>, PersonalDataError> {
    let exported = ExportedAvatar {
        name: avatar.title(),
        kind: avatar.kind.as_ref().map(|kind| kind.name().as_str()),
        traits: avatar.kind.as_ref().map_or("", crate::AvatarKind::traits),
        state: avatar.state.name().as_str(),
        consent_version: avatar.consent.version.0,
        consent_text_sha256: &avatar.consent.text_digest,
        consent_given_at_micros: avatar.consent.given_at.as_micros(),
        created_at_micros: avatar.created_at.as_micros(),
    };
    serde_json::to_vec_pretty(&exported).map_err(|error| PersonalDataError::Held {
        class: FailureClass::Bug,
        detail: format!("an avatar cannot be written down: {error}"),
    })
}

fn held(error: &AvatarError) -> PersonalDataError {
    PersonalDataError::Held { class: error.class(), detail: error.to_string() }
}
