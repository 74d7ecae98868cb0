//! What every [`Gallery`](gallery::Gallery) and [`GalleryWriter`](gallery::GalleryWriter) must do.

use gallery::{Favourite, GalleryFilter, GalleryItem, MessengerFiles, NewGalleryItem, Place};
use kernel::{AccountId, Credits, Cursor, GalleryItemId, PageSize};

use super::DatabaseSubject;
use super::samples::{
    ACCOUNT, OTHER_ACCOUNT, UNIT_PRICE, bury, database_now, generation_id, item, item_id, keep,
};

database_suite! { $ gallery as gallery_tests:
    keep_must_keep_everything_that_it_is_told,
    keep_of_an_item_that_is_there_must_change_nothing,
    page_must_list_the_newest_first_and_a_next_page_must_start_right_after_the_last_row,
    get_must_give_tombstones_too_and_page_place_and_newest_must_not,
    place_must_say_where_an_item_stands_and_who_its_neighbours_are,
    of_generation_must_give_the_items_in_the_order_of_their_slots_tombstones_included,
    no_call_must_give_an_item_of_another_account,
    set_favourite_must_be_repeatable_and_must_answer_false_for_an_item_that_is_not_there_or_deleted,
    remember_files_must_be_repeatable_and_must_answer_false_for_an_item_that_is_not_there_or_deleted,
    remember_files_must_keep_what_is_known_where_it_is_given_nothing,
    bury_must_leave_a_tombstone_with_the_price_and_must_answer_false_when_there_is_none_to_bury,
    nothing_must_be_visible_before_the_unit_commits,
}

