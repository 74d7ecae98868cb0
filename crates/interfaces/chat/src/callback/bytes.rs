//! Fields as bytes, one after the other.

use account::TermsVersion;
use gallery::GalleryFilter;
use kernel::{AspectRatio, Credits, Cursor, GalleryItemId, GenerationId, ImageCount, Language};
use uuid::Uuid;

use super::{AgainSource, OfferChoice, Repeat, Setting, Surface};
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
    GalleryFilter { 0 => Self::All, 1 => Self::Favourites }
    Surface {
        0 => Self::Result,
        1 => Self::Set,
        2 => Self::Ending,
        3 => Self::Card(GalleryFilter::All),
        4 => Self::Card(GalleryFilter::Favourites),
    }
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
    GalleryItemId: Uuid, Self::uuid, |id| Some(Self::new(id));
    GenerationId: Uuid, Self::uuid, |id| Some(Self::new(id));
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

impl Field for Option<Cursor> {
    fn write(&self, into: &mut Vec<u8>) {
        if let Some(cursor) = self {
            cursor.write(into);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        if from.is_at_end() { Some(None) } else { from.read().map(Some) }
    }
}

impl Field for OfferChoice {
    fn write(&self, into: &mut Vec<u8>) {
        self.nonce.write(into);
        self.aspect_ratio.write(into);
        self.count.write(into);
        self.unit_price.write(into);
        self.fingerprint.write(into);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            nonce: from.read()?,
            aspect_ratio: from.read()?,
            count: from.read()?,
            unit_price: from.read()?,
            fingerprint: from.read()?,
        })
    }
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
