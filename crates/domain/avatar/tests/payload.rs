//! The stored forms of an avatar and of its photos. The golden texts are rows as earlier releases wrote them: they must
//! decode for ever.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use avatar::{
    Avatar, AvatarKind, AvatarState, KindName, News, NextTraining, PayloadColumns, PayloadError,
    PhotoProblem, PhotoState, PresetName, TrainedFiles, TrainingFailure, TrainingProgress, WizardStep,
};
use kernel::{
    AccountId, AvatarId, ChatId, Credits, FaceAngle, MessageId, Percent, PerceptualHash, PhotoConcern,
    PhotoLight, PhotoReport, ProviderHandle, ShotDistance, Timestamp,
};
use uuid::Uuid;

const GOLDEN: &str = include_str!("golden/avatar-1-training.json");
const GOLDEN_PHOTOS: &str = include_str!("golden/photos.json");

fn columns() -> PayloadColumns {
    PayloadColumns {
        id: AvatarId::new(Uuid::from_u128(7)),
        account: AccountId::new(Uuid::from_u128(1)),
        created_at: Timestamp::from_seconds(1),
        updated_at: Timestamp::from_seconds(2),
        version: 9,
    }
}

fn golden() -> Avatar {
    Avatar::from_payload(columns(), GOLDEN).unwrap()
}

#[test]
fn a_row_of_version_1_under_way_decodes() {
    let row = golden();
    assert_eq!((row.id, row.account, row.version), (columns().id, columns().account, 9));
    assert_eq!((row.title(), row.kind.as_ref().map(AvatarKind::traits)), ("Анна", Some("woman, dark hair")));
    assert_eq!((row.step, row.preset), (WizardStep::Confirm, Some(PresetName::Thorough)));
    assert_eq!((row.consent.version.0, row.consent.text_digest.as_str()), (1, "0f0f"));
    let progress = TrainingProgress { position: None, done: Some(Percent::new(40)) };
    let since = Timestamp::from_micros(1_795_478_400_000_000);
    let handle = ProviderHandle::new("{\"id\":\"r1\"}");
    assert_eq!(row.state, AvatarState::Training { since, handle, progress });
    assert_eq!(row.audience.chat, ChatId::new(42));
    assert_eq!(row.audience.progress_message, Some(MessageId::new(17)));
    assert_eq!((row.next_training, row.news), (NextTraining::FreeSecondTry, News::None));
    assert_eq!(row.compared.len(), 2);
    let training = row.training.unwrap();
    assert_eq!((training.round, training.attempt, training.attempts_of_round), (2, 5, 1));
    assert_eq!((training.price, training.preset), (Credits::of(0), PresetName::Thorough));
    assert_eq!(training.last_failure.as_deref(), Some("http-503"));
    let weights = row.weights.unwrap();
    assert_eq!((weights.draws_with.as_str(), weights.bytes), ("lora", 180_000_000));
}

#[test]
fn what_is_written_is_read_back_in_every_state() {
    let since = Timestamp::from_seconds(3);
    let files = TrainedFiles { weights: "w".to_owned(), weights_size: Some(5), config: None };
    for state in [
        AvatarState::Draft,
        AvatarState::Collecting,
        AvatarState::Queued { not_before: since },
        AvatarState::Submitting { since },
        AvatarState::Copying { since, files, tries: 2 },
        AvatarState::Ready,
        AvatarState::Failed(TrainingFailure::Internal { reference: "K7QM-2F9X".to_owned() }),
        AvatarState::Failed(TrainingFailure::PhotosRefused),
        AvatarState::Cancelled,
        AvatarState::Deleted,
        golden().state,
    ] {
        for kind in KindName::ALL {
            let row = Avatar { state: state.clone(), kind: Some(AvatarKind::new(kind)), ..golden() };
            let again = Avatar::from_payload(columns(), &row.to_payload().unwrap()).unwrap();
            assert_eq!(again, row);
        }
    }
}

#[test]
fn a_row_of_a_later_release_is_recognised_and_a_damaged_one_is_an_error() {
    let newer = GOLDEN.replace("\"version\": 1,", "\"version\": 2,");
    assert!(matches!(Avatar::from_payload(columns(), &newer), Err(PayloadError::Newer(2))));
    for damaged in ["", "{}", "{\"version\": 1}", "[1]"] {
        let read = Avatar::from_payload(columns(), damaged);
        assert!(matches!(read, Err(PayloadError::Damaged(_))), "{damaged}");
    }
}

#[test]
fn rows_of_photos_decode() {
    let photos: Vec<PhotoState> = serde_json::from_str(GOLDEN_PHOTOS).unwrap();
    let report = PhotoReport {
        faces: 1,
        face_share: Percent::new(40),
        sharpness: Percent::new(90),
        brightness: Percent::new(55),
        angle: FaceAngle::ThreeQuarter,
        distance: ShotDistance::Half,
        light: PhotoLight::Soft,
        concerns: BTreeSet::from([PhotoConcern::Sunglasses, PhotoConcern::FaceCovered]),
        traits: "woman, dark hair".to_owned(),
    };
    let expected = [
        PhotoState::Received,
        PhotoState::Accepted { report: Some(report), fingerprint: PerceptualHash(u64::MAX) },
        PhotoState::Accepted { report: None, fingerprint: PerceptualHash(7) },
        PhotoState::Rejected { problem: PhotoProblem::FaceTurnedAway },
    ];
    assert_eq!(photos, expected);
}
