//! Showing, handing out and erasing what is kept of a person, over fakes and a part that keeps what it is told to.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use account::{
    Accounts, Erasure, ErasureState, ExportRequest, ExportScope, ExportState, NewAccount, NewExport,
    PrivacyError, PrivacyPolicy, PrivacyPorts, PrivacyRequests, PrivacyService, ProfileCache as _,
    TelegramUserId, ZoneName,
};
use async_trait::async_trait;
use bytes::Bytes;
use kernel::{
    AccountId, ArchiveContent, ArchiveEntry, Audience, ChatId, ClaimedJob, DataKind, FailureReference,
    GalleryItemId, ImageArchive, Intent, Inventory, JobId, JobKind, JobState, Jobs as _, Language, MessageId,
    ObjectKey, ObjectStore as _, PersonalData, PersonalDataError,
};
use testkit::fakes::{
    FakeArchiver, Handed, ManualClock, MemoryDatabase, MemoryObjects, MemoryProfileCache, MemoryQueue,
    RecordingPrivacyNotifier, SeededIds, unpack_fake_archive,
};
use testkit::weather::{Fate, Weather};
use uuid::Uuid;

const PERSON: TelegramUserId = TelegramUserId::new(77);
const ACCOUNT: AccountId = AccountId::new(Uuid::from_u128(7));
const ROOM: ChatId = ChatId::new(77);

/// A domain that keeps so many things of everybody.
#[derive(Default)]
struct Part {
    kept: AtomicU32,
    order: Arc<Mutex<Vec<&'static str>>>,
    name: &'static str,
}

impl Part {
    fn keeping(name: &'static str, kept: u32, order: &Arc<Mutex<Vec<&'static str>>>) -> Arc<Self> {
        Arc::new(Self { kept: AtomicU32::new(kept), order: Arc::clone(order), name })
    }
}

#[async_trait]
impl PersonalData for Part {
    async fn inventory(&self, _account: AccountId) -> Result<Inventory, PersonalDataError> {
        let kept = u64::from(self.kept.load(Ordering::SeqCst));
        Ok((kept > 0).then_some((DataKind::Images, kept)).into_iter().collect())
    }

    async fn export(&self, _account: AccountId) -> Result<Vec<ArchiveEntry>, PersonalDataError> {
        let content = ArchiveContent::Inline(Bytes::from(self.name));
        Ok(vec![ArchiveEntry { path: format!("{}.txt", self.name), content }])
    }

    async fn erase(&self, _account: AccountId) -> Result<(), PersonalDataError> {
        self.order.lock().unwrap().push(self.name);
        self.kept.store(0, Ordering::SeqCst);
        Ok(())
    }
}

#[async_trait]
impl ImageArchive for Part {
    async fn files(
        &self,
        _account: AccountId,
        items: &[GalleryItemId],
    ) -> Result<Vec<ArchiveEntry>, PersonalDataError> {
        let entry = |item: &GalleryItemId| ArchiveEntry {
            path: format!("images/{item}.png"),
            content: ArchiveContent::Inline(Bytes::from_static(b"pixels")),
        };
        Ok(items.iter().map(entry).collect())
    }
}

