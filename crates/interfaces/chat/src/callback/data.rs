//! What a button carries.

use account::TermsVersion;
use generation::Likeness;
use kernel::{
    AspectRatio, Credits, Cursor, GalleryItemId, GenerationId, HelpId, ImageCount, Language, Timestamp,
};

use super::{AvatarButton, GalleryView, PortraitButton, WizardButton};
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
    /// Who is to be in the picture.
    pub likeness: Likeness,
    /// The seed, if it is to be that of an earlier image.
    pub seed: Option<u32>,
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
    Card(GalleryView),
}

/// A step of choosing several images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PickStep {
    /// Show a page to choose from.
    Page {
        /// What is shown.
        view: GalleryView,
        /// The page, from 0.
        page: u8,
    },
    /// Choose an image, or no longer.
    Toggle {
        /// The image.
        item: GalleryItemId,
        /// What is shown.
        view: GalleryView,
        /// The page, from 0.
        page: u8,
    },
    /// Choose every image of the page.
    WholePage {
        /// What is shown.
        view: GalleryView,
        /// The page, from 0.
        page: u8,
    },
    /// Choose nothing.
    Nothing {
        /// What is shown.
        view: GalleryView,
        /// The page, from 0.
        page: u8,
    },
    /// Ask whether to delete what is chosen.
    AskDeletion {
        /// What is shown.
        view: GalleryView,
        /// The page, from 0.
        page: u8,
    },
    /// Delete what is chosen.
    Delete {
        /// Drawn for this button; the deletion is remembered under it.
        nonce: u64,
        /// What is shown.
        view: GalleryView,
    },
    /// Pack what is chosen into one file.
    Download {
        /// Drawn for this button; the key of the wish.
        nonce: u64,
    },
}

/// Help with the words of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordsHelp {
    /// Say it so that a model draws it better.
    Improve,
    /// Say it in English.
    Translate,
}

/// How to go on from the answer to a request for help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HelpStep {
    /// With the person's own words.
    KeepMine,
    /// Draw what the answer says.
    Imagine,
    /// Draw the person's avatar as the answer says.
    DrawMe,
    /// Another answer to the same question.
    TryAgain,
    /// The person changes the answer and sends it.
    Edit,
    /// Say better what the answer says.
    Improve,
    /// A description for drawing something like the photo.
    SomethingLikeIt,
    /// Not at all.
    Discard,
}

/// What can be done with a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoUse {
    /// Say what it shows.
    Describe,
    /// Draw something like it.
    SomethingLikeIt,
    /// Draw what the person wrote below it.
    DrawCaption,
    /// Make an avatar of it.
    Avatar,
}

/// A step on the way to an erasure. The later ones carry when they were offered: a button that was left lying does
/// nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErasureStep {
    /// Say what would go and what would stay, and ask.
    Ask,
    /// Ask once more.
    AskAgain {
        /// When the button was shown.
        shown: ShownAt,
    },
    /// Erase.
    Confirmed {
        /// When the button was shown.
        shown: ShownAt,
    },
}

/// When a button was shown, in seconds since 1970; until 2106.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownAt(pub u32);

impl ShownAt {
    /// At this moment, cut to its second.
    pub fn at(now: Timestamp) -> Self {
        Self(u32::try_from(now.as_micros() / 1_000_000).unwrap_or_default())
    }

    /// The moment.
    pub fn moment(self) -> Timestamp {
        Timestamp::from_seconds(i64::from(self.0))
    }
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
        view: GalleryView,
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
        view: GalleryView,
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
    /// On the way to a new avatar.
    Wizard(WizardButton),
    /// About an avatar that is there.
    Avatar(AvatarButton),
    /// On the way to a picture of an avatar.
    Portrait(PortraitButton),
    /// Choose on an offer who is to be in the picture.
    ChooseLikeness(OfferChoice),
    /// Draw an image again with its seed and other words.
    SameSeed {
        /// Which image.
        item: GalleryItemId,
    },
    /// Choose what is shown of the gallery.
    FilterGallery {
        /// What is shown as things stand.
        view: GalleryView,
    },
    /// Choose the month that is shown of the gallery.
    FilterMonths {
        /// What is shown as things stand.
        view: GalleryView,
        /// The page of months, from 0.
        page: u8,
    },
    /// Bring back what was deleted.
    Restore {
        /// Which image.
        item: GalleryItemId,
        /// Where the button is.
        surface: Surface,
    },
    /// Remove for good what was deleted.
    EraseNow {
        /// Which image.
        item: GalleryItemId,
        /// Where the button is.
        surface: Surface,
        /// The image that the card shows meanwhile.
        shown: Option<GalleryItemId>,
    },
    /// Choose several images of the gallery.
    Pick(PickStep),
    /// Bring back all that was deleted at once.
    RestorePicked {
        /// Drawn for the deletion.
        nonce: u64,
    },
    /// Remove for good all that was deleted at once.
    ErasePicked {
        /// Drawn for the deletion.
        nonce: u64,
    },
    /// Show who the person is here, in numbers.
    Profile,
    /// Ask for better words, or the same in English, for an offer.
    HelpWithWords {
        /// What is asked for.
        kind: WordsHelp,
        /// The offer.
        choice: OfferChoice,
    },
    /// Go on from the answer to a request for help.
    HelpAnswer {
        /// The request.
        help: HelpId,
        /// How to go on.
        step: HelpStep,
    },
    /// Do something with photos that came out of the blue.
    UsePhoto {
        /// Drawn for the photos; they are remembered under it.
        nonce: u64,
        /// What to do.
        usage: PhotoUse,
    },
    /// Pack everything that is kept of the person.
    Export {
        /// Drawn for this button; the key of the wish.
        nonce: u64,
    },
    /// Erase everything that is kept of the person: the way there is asked twice.
    Erasure(ErasureStep),
}
