//! What every [`Gallery`](gallery::Gallery) must do.

use std::time::Duration;

use gallery::{
    Favourite, FavouritesShown, GalleryCounts, GalleryFilter, GalleryItem, MessengerFiles, NewGalleryItem,
    Origin, Place,
};
use kernel::{AccountId, AvatarId, Credits, Cursor, GalleryItemId, PageSize, Timestamp};
use uuid::Uuid;

use super::DatabaseSubject;
use super::samples::{ACCOUNT, OTHER_ACCOUNT, UNIT_PRICE, bury, generation_id, item, item_id, keep};

database_suite! { $ gallery as gallery_tests:
    page_must_list_the_newest_first_and_a_next_page_must_start_right_after_the_last_row,
    get_must_give_tombstones_too_and_page_place_and_newest_must_not,
    place_must_say_where_an_item_stands_and_who_its_neighbours_are,
    page_newest_and_place_must_show_items_that_meet_every_condition_of_the_filter,
    of_generation_must_give_the_items_in_the_order_of_their_slots_tombstones_included,
    no_call_must_give_an_item_of_another_account,
    counts_must_count_what_is_not_deleted_and_sum_the_prices_of_all_images_ever_kept,
    drawn_with_must_count_the_images_ever_kept_with_that_avatar_that_cost_something_deleted_ones_included,
    set_favourite_must_be_repeatable_and_must_answer_false_for_an_item_that_is_not_there_or_deleted,
    remember_files_must_be_repeatable_and_must_answer_false_for_an_item_that_is_not_there_or_deleted,
    remember_files_must_keep_what_is_known_where_it_is_given_nothing,
    erase_all_must_remove_every_item_of_the_account_and_no_other_and_must_be_repeatable,
}

/// `page` MUST list the newest first, by id, and a next page MUST start right after the last row of this one.
pub async fn page_must_list_the_newest_first_and_a_next_page_must_start_right_after_the_last_row(
    subject: &DatabaseSubject,
) {
    assert_eq!(pages(subject, GalleryFilter::ALL, 3).await, [Vec::new()]);
    // The order in which they are kept is not the order of their ids.
    for number in [4, 1, 6, 3, 7, 2, 5] {
        keep(subject, &item(ACCOUNT, number, 0, UNIT_PRICE)).await;
        keep(subject, &item(OTHER_ACCOUNT, 100 + number, 0, UNIT_PRICE)).await;
    }
    let newest_first = |numbers: &[u128]| -> Vec<GalleryItemId> {
        numbers.iter().map(|number| item_id(*number, 0)).collect()
    };
    assert_eq!(
        pages(subject, GalleryFilter::ALL, 3).await,
        [newest_first(&[7, 6, 5]), newest_first(&[4, 3, 2]), newest_first(&[1])]
    );
    assert_eq!(
        pages(subject, GalleryFilter::ALL, 7).await,
        [newest_first(&[7, 6, 5, 4, 3, 2, 1])],
        "a full last page has no next one"
    );
    for number in [2, 5, 6] {
        favour(subject, item_id(number, 0), Favourite::Yes).await;
    }
    assert_eq!(
        pages(subject, GalleryFilter::FAVOURITES, 2).await,
        [newest_first(&[6, 5]), newest_first(&[2])]
    );
    // The row before a page need not be there any more.
    assert!(bury(subject, ACCOUNT, item_id(5, 0)).await);
    let after = Some(Cursor::after(item_id(5, 0).uuid()));
    let page =
        subject.gallery.page(ACCOUNT, GalleryFilter::ALL, after, PageSize::new(2)).await.expect("a page");
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
    for filter in [GalleryFilter::ALL, GalleryFilter::FAVOURITES] {
        assert_eq!(pages(subject, filter, 10).await, [vec![item_id(2, 0), item_id(1, 0)]]);
        assert_eq!(newest(subject, ACCOUNT, filter).await, Some(item_id(2, 0)));
        let place = place(subject, ACCOUNT, item_id(2, 0), filter).await;
        assert_eq!(place, Place { number: 1, total: 2, newer: None, older: Some(item_id(1, 0)) });
    }
    for number in 1..=2 {
        assert!(bury(subject, ACCOUNT, item_id(number, 0)).await);
    }
    assert_eq!(newest(subject, ACCOUNT, GalleryFilter::ALL).await, None);
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
        assert_eq!(place(subject, ACCOUNT, item_id(number, 0), GalleryFilter::ALL).await, expected);
    }
    for number in [1, 4, 5] {
        favour(subject, item_id(number, 0), Favourite::Yes).await;
    }
    let among_favourites = place(subject, ACCOUNT, item_id(4, 0), GalleryFilter::FAVOURITES).await;
    assert_eq!(
        among_favourites,
        Place { number: 2, total: 3, newer: Some(item_id(5, 0)), older: Some(item_id(1, 0)) }
    );
    let not_shown = place(subject, ACCOUNT, item_id(3, 0), GalleryFilter::FAVOURITES).await;
    assert_eq!((not_shown.newer, not_shown.older), (Some(item_id(4, 0)), Some(item_id(1, 0))));
    assert_eq!(not_shown.total, 3);
}

