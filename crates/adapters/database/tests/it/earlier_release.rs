//! Rows that the release before has written, or writes while this one migrates.

use gallery::{Gallery, GalleryFilter, GalleryUnits, Remains};
use kernel::{AccountId, GalleryItemId, GenerationId, IdSource, ObjectKey};

use crate::both::on_both;
use crate::fixture::{Behind, Fixture};

on_both! {
    an_image_of_the_release_before_has_no_avatar_and_no_seed,
    an_image_that_the_release_before_deleted_cannot_be_brought_back,
}

async fn an_image_of_the_release_before_has_no_avatar_and_no_seed(fixture: Fixture) {
    let account = fixture.account();
    let item = insert(&fixture, &fixture.behind().await, account).await;
    let found = fixture.database.newest(account, GalleryFilter::ALL).await.expect("a look");
    let found = found.expect("the image");
    assert_eq!((found.kept.id, found.kept.avatar, found.kept.seed), (item, None, 0));
    assert_eq!(found.remains, Remains::Whole);
    // What this release deletes of it can be brought back.
    let mut unit = GalleryUnits::begin(fixture.database.as_ref()).await.expect("a unit");
    assert!(unit.gallery().bury(account, item).await.expect("buried"));
    assert!(unit.gallery().restore(account, item).await.expect("restored"));
}

/// Its bytes went at once.
async fn an_image_that_the_release_before_deleted_cannot_be_brought_back(fixture: Fixture) {
    let account = fixture.account();
    let behind = fixture.behind().await;
    let item = insert(&fixture, &behind, account).await;
    behind
        .run("UPDATE gallery_items SET deleted_at = 5 WHERE account_id = $1", vec![account.uuid().into()])
        .await;
    let found = fixture.database.get(account, item).await.expect("a look").expect("a tombstone");
    assert_eq!(found.remains, Remains::Erased);
    let mut unit = GalleryUnits::begin(fixture.database.as_ref()).await.expect("a unit");
    assert!(!unit.gallery().restore(account, item).await.expect("a look"));
}

/// An image as the release before keeps it, with the columns that it knows.
async fn insert(fixture: &Fixture, behind: &Behind, account: AccountId) -> GalleryItemId {
    let (item, generation) = (fixture.ids.uuid(), GenerationId::new(fixture.ids.uuid()));
    behind
        .run(
            "INSERT INTO gallery_items (account_id, id, generation_id, slot, origin, prompt, model, aspect_ratio,
                price, image_key, preview_key, format, width, height, bytes, favourite, created_at)
            VALUES ($1, $2, $3, 0, 'description', 'a fox', 'model', '1:1', 10, $4, $5, 'image/jpeg', 8, 8, 64,
                FALSE, 1)",
            vec![
                account.uuid().into(),
                item.into(),
                generation.uuid().into(),
                ObjectKey::image(account, generation, 0).as_str().into(),
                ObjectKey::preview(account, generation, 0).as_str().into(),
            ],
        )
        .await;
    GalleryItemId::new(item)
}
