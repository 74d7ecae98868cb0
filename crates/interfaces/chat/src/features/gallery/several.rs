//! Choosing several images: pages with a number for each image, and what can be done with what is chosen.

use gallery::{Favourite, GalleryItem};
use kernel::{Cursor, GalleryItemId, PageSize};

use super::filter::filter;
use super::picked::{ask_deletion, delete, download};
use crate::callback::{CallbackData, GalleryView, PickStep};
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::inbound::PressedMessage;
use crate::keyboards::{menu_row, ticked};
use crate::memory::Picks;
use crate::telegram::{Button, Keyboard, PressAnswer, TextMessage};
use crate::words::{Html, Texts, short_moment, shortened};

/// Images on a page.
const PAGE: u8 = 10;
/// Numbers in a row of buttons.
const NUMBERS_IN_A_ROW: usize = 5;
/// The most of a description that a line shows, in UTF-16 units.
const LONGEST_DESCRIPTION: usize = 60;

/// Every step of choosing several images.
pub(crate) async fn pick_step(
    talk: &Talk<'_>,
    message: &PressedMessage,
    step: PickStep,
) -> Result<PressAnswer, HandlerError> {
    match step {
        PickStep::Page { view, page } => show(talk, message, view, page).await,
        PickStep::Toggle { item, view, page } => {
            let kept = change(talk, |picks| picks.toggle(item)).await;
            show(talk, message, view, page).await?;
            Ok(if kept { PressAnswer::Silent } else { PressAnswer::Alert(talk.texts.too_many_picked()) })
        }
        PickStep::WholePage { view, page } => whole_page(talk, message, view, page).await,
        PickStep::Nothing { view, page } => {
            change(talk, Picks::clear).await;
            show(talk, message, view, page).await
        }
        PickStep::AskDeletion { view, page } => ask_deletion(talk, message, view, page).await,
        PickStep::Delete { nonce, view } => delete(talk, message, nonce, view).await,
        PickStep::Download { nonce } => download(talk, message, nonce).await,
    }
}

async fn whole_page(
    talk: &Talk<'_>,
    message: &PressedMessage,
    view: GalleryView,
    page: u8,
) -> Result<PressAnswer, HandlerError> {
    let found = find_page(talk, view, page).await?;
    let kept = change(talk, |picks| {
        found.items.iter().all(|item| picks.contains(item.kept.id) || picks.toggle(item.kept.id))
    })
    .await;
    show(talk, message, view, page).await?;
    Ok(if kept { PressAnswer::Silent } else { PressAnswer::Alert(talk.texts.too_many_picked()) })
}

/// Changes what is chosen.
async fn change<T>(talk: &Talk<'_>, change: impl FnOnce(&mut Picks) -> T) -> T {
    let mut memory = talk.recall().await;
    let outcome = change(&mut memory.picks);
    talk.remember(&memory).await;
    outcome
}

/// A page of images, as far as the way to it is remembered.
struct Found {
    /// Its number, from 0.
    page: u8,
    items: Vec<GalleryItem>,
    has_more: bool,
}

/// The page; the first one when the way to it is forgotten.
async fn find_page(talk: &Talk<'_>, view: GalleryView, page: u8) -> Result<Found, HandlerError> {
    let mut memory = talk.recall().await;
    let (page, after) = memory.picks.way_to(page);
    let filter = filter(talk, view).await?;
    let found = talk.chat.ports.gallery.page(talk.account.id, filter, after, PageSize::new(PAGE)).await?;
    if let Some(next) = found.next
        && memory.picks.remember_way(page, next)
    {
        talk.remember(&memory).await;
    }
    Ok(Found { page, items: found.items, has_more: found.next.is_some() })
}

/// Shows a page.
pub(super) async fn show(
    talk: &Talk<'_>,
    message: &PressedMessage,
    view: GalleryView,
    page: u8,
) -> Result<PressAnswer, HandlerError> {
    let found = find_page(talk, view, page).await?;
    let picks = talk.recall().await.picks;
    let mut lines = vec![talk.texts.several_title(picks.len())];
    lines.extend((1..).zip(&found.items).map(|(number, item)| line(talk, number, item)));
    if found.items.is_empty() {
        lines.push(talk.texts.nothing_found());
    }
    let nonce = talk.chat.ports.ids.random();
    let page = TextMessage::new(Html::lines(lines), keyboard(talk.texts, &found, &picks, view, nonce));
    talk.show(Place::Instead(message), &page).await?;
    Ok(PressAnswer::Silent)
}

