//! What a button carries.

use account::TermsVersion;
use gallery::GalleryFilter;
use kernel::{AspectRatio, Credits, Cursor, GalleryItemId, GenerationId, ImageCount, Language};

use crate::words::ZoneCode;

/// The choices on an offer. Together with the description, which is looked up by the nonce or read from the offer itself,
/// they are the whole request, so that no process has to remember an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferChoice {
    /// Drawn for this offer; the key of the wish.
    pub nonce: u64,
    /// The shape.
    pub aspect_ratio: AspectRatio,
    /// How many images.
    pub count: ImageCount,
    /// The price of one image that is on the button.
    pub unit_price: Credits,
    /// Recognises the description.
    pub fingerprint: u32,
}

/// Which request is made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgainSource {
    /// One more image like this one.
    Image(GalleryItemId),
    /// The whole request once more.
    Request(GenerationId),
}

/// A request to be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeat {
    /// Which one.
    pub source: AgainSource,
    /// Drawn for this button; the key of the wish.
    pub nonce: u64,
    /// The price of one image that is on the button.
    pub unit_price: Credits,
    /// Where the button is.
    pub surface: Surface,
}

/// Under what a button about an image is, so that what is under it can be shown anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// An image that was delivered alone.
    Result,
    /// The message that follows an album.
    Set,
    /// The news that nothing came of a request.
    Ending,
    /// A card of the gallery.
    Card(GalleryFilter),
}

/// A choice in the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// The language.
    Language,
    /// The shape of new images.
    Shape,
    /// The number of new images.
    Count,
    /// The time zone, a page of it.
    Zone {
        /// The page, from 0.
        page: u8,
    },
}

/// What a button carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallbackData {
    /// Show the menu.
    Menu,
    /// Say how to ask for an image.
    NewImage,
    /// Show the help.
    Help,
    /// Say what is kept.
    Privacy,
    /// Accept the terms that were shown.
    AcceptTerms {
        /// Their version.
        version: TermsVersion,
    },
    /// Show the terms in this language.
    TermsIn {
        /// The language.
        language: Language,
    },
    /// Choose on an offer.
    Choose(OfferChoice),
    /// Take the offer. This is the paid button.
    Draw(OfferChoice),
    /// Do not take the offer.
    Drop {
        /// The offer's nonce.
        nonce: u64,
    },
    /// Take back the request that came of an offer.
    CancelRequest {
        /// The offer's nonce.
        nonce: u64,
    },
    /// Make a request again. This is a paid button, too.
    Again(Repeat),
    /// Send the original as a file.
    Original {
        /// Of which image.
        item: GalleryItemId,
    },
    /// Mark as a favourite.
    Mark {
        /// Which image.
        item: GalleryItemId,
        /// Where the button is.
        surface: Surface,
    },
    /// No longer a favourite.
    Unmark {
        /// Which image.
        item: GalleryItemId,
        /// Where the button is.
        surface: Surface,
    },
    /// Ask which image of a set to delete.
    PickForDeletion {
        /// The set.
        generation: GenerationId,
    },
    /// Do not delete any of the set.
    BackToSet {
        /// The set.
        generation: GenerationId,
    },
    /// Ask whether to delete.
    AskDeletion {
        /// Which image.
        item: GalleryItemId,
        /// Where the button is.
        surface: Surface,
    },
    /// Delete.
    Delete {
        /// Which image.
        item: GalleryItemId,
        /// Where the button is.
        surface: Surface,
    },
    /// Do not delete.
    Keep {
        /// Which image.
        item: GalleryItemId,
        /// Where the button is.
        surface: Surface,
    },
    /// Open the gallery at its newest image.
    OpenGallery {
        /// What is shown.
        filter: GalleryFilter,
    },
    /// Open the gallery at an image, in a message of its own.
    OpenGalleryAt {
        /// The image.
        item: GalleryItemId,
    },
    /// Turn the card to an image.
    TurnTo {
        /// The image.
        item: GalleryItemId,
        /// What is shown.
        filter: GalleryFilter,
    },
    /// Show the balance, with its history from here.
    Balance {
        /// The row before the page; the newest rows without one.
        after: Option<Cursor>,
    },
    /// Show the settings.
    Settings,
    /// Choose in the settings.
    OpenSetting(Setting),
    /// Speak this language.
    SetLanguage {
        /// The language.
        language: Language,
    },
    /// Make new images of this shape.
    SetShape {
        /// The shape.
        aspect_ratio: AspectRatio,
    },
    /// Make this many new images.
    SetCount {
        /// How many.
        count: ImageCount,
    },
    /// Show times in this zone.
    SetZone {
        /// The zone.
        zone: ZoneCode,
    },
}