/// The first calls of one port fail in one way.
struct Failing(&'static str, Fate, AtomicU32);

impl Weather for Failing {
    fn fate(&self, port: &'static str) -> Fate {
        let strikes = port == self.0
            && self.2.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        if strikes { self.1 } else { Fate::Fair }
    }

    fn die(&self) {}
}

struct Office {
    service: PrivacyService,
    database: MemoryDatabase,
    objects: MemoryObjects,
    cache: MemoryProfileCache,
    notifier: RecordingPrivacyNotifier,
    clock: ManualClock,
    order: Arc<Mutex<Vec<&'static str>>>,
    ports: PrivacyPorts,
}

impl Office {
    async fn open() -> Self {
        Self::with_policy(PrivacyPolicy::default()).await
    }

    async fn with_policy(policy: PrivacyPolicy) -> Self {
        let clock = ManualClock::default();
        let ids = Arc::new(SeededIds::new(1));
        let database = MemoryDatabase::new(Arc::new(clock.clone()), ids.clone());
        let objects = MemoryObjects::default();
        let cache = MemoryProfileCache::new(Arc::new(clock.clone()));
        let notifier = RecordingPrivacyNotifier::default();
        let order = Arc::default();
        let (first, second) = (Part::keeping("first", 2, &order), Part::keeping("second", 3, &order));
        let ports = PrivacyPorts {
            requests: Arc::new(database.clone()),
            parts: vec![first.clone(), second],
            images: first,
            accounts: Arc::new(database.clone()),
            cache: Arc::new(cache.clone()),
            archiver: Arc::new(FakeArchiver::new(Arc::new(objects.clone()))),
            objects: Arc::new(objects.clone()),
            notifier: Arc::new(notifier.clone()),
            queue: Arc::new(MemoryQueue::default()),
            ids,
        };
        let new = NewAccount {
            id: ACCOUNT,
            telegram_user: PERSON,
            identity_digest: "digest".to_owned(),
            language: Language::English,
            zone: ZoneName::utc(),
        };
        database.register(&new).await.unwrap();
        let registered = Accounts::get(&database, ACCOUNT).await.unwrap().expect("an account");
        cache.put(PERSON, &registered).await.unwrap();
        let service = PrivacyService::new(ports.clone(), policy);
        Self { service, database, objects, cache, notifier, clock, order, ports }
    }

    fn with_ports(mut self, change: impl FnOnce(&mut PrivacyPorts)) -> Self {
        change(&mut self.ports);
        self.service = PrivacyService::new(self.ports.clone(), PrivacyPolicy::default());
        self
    }

    async fn ask(&self, nonce: u64, scope: ExportScope) -> ExportRequest {
        let new = NewExport {
            account: ACCOUNT,
            intent: Intent::button(nonce),
            scope,
            language: Language::English,
            audience: Audience { chat: ROOM, progress_message: Some(MessageId::new(5)) },
        };
        self.service.request_export(&new).await.unwrap()
    }

    async fn claim(&self, kind: JobKind, subject: Uuid) -> Option<ClaimedJob> {
        self.database.claim(ACCOUNT, JobId::of(kind, subject), Duration::from_mins(1)).await.unwrap()
    }

    async fn pack(&self, request: &ExportRequest) -> Result<(), PrivacyError> {
        let job = self.claim(JobKind::PackExport, request.id.uuid()).await.expect("a job that is due");
        let packed = self.service.pack(&job).await;
        if let Err(error) = &packed {
            self.database.retry(&job.claim, Duration::ZERO, &error.to_string()).await.unwrap();
        }
        packed
    }

    async fn erase(&self) -> Result<(), PrivacyError> {
        let job = self.claim(JobKind::EraseAccount, ACCOUNT.uuid()).await.expect("a job that is due");
        let erased = self.service.erase(&job).await;
        if let Err(error) = &erased {
            self.database.retry(&job.claim, Duration::ZERO, &error.to_string()).await.unwrap();
        }
        erased
    }

    async fn erasure(&self) -> Erasure {
        self.database.erasure(ACCOUNT).await.unwrap().expect("an erasure")
    }

    async fn export_of(&self, request: &ExportRequest) -> ExportRequest {
        PrivacyRequests::export(&self.database, ACCOUNT, request.id).await.unwrap().expect("a request")
    }

    fn parts(&self) -> Vec<(u32, u32, Bytes)> {
        let handed = self.notifier.handed().into_iter();
        handed
            .filter_map(|handed| match handed {
                Handed::Part { part, parts, bytes, .. } => Some((part, parts, bytes)),
                _ => None,
            })
            .collect()
    }

    fn receipts(&self) -> Vec<Erasure> {
        let handed = self.notifier.handed().into_iter();
        handed
            .filter_map(|handed| match handed {
                Handed::Receipt(erasure) => Some(erasure),
                _ => None,
            })
            .collect()
    }
}

#[tokio::test]
async fn everything_that_is_kept_is_counted() {
    let office = Office::open().await;
    let inventory = office.service.inventory(ACCOUNT).await.unwrap();
    let counts: Vec<_> = inventory.into_iter().collect();
    assert_eq!(counts, [(DataKind::Profile, 1), (DataKind::Images, 5)]);
    let nobody = AccountId::new(Uuid::nil());
    assert!(!office.service.inventory(nobody).await.unwrap().contains_key(&DataKind::Profile));
}

#[tokio::test]
async fn everything_is_handed_out_in_one_file() {
    let office = Office::open().await;
    let request = office.ask(1, ExportScope::Everything).await;
    assert_eq!(office.ask(1, ExportScope::Everything).await.id, request.id, "pressed twice");
    office.pack(&request).await.unwrap();
    let [(1, 1, file)] = &office.parts()[..] else { panic!("not one file: {:?}", office.parts()) };
    let files = unpack_fake_archive(file).unwrap();
    let paths: Vec<_> = files.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["profile.json", "first.txt", "second.txt"]);
    let profile = String::from_utf8_lossy(&files[0].1).into_owned();
    assert!(profile.contains("\"en\"") && profile.contains("UTC"), "{profile}");
    assert_eq!(office.export_of(&request).await.state, ExportState::Done);
    assert!(office.objects.keys().is_empty(), "whoever has it needs no copy of it here");
}

