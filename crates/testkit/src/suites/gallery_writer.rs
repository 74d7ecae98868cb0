//! What every [`GalleryWriter`](gallery::GalleryWriter) must do.

use gallery::{Favourite, GalleryFilter, GalleryItem, MessengerFiles, NewGalleryItem, Origin, Remains};
use kernel::{AccountId, Credits, GalleryItemId};

use super::DatabaseSubject;
use super::gallery::{avatar, favour, get, pages};
use super::samples::{ACCOUNT, OTHER_ACCOUNT, UNIT_PRICE, bury, database_now, item, item_id, keep};

database_suite! { $ gallery_writer as gallery_writer_tests:
    keep_must_keep_everything_that_it_is_told,
    keep_of_an_item_that_is_there_must_change_nothing,
    bury_must_leave_a_tombstone_with_the_price_and_must_answer_false_when_there_is_none_to_bury,
    restore_must_undo_bury_while_the_bytes_remain_and_must_answer_false_otherwise,
    mark_erased_must_make_restore_impossible_and_must_answer_false_for_an_item_that_is_not_buried,
    nothing_must_be_visible_before_the_unit_commits,
}

/// `keep` keeps everything that it is told.
pub async fn keep_must_keep_everything_that_it_is_told(subject: &DatabaseSubject) {
    let before = database_now(subject).await;
    let free = NewGalleryItem { price: Credits::ZERO, ..item(ACCOUNT, 1, 1, UNIT_PRICE) };
    let of_avatar = NewGalleryItem {
        origin: Origin::Avatar,
        avatar: Some(avatar(1)),
        seed: 0,
        ..item(ACCOUNT, 1, 2, UNIT_PRICE)
    };
    let instant =
        NewGalleryItem { origin: Origin::InstantAvatar, seed: u64::MAX, ..item(ACCOUNT, 1, 3, UNIT_PRICE) };
    for kept in [item(ACCOUNT, 1, 0, UNIT_PRICE), free, of_avatar, instant] {
        keep(subject, &kept).await;
        let found = get(subject, ACCOUNT, kept.id).await.expect("it is there");
        assert!(found.created_at >= before, "{found:?}");
        let expected = GalleryItem {
            kept,
            favourite: Favourite::No,
            files: MessengerFiles::default(),
            created_at: found.created_at,
            deleted_at: None,
            remains: Remains::Whole,
        };
        assert_eq!(found, expected);
    }
}

/// `keep` of an item that is there MUST change nothing, also when it is buried.
pub async fn keep_of_an_item_that_is_there_must_change_nothing(subject: &DatabaseSubject) {
    let first = item(ACCOUNT, 1, 0, UNIT_PRICE);
    keep(subject, &first).await;
    favour(subject, first.id, Favourite::Yes).await;
    let other = NewGalleryItem {
        price: Credits::ZERO,
        model: "another model".to_owned(),
        ..item(ACCOUNT, 1, 0, UNIT_PRICE)
    };
    let before = get(subject, ACCOUNT, first.id).await;
    keep(subject, &other).await;
    assert_eq!(get(subject, ACCOUNT, first.id).await, before);
    assert!(bury(subject, ACCOUNT, first.id).await);
    let before = get(subject, ACCOUNT, first.id).await;
    keep(subject, &other).await;
    assert_eq!(get(subject, ACCOUNT, first.id).await, before);

    // Within one unit of work too.
    let second = item(ACCOUNT, 1, 1, UNIT_PRICE);
    let mut unit = subject.gallery_units.begin().await.expect("begin");
    unit.gallery().keep(&second).await.expect("keep");
    unit.gallery().keep(&second).await.expect("keep again");
    unit.commit().await.expect("commit");
    assert_eq!(pages(subject, GalleryFilter::ALL, 10).await, [vec![second.id]]);
}

/// `bury` MUST leave a tombstone with the price, and MUST answer `false` when the item is not there or buried before.
pub async fn bury_must_leave_a_tombstone_with_the_price_and_must_answer_false_when_there_is_none_to_bury(
    subject: &DatabaseSubject,
) {
    let kept = item(ACCOUNT, 1, 0, UNIT_PRICE);
    keep(subject, &kept).await;
    let before = database_now(subject).await;
    assert!(bury(subject, ACCOUNT, kept.id).await);
    let after = database_now(subject).await;
    let tombstone = get(subject, ACCOUNT, kept.id).await.expect("a tombstone");
    let deleted_at = tombstone.deleted_at.expect("the moment of the deletion");
    assert!(before <= deleted_at && deleted_at <= after, "{tombstone:?}");
    assert_eq!(tombstone.kept.price, UNIT_PRICE);
    assert_eq!((&tombstone.kept.image, &tombstone.kept.preview), (&kept.image, &kept.preview));
    assert!(!bury(subject, ACCOUNT, kept.id).await, "it is buried");
    assert_eq!(get(subject, ACCOUNT, kept.id).await, Some(tombstone));
    assert!(!bury(subject, ACCOUNT, item_id(9, 0)).await, "there is no such item");
}

