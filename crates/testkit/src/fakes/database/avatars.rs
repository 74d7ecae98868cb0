//! Avatars, their photos, the callbacks that wait for them, and how long trainings took.

use std::time::Duration;

use async_trait::async_trait;
use avatar::{
    Avatar, AvatarReader, AvatarState, AvatarWriter, Consent, NewPhoto, ParkedTraining, Photo, PhotoAdded,
    PhotoState, TrainerId, TrainingCallback, TrainingCallbacks,
};
use kernel::{AccountId, AvatarId, PhotoId, StoreError, Timestamp};

use super::MemoryDatabase;
use super::tables::{Tables, TrainingCallbackRow, TrainingDuration};
use super::unit::MemoryUnit;

#[async_trait]
impl AvatarWriter for MemoryUnit {
    async fn insert(&mut self, avatar: &Avatar) -> Result<Avatar, StoreError> {
        self.call("avatars.insert", |tables, now| {
            let key = (avatar.account, avatar.id);
            if tables.avatars.contains_key(&key) {
                return Err(StoreError::Bug("the avatar is there already".into()));
            }
            let new = Avatar {
                consent: Consent { given_at: now, ..avatar.consent.clone() },
                created_at: now,
                updated_at: now,
                version: 1,
                ..avatar.clone()
            };
            tables.avatars.insert(key, new.clone());
            Ok(new)
        })
        .await
    }

    async fn load(&mut self, account: AccountId, id: AvatarId) -> Result<Option<Avatar>, StoreError> {
        self.call("avatars.load", |tables, _| Ok(tables.avatars.get(&(account, id)).cloned())).await
    }

    async fn update(&mut self, avatar: &Avatar) -> Result<Avatar, StoreError> {
        self.call("avatars.update", |tables, now| update(tables, now, avatar)).await
    }

    async fn under_way(&mut self, account: AccountId) -> Result<u16, StoreError> {
        self.call("avatars.under_way", |tables, _| {
            let own = tables.avatars.values().filter(|avatar| avatar.account == account);
            let under_way = own.filter(|avatar| avatar.state.name().is_under_way()).count();
            Ok(u16::try_from(under_way).unwrap_or(u16::MAX))
        })
        .await
    }

    async fn make_main(&mut self, account: AccountId, id: AvatarId) -> Result<(), StoreError> {
        self.call("avatars.make_main", |tables, _| {
            let found = tables.avatars.get(&(account, id));
            if found.is_none_or(|avatar| avatar.state == AvatarState::Deleted) {
                return Err(StoreError::Conflict { what: "the avatar" });
            }
            tables.main_avatars.retain(|(owner, _)| *owner != account);
            tables.main_avatars.insert((account, id));
            Ok(())
        })
        .await
    }

    async fn clear_main(&mut self, account: AccountId, id: AvatarId) -> Result<(), StoreError> {
        self.call("avatars.clear_main", |tables, _| {
            tables.main_avatars.remove(&(account, id));
            Ok(())
        })
        .await
    }

    async fn add_photo(
        &mut self,
        account: AccountId,
        avatar: AvatarId,
        photo: &NewPhoto,
        most: u8,
    ) -> Result<PhotoAdded, StoreError> {
        self.call("avatars.add_photo", |tables, now| {
            if !tables.avatars.contains_key(&(account, avatar)) {
                return Err(StoreError::Conflict { what: "the avatar of a photo" });
            }
            let present = photos_of(tables, account, avatar);
            if present.iter().any(|one| one.message == photo.message || one.unique_file == photo.unique_file)
            {
                return Ok(PhotoAdded::Repeat);
            }
            let taken = present.iter().filter(|one| one.state.name().takes_a_place()).count();
            if taken >= usize::from(most) {
                return Ok(PhotoAdded::Full);
            }
            let new = Photo {
                id: photo.id,
                account,
                avatar,
                file: photo.file.clone(),
                unique_file: photo.unique_file.clone(),
                message: photo.message,
                state: PhotoState::Received,
                created_at: now,
            };
            tables.photos.insert((account, photo.id), new);
            Ok(PhotoAdded::New)
        })
        .await
    }

