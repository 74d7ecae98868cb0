//! Photos as they come: what is taken, what is refused and why.

use std::sync::Arc;

use avatar::{
    DraftChange, KindName, PhotoAdded, PhotoOutcome, PhotoProblem, PhotoState, PresetName, WizardStep,
};
use bytes::Bytes;
use kernel::{FailureClass, ImageFormat, JobKind, JobState, ProviderError};
use testkit::fakes::{FakeImaging, FakeModerator, fake_image, fake_photo};

use crate::studio::{Studio, picture};

#[tokio::test]
async fn a_good_photo_is_cleaned_kept_and_counted() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    let camera = fake_photo(ImageFormat::Jpeg, 1_024, 1_280, "at the sea", "GPS 55.75 37.61");
    let PhotoState::Accepted { report, .. } = studio.photo_of(id, camera).await else { panic!("refused") };
    assert_eq!(report.unwrap().faces, 1);
    let photo = studio.photos(id).await.remove(0);
    let stored = kernel::ObjectStore::get(&studio.objects, &photo.key()).await.unwrap().unwrap();
    assert!(!String::from_utf8_lossy(&stored).contains("GPS"), "where it was taken is nobody's affair");
    let info = kernel::Imaging::inspect(&FakeImaging, stored, kernel::ImageLimits::UPLOAD).await.unwrap();
    assert_eq!((info.width, info.height), (1_024, 1_280), "it lies no longer on its side");
    assert!(studio.service.photo_preview(&photo).await.unwrap().is_some());
    let collection = studio.service.collection(&studio.look(id).await).await.unwrap();
    assert_eq!((collection.accepted, collection.waiting, collection.rejected.len()), (1, 0, 0));
}

#[tokio::test]
async fn every_problem_is_told_with_the_photo_that_has_it() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    for (words, problem) in [
        ("1 no-face", PhotoProblem::NoFace),
        ("2 two-faces", PhotoProblem::SeveralFaces),
        ("3 far", PhotoProblem::FaceTooSmall),
        ("4 blurred", PhotoProblem::Blurred),
        ("5 dark", PhotoProblem::TooDark),
        ("6 sunglasses", PhotoProblem::Sunglasses),
        ("7 covered", PhotoProblem::FaceCovered),
        ("8 back", PhotoProblem::FaceTurnedAway),
        ("9 minor", PhotoProblem::LooksMinor),
        ("10 unsafe", PhotoProblem::Unsafe),
        (FakeModerator::FLAGGED, PhotoProblem::Unsafe),
    ] {
        assert_eq!(studio.problem(id, words).await, problem);
    }
    assert!(studio.objects.keys().is_empty(), "of what is refused nothing is kept");
    let collection = studio.service.collection(&studio.look(id).await).await.unwrap();
    assert_eq!((collection.accepted, collection.rejected.len()), (0, 11));
}

#[tokio::test]
async fn what_is_no_photo_is_refused_by_its_content() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    let rejected = async |bytes| match studio.photo_of(id, bytes).await {
        PhotoState::Rejected { problem } => problem,
        other => panic!("not rejected: {other:?}"),
    };
    assert_eq!(rejected(Bytes::from_static(b"GIF89a")).await, PhotoProblem::NotAnImage);
    let whole = picture("cut off");
    assert_eq!(rejected(whole.slice(..whole.len() - 2)).await, PhotoProblem::NotAnImage);
    let bomb = fake_image(ImageFormat::Png, 60_000, 60_000, "a bomb");
    assert_eq!(rejected(bomb).await, PhotoProblem::TooLarge);
    let tiny = fake_image(ImageFormat::Jpeg, 300, 300, "tiny");
    assert_eq!(rejected(tiny).await, PhotoProblem::TooSmall);
    let strip = fake_image(ImageFormat::Jpeg, 600, 3_000, "a strip");
    assert_eq!(rejected(strip).await, PhotoProblem::TooNarrow);
    let heavy = Bytes::from(vec![b' '; kernel::ImageLimits::UPLOAD.bytes + 1]);
    assert_eq!(rejected(heavy).await, PhotoProblem::TooLarge);
}

#[tokio::test]
async fn a_file_that_the_messenger_no_longer_has_is_told_as_gone() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    let sent = studio.send(picture("short-lived"));
    studio.incoming.forget(&sent.file);
    studio.service.add_photo(studio.account, id, &sent).await.unwrap();
    studio.run_due().await;
    let state = studio.photos(id).await.remove(0).state;
    assert_eq!(state, PhotoState::Rejected { problem: PhotoProblem::Gone });
}