/// `page`, `newest` and `place` MUST show the items that meet every condition of the filter, and no other.
pub async fn page_newest_and_place_must_show_items_that_meet_every_condition_of_the_filter(
    subject: &DatabaseSubject,
) {
    let moments = keep_some_of_everything(subject).await;
    let all = GalleryFilter::ALL;
    let of_origin = |origin| GalleryFilter { origin: Some(origin), ..all };
    let of_avatar = |number| GalleryFilter { avatar: Some(avatar(number)), ..all };
    for (filter, expected) in [
        (all, vec![6, 5, 4, 3, 2, 1]),
        (of_origin(Origin::Description), vec![6, 3]),
        (of_origin(Origin::Avatar), vec![5, 4, 1]),
        (of_origin(Origin::InstantAvatar), vec![2]),
        (of_avatar(1), vec![5, 2, 1]),
        (of_avatar(2), vec![4]),
        (of_avatar(3), vec![]),
        (GalleryFilter { origin: Some(Origin::Avatar), avatar: Some(avatar(1)), ..all }, vec![5, 1]),
        (GalleryFilter { favourites: FavouritesShown::Only, ..of_avatar(1) }, vec![5]),
        (GalleryFilter { favourites: FavouritesShown::Only, ..of_origin(Origin::Description) }, vec![6]),
        (GalleryFilter { since: Some(moments[2]), ..all }, vec![6, 5, 4, 3]),
        (GalleryFilter { until: Some(moments[2]), ..all }, vec![2, 1]),
        (GalleryFilter { since: Some(moments[1]), until: Some(moments[4]), ..all }, vec![4, 3, 2]),
        (GalleryFilter { since: Some(moments[1]), until: Some(moments[4]), ..of_avatar(1) }, vec![2]),
        (GalleryFilter { since: Some(moments[4]), until: Some(moments[4]), ..all }, vec![]),
    ] {
        let expected: Vec<GalleryItemId> = expected.into_iter().map(|number| item_id(number, 0)).collect();
        let shown = pages(subject, filter, 2).await;
        assert!(shown.iter().rev().skip(1).all(|page| page.len() == 2), "{filter:?}: {shown:?}");
        assert_eq!(shown.concat(), expected, "{filter:?}");
        assert_eq!(newest(subject, ACCOUNT, filter).await, expected.first().copied(), "{filter:?}");
        for (index, shown) in expected.iter().enumerate() {
            let place = place(subject, ACCOUNT, *shown, filter).await;
            let expected = Place {
                number: u64::try_from(index + 1).expect("small"),
                total: u64::try_from(expected.len()).expect("small"),
                newer: index.checked_sub(1).map(|newer| expected[newer]),
                older: expected.get(index + 1).copied(),
            };
            assert_eq!(place, expected, "{shown} by {filter:?}");
        }
    }
}