    async fn photos(&mut self, account: AccountId, avatar: AvatarId) -> Result<Vec<Photo>, StoreError> {
        self.call("avatars.photos", |tables, _| Ok(photos_of(tables, account, avatar))).await
    }

    async fn set_photo(
        &mut self,
        account: AccountId,
        photo: PhotoId,
        state: &PhotoState,
    ) -> Result<bool, StoreError> {
        self.call("avatars.set_photo", |tables, _| {
            let found = tables.photos.get_mut(&(account, photo));
            Ok(found.map(|photo| photo.state = state.clone()).is_some())
        })
        .await
    }

    async fn remove_photo(&mut self, account: AccountId, photo: PhotoId) -> Result<bool, StoreError> {
        self.call("avatars.remove_photo", |tables, _| Ok(tables.photos.remove(&(account, photo)).is_some()))
            .await
    }

    async fn erase(&mut self, account: AccountId, avatar: AvatarId) -> Result<(), StoreError> {
        self.call("avatars.erase", |tables, now| {
            let Some(present) = tables.avatars.get(&(account, avatar)) else {
                return Ok(());
            };
            let tombstone = present.clone().tombstone();
            update(tables, now, &tombstone)?;
            tables.photos.retain(|_, photo| (photo.account, photo.avatar) != (account, avatar));
            tables
                .training_callbacks
                .retain(|_, row| (row.callback.account, row.callback.avatar) != (account, avatar));
            Ok(())
        })
        .await
    }
}

fn update(tables: &mut Tables, now: Timestamp, avatar: &Avatar) -> Result<Avatar, StoreError> {
    let stored = tables
        .avatars
        .get_mut(&(avatar.account, avatar.id))
        .filter(|stored| stored.version == avatar.version)
        .ok_or(StoreError::Conflict { what: "the avatar" })?;
    *stored = Avatar {
        version: avatar.version + 1,
        created_at: stored.created_at,
        updated_at: now,
        ..avatar.clone()
    };
    let updated = stored.clone();
    if updated.state == AvatarState::Deleted {
        tables.main_avatars.remove(&(updated.account, updated.id));
    }
    remember_duration(tables, &updated);
    Ok(updated)
}

/// Weights of an earlier training, with which the avatar is drawn until the new ones are there, say nothing of this one.
fn remember_duration(tables: &mut Tables, avatar: &Avatar) {
    let (Some(training), Some(weights)) = (&avatar.training, &avatar.weights) else {
        return;
    };
    if weights.verified_at >= training.ordered_at {
        let key = (training.trainer.clone(), avatar.id, training.round);
        let took = weights.verified_at.since(training.ordered_at);
        let duration = TrainingDuration { took, verified_at: weights.verified_at };
        tables.training_durations.entry(key).or_insert(duration);
    }
}

fn photos_of(tables: &Tables, account: AccountId, avatar: AvatarId) -> Vec<Photo> {
    let photos = tables.photos.values();
    photos.filter(|photo| (photo.account, photo.avatar) == (account, avatar)).cloned().collect()
}

#[async_trait]
impl TrainingCallbacks for MemoryUnit {
    async fn park(&mut self, callback: &TrainingCallback) -> Result<ParkedTraining, StoreError> {
        self.call("training_callbacks.park", |tables, _| {
            let key = key_of(callback);
            if tables.training_callbacks.contains_key(&key) {
                return Ok(ParkedTraining::Repeat);
            }
            let number = tables.number();
            let row = TrainingCallbackRow { callback: callback.clone(), number, settled: false };
            tables.training_callbacks.insert(key, row);
            Ok(ParkedTraining::New)
        })
        .await
    }

