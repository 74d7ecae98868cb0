//! Answers: other words, what was said, what a photo shows.

use std::collections::BTreeSet;

use avatar::{
    Avatar, AvatarKind, AvatarState, AvatarUnits as _, Consent, ConsentVersion, News, NextTraining,
    WizardStep,
};
use generation::{HelpFailure, HelpState, HelpTask};
use kernel::{Audience, AvatarId, ChatId, ImageFormat, Timestamp};
use testkit::fakes::{FakeModerator, HelpNews, fake_image, fake_photo, fake_recording};
use uuid::Uuid;

use crate::desk::{ACCOUNT, Desk, improve, prompt};

fn answer(news: HelpNews) -> String {
    match news {
        HelpNews::Answer(text) => text,
        HelpNews::Failure(failure) => panic!("no answer: {failure:?}"),
    }
}

fn failure(news: HelpNews) -> HelpFailure {
    match news {
        HelpNews::Failure(failure) => failure,
        HelpNews::Answer(text) => panic!("an answer: {text}"),
    }
}

/// An avatar with these traits.
async fn sitter(desk: &Desk, traits: &str) -> AvatarId {
    let avatar = Avatar {
        id: AvatarId::new(Uuid::from_u128(5)),
        account: ACCOUNT,
        consent: Consent {
            version: ConsentVersion::CURRENT,
            text_digest: String::new(),
            given_at: Timestamp::EPOCH,
        },
        name: None,
        kind: Some(AvatarKind::Instant { traits: traits.to_owned() }),
        step: WizardStep::Confirm,
        preset: None,
        state: AvatarState::Ready,
        audience: Audience { chat: ChatId::new(42), progress_message: None },
        leafing_message: None,
        compared: BTreeSet::new(),
        next_training: NextTraining::Paid,
        training: None,
        weights: None,
        news: News::None,
        leaving_photos: 0,
        ready_at: None,
        created_at: Timestamp::EPOCH,
        updated_at: Timestamp::EPOCH,
        version: 0,
    };
    let mut unit = desk.database.begin_avatar_unit().await;
    unit.avatars().insert(&avatar).await.unwrap();
    unit.commit().await.unwrap();
    avatar.id
}

trait BeginAvatarUnit {
    async fn begin_avatar_unit(&self) -> Box<dyn avatar::UnitOfWork>;
}

impl BeginAvatarUnit for testkit::fakes::MemoryDatabase {
    async fn begin_avatar_unit(&self) -> Box<dyn avatar::UnitOfWork> {
        self.begin().await.unwrap()
    }
}

#[tokio::test]
async fn better_words_have_the_traits_of_the_avatar_in_them_and_another_try_gives_others() {
    let desk = Desk::open();
    let avatar = Some(sitter(&desk, "woman, dark hair").await);
    let task = |variation| HelpTask::Improve { prompt: prompt("by the sea"), avatar, variation };
    let first = answer(desk.answer_to(1, task(0)).await);
    assert!(first.contains("woman, dark hair") && first.contains("by the sea"), "{first}");
    let second = answer(desk.answer_to(2, task(1)).await);
    assert_ne!(first, second);
    let stranger = Some(AvatarId::new(Uuid::nil()));
    let task = HelpTask::Improve { prompt: prompt("by the sea"), avatar: stranger, variation: 0 };
    assert!(!answer(desk.answer_to(3, task).await).contains("woman"), "there is no such avatar");
}

#[tokio::test]
async fn a_translation_adds_the_traits_of_the_avatar_and_nothing_else() {
    let desk = Desk::open();
    let avatar = Some(sitter(&desk, "woman, dark hair").await);
    let task = HelpTask::Translate { prompt: prompt("by the sea"), avatar, variation: 0 };
    assert_eq!(answer(desk.answer_to(1, task).await), "woman, dark hair, by the sea");
}

