//! The fakes around avatars, and of help with words, voice and photos, pass the suites of the ports that they stand for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use avatar::{KindName, PresetName, TrainerEntry, TrainerId, TrainingPreset};
use bytes::Bytes;
use generation::PromptAssistant;
use kernel::{
    Archiver, Clock, Credits, FailureClass, FileLender, ImageFormat, IncomingFileId, IncomingFiles, ModelId,
    ObjectKey, ObjectStore, ObjectStoreError, PhotoAnalyst, PhotoReport, ProviderError, ProviderEvent,
    ProviderHandle, ProviderName,
};
use testkit::fakes::{
    FakeArchiver, FakeIncomingFiles, FakeLender, FakePhotoAnalyst, FakePromptAssistant, FakeTrainer,
    FakeTranscriber, ManualClock, MemoryObjects, WeightsFate, fake_image, fake_recording,
    unpack_fake_archive,
};
use testkit::suites::avatar_trainer::{Addresses, FailingQuestion, KEY, Scenario, Stage};
use testkit::suites::object_store::Stranger;
use testkit::suites::{self, Elapse, transcriber};
use testkit::weather::Fate;

use crate::fakes::Always;

#[tokio::test]
async fn avatar_trainer() {
    suites::avatar_trainer::all(&ScriptedTrainer).await;
}

struct ScriptedTrainer;

#[async_trait]
impl suites::avatar_trainer::Bench for ScriptedTrainer {
    async fn stage(&self, scenario: Scenario) -> Stage {
        let trainer = FakeTrainer::default();
        play(&trainer, scenario);
        let counting = trainer.clone();
        Stage {
            trainer: Arc::new(trainer),
            entry: entry(),
            costly_requests: Arc::new(move || u32::try_from(counting.orders().len()).expect("few")),
        }
    }

    async fn callback(&self, _: &Stage, handle: &ProviderHandle) -> Option<ProviderEvent> {
        Some(ProviderEvent { request_id: handle.as_str().to_owned(), body: "finished".to_owned() })
    }

    async fn addresses(&self, _: &Stage) -> Addresses {
        Addresses::default()
    }
}

fn play(trainer: &FakeTrainer, scenario: Scenario) {
    let misconfigured = |code| ProviderError::new(FailureClass::Misconfigured, code, "an operator must act");
    let away = || ProviderError::new(FailureClass::Unavailable, "away", "it failed");
    let limited = || ProviderError::new(FailureClass::Limited { retry_after: None }, "limited", "too many");
    match scenario {
        Scenario::Trains => {}
        Scenario::RefusesPhotos => trainer.fail_next_training(FailureClass::Invalid, "bad-photos"),
        Scenario::Refuses => trainer.fail_next_training(FailureClass::Refused, "refused"),
        Scenario::TrainingFails => trainer.fail_next_training(FailureClass::Unavailable, "broke-down"),
        Scenario::WithoutWeights => trainer.next_weights(WeightsFate::Unnamed),
        Scenario::TrainingForgotten => trainer.fail_next_training(FailureClass::NotFound, "unknown"),
        Scenario::TooManyRequests => trainer.fail_next(limited()),
        Scenario::ServerError => trainer.fail_next(away()),
        Scenario::HangsUp | Scenario::BreaksOff | Scenario::TalksNonsense => {
            trainer.fail_next(away().with_unknown_outcome());
        }
        Scenario::BadKey | Scenario::ExhaustedBalance | Scenario::RetiredTrainer | Scenario::Away => {
            let failure = || match scenario {
                Scenario::BadKey => misconfigured("bad-key"),
                Scenario::ExhaustedBalance => misconfigured("no-balance"),
                Scenario::RetiredTrainer => misconfigured("retired"),
                _ => away(),
            };
            trainer.fail_next(failure());
            trainer.fail_next_probe(failure());
        }
        Scenario::QuestionFails(question) => trainer.fail_next_question(match question {
            FailingQuestion::NoAnswer | FailingQuestion::ServerError => away(),
            FailingQuestion::RateLimit => limited(),
            FailingQuestion::RefusedKey => misconfigured("bad-key"),
            FailingQuestion::LockedAccount => misconfigured("locked"),
        }),
    }
}

fn entry() -> TrainerEntry {
    let preset = TrainingPreset { steps: 1_000, price: Credits::of(100), cost_micro_usd: 2_400_000 };
    TrainerEntry {
        id: TrainerId::new("sample-trainer"),
        provider: ProviderName::new("sample-provider"),
        kind: KindName::Portrait,
        title: format!("a trainer that knows no {KEY}"),
        draws_with: ModelId::new("sample-model"),
        trigger: "ohwx person".to_owned(),
        presets: BTreeMap::from([(PresetName::Standard, preset)]),
        shutdown: None,
        options: BTreeMap::new(),
    }
}

