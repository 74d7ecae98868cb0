//! Avatars in the database itself: what the schema refuses, and everything that a training asks of it.

use std::sync::Arc;
use std::time::Duration;

use avatar::{
    Avatar, AvatarKind, AvatarReader, AvatarState, AvatarUnits, Consent, ConsentVersion, KindName, NewPhoto,
    News, NextTraining, ParkedTraining, PhotoAdded, PhotoProblem, PhotoState, PresetName, TrainerId,
    Training, TrainingCallback, Weights, WizardStep,
};
use database_adapter::Database;
use kernel::{
    AccountId, Audience, AvatarId, ChatId, Credits, HoldId, IdSource, IncomingFileId, MessageId, ModelId,
    ObjectKey, PhotoId, ProviderEvent, ProviderName, StoreError, Timestamp,
};
use sea_orm::Value;

use crate::both::on_both;
use crate::fixture::Fixture;

on_both! {
    a_second_main_avatar_is_refused,
    an_avatar_without_weights_is_never_ready,
    a_row_of_an_avatar_that_makes_no_sense_is_named,
}

/// An avatar that can be drawn.
pub fn trained(fixture: &Fixture, account: AccountId) -> Avatar {
    let id = AvatarId::new(fixture.ids.uuid());
    let at = Timestamp::from_seconds(1_800_000_000);
    Avatar {
        id,
        account,
        consent: Consent {
            version: ConsentVersion::CURRENT,
            text_digest: "digest".to_owned(),
            given_at: Timestamp::EPOCH,
        },
        name: Some("Anna".to_owned().try_into().expect("a name")),
        kind: Some(AvatarKind::new(KindName::Portrait)),
        step: WizardStep::Confirm,
        preset: Some(PresetName::Standard),
        state: AvatarState::Ready,
        audience: Audience { chat: ChatId::new(7), progress_message: None },
        leafing_message: None,
        compared: std::collections::BTreeSet::new(),
        next_training: NextTraining::Paid,
        training: Some(Training {
            round: 1,
            trainer: TrainerId::new("trainer"),
            preset: PresetName::Standard,
            price: Credits::ZERO,
            hold: HoldId::new(id.uuid()),
            ordered_at: at,
            deadline: at + Duration::from_hours(3),
            attempt: 1,
            attempts_of_round: 1,
            unknown_outcomes: 0,
            last_failure: None,
            unwanted: None,
        }),
        weights: Some(Weights {
            key: ObjectKey::weights(account, id, 1),
            config: None,
            bytes: 171_000_000,
            draws_with: ModelId::new("model"),
            trigger: "ohwx".to_owned(),
            verified_at: at + Duration::from_mins(10),
        }),
        news: News::None,
        leaving_photos: 0,
        ready_at: Some(at),
        created_at: Timestamp::EPOCH,
        updated_at: Timestamp::EPOCH,
        version: 0,
    }
}

/// Keeps an avatar.
pub async fn keep(database: &Database, avatar: &Avatar) -> Avatar {
    let mut unit = AvatarUnits::begin(database).await.expect("a unit");
    let kept = unit.avatars().insert(avatar).await.expect("inserted");
    unit.commit().await.expect("a commit");
    kept
}

/// Makes an avatar its person's main one.
pub async fn make_main(database: &Database, avatar: &Avatar) {
    let mut unit = AvatarUnits::begin(database).await.expect("a unit");
    unit.avatars().make_main(avatar.account, avatar.id).await.expect("made the main one");
    unit.commit().await.expect("a commit");
}

/// Everything that a person's avatar asks of the database.
pub async fn train(fixture: &Fixture, database: &Arc<Database>, account: AccountId) {
    let avatar = trained(fixture, account);
    let draft = Avatar { state: AvatarState::Collecting, training: None, weights: None, ..avatar.clone() };
    let kept = keep(database, &draft).await;
    let callback = TrainingCallback {
        provider: ProviderName::new("provider"),
        account,
        avatar: kept.id,
        attempt: 1,
        event: ProviderEvent { request_id: "request".to_owned(), body: "{}".to_owned() },
    };
    let photo = NewPhoto {
        id: PhotoId::new(fixture.ids.uuid()),
        file: IncomingFileId::new("file"),
        unique_file: "unique".to_owned(),
        message: MessageId::new(1),
    };
    let mut unit = AvatarUnits::begin(database.as_ref()).await.expect("a unit");
    for expected in [PhotoAdded::New, PhotoAdded::Repeat] {
        let added = unit.avatars().add_photo(account, kept.id, &photo, 20).await;
        assert_eq!(added.expect("added"), expected);
    }
    let rejected = PhotoState::Rejected { problem: PhotoProblem::TooDark };
    assert!(unit.avatars().set_photo(account, photo.id, &rejected).await.expect("set"));
    assert_eq!(unit.avatars().photos(account, kept.id).await.expect("photos").len(), 1);
    assert_eq!(unit.callbacks().park(&callback).await.expect("parked"), ParkedTraining::New);
    unit.commit().await.expect("a commit");

    look_at(database, account, &kept, photo.id).await;

    let mut unit = AvatarUnits::begin(database.as_ref()).await.expect("a unit");
    let loaded = unit.avatars().load(account, kept.id).await.expect("loaded").expect("it is there");
    let ready = Avatar { version: loaded.version, ..avatar };
    let ready = unit.avatars().update(&ready).await.expect("updated");
    unit.avatars().make_main(account, kept.id).await.expect("made the main one");
    unit.avatars().clear_main(account, kept.id).await.expect("cleared");
    unit.callbacks().settle(&callback).await.expect("settled");
    assert!(unit.avatars().remove_photo(account, photo.id).await.expect("removed"));
    unit.avatars().update(&Avatar { state: AvatarState::Deleted, ..ready }).await.expect("updated");
    unit.avatars().erase(account, kept.id).await.expect("erased");
    unit.commit().await.expect("a commit");
}

