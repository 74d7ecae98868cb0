//! The service over a database and an object store in memory.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use gallery::{
    Favourite, Gallery, GalleryError, GalleryFilter, GalleryItem, GalleryService, GalleryUnits,
    MessengerFiles, NewGalleryItem, Origin, Remains, UnknownOrigin,
};
use kernel::{
    AccountId, ArchiveContent, AspectRatio, ClaimedJob, Credits, DataKind, GalleryItemId, GenerationId,
    ImageArchive, ImageFormat, ImageInfo, JobId, JobKind, JobQueue, JobState, Jobs, ObjectKey, ObjectStore,
    PageSize, PersonalData, StoreError,
};
use testkit::fakes::{ManualClock, MemoryDatabase, MemoryObjects, MemoryQueue, SeededIds};
use testkit::weather::{Fate, Weather};
use uuid::Uuid;

const ACCOUNT: AccountId = AccountId::new(Uuid::from_u128(1));
const MINUTE: Duration = Duration::from_mins(1);
const UNDO: Duration = Duration::from_hours(24);
const NO_TIME: Duration = Duration::from_millis(1);

struct Studio {
    clock: ManualClock,
    database: MemoryDatabase,
    objects: MemoryObjects,
    queue: MemoryQueue,
    service: GalleryService,
}

impl Studio {
    fn new() -> Self {
        Self::under(MemoryQueue::default(), MemoryObjects::default())
    }

    fn under(queue: MemoryQueue, objects: MemoryObjects) -> Self {
        let clock = ManualClock::default();
        let database = MemoryDatabase::new(Arc::new(clock.clone()), Arc::new(SeededIds::new(1)));
        let gallery: Arc<dyn Gallery> = Arc::new(database.clone());
        let units: Arc<dyn GalleryUnits> = Arc::new(database.clone());
        let service =
            GalleryService::new(gallery, units, Arc::new(objects.clone()), Arc::new(queue.clone()), UNDO);
        Self { clock, database, objects, queue, service }
    }

    /// Keeps an image with its bytes.
    async fn keep(&self, number: u128) -> GalleryItemId {
        let item = item(number);
        let unit_of_work: &dyn GalleryUnits = &self.database;
        let mut unit = unit_of_work.begin().await.unwrap();
        unit.gallery().keep(&item).await.unwrap();
        unit.commit().await.unwrap();
        self.objects.put(&item.image, Bytes::from(format!("image {number}")), "image/png").await.unwrap();
        self.objects
            .put(&item.preview, Bytes::from(format!("preview {number}")), "image/jpeg")
            .await
            .unwrap();
        item.id
    }

    async fn item(&self, id: GalleryItemId) -> GalleryItem {
        self.service.item(ACCOUNT, id).await.unwrap().expect("the item")
    }

    /// The job that erases an item, once it can no longer be brought back.
    async fn claim_erasure(&self, item: GalleryItemId) -> ClaimedJob {
        self.clock.advance(UNDO);
        let job = JobId::of(JobKind::EraseGalleryItem, item.uuid());
        self.database.claim(ACCOUNT, job, MINUTE).await.unwrap().expect("a job that erases")
    }

    async fn jobs(&self, state: JobState) -> usize {
        self.database.list(state, 100).await.unwrap().len()
    }
}

fn item(number: u128) -> NewGalleryItem {
    let generation = GenerationId::new(Uuid::from_u128(0xC000 + number));
    NewGalleryItem {
        id: GalleryItemId::new(Uuid::from_u128(number)),
        account: ACCOUNT,
        generation,
        slot: 0,
        origin: Origin::Description,
        avatar: None,
        seed: 7,
        prompt: "a red fox".to_owned(),
        model: "sample-model".to_owned(),
        aspect_ratio: AspectRatio::Square,
        price: Credits::of(10),
        image: ObjectKey::image(ACCOUNT, generation, 0),
        preview: ObjectKey::preview(ACCOUNT, generation, 0),
        info: ImageInfo { format: ImageFormat::Png, width: 1_024, height: 1_024 },
        bytes: 7,
    }
}

