//! What is kept of a person: counted, handed out, erased.

use avatar::{AvatarState, KindName, News};
use kernel::{ArchiveContent, DataKind, PersonalData};

use crate::studio::Studio;

#[tokio::test]
async fn what_is_kept_is_counted() {
    let studio = Studio::open().await;
    assert!(studio.service.inventory(studio.account).await.unwrap().is_empty());
    studio.ready().await;
    let draft = studio.begin(KindName::Portrait).await;
    studio.fill(draft, 2).await;
    let inventory = studio.service.inventory(studio.account).await.unwrap();
    let counts: Vec<_> = inventory.into_iter().collect();
    assert_eq!(counts, [(DataKind::Avatars, 2), (DataKind::Photos, 12), (DataKind::Weights, 1)]);
}

#[tokio::test]
async fn everything_is_handed_out_with_the_consent_to_it() {
    let studio = Studio::open().await;
    studio.ready().await;
    let entries = studio.service.export(studio.account).await.unwrap();
    let paths: Vec<_> = entries.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(paths.len(), 12, "a description, ten photos and the weights");
    assert_eq!((paths[0], paths[1]), ("avatars/01/avatar.json", "avatars/01/photos/01.jpg"));
    assert_eq!(paths[11], "avatars/01/weights.safetensors");
    let ArchiveContent::Inline(described) = &entries[0].content else { panic!("written on the spot") };
    let described = String::from_utf8(described.to_vec()).unwrap();
    for part in ["\"Anna\"", "woman, dark curly hair", &"0f".repeat(32), "\"portrait\"", "\"ready\""] {
        assert!(described.contains(part), "{part} in {described}");
    }
}

#[tokio::test]
async fn an_erased_person_leaves_no_photos_weights_or_names_and_hears_nothing_of_it() {
    let studio = Studio::open().await;
    let (ready, training) = (studio.ready().await, studio.at_trainer().await);
    let heard = studio.notifier.heard().len();
    for _ in 0..2 {
        PersonalData::erase(&studio.service, studio.account).await.unwrap();
    }
    assert!(studio.objects.keys().is_empty());
    assert_eq!(studio.credits().await, (20, 0));
    for id in [ready, training] {
        let tombstone = studio.look(id).await;
        assert_eq!(
            (tombstone.state, tombstone.news, tombstone.name),
            (AvatarState::Deleted, News::Told, None)
        );
    }
    assert_eq!(studio.service.main(studio.account).await.unwrap(), None);
    studio.run_due().await;
    assert_eq!(studio.trainer.cancelled().len(), 1, "the training is stopped");
    studio.pass(studio.service.policy().copy_timeout * 3).await;
    assert_eq!(studio.notifier.heard().len(), heard);
    assert!(studio.service.inventory(studio.account).await.unwrap().is_empty());
    studio.audit().await;
}