#[tokio::test]
async fn a_translation_without_an_avatar_adds_nothing() {
    let desk = Desk::open();
    let task = HelpTask::Translate { prompt: prompt("рыжая лиса"), avatar: None, variation: 0 };
    let translated = answer(desk.answer_to(1, task).await);
    assert!(translated.is_ascii() && !translated.contains("soft light"), "{translated}");
}

#[tokio::test]
async fn what_was_said_is_written_down() {
    let desk = Desk::open();
    let file = desk.send(fake_recording("  a red fox in the snow "));
    assert_eq!(answer(desk.answer_to(1, HelpTask::Transcribe { file }).await), "a red fox in the snow");
    let silence = desk.send(fake_recording("  "));
    let task = HelpTask::Transcribe { file: silence };
    assert_eq!(failure(desk.answer_to(2, task).await), HelpFailure::Nothing);
    let noise = desk.send(bytes::Bytes::from_static(b"ID3 music"));
    let task = HelpTask::Transcribe { file: noise };
    assert_eq!(failure(desk.answer_to(3, task).await), HelpFailure::UnreadableFile);
    let long = desk.send(bytes::Bytes::from(vec![b'v'; 6 * 1024 * 1024]));
    let task = HelpTask::Transcribe { file: long };
    assert_eq!(failure(desk.answer_to(4, task).await), HelpFailure::UnreadableFile);
}

#[tokio::test]
async fn a_photo_is_described_without_what_the_camera_noted() {
    let desk = Desk::open();
    let camera = fake_photo(ImageFormat::Jpeg, 3_000, 2_000, "a lighthouse", "GPS 55.75");
    let file = desk.send(camera);
    let told = answer(desk.answer_to(1, HelpTask::DescribePhoto { file: file.clone() }).await);
    assert!(told.contains("a lighthouse") && !told.contains("GPS"), "{told}");
    let task = HelpTask::PromptFromPhoto { file, avatar: None };
    assert!(answer(desk.answer_to(2, task).await).contains("a lighthouse"));
}

#[tokio::test]
async fn what_is_no_photo_or_gone_is_told_as_such() {
    let desk = Desk::open();
    let gif = desk.send(bytes::Bytes::from_static(b"GIF89a"));
    let task = HelpTask::DescribePhoto { file: gif };
    assert_eq!(failure(desk.answer_to(1, task).await), HelpFailure::UnreadableFile);
    let bomb = desk.send(fake_image(ImageFormat::Png, 60_000, 60_000, "a bomb"));
    let task = HelpTask::DescribePhoto { file: bomb };
    assert_eq!(failure(desk.answer_to(2, task).await), HelpFailure::UnreadableFile);
    let gone = desk.send(fake_image(ImageFormat::Jpeg, 600, 600, "gone"));
    desk.incoming.forget(&gone);
    let task = HelpTask::DescribePhoto { file: gone };
    assert_eq!(failure(desk.answer_to(3, task).await), HelpFailure::UnreadableFile);
}

#[tokio::test]
async fn what_the_safety_policy_forbids_is_refused_and_counted() {
    let desk = Desk::open();
    let refused = failure(desk.answer_to(1, improve("something forbidden")).await);
    assert_eq!(refused, HelpFailure::Refused);
    let file = desk.send(fake_image(ImageFormat::Jpeg, 600, 600, FakeModerator::FLAGGED));
    let refused = failure(desk.answer_to(2, HelpTask::DescribePhoto { file }).await);
    assert_eq!(refused, HelpFailure::Refused);
    let standing = account::Refusals::standing(&desk.database, ACCOUNT).await.unwrap();
    assert_eq!(standing.count, 2);
}

#[tokio::test]
async fn an_answer_is_kept_with_its_request() {
    let desk = Desk::open();
    let id = desk.ask(1, improve("a fox")).await;
    desk.try_answer(id).await.unwrap();
    let HelpState::Shown { text } = desk.look(id).await.state else { panic!("not shown") };
    assert_eq!(desk.notifier.news().remove(&id), Some(HelpNews::Answer(text)));
}