#[tokio::test]
async fn of_twenty_five_at_once_twenty_are_taken() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    let sent: Vec<_> = (0..25).map(|number| studio.send(picture(&format!("{number} person=anna")))).collect();
    let all = sent.iter().map(|photo| studio.service.add_photo(studio.account, id, photo));
    let outcomes = futures::future::join_all(all).await;
    let full = outcomes.iter().filter(|outcome| matches!(outcome, Ok(PhotoOutcome::Taken(PhotoAdded::Full))));
    assert_eq!(full.count(), 5);
    studio.run_due().await;
    let collection = studio.service.collection(&studio.look(id).await).await.unwrap();
    assert_eq!((collection.accepted, collection.waiting), (20, 0));
}

#[tokio::test]
async fn the_same_message_or_file_again_is_no_second_photo() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    let sent = studio.send(picture("once"));
    let add = async |photo| studio.service.add_photo(studio.account, id, photo).await.unwrap();
    assert_eq!(add(&sent).await, PhotoOutcome::Taken(PhotoAdded::New));
    assert_eq!(add(&sent).await, PhotoOutcome::Taken(PhotoAdded::Repeat));
    let mut forwarded = studio.send(picture("once"));
    forwarded.unique_file = sent.unique_file.clone();
    assert_eq!(add(&forwarded).await, PhotoOutcome::Taken(PhotoAdded::Repeat));
    studio.run_due().await;
    assert_eq!(studio.photos(id).await.len(), 1);
}

#[tokio::test]
async fn the_same_picture_twenty_times_counts_once() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    for _ in 0..20 {
        let sent = studio.send(picture("the same again"));
        studio.service.add_photo(studio.account, id, &sent).await.unwrap();
    }
    studio.run_due().await;
    let collection = studio.service.collection(&studio.look(id).await).await.unwrap();
    assert_eq!((collection.accepted, collection.rejected.len()), (1, 19));
    assert!(collection.rejected.iter().all(|(_, problem)| *problem == PhotoProblem::NearDuplicate));
    assert_eq!(studio.keys("photos").len(), 1);
}

#[tokio::test]
async fn two_of_a_kind_that_are_looked_at_at_once_count_once() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    for _ in 0..2 {
        let sent = studio.send(picture("twins"));
        studio.service.add_photo(studio.account, id, &sent).await.unwrap();
    }
    let mut jobs = Vec::new();
    for photo in studio.photos(id).await {
        jobs.push(studio.claim(JobKind::CheckPhoto, photo.id.uuid()).await.unwrap());
    }
    let (first, second) = futures::join!(studio.run(&jobs[0]), studio.run(&jobs[1]));
    first.unwrap();
    second.unwrap();
    let collection = studio.service.collection(&studio.look(id).await).await.unwrap();
    assert_eq!((collection.accepted, collection.rejected.len()), (1, 1));
    assert_eq!(studio.keys("photos").len(), 1);
}

#[tokio::test]
async fn a_photo_brings_whoever_had_gone_on_back_to_the_photos() {
    let studio = Studio::open().await;
    let id = studio.prepare(KindName::Portrait).await;
    assert_eq!(studio.look(id).await.step, WizardStep::Confirm);
    studio.photo(id, "one more person=anna").await;
    assert_eq!(studio.look(id).await.step, WizardStep::Photos);
}

#[tokio::test]
async fn nothing_is_taken_where_no_photos_are_collected() {
    let studio = Studio::open().await;
    let id = studio.ordered().await;
    let sent = studio.send(picture("too late"));
    let add = async |account, avatar| studio.service.add_photo(account, avatar, &sent).await.unwrap();
    assert_eq!(add(studio.account, id).await, PhotoOutcome::NoDraft);
    let unknown = kernel::AvatarId::new(uuid::Uuid::nil());
    assert_eq!(add(studio.account, unknown).await, PhotoOutcome::NoDraft);
    let photo = studio.photos(id).await.remove(0);
    assert!(!studio.service.remove_photo(studio.account, id, photo.id).await.unwrap());
    assert!(!studio.service.remove_photo(studio.account, unknown, photo.id).await.unwrap());
    assert_eq!(studio.keys("photos").len(), 10);
}

#[tokio::test]
async fn a_removed_photo_goes_with_its_bytes_and_makes_room() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Instant).await;
    studio.fill(id, 4).await;
    let photo = studio.photos(id).await.remove(1);
    assert!(studio.service.remove_photo(studio.account, id, photo.id).await.unwrap());
    assert!(!studio.service.remove_photo(studio.account, id, photo.id).await.unwrap());
    assert_eq!((studio.keys("photos").len(), studio.keys("photo-previews").len()), (3, 3));
    assert_eq!(studio.service.photo_preview(&photo).await.unwrap(), None);
    studio.photo(id, "in its place person=anna").await;
    assert_eq!(studio.keys("photos").len(), 4);
}