/// Six items that are shown, kept at the moments that are given back, and some that are not.
async fn keep_some_of_everything(subject: &DatabaseSubject) -> Vec<Timestamp> {
    for (number, origin, pictured) in [
        (1, Origin::Avatar, Some(1)),
        (2, Origin::InstantAvatar, Some(1)),
        (3, Origin::Description, None),
        (4, Origin::Avatar, Some(2)),
        (5, Origin::Avatar, Some(1)),
        (6, Origin::Description, None),
        (7, Origin::Avatar, Some(1)),
    ] {
        let plain = item(ACCOUNT, number, 0, UNIT_PRICE);
        keep(subject, &NewGalleryItem { origin, avatar: pictured.map(avatar), ..plain }).await;
        subject.time.elapse(Duration::from_mins(1)).await;
    }
    for number in [5, 6, 7] {
        favour(subject, item_id(number, 0), Favourite::Yes).await;
    }
    assert!(bury(subject, ACCOUNT, item_id(7, 0)).await);
    let theirs = NewGalleryItem {
        origin: Origin::Avatar,
        avatar: Some(avatar(1)),
        ..item(OTHER_ACCOUNT, 106, 0, UNIT_PRICE)
    };
    keep(subject, &theirs).await;
    // A database whose clock cannot be moved has moved the rows instead.
    let mut moments = Vec::new();
    for number in 1..=6 {
        moments.push(get(subject, ACCOUNT, item_id(number, 0)).await.expect("an item").created_at);
    }
    moments
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
    assert_eq!(newest(subject, ACCOUNT, GalleryFilter::ALL).await, None);
    assert_eq!(pages(subject, GalleryFilter::ALL, 10).await, [Vec::new()]);
    assert_eq!(place(subject, ACCOUNT, theirs.id, GalleryFilter::ALL).await.total, 0);
    assert_eq!(subject.gallery.of_generation(ACCOUNT, generation_id(1)).await.expect("items"), []);
    assert!(!subject.gallery.set_favourite(ACCOUNT, theirs.id, Favourite::Yes).await.expect("favourite"));
    assert!(!subject.gallery.remember_files(ACCOUNT, theirs.id, &files).await.expect("files"));
    assert!(!bury(subject, ACCOUNT, theirs.id).await);
    assert_eq!(subject.gallery.counts(ACCOUNT).await.expect("counts"), GalleryCounts::default());
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

/// `counts` MUST count what is not deleted, and MUST sum the prices of all images ever kept.
pub async fn counts_must_count_what_is_not_deleted_and_sum_the_prices_of_all_images_ever_kept(
    subject: &DatabaseSubject,
) {
    assert_eq!(subject.gallery.counts(ACCOUNT).await.expect("counts"), GalleryCounts::default());
    for (number, origin, price) in [
        (1, Origin::Description, UNIT_PRICE),
        (2, Origin::Description, Credits::ZERO),
        (3, Origin::Avatar, UNIT_PRICE),
        (4, Origin::Avatar, UNIT_PRICE),
        (5, Origin::InstantAvatar, UNIT_PRICE),
    ] {
        keep(subject, &NewGalleryItem { origin, ..item(ACCOUNT, number, 0, price) }).await;
    }
    keep(subject, &item(OTHER_ACCOUNT, 106, 0, UNIT_PRICE)).await;
    for number in [1, 4] {
        favour(subject, item_id(number, 0), Favourite::Yes).await;
    }
    for number in [4, 5] {
        assert!(bury(subject, ACCOUNT, item_id(number, 0)).await);
    }
    let expected = GalleryCounts {
        by_origin: [(Origin::Description, 2), (Origin::Avatar, 1)].into_iter().collect(),
        favourites: 1,
        spent: Credits::of(40),
    };
    assert_eq!(subject.gallery.counts(ACCOUNT).await.expect("counts"), expected);
}

/// `drawn_with` MUST count the images that were ever kept with that avatar and cost something, deleted ones included.
pub async fn drawn_with_must_count_the_images_ever_kept_with_that_avatar_that_cost_something_deleted_ones_included(
    subject: &DatabaseSubject,
) {
    for (number, pictured, price) in [
        (1, Some(1), UNIT_PRICE),
        (2, Some(1), UNIT_PRICE),
        (3, Some(1), Credits::ZERO),
        (4, Some(2), UNIT_PRICE),
        (5, None, UNIT_PRICE),
    ] {
        let plain = item(ACCOUNT, number, 0, price);
        keep(subject, &NewGalleryItem { avatar: pictured.map(avatar), ..plain }).await;
    }
    let theirs = item(OTHER_ACCOUNT, 106, 0, UNIT_PRICE);
    keep(subject, &NewGalleryItem { avatar: Some(avatar(1)), ..theirs }).await;
    assert!(bury(subject, ACCOUNT, item_id(2, 0)).await);
    for (number, expected) in [(1, 2), (2, 1), (3, 0)] {
        let drawn = subject.gallery.drawn_with(ACCOUNT, avatar(number)).await.expect("drawn with");
        assert_eq!(drawn, expected, "avatar {number}");
    }
}

/// `erase_all` MUST remove every item of the account, tombstones included, and no other; it MUST be repeatable.
pub async fn erase_all_must_remove_every_item_of_the_account_and_no_other_and_must_be_repeatable(
    subject: &DatabaseSubject,
) {
    for number in 1..=3 {
        keep(subject, &item(ACCOUNT, number, 0, UNIT_PRICE)).await;
    }
    let theirs = item(OTHER_ACCOUNT, 106, 0, UNIT_PRICE);
    keep(subject, &theirs).await;
    assert!(bury(subject, ACCOUNT, item_id(2, 0)).await);
    for removed in [3, 0] {
        assert_eq!(subject.gallery.erase_all(ACCOUNT).await.expect("erase"), removed);
        for number in 1..=3 {
            assert_eq!(get(subject, ACCOUNT, item_id(number, 0)).await, None);
        }
        assert_eq!(subject.gallery.counts(ACCOUNT).await.expect("counts"), GalleryCounts::default());
    }
    assert!(get(subject, OTHER_ACCOUNT, theirs.id).await.is_some());
}

/// An item or tombstone.
pub(super) async fn get(
    subject: &DatabaseSubject,
    account: AccountId,
    item: GalleryItemId,
) -> Option<GalleryItem> {
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

/// The id of an avatar.
pub(super) fn avatar(number: u128) -> AvatarId {
    AvatarId::new(Uuid::from_u128(0xA7_0000 + number))
}

/// Marks or unmarks an item that is there.
pub(super) async fn favour(subject: &DatabaseSubject, item: GalleryItemId, favourite: Favourite) {
    assert!(subject.gallery.set_favourite(ACCOUNT, item, favourite).await.expect("favourite"));
}

/// The ids on every page, the first page first.
pub(super) async fn pages(
    subject: &DatabaseSubject,
    filter: GalleryFilter,
    size: u8,
) -> Vec<Vec<GalleryItemId>> {
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