async fn look_at(database: &Arc<Database>, account: AccountId, avatar: &Avatar, photo: PhotoId) {
    let found = AvatarReader::find(database.as_ref(), account, avatar.id).await.expect("found");
    assert!(found.is_some());
    assert_eq!(database.list(account).await.expect("a list").len(), 1);
    assert_eq!(database.main(account).await.expect("a look"), None);
    assert!(database.draft(account).await.expect("a look").is_some());
    assert_eq!(database.photos(account, avatar.id).await.expect("photos").len(), 1);
    assert!(database.photo(account, photo).await.expect("a look").is_some());
    assert_eq!(database.parked(account, avatar.id).await.expect("callbacks").len(), 1);
    assert_eq!(database.usual_duration(&TrainerId::new("trainer")).await.expect("a look"), None);
}

/// Behind every rule of the program, the database itself lets nobody have two.
async fn a_second_main_avatar_is_refused(fixture: Fixture) {
    let account = fixture.account();
    let first = keep(&fixture.database, &trained(&fixture, account)).await;
    let second = keep(&fixture.database, &trained(&fixture, account)).await;
    make_main(&fixture.database, &first).await;
    let behind = fixture.behind().await;
    let refused = behind
        .refusal(
            "UPDATE avatars SET is_main = TRUE WHERE account_id = $1 AND id = $2",
            vec![account.uuid().into(), second.id.uuid().into()],
        )
        .await;
    assert!(refused.to_lowercase().contains("unique"), "{refused}");
    let main = fixture.database.main(account).await.expect("a look");
    assert_eq!(main.map(|main| main.id), Some(first.id));
}

async fn an_avatar_without_weights_is_never_ready(fixture: Fixture) {
    let account = fixture.account();
    let without = Avatar { weights: None, ..trained(&fixture, account) };
    let mut unit = AvatarUnits::begin(fixture.database.as_ref()).await.expect("a unit");
    let outcome = unit.avatars().insert(&without).await;
    assert!(matches!(outcome, Err(StoreError::Bug(_))), "{outcome:?}");
    drop(unit);
    let kept = keep(&fixture.database, &trained(&fixture, account)).await;
    let mut unit = AvatarUnits::begin(fixture.database.as_ref()).await.expect("a unit");
    let outcome = unit.avatars().update(&Avatar { weights: None, ..kept.clone() }).await;
    assert!(matches!(outcome, Err(StoreError::Bug(_))), "{outcome:?}");
    drop(unit);
    let instant = Avatar {
        kind: Some(AvatarKind::new(KindName::Instant)),
        weights: None,
        ..trained(&fixture, account)
    };
    keep(&fixture.database, &instant).await;
}

async fn a_row_of_an_avatar_that_makes_no_sense_is_named(fixture: Fixture) {
    let account = fixture.account();
    let kept = keep(&fixture.database, &trained(&fixture, account)).await;
    let behind = fixture.behind().await;
    for (column, nonsense, sense) in [
        ("state", Value::from("asleep"), Value::from("ready")),
        ("state", Value::from("failed"), Value::from("ready")),
        ("payload", Value::from("{}"), Value::from(kept.to_payload().expect("a payload"))),
        ("payload", Value::from("{\"version\": 99}"), Value::from(kept.to_payload().expect("a payload"))),
        ("version", Value::from(-1_i64), Value::from(1_i64)),
    ] {
        let statement = format!("UPDATE avatars SET {column} = $2 WHERE account_id = $1");
        behind.run(&statement, vec![account.uuid().into(), nonsense]).await;
        let outcome = AvatarReader::find(fixture.database.as_ref(), account, kept.id).await;
        let Err(StoreError::Inconsistent { table, column: named, id }) = outcome else {
            panic!("{column}: {outcome:?}");
        };
        assert_eq!((table, named, id), ("avatars", column, kept.id.to_string()));
        behind.run(&statement, vec![account.uuid().into(), sense]).await;
    }
    assert!(
        AvatarReader::find(fixture.database.as_ref(), account, kept.id)
            .await
            .expect("it makes sense")
            .is_some()
    );
}