#[tokio::test]
async fn a_picture_of_a_style_needs_no_face_and_must_be_safe() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Style).await;
    assert!(matches!(studio.photo(id, "no-face a house").await, PhotoState::Accepted { .. }));
    assert_eq!(studio.problem(id, "unsafe").await, PhotoProblem::Unsafe);
}

#[tokio::test]
async fn without_anybody_to_look_at_it_no_photo_of_a_person_is_accepted() {
    let studio = Studio::open_with(|ports| ports.analyst = None).await;
    let person = studio.begin(KindName::Portrait).await;
    assert_eq!(studio.problem(person, "a face").await, PhotoProblem::NotExamined);
    studio.service.discard_draft(studio.account, person).await.unwrap();
    let style = studio.begin(KindName::Style).await;
    let PhotoState::Accepted { report, .. } = studio.photo(style, "a house").await else { panic!("refused") };
    assert_eq!(report, None);
    studio.fill(style, 9).await;
    let preset = DraftChange::Preset(PresetName::Standard);
    studio.service.change_draft(studio.account, style, &preset).await.unwrap();
    studio.order(style).await.unwrap();
}

#[tokio::test]
async fn a_refusal_to_look_is_a_verdict_and_an_outage_is_not() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    let fail = |class| studio.analyst.fail_next(ProviderError::new(class, "no", "the analyst says no"));
    fail(FailureClass::Refused);
    assert_eq!(studio.problem(id, "1 person=anna").await, PhotoProblem::Unsafe);
    fail(FailureClass::Invalid);
    assert_eq!(studio.problem(id, "2 person=anna").await, PhotoProblem::NotAnImage);

    fail(FailureClass::Unavailable);
    let sent = studio.send(picture("3 person=anna"));
    studio.service.add_photo(studio.account, id, &sent).await.unwrap();
    studio.run_due().await;
    let photo = studio.photos(id).await.pop().unwrap();
    assert_eq!(photo.state, PhotoState::Received, "it is looked at again");
    studio.pass(std::time::Duration::from_secs(5)).await;
    let photo = studio.photos(id).await.pop().unwrap();
    assert!(matches!(photo.state, PhotoState::Accepted { .. }));
    assert!(studio.operators.notices().is_empty());
}

#[tokio::test]
async fn a_helper_that_cannot_be_used_is_told_to_the_operators() {
    for through_moderation in [false, true] {
        let bad_key = || ProviderError::new(FailureClass::Misconfigured, "bad-key", "the key is refused");
        let studio = if through_moderation {
            let mut moderator = crate::calls::StubModerator::default();
            moderator.answers.push(Err(bad_key()));
            Studio::open_with(|ports| ports.moderator = Some(Arc::new(moderator))).await
        } else {
            let studio = Studio::open().await;
            studio.analyst.fail_next(bad_key());
            studio
        };
        let id = studio.begin(KindName::Portrait).await;
        let sent = studio.send(picture("person=anna"));
        studio.service.add_photo(studio.account, id, &sent).await.unwrap();
        studio.run_due().await;
        assert_eq!(studio.operators.notices().len(), 1, "through moderation: {through_moderation}");
    }
}

#[tokio::test]
async fn a_photo_that_cannot_be_examined_is_given_up_and_may_be_sent_again() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    for _ in 0..20 {
        studio.analyst.fail_next(ProviderError::new(FailureClass::Unavailable, "503", "away"));
    }
    let sent = studio.send(picture("person=anna"));
    studio.service.add_photo(studio.account, id, &sent).await.unwrap();
    for _ in 0..20 {
        studio.run_due().await;
        studio.clock.advance(std::time::Duration::from_secs(1));
    }
    let photo = studio.photos(id).await.pop().unwrap();
    assert_eq!(photo.state, PhotoState::Rejected { problem: PhotoProblem::NotExamined });
    assert_eq!(studio.job_state(JobKind::CheckPhoto, photo.id.uuid()), Some(JobState::Buried));
    let collection = studio.service.collection(&studio.look(id).await).await.unwrap();
    assert_eq!(collection.waiting, 0, "nobody waits for it any more");
}

#[tokio::test]
async fn a_photo_of_a_draft_that_was_dropped_meanwhile_leaves_nothing() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    let sent = studio.send(picture("person=anna"));
    studio.service.add_photo(studio.account, id, &sent).await.unwrap();
    let photo = studio.photos(id).await.pop().unwrap();
    studio.service.discard_draft(studio.account, id).await.unwrap();
    studio.run_due().await;
    assert_eq!(studio.job_state(JobKind::CheckPhoto, photo.id.uuid()), Some(JobState::Done));
    assert!(studio.objects.keys().is_empty());
}