#[tokio::test]
async fn weights_can_be_lost_cut_off_or_something_else() {
    use avatar::{AvatarTrainer as _, TrainingStanding, WeightsCheck};
    use futures::StreamExt as _;

    for (fate, is_whole) in [
        (WeightsFate::Whole, Some(true)),
        (WeightsFate::CutOff, Some(false)),
        (WeightsFate::Nonsense, Some(false)),
        (WeightsFate::Lost, None),
    ] {
        let trainer = FakeTrainer::default();
        trainer.set_polls(0);
        trainer.next_weights(fate);
        let order = avatar::TrainingOrder {
            trainer: entry(),
            preset: entry().presets[&PresetName::Standard],
            archive: "lent://1".to_owned(),
            keep_for: Duration::from_mins(1),
            callback: None,
        };
        let handle = trainer.submit(&order).await.unwrap();
        let TrainingStanding::Trained(files) = trainer.poll(&handle).await.unwrap() else {
            panic!("it is done at once")
        };
        let Some(is_whole) = is_whole else {
            assert_eq!(trainer.open(&files.weights).await.err().unwrap().class, FailureClass::NotFound);
            continue;
        };
        let mut check = WeightsCheck::default();
        let mut opened = trainer.open(&files.weights).await.unwrap();
        while let Some(piece) = opened.bytes.next().await {
            check.see(&piece.unwrap());
        }
        assert_eq!(check.finish().is_ok(), is_whole, "{fate:?}");
    }
}

#[tokio::test]
async fn file_lender() {
    suites::file_lender::all(&Loans::default()).await;
}

/// Fake lenders, and whoever reads what the latest of them lent.
#[derive(Default)]
struct Loans {
    clock: ManualClock,
    latest: std::sync::Mutex<Option<FakeLender>>,
}

#[async_trait]
impl suites::file_lender::Bench for Loans {
    async fn lender(&self, objects: Arc<dyn ObjectStore>) -> Arc<dyn FileLender> {
        let lender = FakeLender::new(objects, Arc::new(self.clock.clone()) as Arc<dyn Clock>);
        *self.latest.lock().unwrap() = Some(lender.clone());
        Arc::new(lender)
    }

    fn stranger(&self) -> &dyn Stranger {
        self
    }

    fn time(&self) -> &dyn Elapse {
        &self.clock
    }

    async fn failing(&self, objects: Arc<dyn ObjectStore>) -> Vec<(String, Arc<dyn FileLender>)> {
        let lender = FakeLender::new(Arc::clone(&objects), Arc::new(self.clock.clone()));
        [("before", Fate::FailsBefore), ("after", Fate::FailsAfter)]
            .map(|(way, fate)| {
                let failing = lender.with_weather(Arc::clone(&objects), Arc::new(Always(fate)));
                (way.to_owned(), Arc::new(failing) as Arc<dyn FileLender>)
            })
            .into()
    }
}

#[async_trait]
impl Stranger for Loans {
    async fn fetch(&self, address: &str) -> Option<Bytes> {
        self.latest.lock().unwrap().as_ref()?.read(address)
    }
}

#[tokio::test]
async fn archiver() {
    suites::archiver::all(&PlainArchives).await;
}

struct PlainArchives;

impl suites::archiver::Bench for PlainArchives {
    fn archiver(&self, objects: Arc<dyn ObjectStore>) -> Arc<dyn Archiver> {
        Arc::new(FakeArchiver::new(objects))
    }

    fn unpack(&self, archive: &Bytes) -> Vec<(String, Bytes)> {
        unpack_fake_archive(archive).expect("an archive")
    }
}

#[tokio::test]
async fn an_archiver_under_bad_weather_fails() {
    let objects = MemoryObjects::default();
    let archiver = FakeArchiver::under(Arc::new(objects.clone()), Arc::new(Always(Fate::FailsBefore)));
    let target: ObjectKey = "archive.zip".parse().unwrap();
    let failure = archiver.pack(&target, &[]).await.err().unwrap();
    assert!(matches!(failure, kernel::ArchiveError::Objects(ObjectStoreError::Unavailable(_))));
    assert_eq!(objects.keys(), []);
}

#[tokio::test]
async fn incoming_files() {
    suites::incoming_files::all(&Messenger::default()).await;
}

#[derive(Default)]
struct Messenger(FakeIncomingFiles);

#[async_trait]
impl suites::incoming_files::Bench for Messenger {
    fn files(&self) -> Arc<dyn IncomingFiles> {
        Arc::new(self.0.clone())
    }

    async fn send(&self, bytes: Bytes) -> IncomingFileId {
        self.0.send(bytes)
    }

    async fn send_and_forget(&self) -> IncomingFileId {
        let file = self.0.send(Bytes::from_static(b"x"));
        self.0.forget(&file);
        file
    }

    async fn send_without_end(&self) -> Option<IncomingFileId> {
        None
    }
}

#[tokio::test]
async fn photo_analyst() {
    suites::photo_analyst::all(&Onlookers).await;
}

struct Onlookers;