fn line(talk: &Talk<'_>, number: u8, item: &GalleryItem) -> Html {
    let date = short_moment(talk.texts, item.created_at, &talk.account.zone);
    let description = shortened(&item.kept.prompt.replace('\n', " "), LONGEST_DESCRIPTION);
    match item.favourite {
        Favourite::No => talk.texts.several_line(number, &date, &description),
        Favourite::Yes => talk.texts.several_line_favourite(number, &date, &description),
    }
}

fn keyboard(texts: Texts, found: &Found, picks: &Picks, view: GalleryView, nonce: u64) -> Keyboard {
    let page = found.page;
    let step = |label: String, step: PickStep| Button::press(label, CallbackData::Pick(step));
    let numbers: Vec<Button> = (1_u8..)
        .zip(&found.items)
        .map(|(number, item)| {
            let item = item.kept.id;
            let label = ticked(&number.to_string(), picks.contains(item));
            step(label, PickStep::Toggle { item, view, page })
        })
        .collect();
    let turn = |label: &str, page: Option<u8>| {
        page.map(|page| step(label.to_owned(), PickStep::Page { view, page }))
    };
    let older = page.checked_add(1).filter(|_| found.has_more);
    let mut keyboard = Keyboard::none();
    for row in numbers.chunks(NUMBERS_IN_A_ROW) {
        keyboard = keyboard.row(row.iter().cloned());
    }
    keyboard = keyboard.row([turn("◀", page.checked_sub(1)), turn("▶", older)].into_iter().flatten()).row([
        step(texts.button_whole_page(), PickStep::WholePage { view, page }),
        step(texts.button_nothing(), PickStep::Nothing { view, page }),
    ]);
    if !picks.is_empty() {
        keyboard = keyboard.row([
            step(texts.button_delete_picked(picks.len()), PickStep::AskDeletion { view, page }),
            step(texts.button_download_picked(picks.len()), PickStep::Download { nonce }),
        ]);
    }
    keyboard
        .row([Button::press(texts.button_open_gallery(), CallbackData::OpenGallery { view })])
        .row(menu_row(texts))
}

/// Where the pages begin, as remembered.
impl Picks {
    /// The page and the row before it; the first page when the way is not known.
    fn way_to(&self, page: u8) -> (u8, Option<Cursor>) {
        match usize::from(page).checked_sub(1).map(|before| self.ends.get(before)) {
            Some(Some(end)) => (page, Some(Cursor::after(*end))),
            None | Some(None) => (0, None),
        }
    }

    /// Remembers where a page ends; whether that is news.
    fn remember_way(&mut self, page: u8, end: Cursor) -> bool {
        let page = usize::from(page);
        if self.ends.get(page) == Some(&end.id()) || self.ends.len() < page {
            return false;
        }
        // What was known behind another end is void.
        self.ends.truncate(page);
        self.ends.push(end.id());
        true
    }

    /// Whether an image is chosen.
    pub(crate) fn contains(&self, item: GalleryItemId) -> bool {
        self.chosen.contains(&item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn item(number: u128) -> GalleryItemId {
        GalleryItemId::new(Uuid::from_u128(number))
    }

    fn end(number: u128) -> Cursor {
        Cursor::after(Uuid::from_u128(number))
    }

    #[test]
    fn the_way_to_a_page_is_learnt_page_by_page() {
        let mut picks = Picks::default();
        assert_eq!(picks.way_to(0), (0, None));
        assert_eq!(picks.way_to(3), (0, None), "nobody has been there");
        assert!(picks.remember_way(0, end(1)));
        assert!(!picks.remember_way(0, end(1)), "no news");
        assert!(picks.remember_way(1, end(2)));
        assert_eq!(picks.way_to(1), (1, Some(end(1))));
        assert_eq!(picks.way_to(2), (2, Some(end(2))));
        assert!(picks.remember_way(0, end(5)), "a new image came to the first page");
        assert_eq!(picks.way_to(2), (0, None), "what was known behind it is void");
    }

    #[test]
    fn what_is_chosen_is_chosen_until_it_is_pressed_again() {
        let mut picks = Picks::default();
        assert!(picks.toggle(item(1)) && picks.toggle(item(2)));
        assert!(picks.contains(item(1)));
        assert!(picks.toggle(item(1)));
        assert!(!picks.contains(item(1)));
        assert_eq!(picks.len(), 1);
    }
}
