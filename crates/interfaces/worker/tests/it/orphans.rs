//! Objects that nobody needs.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{AvatarId, GenerationId, ObjectKey, ObjectStore as _, StoreError, SweepMarks as _};
use uuid::Uuid;
use worker::{SweepFind, SweepWatch};

use crate::world::World;

#[derive(Default)]
struct Notes(Mutex<Vec<(SweepFind, u64)>>);

#[async_trait]
impl SweepWatch for Notes {
    fn found(&self, what: SweepFind, count: u64) {
        self.0.lock().unwrap().push((what, count));
    }

    async fn measure(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn an_object_is_removed_after_an_hour_when_nobody_needs_it() {
    let world = World::new([]);
    let (account, generation) = (world.account, GenerationId::new(Uuid::from_u128(7)));
    let avatar = AvatarId::new(Uuid::from_u128(8));
    let left_behind = [
        ObjectKey::attempt(account, generation, 0, 1),
        ObjectKey::image(account, generation, 0),
        ObjectKey::weights(account, avatar, 1),
        ObjectKey::export(account, Uuid::from_u128(9)),
    ];
    let of_others: ObjectKey = "backups/2026/one".parse().unwrap();
    for key in left_behind.iter().chain([&of_others]) {
        world.objects.put(key, Bytes::from_static(b"bytes"), "image/png").await.unwrap();
    }
    let notes = Arc::new(Notes::default());
    let sweeper = world.start_cleaning(notes.clone());
    world.pass(Duration::from_mins(58)).await;
    assert_eq!(world.objects.keys().len(), 5, "nothing is an hour old");
    world.until(Duration::from_mins(5), |world| world.objects.keys() == [of_others.clone()]).await;
    sweeper.stop().await;
    assert_eq!(*notes.0.lock().unwrap(), [(SweepFind::OrphanObject, 4)]);
}

#[tokio::test(start_paused = true)]
async fn a_large_store_is_looked_through_over_several_rounds_and_by_several_processes() {
    let world = World::new([]);
    for number in 0..2_500_u128 {
        let key = ObjectKey::export(world.account, Uuid::from_u128(number));
        world.objects.put(&key, Bytes::new(), "application/zip").await.unwrap();
    }
    world.pass(Duration::from_mins(61)).await;
    let first = world.start_cleaning(Arc::new(Notes::default()));
    world.until(Duration::from_secs(30), |world| world.objects.keys().len() == 500).await;
    first.stop().await;
    let mark = world.database.mark("orphan-objects").await.unwrap();
    assert!(mark.is_some(), "where it goes on is kept");
    let second = world.start_cleaning(Arc::new(Notes::default()));
    world.until(Duration::from_secs(30), |world| world.objects.keys().is_empty()).await;
    second.stop().await;
    assert_eq!(world.database.mark("orphan-objects").await.unwrap(), None, "and then it begins again");
}