/// `keep` keeps everything that it is told.
pub async fn keep_must_keep_everything_that_it_is_told(subject: &DatabaseSubject) {
    let before = database_now(subject).await;
    let free = NewGalleryItem { price: Credits::ZERO, ..item(ACCOUNT, 1, 1, UNIT_PRICE) };
    for kept in [item(ACCOUNT, 1, 0, UNIT_PRICE), free] {
        keep(subject, &kept).await;
        let found = get(subject, ACCOUNT, kept.id).await.expect("it is there");
        assert!(found.created_at >= before, "{found:?}");
        let expected = GalleryItem {
            kept,
            favourite: Favourite::No,
            files: MessengerFiles::default(),
            created_at: found.created_at,
            deleted_at: None,
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
    assert_eq!(pages(subject, GalleryFilter::All, 10).await, [vec![second.id]]);
}

/// `page` MUST list the newest first, by id, and a next page MUST start right after the last row of this one.
pub async fn page_must_list_the_newest_first_and_a_next_page_must_start_right_after_the_last_row(
    subject: &DatabaseSubject,
) {
    assert_eq!(pages(subject, GalleryFilter::All, 3).await, [Vec::new()]);
    // The order in which they are kept is not the order of their ids.
    for number in [4, 1, 6, 3, 7, 2, 5] {
        keep(subject, &item(ACCOUNT, number, 0, UNIT_PRICE)).await;
        keep(subject, &item(OTHER_ACCOUNT, 100 + number, 0, UNIT_PRICE)).await;
    }
    let newest_first = |numbers: &[u128]| -> Vec<GalleryItemId> {
        numbers.iter().map(|number| item_id(*number, 0)).collect()
    };
    assert_eq!(
        pages(subject, GalleryFilter::All, 3).await,
        [newest_first(&[7, 6, 5]), newest_first(&[4, 3, 2]), newest_first(&[1])]
    );
    assert_eq!(
        pages(subject, GalleryFilter::All, 7).await,
        [newest_first(&[7, 6, 5, 4, 3, 2, 1])],
        "a full last page has no next one"
    );
    for number in [2, 5, 6] {
        favour(subject, item_id(number, 0), Favourite::Yes).await;
    }
    assert_eq!(
        pages(subject, GalleryFilter::Favourites, 2).await,
        [newest_first(&[6, 5]), newest_first(&[2])]
    );
    // The row before a page need not be there any more.
    assert!(bury(subject, ACCOUNT, item_id(5, 0)).await);
    let after = Some(Cursor::after(item_id(5, 0).uuid()));
    let page =
        subject.gallery.page(ACCOUNT, GalleryFilter::All, after, PageSize::new(2)).await.expect("a page");
    assert_eq!(ids(&page.items), newest_first(&[4, 3]));
}

/// `get` MUST give tombstones too; `page`, `place` and `newest` MUST NOT.
pub async fn get_must_give_tombstones_too_and_page_place_and_newest_must_not(subject: &DatabaseSubject) {
    for number in 1..=3 {
        keep(subject, &item(ACCOUNT, number, 0, UNIT_PRICE)).await;
        favour(subject, item_id(number, 0), Favourite::Yes).await;
    }
    assert!(bury(subject, ACCOUNT, item_id(3, 0)).await);
    let tombstone = get(subject, ACCOUNT, item_id(3, 0)).await.expect("a tombstone");
    assert!(tombstone.deleted_at.is_some(), "{tombstone:?}");
    for filter in [GalleryFilter::All, GalleryFilter::Favourites] {
        assert_eq!(pages(subject, filter, 10).await, [vec![item_id(2, 0), item_id(1, 0)]]);
        assert_eq!(newest(subject, ACCOUNT, filter).await, Some(item_id(2, 0)));
        let place = place(subject, ACCOUNT, item_id(2, 0), filter).await;
        assert_eq!(place, Place { number: 1, total: 2, newer: None, older: Some(item_id(1, 0)) });
    }
    for number in 1..=2 {
        assert!(bury(subject, ACCOUNT, item_id(number, 0)).await);
    }
    assert_eq!(newest(subject, ACCOUNT, GalleryFilter::All).await, None);
}

/// `place` says where an item stands, the newest first, and which ones are next to it; its neighbours also when the item
/// itself is not shown by the filter.
pub async fn place_must_say_where_an_item_stands_and_who_its_neighbours_are(subject: &DatabaseSubject) {
    for number in 1..=5 {
        keep(subject, &item(ACCOUNT, number, 0, UNIT_PRICE)).await;
    }
    keep(subject, &item(OTHER_ACCOUNT, 106, 0, UNIT_PRICE)).await;
    for (number, newer, older) in [(5, None, Some(4)), (3, Some(4), Some(2)), (1, Some(2), None)] {
        let expected = Place {
            number: u64::try_from(6 - number).expect("small"),
            total: 5,
            newer: newer.map(|number| item_id(number, 0)),
            older: older.map(|number| item_id(number, 0)),
        };
        let number = u128::try_from(number).expect("small");
        assert_eq!(place(subject, ACCOUNT, item_id(number, 0), GalleryFilter::All).await, expected);
    }
    for number in [1, 4, 5] {
        favour(subject, item_id(number, 0), Favourite::Yes).await;
    }
    let among_favourites = place(subject, ACCOUNT, item_id(4, 0), GalleryFilter::Favourites).await;
    assert_eq!(
        among_favourites,
        Place { number: 2, total: 3, newer: Some(item_id(5, 0)), older: Some(item_id(1, 0)) }
    );
    let not_shown = place(subject, ACCOUNT, item_id(3, 0), GalleryFilter::Favourites).await;
    assert_eq!((not_shown.newer, not_shown.older), (Some(item_id(4, 0)), Some(item_id(1, 0))));
    assert_eq!(not_shown.total, 3);
}

/// `of_generation` gives the items in the order of their slots, tombstones included.
pub async fn of_generation_must_give_the_items_in_the_order_of_their_slots_tombstones_included(
    subject: &DatabaseSubject,
) {
    for slot in [2, 0, 3, 1] {
        keep(subject, &item(ACCOUNT, 1, slot, UNIT_PRICE)).await;
    }
    keep(subject, &item(ACCOUNT, 2, 0, UNIT_PRICE)).await;
    assert!(bury(subject, ACCOUNT, item_id(1, 2)).await);
    let items = subject.gallery.of_generation(ACCOUNT, generation_id(1)).await.expect("items");
    let slots: Vec<(u8, bool)> =
        items.iter().map(|item| (item.kept.slot, item.deleted_at.is_some())).collect();
    assert_eq!(slots, [(0, false), (1, false), (2, true), (3, false)]);
    let none = subject.gallery.of_generation(ACCOUNT, generation_id(3)).await.expect("items");
    assert_eq!(none, []);
}

/// No call MUST give an item of another account.
pub async fn no_call_must_give_an_item_of_another_account(subject: &DatabaseSubject) {
    let theirs = item(OTHER_ACCOUNT, 1, 0, UNIT_PRICE);
    keep(subject, &theirs).await;
    let files = MessengerFiles { photo: Some("photo".to_owned()), document: None };
    assert_eq!(get(subject, ACCOUNT, theirs.id).await, None);
    assert_eq!(newest(subject, ACCOUNT, GalleryFilter::All).await, None);
    assert_eq!(pages(subject, GalleryFilter::All, 10).await, [Vec::new()]);
    assert_eq!(place(subject, ACCOUNT, theirs.id, GalleryFilter::All).await.total, 0);
    assert_eq!(subject.gallery.of_generation(ACCOUNT, generation_id(1)).await.expect("items"), []);
    assert!(!subject.gallery.set_favourite(ACCOUNT, theirs.id, Favourite::Yes).await.expect("favourite"));
    assert!(!subject.gallery.remember_files(ACCOUNT, theirs.id, &files).await.expect("files"));
    assert!(!bury(subject, ACCOUNT, theirs.id).await);
    let untouched = get(subject, OTHER_ACCOUNT, theirs.id).await.expect("it is still there");
    assert_eq!(
        (untouched.favourite, untouched.files, untouched.deleted_at),
        (Favourite::No, MessengerFiles::default(), None)
    );
}

/// `set_favourite` MUST be repeatable and MUST answer `false` for an item that is not there or deleted.
pub async fn set_favourite_must_be_repeatable_and_must_answer_false_for_an_item_that_is_not_there_or_deleted(
    subject: &DatabaseSubject,
) {
    let kept = item(ACCOUNT, 1, 0, UNIT_PRICE);
    keep(subject, &kept).await;
    for favourite in [Favourite::Yes, Favourite::Yes, Favourite::No, Favourite::No, Favourite::Yes] {
        favour(subject, kept.id, favourite).await;
        assert_eq!(get(subject, ACCOUNT, kept.id).await.expect("the item").favourite, favourite);
    }
    assert!(bury(subject, ACCOUNT, kept.id).await);
    for missing in [kept.id, item_id(9, 0)] {
        let found = subject.gallery.set_favourite(ACCOUNT, missing, Favourite::No).await.expect("favourite");
        assert!(!found, "{missing}");
    }
}

/// `remember_files` MUST be repeatable and MUST answer `false` for an item that is not there or deleted.
pub async fn remember_files_must_be_repeatable_and_must_answer_false_for_an_item_that_is_not_there_or_deleted(
    subject: &DatabaseSubject,
) {
    let kept = item(ACCOUNT, 1, 0, UNIT_PRICE);
    keep(subject, &kept).await;
    let files =
        MessengerFiles { photo: Some("AgACAgIAAxk-_".to_owned()), document: Some("BQACAgI".to_owned()) };
    for _ in 0..2 {
        assert!(subject.gallery.remember_files(ACCOUNT, kept.id, &files).await.expect("files"));
        assert_eq!(get(subject, ACCOUNT, kept.id).await.expect("the item").files, files);
    }
    assert!(bury(subject, ACCOUNT, kept.id).await);
    for missing in [kept.id, item_id(9, 0)] {
        assert!(!subject.gallery.remember_files(ACCOUNT, missing, &files).await.expect("files"), "{missing}");
    }
}

/// `remember_files` MUST keep what is known where it is given nothing.
pub async fn remember_files_must_keep_what_is_known_where_it_is_given_nothing(subject: &DatabaseSubject) {
    let kept = item(ACCOUNT, 1, 0, UNIT_PRICE);
    keep(subject, &kept).await;
    let file = |name: &str| Some(name.to_owned());
    for (photo, document, expected) in [
        (file("photo 1"), None, (file("photo 1"), None)),
        (None, file("document 1"), (file("photo 1"), file("document 1"))),
        (None, None, (file("photo 1"), file("document 1"))),
        (file("photo 2"), None, (file("photo 2"), file("document 1"))),
    ] {
        let files = MessengerFiles { photo, document };
        assert!(subject.gallery.remember_files(ACCOUNT, kept.id, &files).await.expect("files"));
        let known = get(subject, ACCOUNT, kept.id).await.expect("the item").files;
        assert_eq!((known.photo, known.document), expected, "after {files:?}");
    }
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

/// Nothing is visible before the unit commits, and nothing at all after a drop.
pub async fn nothing_must_be_visible_before_the_unit_commits(subject: &DatabaseSubject) {
    let (old, new) = (item(ACCOUNT, 1, 0, UNIT_PRICE), item(ACCOUNT, 2, 0, UNIT_PRICE));
    keep(subject, &old).await;
    for commits in [false, true] {
        let mut unit = subject.gallery_units.begin().await.expect("begin");
        unit.gallery().keep(&new).await.expect("keep");
        assert!(unit.gallery().bury(ACCOUNT, old.id).await.expect("bury"));
        assert_eq!(pages(subject, GalleryFilter::All, 10).await, [vec![old.id]], "not committed");
        if commits {
            unit.commit().await.expect("commit");
        } else {
            drop(unit);
            assert_eq!(pages(subject, GalleryFilter::All, 10).await, [vec![old.id]], "dropped");
        }
    }
    assert_eq!(pages(subject, GalleryFilter::All, 10).await, [vec![new.id]]);
}

async fn get(subject: &DatabaseSubject, account: AccountId, item: GalleryItemId) -> Option<GalleryItem> {
    subject.gallery.get(account, item).await.expect("get")
}

async fn newest(
    subject: &DatabaseSubject,
    account: AccountId,
    filter: GalleryFilter,
) -> Option<GalleryItemId> {
    subject.gallery.newest(account, filter).await.expect("newest").map(|item| item.kept.id)
}

async fn place(
    subject: &DatabaseSubject,
    account: AccountId,
    item: GalleryItemId,
    filter: GalleryFilter,
) -> Place {
    subject.gallery.place(account, item, filter).await.expect("place")
}

async fn favour(subject: &DatabaseSubject, item: GalleryItemId, favourite: Favourite) {
    assert!(subject.gallery.set_favourite(ACCOUNT, item, favourite).await.expect("favourite"));
}

/// The ids on every page, the first page first.
async fn pages(subject: &DatabaseSubject, filter: GalleryFilter, size: u8) -> Vec<Vec<GalleryItemId>> {
    let mut pages = Vec::new();
    let mut after = None;
    loop {
        let page = subject.gallery.page(ACCOUNT, filter, after, PageSize::new(size)).await.expect("a page");
        pages.push(ids(&page.items));
        after = page.next;
        if after.is_none() {
            return pages;
        }
    }
}

fn ids(items: &[GalleryItem]) -> Vec<GalleryItemId> {
    items.iter().map(|item| item.kept.id).collect()
}