    async fn settle(&mut self, callback: &TrainingCallback) -> Result<(), StoreError> {
        self.call("training_callbacks.settle", |tables, _| {
            if let Some(row) = tables.training_callbacks.get_mut(&key_of(callback)) {
                row.settled = true;
            }
            Ok(())
        })
        .await
    }
}

fn key_of(callback: &TrainingCallback) -> (String, String) {
    (callback.provider.to_string(), callback.event.request_id.clone())
}

#[async_trait]
impl AvatarReader for MemoryDatabase {
    async fn find(
        &self,
        account: AccountId,
        id: AvatarId,
    ) -> Result<Option<(Avatar, Timestamp)>, StoreError> {
        self.read("avatars.find", |tables, now| {
            Ok(tables.avatars.get(&(account, id)).map(|avatar| (avatar.clone(), now)))
        })
        .await
    }

    async fn list(&self, account: AccountId) -> Result<Vec<Avatar>, StoreError> {
        self.read("avatars.list", |tables, _| Ok(living(tables, account).cloned().collect())).await
    }

    async fn main(&self, account: AccountId) -> Result<Option<Avatar>, StoreError> {
        self.read("avatars.main", |tables, _| {
            let main = tables.main_avatars.iter().find(|(owner, _)| *owner == account);
            Ok(main.and_then(|key| tables.avatars.get(key)).cloned())
        })
        .await
    }

    async fn draft(&self, account: AccountId) -> Result<Option<Avatar>, StoreError> {
        self.read("avatars.draft", |tables, _| {
            Ok(living(tables, account).find(|avatar| avatar.state.name().is_draft()).cloned())
        })
        .await
    }

    async fn photos(&self, account: AccountId, avatar: AvatarId) -> Result<Vec<Photo>, StoreError> {
        self.read("avatars.read_photos", |tables, _| Ok(photos_of(tables, account, avatar))).await
    }

    async fn photo(&self, account: AccountId, photo: PhotoId) -> Result<Option<Photo>, StoreError> {
        self.read("avatars.photo", |tables, _| Ok(tables.photos.get(&(account, photo)).cloned())).await
    }

    async fn parked(&self, account: AccountId, id: AvatarId) -> Result<Vec<TrainingCallback>, StoreError> {
        self.read("avatars.parked", |tables, _| {
            let mut rows: Vec<&TrainingCallbackRow> = tables
                .training_callbacks
                .values()
                .filter(|row| !row.settled)
                .filter(|row| (row.callback.account, row.callback.avatar) == (account, id))
                .collect();
            rows.sort_by_key(|row| row.number);
            Ok(rows.into_iter().map(|row| row.callback.clone()).collect())
        })
        .await
    }

    async fn usual_duration(&self, trainer: &TrainerId) -> Result<Option<Duration>, StoreError> {
        self.read("avatars.usual_duration", |tables, _| {
            let all = tables.training_durations.iter().filter(|((by, _, _), _)| by == trainer);
            let mut latest: Vec<TrainingDuration> = all.map(|(_, duration)| *duration).collect();
            latest.sort_by_key(|duration| std::cmp::Reverse(duration.verified_at));
            Ok(median(latest.into_iter().take(50).map(|duration| duration.took).collect()))
        })
        .await
    }
}

/// Those that are not deleted, the newest first.
fn living(tables: &Tables, account: AccountId) -> impl Iterator<Item = &Avatar> {
    let all = tables.avatars.values().rev();
    all.filter(move |avatar| avatar.account == account && avatar.state != AvatarState::Deleted)
}

/// The middle one, or the mean of the two in the middle; nothing of less than three.
fn median(mut durations: Vec<Duration>) -> Option<Duration> {
    durations.sort_unstable();
    let middle = durations.len() / 2;
    match durations.len() {
        0..=2 => None,
        count if count % 2 == 0 => Some((durations[middle - 1] + durations[middle]) / 2),
        _ => Some(durations[middle]),
    }
}