#[tokio::test]
async fn chosen_images_are_handed_out_alone() {
    let office = Office::open().await;
    let items = vec![GalleryItemId::new(Uuid::from_u128(1)), GalleryItemId::new(Uuid::from_u128(2))];
    let request = office.ask(1, ExportScope::Images { items }).await;
    office.pack(&request).await.unwrap();
    let files = unpack_fake_archive(&office.parts()[0].2).unwrap();
    assert_eq!(files.len(), 2);
    assert!(files.iter().all(|(path, _)| path.starts_with("images/")));
}

#[tokio::test]
async fn a_file_that_is_too_large_comes_in_pieces_that_make_it_up() {
    let policy = PrivacyPolicy { largest_file: 40, ..PrivacyPolicy::default() };
    let office = Office::with_policy(policy).await;
    let request = office.ask(1, ExportScope::Everything).await;
    office.pack(&request).await.unwrap();
    let parts = office.parts();
    assert!(parts.len() > 2);
    let whole: Vec<u8> = parts.iter().flat_map(|(_, _, bytes)| bytes.to_vec()).collect();
    assert_eq!(unpack_fake_archive(&Bytes::from(whole)).unwrap().len(), 3);
    for (number, (part, of, bytes)) in (1..).zip(&parts) {
        assert_eq!((*part, usize::try_from(*of).unwrap()), (number, parts.len()));
        assert!(bytes.len() <= 40);
    }
}

#[tokio::test]
async fn a_piece_that_may_have_been_sent_is_not_sent_again() {
    let failing = Failing("privacy_notifier.send_part", Fate::FailsAfter, AtomicU32::new(1));
    let notifier = RecordingPrivacyNotifier::under(Arc::new(failing));
    let heard = notifier.clone();
    let office = Office::open().await.with_ports(|ports| ports.notifier = Arc::new(notifier));
    let request = office.ask(1, ExportScope::Everything).await;
    office.pack(&request).await.unwrap();
    assert_eq!(heard.handed().len(), 1);
    assert_eq!(office.export_of(&request).await.state, ExportState::Done);
}

#[tokio::test]
async fn an_object_store_that_is_away_is_waited_for() {
    let office = Office::open().await;
    let failing = Failing("objects.open", Fate::FailsBefore, AtomicU32::new(1));
    let stormy = office.objects.with_weather(Arc::new(failing));
    let office = office.with_ports(|ports| ports.objects = Arc::new(stormy));
    let request = office.ask(1, ExportScope::Everything).await;
    let failed = office.pack(&request).await.unwrap_err();
    assert!(matches!(failed, PrivacyError::Objects(_)) && !failed.is_superseded());
    assert!(matches!(office.export_of(&request).await.state, ExportState::Packed { sent: 0, .. }));
    office.pack(&request).await.unwrap();
    assert_eq!(office.parts().len(), 1);
}

#[tokio::test]
async fn a_delivered_file_that_could_not_be_removed_is_removed_after_its_time() {
    let office = Office::open().await;
    let failing = Failing("objects.delete", Fate::FailsBefore, AtomicU32::new(1));
    let stormy = office.objects.with_weather(Arc::new(failing));
    let office = office.with_ports(|ports| ports.objects = Arc::new(stormy));
    let request = office.ask(1, ExportScope::Everything).await;
    office.pack(&request).await.unwrap();
    assert_eq!(office.objects.keys().len(), 1);
    assert_eq!(office.service.forget_exports(10).await.unwrap(), 0);
    office.clock.advance(PrivacyPolicy::default().export_retention + Duration::from_secs(1));
    assert_eq!(office.service.forget_exports(10).await.unwrap(), 1);
    assert!(office.objects.keys().is_empty());
    assert_eq!(PrivacyRequests::export(&office.database, ACCOUNT, request.id).await.unwrap(), None);
}