/// One port is away.
struct Away(&'static str);

impl Weather for Away {
    fn fate(&self, port: &'static str) -> Fate {
        if port == self.0 { Fate::FailsBefore } else { Fate::Fair }
    }

    fn die(&self) {}
}

#[tokio::test]
async fn what_is_kept_can_be_browsed() {
    let studio = Studio::new();
    let service = &studio.service;
    for number in 1..=3 {
        studio.keep(number).await;
    }
    let (first, second, third) = (item(1).id, item(2).id, item(3).id);
    let newest = service.newest(ACCOUNT, GalleryFilter::ALL).await.unwrap().expect("an item");
    assert_eq!(newest.kept.id, third);
    let page = service.page(ACCOUNT, GalleryFilter::ALL, None, PageSize::new(2)).await.unwrap();
    assert_eq!(page.items.iter().map(|item| item.kept.id).collect::<Vec<_>>(), [third, second]);
    let rest = service.page(ACCOUNT, GalleryFilter::ALL, page.next, PageSize::new(2)).await.unwrap();
    assert_eq!(rest.items.iter().map(|item| item.kept.id).collect::<Vec<_>>(), [first]);
    let place = service.place(ACCOUNT, second, GalleryFilter::ALL).await.unwrap();
    assert_eq!((place.number, place.total, place.newer, place.older), (2, 3, Some(third), Some(first)));

    assert!(service.set_favourite(ACCOUNT, second, Favourite::Yes).await.unwrap());
    let favourite = service.newest(ACCOUNT, GalleryFilter::FAVOURITES).await.unwrap().expect("a favourite");
    assert_eq!(favourite.kept.id, second);
    let files = MessengerFiles { photo: Some("photo".to_owned()), document: None };
    assert!(service.remember_files(ACCOUNT, second, &files).await.unwrap());
    assert_eq!(studio.item(second).await.files, files);
}

#[tokio::test]
async fn the_bytes_of_an_item_are_at_hand() {
    let studio = Studio::new();
    let id = studio.keep(1).await;
    let item = studio.item(id).await;
    assert_eq!(studio.service.image(&item).await.unwrap(), Some(Bytes::from("image 1")));
    assert_eq!(studio.service.preview(&item).await.unwrap(), Some(Bytes::from("preview 1")));
    studio.objects.delete(&item.kept.image).await.unwrap();
    assert_eq!(studio.service.image(&item).await.unwrap(), None);
}

#[tokio::test]
async fn deleting_leaves_a_tombstone_at_once_and_the_bytes_go_by_a_job() {
    let studio = Studio::new();
    let (id, other) = (studio.keep(1).await, studio.keep(2).await);
    assert_eq!(studio.service.delete(ACCOUNT, &[id]).await.unwrap(), 1);
    assert_eq!(studio.service.item(ACCOUNT, id).await.unwrap(), None, "a tombstone is not shown");
    let tombstone = Gallery::get(&studio.database, ACCOUNT, id).await.unwrap().expect("a tombstone");
    assert_eq!((tombstone.kept.price, tombstone.remains), (Credits::of(10), Remains::Whole));

    let job = JobId::of(JobKind::EraseGalleryItem, id.uuid());
    assert_eq!(studio.database.claim(ACCOUNT, job, MINUTE).await.unwrap(), None, "it can be undone");
    assert_eq!(studio.objects.keys().len(), 4, "the bytes are still there");
    let job = studio.claim_erasure(id).await;
    studio.service.erase(&job).await.unwrap();
    assert_eq!(studio.objects.keys(), [item(2).image, item(2).preview], "those of the other are");
    assert_eq!(studio.jobs(JobState::Done).await, 1);
    assert_eq!(studio.item(other).await.deleted_at, None);
}

#[tokio::test]
async fn deleting_twice_is_deleting_once() {
    let studio = Studio::new();
    let (id, other) = (studio.keep(1).await, studio.keep(2).await);
    assert_eq!(studio.service.delete(ACCOUNT, &[id, id]).await.unwrap(), 1);
    assert_eq!(studio.service.delete(ACCOUNT, &[id, item(9).id, other]).await.unwrap(), 1);
    assert_eq!(studio.jobs(JobState::Ready).await, 2);
}

#[tokio::test]
async fn what_was_deleted_can_be_brought_back_until_its_bytes_go() {
    let studio = Studio::new();
    let (id, other) = (studio.keep(1).await, studio.keep(2).await);
    studio.service.delete(ACCOUNT, &[id, other]).await.unwrap();
    assert_eq!(studio.service.restore(ACCOUNT, &[id, item(9).id]).await.unwrap(), 1);
    assert_eq!(studio.service.restore(ACCOUNT, &[id]).await.unwrap(), 0, "it is there already");
    assert_eq!(studio.item(id).await.deleted_at, None);

    studio.clock.advance(studio.service.undo());
    for deleted in [id, other] {
        let job = studio.claim_erasure(deleted).await;
        studio.service.erase(&job).await.unwrap();
    }
    assert_eq!(
        studio.objects.keys(),
        [item(1).image, item(1).preview],
        "what was brought back has its bytes"
    );
    assert_eq!(studio.service.restore(ACCOUNT, &[other]).await.unwrap(), 0, "there is no way back");
}

#[tokio::test]
async fn what_is_deleted_for_good_goes_at_once() {
    let studio = Studio::new();
    let (id, kept) = (studio.keep(1).await, studio.keep(2).await);
    studio.service.delete(ACCOUNT, &[id]).await.unwrap();
    assert_eq!(studio.service.erase_now(ACCOUNT, &[id, kept]).await.unwrap(), 1, "the other is not deleted");
    assert_eq!(studio.service.restore(ACCOUNT, &[id]).await.unwrap(), 0);
    let wake_up = studio.queue.pop(NO_TIME).await.unwrap().expect("a worker is told");
    assert_eq!(wake_up.job, JobId::of(JobKind::EraseGalleryItem, id.uuid()));
    assert!(studio.queue.pop(NO_TIME).await.unwrap().is_none(), "nobody is woken for nothing");
    let job = studio.database.claim(ACCOUNT, wake_up.job, MINUTE).await.unwrap().expect("it is due");
    studio.service.erase(&job).await.unwrap();
    assert_eq!(studio.objects.keys(), [item(2).image, item(2).preview]);
}

#[tokio::test]
async fn a_lost_wake_up_loses_no_erasure() {
    let studio = Studio::under(MemoryQueue::under(Arc::new(Away("queue.push"))), MemoryObjects::default());
    let id = studio.keep(1).await;
    studio.service.delete(ACCOUNT, &[id]).await.unwrap();
    assert_eq!(studio.service.erase_now(ACCOUNT, &[id]).await.unwrap(), 1, "the person need not know");
    assert_eq!(studio.database.due(10).await.unwrap().len(), 1, "the sweeper finds the job");
}

#[tokio::test]
async fn an_erasure_that_fails_is_not_done() {
    let stormy = MemoryObjects::default().with_weather(Arc::new(Away("objects.delete")));
    let studio = Studio::under(MemoryQueue::default(), stormy);
    let id = studio.keep(1).await;
    studio.service.delete(ACCOUNT, &[id]).await.unwrap();
    let job = studio.claim_erasure(id).await;
    let failed = studio.service.erase(&job).await.unwrap_err();
    assert!(matches!(failed, GalleryError::Objects(_)), "{failed:?}");
    assert_eq!(studio.jobs(JobState::Running).await, 1);

    studio.service.give_up_erasing(&job, "the object store is away").await.unwrap();
    let buried = studio.database.list(JobState::Buried, 10).await.unwrap();
    assert_eq!(buried[0].reason.as_deref(), Some("the object store is away"));
}

#[tokio::test]
async fn an_erasure_of_what_is_not_deleted_erases_nothing() {
    let studio = Studio::new();
    let (id, deleted) = (studio.keep(1).await, studio.keep(2).await);
    studio.service.delete(ACCOUNT, &[deleted]).await.unwrap();
    let job = ClaimedJob { subject: id.uuid(), ..studio.claim_erasure(deleted).await };
    studio.service.erase(&job).await.unwrap();
    assert_eq!(studio.objects.keys().len(), 4);
    assert_eq!(studio.jobs(JobState::Done).await, 1);
}

#[tokio::test]
async fn a_worker_that_lost_its_claim_cannot_finish() {
    let studio = Studio::new();
    let id = studio.keep(1).await;
    studio.service.delete(ACCOUNT, &[id]).await.unwrap();
    let job = studio.claim_erasure(id).await;
    studio.service.erase(&job).await.unwrap();
    let again = studio.service.erase(&job).await.unwrap_err();
    assert!(matches!(again, GalleryError::Store(StoreError::Superseded { .. })), "{again:?}");
    let given_up = studio.service.give_up_erasing(&job, "hopeless").await.unwrap_err();
    assert!(matches!(given_up, StoreError::Superseded { .. }), "{given_up:?}");
}

#[tokio::test]
async fn a_gallery_is_counted_listed_and_handed_out() {
    let studio = Studio::new();
    let service = &studio.service;
    assert!(service.inventory(ACCOUNT).await.unwrap().is_empty());
    assert!(service.export(ACCOUNT).await.unwrap().is_empty());
    let (first, second, gone) = (studio.keep(1).await, studio.keep(2).await, studio.keep(3).await);
    service.delete(ACCOUNT, &[gone]).await.unwrap();
    assert_eq!(service.inventory(ACCOUNT).await.unwrap().get(&DataKind::Images), Some(&2));
    let counts = service.counts(ACCOUNT).await.unwrap();
    assert_eq!((counts.by_origin.get(&Origin::Description), counts.spent), (Some(&2), Credits::of(30)));

    let exported = service.export(ACCOUNT).await.unwrap();
    assert_eq!(exported.len(), 3, "two images and their list");
    let ArchiveContent::Inline(list) = &exported[2].content else {
        panic!("the list is written on the spot")
    };
    let list = String::from_utf8(list.to_vec()).unwrap();
    assert!(list.contains(",a red fox\r\n") && list.lines().count() == 3, "{list}");
    let files = service.files(ACCOUNT, &[second, gone, first]).await.unwrap();
    assert_eq!(files.len(), 2, "what is deleted is not handed out");
}

#[tokio::test]
async fn an_erased_gallery_leaves_neither_bytes_nor_rows() {
    let studio = Studio::new();
    let (_, gone) = (studio.keep(1).await, studio.keep(2).await);
    studio.service.delete(ACCOUNT, &[gone]).await.unwrap();
    for _ in 0..2 {
        PersonalData::erase(&studio.service, ACCOUNT).await.unwrap();
    }
    assert!(studio.objects.keys().is_empty());
    assert!(studio.database.committed().items.is_empty());
}

#[test]
fn origins_are_read_back() {
    assert_eq!(Origin::Description.as_str().parse(), Ok(Origin::Description));
    assert_eq!("photo".parse::<Origin>(), Err(UnknownOrigin("photo".to_owned())));
}
