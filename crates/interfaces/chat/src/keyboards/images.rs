//! Buttons under images and the news about them.

use gallery::{Favourite, Place};
use generation::Likeness;
use kernel::{Credits, GalleryItemId, GenerationId, ImageCount};

use super::menu_row;
use crate::callback::{AgainSource, CallbackData, GalleryView, PickStep, Repeat, Surface};
use crate::telegram::{Button, Keyboard};
use crate::words::Texts;

/// What a button needs that makes a request again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AgainOffer {
    /// The price of one image.
    pub(crate) unit_price: Credits,
    /// Drawn for this button.
    pub(crate) nonce: u64,
    /// Who is in the image. Those of an avatar can be drawn with the same seed and other words.
    pub(crate) likeness: Likeness,
}

impl AgainOffer {
    fn button(
        self,
        texts: Texts,
        source: AgainSource,
        count: ImageCount,
        surface: Surface,
    ) -> Option<Button> {
        let price = self.unit_price.times(u32::from(count.get())).ok()?;
        let repeat = Repeat { source, nonce: self.nonce, unit_price: self.unit_price, surface };
        Some(Button::press(texts.button_again(price.get()), CallbackData::Again(repeat)))
    }

    fn same_seed(self, label: String, item: GalleryItemId) -> Option<Button> {
        self.likeness.avatar().map(|_| Button::press(label, CallbackData::SameSeed { item }))
    }
}

/// An image of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SetImage {
    /// Its place in the album, from 1.
    pub(crate) number: u8,
    /// Which.
    pub(crate) item: GalleryItemId,
    /// Whether it is a favourite.
    pub(crate) favourite: Favourite,
}

/// Under an image that was delivered alone.
pub(crate) fn result(
    texts: Texts,
    item: GalleryItemId,
    favourite: Favourite,
    again: Option<AgainOffer>,
) -> Keyboard {
    Keyboard::none()
        .row(again_row(texts, item, Surface::Result, again))
        .row([original(texts, item), mark(texts, item, favourite, Surface::Result)])
        .row([delete(texts, item, Surface::Result), gallery_at(texts, item)])
}

/// In the message that follows an album. `count` is what the whole request asked for.
pub(crate) fn set(
    texts: Texts,
    generation: GenerationId,
    images: &[SetImage],
    count: ImageCount,
    again: Option<AgainOffer>,
) -> Keyboard {
    let seeds = images.iter().filter_map(|image| {
        let label = texts.button_same_seed_number(image.number);
        again.and_then(|again| again.same_seed(label, image.item))
    });
    let seeds: Vec<Button> = seeds.collect();
    let again =
        again.and_then(|again| again.button(texts, AgainSource::Request(generation), count, Surface::Set));
    let originals = images.iter().map(|image| {
        let data = CallbackData::Original { item: image.item };
        Button::press(texts.button_original_number(image.number), data)
    });
    let marks = images.iter().map(|image| {
        let (item, surface) = (image.item, Surface::Set);
        match image.favourite {
            Favourite::No => {
                let label = texts.button_mark_number(image.number);
                Button::press(label, CallbackData::Mark { item, surface })
            }
            Favourite::Yes => {
                let label = texts.button_unmark_number(image.number);
                Button::press(label, CallbackData::Unmark { item, surface })
            }
        }
    });
    let keyboard = Keyboard::none().row(again).row(seeds).row(originals).row(marks);
    match images.first() {
        Some(first) => keyboard.row([
            Button::press(texts.button_delete_some(), CallbackData::PickForDeletion { generation }),
            gallery_at(texts, first.item),
        ]),
        None => keyboard,
    }
}

/// Which image of a set to delete.
pub(crate) fn set_deletion(texts: Texts, generation: GenerationId, images: &[SetImage]) -> Keyboard {
    let numbers = images.iter().map(|image| {
        let data = CallbackData::AskDeletion { item: image.item, surface: Surface::Set };
        Button::press(texts.button_delete_number(image.number), data)
    });
    Keyboard::none()
        .row(numbers)
        .row([Button::press(texts.button_back(), CallbackData::BackToSet { generation })])
}

/// Whether to delete.
pub(crate) fn deletion_choice(texts: Texts, item: GalleryItemId, surface: Surface) -> Keyboard {
    Keyboard::none()
        .row([Button::press(texts.button_delete_surely(), CallbackData::Delete { item, surface })])
        .row([Button::press(texts.button_keep(), CallbackData::Keep { item, surface })])
}