#[tokio::test]
async fn a_file_that_cannot_be_made_is_told_and_buried() {
    let office = Office::open().await;
    let request = office.ask(1, ExportScope::Everything).await;
    let job = office.claim(JobKind::PackExport, request.id.uuid()).await.unwrap();
    let reference = FailureReference::from_random(7);
    office.service.give_up(&job, "no room", &reference).await.unwrap();
    let told = Handed::NoFile { export: request.id, reference: reference.to_string() };
    assert_eq!(office.notifier.handed(), [told]);
    let failed = ExportState::Failed { reference: reference.to_string() };
    assert_eq!(office.export_of(&request).await.state, failed);
    assert_eq!(office.database.list(JobState::Buried, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_erasure_leaves_nothing_and_gives_a_receipt() {
    let office = Office::open().await;
    let key = ObjectKey::export(ACCOUNT, Uuid::from_u128(9));
    office.objects.put(&key, Bytes::from_static(b"zip"), "application/zip").await.unwrap();
    let begun = office.service.request_erasure(ACCOUNT, ROOM, Language::English).await.unwrap();
    assert_eq!(begun.inventory.get(&DataKind::Images), Some(&5));
    let again = office.service.request_erasure(ACCOUNT, ROOM, Language::Russian).await.unwrap();
    assert_eq!(again.language, Language::English, "asking again changes nothing");
    assert!(office.service.is_being_erased(ACCOUNT).await.unwrap());
    office.erase().await.unwrap();
    assert_eq!(*office.order.lock().unwrap(), ["first", "second"], "in their order");
    assert!(office.objects.keys().is_empty());
    assert_eq!(Accounts::get(&office.database, ACCOUNT).await.unwrap(), None);
    assert_eq!(office.cache.get(PERSON).await.unwrap(), None);
    let receipts = office.receipts();
    assert_eq!((receipts.len(), receipts[0].inventory.get(&DataKind::Images)), (1, Some(&5)));
    let done = office.erasure().await;
    assert_eq!((done.state, done.chat), (ErasureState::Done, None), "where they were is forgotten");
    assert!(!office.service.is_being_erased(ACCOUNT).await.unwrap());
}

#[tokio::test]
async fn what_somebody_still_put_down_is_looked_for_once_more() {
    let office = Office::open().await;
    office.service.request_erasure(ACCOUNT, ROOM, Language::English).await.unwrap();
    office.erase().await.unwrap();
    let late = ObjectKey::photo(ACCOUNT, kernel::AvatarId::new(Uuid::from_u128(1)), Uuid::from_u128(2));
    office.objects.put(&late, Bytes::from_static(b"late"), "image/jpeg").await.unwrap();
    assert_eq!(office.claim(JobKind::EraseAccount, ACCOUNT.uuid()).await, None, "not yet");
    office.clock.advance(PrivacyPolicy::default().settling);
    office.erase().await.unwrap();
    assert!(office.objects.keys().is_empty());
    assert_eq!(office.receipts().len(), 1, "a receipt is given once");
    assert_eq!(office.claim(JobKind::EraseAccount, ACCOUNT.uuid()).await, None, "and that is all");
}

#[tokio::test]
async fn an_erasure_goes_on_where_it_was_broken_off() {
    for port in ["objects.list", "privacy.forget_person", "privacy_notifier.send_receipt", "units.commit"] {
        let office = Office::open().await;
        office.service.request_erasure(ACCOUNT, ROOM, Language::English).await.unwrap();
        let weather: Arc<dyn Weather> = Arc::new(Failing(port, Fate::FailsBefore, AtomicU32::new(2)));
        let heard = RecordingPrivacyNotifier::under(Arc::clone(&weather));
        let stormy = office.database.with_weather(Arc::new(SeededIds::new(2)), Arc::clone(&weather));
        let objects = office.objects.with_weather(weather);
        let notifier = heard.clone();
        let office = office.with_ports(|ports| {
            ports.requests = Arc::new(stormy);
            ports.objects = Arc::new(objects);
            ports.notifier = Arc::new(notifier);
        });
        let mut failures = 0;
        while office.erase().await.is_err() {
            failures += 1;
        }
        assert_eq!(failures, 2, "{port}");
        assert_eq!(heard.handed().len(), 1, "{port}");
        assert_eq!(office.erasure().await.state, ErasureState::Done, "{port}");
    }
}

#[tokio::test]
async fn an_erasure_that_was_given_up_stays_to_be_done() {
    let office = Office::open().await;
    office.service.request_erasure(ACCOUNT, ROOM, Language::English).await.unwrap();
    let job = office.claim(JobKind::EraseAccount, ACCOUNT.uuid()).await.unwrap();
    office
        .service
        .give_up(&job, "the object store is gone", &FailureReference::from_random(7))
        .await
        .unwrap();
    assert_eq!(office.erasure().await.state, ErasureState::Erasing);
    assert!(office.database.revive(ACCOUNT, job.claim.job).await.unwrap());
    office.erase().await.unwrap();
    assert_eq!(office.receipts().len(), 1);
}

#[tokio::test]
async fn jobs_about_nothing_are_done() {
    let office = Office::open().await;
    let request = office.ask(1, ExportScope::Everything).await;
    office.service.request_erasure(ACCOUNT, ROOM, Language::English).await.unwrap();
    office.database.tamper(|tables| {
        tables.exports.clear();
        tables.erasures.clear();
    });
    office.pack(&request).await.unwrap();
    office.erase().await.unwrap();
    assert!(office.notifier.handed().is_empty());
}
