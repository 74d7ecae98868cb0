//! A help service on fakes, with the hands of a worker.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use generation::{
    HelpError, HelpOutcome, HelpPolicy, HelpPorts, HelpRequest, HelpRequests, HelpService, HelpTask, Intent,
    NewHelp, Prompt,
};
use kernel::{
    AccountId, Audience, ChatId, ClaimedJob, HelpId, IncomingFileId, JobId, JobKind, JobState, Jobs as _,
    Language, MessageId,
};
use testkit::fakes::{
    FakeImaging, FakeIncomingFiles, FakeModerator, FakePhotoAnalyst, FakePromptAssistant, FakeTranscriber,
    HelpNews, ManualClock, MemoryDatabase, MemoryQueue, RecordingHelpNotifier, RecordingOperators, SeededIds,
};
use uuid::Uuid;

pub const ACCOUNT: AccountId = AccountId::new(Uuid::from_u128(1));

/// The fakes.
pub struct Desk {
    pub service: HelpService,
    pub database: MemoryDatabase,
    pub incoming: FakeIncomingFiles,
    pub assistant: FakePromptAssistant,
    pub transcriber: FakeTranscriber,
    pub analyst: FakePhotoAnalyst,
    pub notifier: RecordingHelpNotifier,
    pub operators: RecordingOperators,
    pub clock: ManualClock,
    ports: HelpPorts,
}

pub fn prompt(words: &str) -> Prompt {
    Prompt::new(words).unwrap()
}

pub fn improve(words: &str) -> HelpTask {
    HelpTask::Improve { prompt: prompt(words), avatar: None, variation: 0 }
}

impl Desk {
    pub fn open() -> Self {
        let clock = ManualClock::default();
        let ids = Arc::new(SeededIds::new(1));
        let database = MemoryDatabase::new(Arc::new(clock.clone()), ids.clone());
        let incoming = FakeIncomingFiles::default();
        let (assistant, transcriber) = (FakePromptAssistant::default(), FakeTranscriber::default());
        let (analyst, operators) = (FakePhotoAnalyst::default(), RecordingOperators::default());
        let notifier = RecordingHelpNotifier::default();
        let ports = HelpPorts {
            requests: Arc::new(database.clone()),
            assistant: Some(Arc::new(assistant.clone())),
            transcriber: Some(Arc::new(transcriber.clone())),
            analyst: Some(Arc::new(analyst.clone())),
            moderator: Some(Arc::new(FakeModerator::default())),
            incoming: Arc::new(incoming.clone()),
            imaging: Arc::new(FakeImaging),
            avatars: Arc::new(database.clone()),
            refusals: Arc::new(database.clone()),
            notifier: Arc::new(notifier.clone()),
            queue: Arc::new(MemoryQueue::default()),
            pauses: Arc::new(database.clone()),
            operators: Arc::new(operators.clone()),
            ids,
        };
        let service = HelpService::new(ports.clone(), HelpPolicy::default());
        Self {
            service,
            database,
            incoming,
            assistant,
            transcriber,
            analyst,
            notifier,
            operators,
            clock,
            ports,
        }
    }

    /// The same after a start with other ports.
    pub fn with_ports(mut self, change: impl FnOnce(&mut HelpPorts)) -> Self {
        change(&mut self.ports);
        self.service = HelpService::new(self.ports.clone(), HelpPolicy::default());
        self
    }

    pub fn send(&self, bytes: Bytes) -> IncomingFileId {
        self.incoming.send(bytes)
    }

    pub fn new_help(nonce: u64, task: HelpTask) -> NewHelp {
        NewHelp {
            account: ACCOUNT,
            intent: Intent::button(nonce),
            task,
            language: Language::English,
            audience: Audience { chat: ChatId::new(42), progress_message: Some(MessageId::new(7)) },
        }
    }

    pub async fn ask(&self, nonce: u64, task: HelpTask) -> HelpId {
        match self.service.ask(&Self::new_help(nonce, task)).await.unwrap() {
            HelpOutcome::Started(request) => request.id,
            other => panic!("not started: {other:?}"),
        }
    }

    pub async fn claim(&self, id: HelpId) -> Option<ClaimedJob> {
        let job = JobId::of(JobKind::AnswerHelp, id.uuid());
        self.database.claim(ACCOUNT, job, Duration::from_mins(1)).await.unwrap()
    }

    /// One try at an answer; the next is due after a second when it fails.
    pub async fn try_answer(&self, id: HelpId) -> Result<(), HelpError> {
        let job = self.claim(id).await.expect("a job that is due");
        let answered = self.service.answer(&job).await;
        if let Err(error) = &answered {
            self.database.retry(&job.claim, Duration::from_secs(1), &error.to_string()).await.unwrap();
            self.clock.advance(Duration::from_secs(1));
        }
        answered
    }

    /// Asks, and works like a worker until the person has heard of it.
    pub async fn answer_to(&self, nonce: u64, task: HelpTask) -> HelpNews {
        let id = self.ask(nonce, task).await;
        for _ in 0..20 {
            if self.try_answer(id).await.is_ok() {
                assert_eq!(self.job_state(id), Some(JobState::Done));
                return self.notifier.news().remove(&id).expect("the person was told");
            }
        }
        panic!("nobody ever answered");
    }

    pub fn job_state(&self, id: HelpId) -> Option<JobState> {
        let key = (ACCOUNT, JobId::of(JobKind::AnswerHelp, id.uuid()));
        self.database.committed().jobs.get(&key).map(|row| row.state)
    }

    pub async fn look(&self, id: HelpId) -> HelpRequest {
        HelpRequests::find(&self.database, ACCOUNT, id).await.unwrap().expect("a request")
    }
}