/// `restore` MUST undo `bury` while the bytes remain, and MUST answer `false` otherwise.
pub async fn restore_must_undo_bury_while_the_bytes_remain_and_must_answer_false_otherwise(
    subject: &DatabaseSubject,
) {
    let kept = item(ACCOUNT, 1, 0, UNIT_PRICE);
    keep(subject, &kept).await;
    favour(subject, kept.id, Favourite::Yes).await;
    let before = get(subject, ACCOUNT, kept.id).await;
    assert!(!restore(subject, ACCOUNT, kept.id).await, "it is not buried");
    for _ in 0..2 {
        assert!(bury(subject, ACCOUNT, kept.id).await);
        assert_eq!(get(subject, ACCOUNT, kept.id).await.expect("a tombstone").remains, Remains::Whole);
        assert!(!restore(subject, OTHER_ACCOUNT, kept.id).await, "it is somebody else's");
        assert!(restore(subject, ACCOUNT, kept.id).await);
        assert_eq!(get(subject, ACCOUNT, kept.id).await, before, "all is as it was");
        assert_eq!(pages(subject, GalleryFilter::FAVOURITES, 10).await, [vec![kept.id]]);
        assert!(!restore(subject, ACCOUNT, kept.id).await, "it is restored");
    }
    assert!(!restore(subject, ACCOUNT, item_id(9, 0)).await, "there is no such item");
}

/// `mark_erased` MUST make `restore` impossible for a buried item, and MUST answer `false` for one that is not buried.
pub async fn mark_erased_must_make_restore_impossible_and_must_answer_false_for_an_item_that_is_not_buried(
    subject: &DatabaseSubject,
) {
    let kept = item(ACCOUNT, 1, 0, UNIT_PRICE);
    keep(subject, &kept).await;
    let before = get(subject, ACCOUNT, kept.id).await;
    assert!(!mark_erased(subject, ACCOUNT, kept.id).await, "it is not buried");
    assert_eq!(get(subject, ACCOUNT, kept.id).await, before);
    assert!(!mark_erased(subject, ACCOUNT, item_id(9, 0)).await, "there is no such item");

    assert!(bury(subject, ACCOUNT, kept.id).await);
    assert!(!mark_erased(subject, OTHER_ACCOUNT, kept.id).await, "it is somebody else's");
    let buried = get(subject, ACCOUNT, kept.id).await.expect("a tombstone");
    for _ in 0..2 {
        assert!(mark_erased(subject, ACCOUNT, kept.id).await, "as often as one tries");
        assert!(!restore(subject, ACCOUNT, kept.id).await);
        let tombstone = GalleryItem { remains: Remains::Erased, ..buried.clone() };
        assert_eq!(get(subject, ACCOUNT, kept.id).await, Some(tombstone));
    }
    // What was restored in time cannot be erased by a job that comes too late.
    let second = item(ACCOUNT, 2, 0, UNIT_PRICE);
    keep(subject, &second).await;
    assert!(bury(subject, ACCOUNT, second.id).await);
    assert!(restore(subject, ACCOUNT, second.id).await);
    assert!(!mark_erased(subject, ACCOUNT, second.id).await);
    assert_eq!(get(subject, ACCOUNT, second.id).await.expect("an item").remains, Remains::Whole);
}

/// Nothing is visible before the unit commits, and nothing at all after a drop.
pub async fn nothing_must_be_visible_before_the_unit_commits(subject: &DatabaseSubject) {
    let (old, new) = (item(ACCOUNT, 1, 0, UNIT_PRICE), item(ACCOUNT, 2, 0, UNIT_PRICE));
    keep(subject, &old).await;
    for commits in [false, true] {
        let mut unit = subject.gallery_units.begin().await.expect("begin");
        unit.gallery().keep(&new).await.expect("keep");
        assert!(unit.gallery().bury(ACCOUNT, old.id).await.expect("bury"));
        assert_eq!(pages(subject, GalleryFilter::ALL, 10).await, [vec![old.id]], "not committed");
        if commits {
            unit.commit().await.expect("commit");
        } else {
            drop(unit);
            assert_eq!(pages(subject, GalleryFilter::ALL, 10).await, [vec![old.id]], "dropped");
        }
    }
    assert_eq!(pages(subject, GalleryFilter::ALL, 10).await, [vec![new.id]]);
}

async fn restore(subject: &DatabaseSubject, account: AccountId, item: GalleryItemId) -> bool {
    let mut unit = subject.gallery_units.begin().await.expect("begin");
    let restored = unit.gallery().restore(account, item).await.expect("restore");
    unit.commit().await.expect("commit");
    restored
}

async fn mark_erased(subject: &DatabaseSubject, account: AccountId, item: GalleryItemId) -> bool {
    let mut unit = subject.gallery_units.begin().await.expect("begin");
    let marked = unit.gallery().mark_erased(account, item).await.expect("mark erased");
    unit.commit().await.expect("commit");
    marked
}
