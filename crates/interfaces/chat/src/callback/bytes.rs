//! Fields as bytes, one after the other.

use account::TermsVersion;
use avatar::ConsentVersion;
use generation::Likeness;
use kernel::{
    AspectRatio, AvatarId, Credits, Cursor, GalleryItemId, GenerationId, HelpId, ImageCount, Language,
    PhotoId,
};
use uuid::Uuid;

use super::{
    AgainSource, GalleryView, HelpStep, OfferChoice, PhotoUse, Repeat, Setting, ShownAt, Surface, WordsHelp,
};
use crate::words::ZoneCode;

/// Reads fields in the order in which they were written; `None` when they make no sense.
pub(super) struct Reader<'bytes>(pub(super) &'bytes [u8]);

impl Reader<'_> {
    pub(super) fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn array<const LENGTH: usize>(&mut self) -> Option<[u8; LENGTH]> {
        let (head, rest) = self.0.split_first_chunk::<LENGTH>()?;
        self.0 = rest;
        Some(*head)
    }

    pub(super) fn read<T: Field>(&mut self) -> Option<T> {
        T::read(self)
    }

    /// Whether everything was read.
    pub(super) const fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }
}

/// A value that a button can carry.
pub(super) trait Field: Sized {
    fn write(&self, into: &mut Vec<u8>);
    fn read(from: &mut Reader<'_>) -> Option<Self>;
}

macro_rules! number_field {
    ($($number:ty),+) => {$(
        impl Field for $number {
            fn write(&self, into: &mut Vec<u8>) {
                into.extend_from_slice(&self.to_be_bytes());
            }

            fn read(from: &mut Reader<'_>) -> Option<Self> {
                from.array().map(Self::from_be_bytes)
            }
        }
    )+};
}
number_field!(u8, u32, u64, i64);

/// A type with few values, each with a number that never changes.
macro_rules! choice_field {
    ($($type:ty { $($number:literal => $value:expr),+ $(,)? })+) => {$(
        impl Field for $type {
            fn write(&self, into: &mut Vec<u8>) {
                $(if *self == $value {
                    into.push($number);
                })+
            }

            fn read(from: &mut Reader<'_>) -> Option<Self> {
                match from.byte()? {
                    $($number => Some($value),)+
                    _ => None,
                }
            }
        }
    )+};
}
choice_field! {
    Language { 0 => Self::English, 1 => Self::Russian }
    AspectRatio { 0 => Self::Square, 1 => Self::Portrait, 2 => Self::Landscape, 3 => Self::Tall, 4 => Self::Wide }
    WordsHelp { 0 => Self::Improve, 1 => Self::Translate }
    HelpStep {
        0 => Self::KeepMine,
        1 => Self::Imagine,
        2 => Self::DrawMe,
        3 => Self::TryAgain,
        4 => Self::Edit,
        5 => Self::Improve,
        6 => Self::SomethingLikeIt,
        7 => Self::Discard,
    }
    PhotoUse { 0 => Self::Describe, 1 => Self::SomethingLikeIt, 2 => Self::DrawCaption, 3 => Self::Avatar }
}

macro_rules! wrapped_field {
    ($($type:ty: $inner:ty, $open:expr, $wrap:expr;)+) => {$(
        impl Field for $type {
            fn write(&self, into: &mut Vec<u8>) {
                let open: fn(Self) -> $inner = $open;
                open(*self).write(into);
            }

            fn read(from: &mut Reader<'_>) -> Option<Self> {
                let wrap: fn($inner) -> Option<Self> = $wrap;
                wrap(from.read()?)
            }
        }
    )+};
}
wrapped_field! {
    ImageCount: u8, Self::get, |count| Self::new(count).ok();
    Credits: i64, Self::get, |amount| Self::new(amount).ok();
    TermsVersion: u32, |version| version.0, |version| Some(Self(version));
    ZoneCode: u8, |zone| zone.0, |code| Some(Self(code));
    ShownAt: u32, |shown| shown.0, |seconds| Some(Self(seconds));
    GalleryItemId: Uuid, Self::uuid, |id| Some(Self::new(id));
    GenerationId: Uuid, Self::uuid, |id| Some(Self::new(id));
    HelpId: Uuid, Self::uuid, |id| Some(Self::new(id));
    AvatarId: Uuid, Self::uuid, |id| Some(Self::new(id));
    PhotoId: Uuid, Self::uuid, |id| Some(Self::new(id));
    ConsentVersion: u32, |version| version.0, |version| Some(Self(version));
    Cursor: Uuid, Self::id, |id| Some(Self::after(id));
}

impl Field for Uuid {
    fn write(&self, into: &mut Vec<u8>) {
        into.extend_from_slice(self.as_bytes());
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        from.array().map(Self::from_bytes)
    }
}

/// Something that may be left out; it stands at the end.
macro_rules! optional_last_field {
    ($($type:ty),+) => {$(
        impl Field for Option<$type> {
            fn write(&self, into: &mut Vec<u8>) {
                if let Some(value) = self {
                    value.write(into);
                }
            }

            fn read(from: &mut Reader<'_>) -> Option<Self> {
                if from.is_at_end() { Some(None) } else { from.read().map(Some) }
            }
        }
    )+};
}
optional_last_field!(Cursor, GalleryItemId);

/// The cards of the plain views are the one byte that they have always been.
impl Field for Surface {
    fn write(&self, into: &mut Vec<u8>) {
        match self {
            Self::Result => into.push(0),
            Self::Set => into.push(1),
            Self::Ending => into.push(2),
            Self::Card(GalleryView::ALL) => into.push(3),
            Self::Card(GalleryView::FAVOURITES) => into.push(4),
            Self::Card(view) => {
                into.push(5);
                view.write(into);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        match from.byte()? {
            0 => Some(Self::Result),
            1 => Some(Self::Set),
            2 => Some(Self::Ending),
            3 => Some(Self::Card(GalleryView::ALL)),
            4 => Some(Self::Card(GalleryView::FAVOURITES)),
            5 => from.read().map(Self::Card),
            _ => None,
        }
    }
}

impl Field for OfferChoice {
    fn write(&self, into: &mut Vec<u8>) {
        self.nonce.write(into);
        self.aspect_ratio.write(into);
        self.count.write(into);
        self.unit_price.write(into);
        self.fingerprint.write(into);
        write_subject(self.likeness, self.seed, into);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let (nonce, aspect_ratio, count) = (from.read()?, from.read()?, from.read()?);
        let (unit_price, fingerprint) = (from.read()?, from.read()?);
        let (likeness, seed) = read_subject(from)?;
        Some(Self { nonce, aspect_ratio, count, unit_price, fingerprint, likeness, seed })
    }
}

/// Who is to be in the picture, and its seed. They stand at the end, and nobody with any seed is nothing at all, which
/// is what the buttons of old offers have.
fn write_subject(likeness: Likeness, seed: Option<u32>, into: &mut Vec<u8>) {
    match (likeness.avatar(), seed) {
        (None, None) => {}
        (Some(avatar), None) => {
            into.push(0);
            avatar.write(into);
        }
        (Some(avatar), Some(seed)) => {
            into.push(1);
            avatar.write(into);
            seed.write(into);
        }
        (None, Some(seed)) => {
            into.push(2);
            seed.write(into);
        }
    }
}

fn read_subject(from: &mut Reader<'_>) -> Option<(Likeness, Option<u32>)> {
    if from.is_at_end() {
        return Some((Likeness::Nobody, None));
    }
    Some(match from.byte()? {
        0 => (Likeness::Avatar { avatar: from.read()? }, None),
        1 => (Likeness::Avatar { avatar: from.read()? }, Some(from.read()?)),
        2 => (Likeness::Nobody, Some(from.read()?)),
        _ => return None,
    })
}

impl Field for AgainSource {
    fn write(&self, into: &mut Vec<u8>) {
        match self {
            Self::Image(item) => {
                into.push(0);
                item.write(into);
            }
            Self::Request(generation) => {
                into.push(1);
                generation.write(into);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        match from.byte()? {
            0 => from.read().map(Self::Image),
            1 => from.read().map(Self::Request),
            _ => None,
        }
    }
}

impl Field for Repeat {
    fn write(&self, into: &mut Vec<u8>) {
        self.source.write(into);
        self.nonce.write(into);
        self.unit_price.write(into);
        self.surface.write(into);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            source: from.read()?,
            nonce: from.read()?,
            unit_price: from.read()?,
            surface: from.read()?,
        })
    }
}

impl Field for Setting {
    fn write(&self, into: &mut Vec<u8>) {
        match self {
            Self::Language => into.push(0),
            Self::Shape => into.push(1),
            Self::Count => into.push(2),
            Self::Zone { page } => into.extend_from_slice(&[3, *page]),
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        match from.byte()? {
            0 => Some(Self::Language),
            1 => Some(Self::Shape),
            2 => Some(Self::Count),
            3 => from.read().map(|page| Self::Zone { page }),
            _ => None,
        }
    }
}
