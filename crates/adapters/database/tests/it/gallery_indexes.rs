//! However large a gallery is, a page of it is found by an index, whatever the filter.

use database_adapter::Database;
use gallery::{FavouritesShown, Gallery, GalleryFilter, Origin};
use kernel::{AccountId, AvatarId, Cursor, PageSize, Timestamp};
use uuid::Uuid;

use crate::fixture::{Behind, Fixture};
use crate::partitions::{Plans, report_plans};

/// Fifty people with a thousand images each: every tenth of an avatar, every hundredth a favourite.
const FILL: &str = "
    INSERT INTO gallery_items (account_id, id, generation_id, slot, origin, avatar_id, prompt, model, aspect_ratio,
        price, image_key, preview_key, format, width, height, bytes, favourite, created_at)
    SELECT CAST(lpad(to_hex(person), 32, '0') AS uuid), CAST(lpad(to_hex(image), 32, '0') AS uuid),
        CAST(lpad(to_hex(image), 32, '0') AS uuid), 0,
        CASE WHEN image % 10 = 0 THEN 'avatar' ELSE 'description' END,
        CASE WHEN image % 10 = 0 THEN CAST(lpad(to_hex(image % 20), 32, '0') AS uuid) END,
        'a fox', 'model', '1:1', 10, 'image', 'preview', 'image/jpeg', 8, 8, 64, image % 100 = 0, image
    FROM generate_series(1, 50) AS person, generate_series(1, 1000) AS image";

#[tokio::test]
async fn a_page_is_found_by_an_index_whatever_the_filter() {
    let fixture = Fixture::postgres().await;
    let behind: Behind = fixture.behind().await;
    assert_eq!(behind.run(FILL, vec![]).await, 50_000);
    behind.run("ANALYZE gallery_items", vec![]).await;
    report_plans(&behind).await;
    let database = fixture.another().await;
    let plans = Plans::default();
    let _listening = tracing::subscriber::set_default(plans.clone());
    let all = GalleryFilter::ALL;
    let avatar = Some(AvatarId::new(Uuid::from_u128(10)));
    let day = (Some(Timestamp::from_micros(300)), Some(Timestamp::from_micros(330)));
    for (filter, index) in [
        (all, "gallery_items_"),
        (GalleryFilter { favourites: FavouritesShown::Only, ..all }, "gallery_items_favourites"),
        (GalleryFilter { origin: Some(Origin::InstantAvatar), ..all }, "gallery_items_by_origin"),
        (GalleryFilter { avatar, ..all }, "gallery_items_by_avatar"),
        (GalleryFilter { since: day.0, until: day.1, ..all }, "gallery_items_by_time"),
    ] {
        let plans = plans_of_a_page(&database, &plans, filter).await;
        for plan in &plans {
            assert!(plan.contains(index), "{filter:?} is found by another way than {index}: {plan}");
            assert!(!plan.contains("Seq Scan"), "{filter:?}: {plan}");
        }
    }
}

/// The plans of a first page and of one in the middle.
async fn plans_of_a_page(database: &Database, plans: &Plans, filter: GalleryFilter) -> Vec<String> {
    let account = AccountId::new(Uuid::from_u128(7));
    plans.take();
    for after in [None, Some(Cursor::after(Uuid::from_u128(500)))] {
        database.page(account, filter, after, PageSize::new(10)).await.expect("a page");
    }
    let of_pages: Vec<String> =
        plans.take().into_iter().filter(|plan| plan.contains("FROM gallery_items")).collect();
    assert_eq!(of_pages.len(), 2, "{of_pages:?}");
    of_pages
}
