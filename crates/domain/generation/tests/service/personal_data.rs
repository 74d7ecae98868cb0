//! Requests as a part of what is kept of a person.

use generation::GenerationUnits as _;
use kernel::{DataKind, JobState, PersonalData as _};

use crate::workshop::{Workshop, both};

#[tokio::test]
async fn requests_are_counted_and_their_words_go_with_the_images() {
    let workshop = Workshop::open(both()).await;
    assert!(workshop.service.inventory(workshop.account).await.unwrap().is_empty());
    workshop.begin("a fox", 1).await;
    let inventory = workshop.service.inventory(workshop.account).await.unwrap();
    assert_eq!(inventory.into_iter().collect::<Vec<_>>(), [(DataKind::Generations, 1)]);
    assert!(workshop.service.export(workshop.account).await.unwrap().is_empty());
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