/// What the buttons under a card are about.
pub(crate) struct Card<'place> {
    /// The image.
    pub(crate) item: GalleryItemId,
    /// Whether it is a favourite.
    pub(crate) favourite: Favourite,
    /// Where it stands.
    pub(crate) place: &'place Place,
    /// What is shown of the gallery.
    pub(crate) view: GalleryView,
    /// What the button *again* needs.
    pub(crate) again: Option<AgainOffer>,
    /// What was deleted just now.
    pub(crate) deleted: Option<GalleryItemId>,
}

/// Under a card of the gallery.
pub(crate) fn card(texts: Texts, card: &Card<'_>) -> Keyboard {
    let Card { item, favourite, place, view, again, deleted } = *card;
    let surface = Surface::Card(view);
    let turn = |label: String, to: Option<GalleryItemId>| {
        to.map(|item| Button::press(label, CallbackData::TurnTo { item, view }))
    };
    let (other_label, other) = if view == GalleryView::ALL {
        (texts.button_only_favourites(), GalleryView::FAVOURITES)
    } else {
        (texts.button_all_images(), GalleryView::ALL)
    };
    let undo = deleted.map(|deleted| undo_row(texts, deleted, surface, Some(item)));
    Keyboard::none()
        .row(undo.into_iter().flatten())
        .row(
            [turn(texts.button_newer(), place.newer), turn(texts.button_older(), place.older)]
                .into_iter()
                .flatten(),
        )
        .row([mark(texts, item, favourite, surface), original(texts, item)])
        .row(again_row(texts, item, surface, again))
        .row([
            delete(texts, item, surface),
            Button::press(other_label, CallbackData::OpenGallery { view: other }),
        ])
        .row([
            Button::press(texts.button_filter(), CallbackData::FilterGallery { view }),
            Button::press(texts.button_several(), CallbackData::Pick(PickStep::Nothing { view, page: 0 })),
        ])
        .row(menu_row(texts))
}

/// The ways on from a deletion: back, or on to the end. `shown` is what stays in sight.
pub(crate) fn undo_row(
    texts: Texts,
    item: GalleryItemId,
    surface: Surface,
    shown: Option<GalleryItemId>,
) -> [Button; 2] {
    [
        Button::press(texts.button_restore(), CallbackData::Restore { item, surface }),
        Button::press(texts.button_erase_now(), CallbackData::EraseNow { item, surface, shown }),
    ]
}

/// Under the news that nothing came of a request.
pub(crate) fn ending(
    texts: Texts,
    generation: GenerationId,
    count: ImageCount,
    again: Option<AgainOffer>,
) -> Keyboard {
    let again =
        again.and_then(|again| again.button(texts, AgainSource::Request(generation), count, Surface::Ending));
    Keyboard::none().row(again).row([Button::press(texts.button_new_image(), CallbackData::NewImage)])
}

/// One more like this image, and the same one with other words.
fn again_row(
    texts: Texts,
    item: GalleryItemId,
    surface: Surface,
    again: Option<AgainOffer>,
) -> impl Iterator<Item = Button> {
    let more =
        again.and_then(|again| again.button(texts, AgainSource::Image(item), ImageCount::ONE, surface));
    let same_seed = again.and_then(|again| again.same_seed(texts.button_same_seed(), item));
    [more, same_seed].into_iter().flatten()
}

/// The way to an image in the gallery.
pub(crate) fn gallery_door(texts: Texts, item: GalleryItemId) -> Keyboard {
    Keyboard::none().row([Button::press(texts.button_open_gallery(), CallbackData::OpenGalleryAt { item })])
}

fn original(texts: Texts, item: GalleryItemId) -> Button {
    Button::press(texts.button_original(), CallbackData::Original { item })
}

fn mark(texts: Texts, item: GalleryItemId, favourite: Favourite, surface: Surface) -> Button {
    match favourite {
        Favourite::No => Button::press(texts.button_mark(), CallbackData::Mark { item, surface }),
        Favourite::Yes => Button::press(texts.button_unmark(), CallbackData::Unmark { item, surface }),
    }
}

fn delete(texts: Texts, item: GalleryItemId, surface: Surface) -> Button {
    Button::press(texts.button_delete(), CallbackData::AskDeletion { item, surface })
}

fn gallery_at(texts: Texts, item: GalleryItemId) -> Button {
    Button::press(texts.button_gallery(), CallbackData::OpenGalleryAt { item })
}