#[async_trait]
impl suites::photo_analyst::Bench for Onlookers {
    fn photo(&self) -> Bytes {
        fake_image(ImageFormat::Jpeg, 800, 1_000, "a portrait")
    }

    async fn seeing(&self, report: &PhotoReport) -> Arc<dyn PhotoAnalyst> {
        Arc::new(FakePhotoAnalyst::seeing(report))
    }

    async fn declining(&self) -> Arc<dyn PhotoAnalyst> {
        let analyst = FakePhotoAnalyst::default();
        analyst.fail_next(ProviderError::new(FailureClass::Refused, "refused", "it will not look at it"));
        Arc::new(analyst)
    }

    async fn telling_apart(&self, outliers: &BTreeSet<usize>) -> Arc<dyn PhotoAnalyst> {
        Arc::new(FakePhotoAnalyst::telling_apart(outliers))
    }

    async fn describing(&self, description: &str) -> Arc<dyn PhotoAnalyst> {
        Arc::new(FakePhotoAnalyst::describing(description))
    }

    async fn reading(&self, words: &str) -> Arc<dyn PhotoAnalyst> {
        Arc::new(FakePhotoAnalyst::describing(&format!("a sheet of paper that says: {words}")))
    }

    async fn unreadable(&self) -> Vec<(String, Arc<dyn PhotoAnalyst>)> {
        // A fake's answers are of the right form by their types.
        Vec::new()
    }

    async fn failing(&self) -> Vec<(String, Arc<dyn PhotoAnalyst>)> {
        both_ways(|fate| Arc::new(FakePhotoAnalyst::under(Arc::new(Always(fate)))) as Arc<dyn PhotoAnalyst>)
    }

    fn instructions(&self) -> Vec<String> {
        Vec::new()
    }
}

#[tokio::test]
async fn a_picture_says_what_is_seen_in_it() {
    let analyst = FakePhotoAnalyst::default();
    let look = async |words: &str| analyst.examine(&picture(words)).await.unwrap();
    assert_eq!(look("a woman").await.faces, 1);
    assert_eq!(look("two-faces by the sea").await.faces, 2);
    assert_eq!(look("no-face").await.traits, "");
    assert!(look("a child minor").await.concerns.contains(&kernel::PhotoConcern::LooksMinor));
    assert_eq!(look("profile backlit").await.angle, kernel::FaceAngle::Profile);
    let photos = ["person=a 1", "person=b 2", "person=a 3", "person=c 4"].map(picture);
    assert_eq!(analyst.compare(&photos).await.unwrap().outliers, BTreeSet::from([1, 3]));
}

fn picture(words: &str) -> Bytes {
    fake_image(ImageFormat::Png, 10, 10, words)
}

#[tokio::test]
async fn prompt_assistant() {
    suites::prompt_assistant::all(&Writers).await;
}

struct Writers;

#[async_trait]
impl suites::prompt_assistant::Bench for Writers {
    async fn helpful(&self) -> Arc<dyn PromptAssistant> {
        Arc::new(FakePromptAssistant::default())
    }

    async fn declining(&self) -> Arc<dyn PromptAssistant> {
        let assistant = FakePromptAssistant::default();
        assistant.fail_next(ProviderError::new(FailureClass::Refused, "refused", "it declines"));
        Arc::new(assistant)
    }

    async fn unreadable(&self) -> Vec<(String, Arc<dyn PromptAssistant>)> {
        Vec::new()
    }

    async fn failing(&self) -> Vec<(String, Arc<dyn PromptAssistant>)> {
        both_ways(|fate| {
            Arc::new(FakePromptAssistant::under(Arc::new(Always(fate)))) as Arc<dyn PromptAssistant>
        })
    }

    fn instructions(&self) -> Vec<String> {
        Vec::new()
    }
}

#[tokio::test]
async fn transcriber() {
    suites::transcriber::all(&Listeners).await;
}

struct Listeners;

#[async_trait]
impl transcriber::Bench for Listeners {
    async fn saying(&self, words: &str) -> transcriber::Stage {
        let transcriber = Arc::new(FakeTranscriber::default());
        transcriber::Stage { transcriber, recording: fake_recording(words) }
    }

    async fn unreadable(&self) -> transcriber::Stage {
        let transcriber = Arc::new(FakeTranscriber::default());
        transcriber::Stage { transcriber, recording: Bytes::from_static(b"noise \xff") }
    }

    async fn failing(&self, words: &str) -> Vec<(String, transcriber::Stage)> {
        let stage = |fate| transcriber::Stage {
            transcriber: Arc::new(FakeTranscriber::under(Arc::new(Always(fate)))),
            recording: fake_recording(words),
        };
        both_ways(stage)
    }
}

/// What fails before its effect, and what fails after it.
fn both_ways<T>(make: impl Fn(Fate) -> T) -> Vec<(String, T)> {
    [("before", Fate::FailsBefore), ("after", Fate::FailsAfter)]
        .map(|(way, fate)| (way.to_owned(), make(fate)))
        .into()
}
