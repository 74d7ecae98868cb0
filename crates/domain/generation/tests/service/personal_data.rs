//! Requests as a part of what is kept of a person.

use std::time::Duration;

use generation::{GenerationUnits, Intent};
use kernel::{ArchiveContent, ArchiveEntry, DataKind, GenerationId, JobState, PersonalData as _};
use uuid::Uuid;

use crate::workshop::{Workshop, both};

#[tokio::test]
async fn requests_are_counted_and_handed_out_whether_or_not_an_image_came_of_them() {
    let workshop = Workshop::open(both()).await;
    assert!(workshop.service.inventory(workshop.account).await.unwrap().is_empty());
    assert!(workshop.service.export(workshop.account).await.unwrap().is_empty());
    let id = workshop.begin("a fox, \"red\"", 1).await;
    let inventory = workshop.service.inventory(workshop.account).await.unwrap();
    assert_eq!(inventory.into_iter().collect::<Vec<_>>(), [(DataKind::Generations, 1)]);
    let exported = workshop.service.export(workshop.account).await.unwrap();
    let [ArchiveEntry { path, content: ArchiveContent::Inline(list) }] = &exported[..] else {
        panic!("one list: {exported:?}")
    };
    assert_eq!(path, "requests/images.csv");
    let list = std::str::from_utf8(list).unwrap();
    let lines: Vec<_> = list.lines().collect();
    assert_eq!(lines.len(), 2, "{list}");
    assert!(lines[0].starts_with("id,asked_at_unix_seconds,state,"), "{list}");
    assert!(lines[1].starts_with(&id.to_string()), "{list}");
    assert!(lines[1].contains(",held,1,1:1,"), "{list}");
    assert!(lines[1].ends_with(",\"a fox, \"\"red\"\"\""), "{list}");
}

#[tokio::test]
async fn more_requests_than_a_page_holds_are_handed_out() {
    let workshop = Workshop::open(both()).await;
    let id = workshop.begin("a fox", 1).await;
    let generation = workshop.look(id).await;
    let mut unit = GenerationUnits::begin(&workshop.database).await.unwrap();
    for number in 2..=101 {
        let mut another = generation.clone();
        another.id = GenerationId::new(Uuid::from_u128(number));
        another.intent = Intent::from_stored(format!("wish {number}"));
        unit.generations().insert(&another, Duration::from_hours(1)).await.unwrap();
    }
    unit.commit().await.unwrap();
    let exported = workshop.service.export(workshop.account).await.unwrap();
    let ArchiveContent::Inline(list) = &exported[0].content else { panic!("a list") };
    let list = std::str::from_utf8(list).unwrap();
    assert_eq!(list.lines().count(), 102);
    for id in [id, GenerationId::new(Uuid::from_u128(2)), GenerationId::new(Uuid::from_u128(101))] {
        assert_eq!(list.matches(&id.to_string()).count(), 1, "{id}");
    }
}

#[tokio::test]
async fn an_erased_persons_work_comes_to_nothing_and_leaves_nothing() {
    let workshop = Workshop::open(both()).await;
    let id = workshop.begin("a fox", 1).await;
    let raw = kernel::ObjectKey::attempt(workshop.account, id, 0, 1);
    kernel::ObjectStore::put(&workshop.objects, &raw, bytes::Bytes::from_static(b"raw"), "image/png")
        .await
        .unwrap();
    for _ in 0..2 {
        workshop.service.erase(workshop.account).await.unwrap();
    }
    assert!(workshop.objects.keys().is_empty());
    assert_eq!(workshop.service.find(workshop.account, id).await.unwrap(), None);
    let job = workshop.claim(id).await.expect("the job is still there");
    workshop.service.advance(&job).await.unwrap();
    let key = (workshop.account, job.claim.job);
    assert_eq!(workshop.database.committed().jobs[&key].state, JobState::Done);
    assert_eq!(workshop.database.erase_all(workshop.account).await.unwrap(), 0);
}
