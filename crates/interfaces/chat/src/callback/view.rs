//! What a person has chosen to see of their gallery, small enough for a button.

use gallery::{FavouritesShown, Origin};
use kernel::AvatarId;

use super::bytes::{Field, Reader};

/// What is shown of the gallery.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GalleryView {
    /// Favourites alone, or all.
    pub favourites: FavouritesShown,
    /// Images of this origin alone.
    pub origin: Option<Origin>,
    /// Images with this avatar alone.
    pub avatar: Option<AvatarTag>,
    /// Images of this time alone.
    pub period: Period,
}

impl GalleryView {
    /// Everything.
    pub const ALL: Self =
        Self { favourites: FavouritesShown::All, origin: None, avatar: None, period: Period::All };
    /// Favourites.
    pub const FAVOURITES: Self = Self { favourites: FavouritesShown::Only, ..Self::ALL };
}

/// The last four bytes of an avatar's id: enough to tell the avatars of one person apart, and small enough for a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AvatarTag(pub u32);

impl AvatarTag {
    /// The tag of an avatar.
    pub const fn of(avatar: AvatarId) -> Self {
        let [.., a, b, c, d] = *avatar.uuid().as_bytes();
        Self(u32::from_be_bytes([a, b, c, d]))
    }
}

/// A time, counted in the person's zone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Period {
    /// All of it.
    #[default]
    All,
    /// Since midnight.
    Today,
    /// Today and the six days before.
    Week,
    /// Today and the 29 days before.
    ThirtyDays,
    /// One month of the calendar.
    Month(CalendarMonth),
}

/// A month of the calendar, from January 2020 to April 2041.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CalendarMonth(u8);

const FIRST_YEAR: i16 = 2020;
const MONTHS_OF_A_YEAR: u8 = 12;

impl CalendarMonth {
    /// The month with this number (1 to 12) of a year; `None` when it is out of range.
    pub fn new(year: i16, month: i8) -> Option<Self> {
        let years = u8::try_from(year.checked_sub(FIRST_YEAR)?).ok()?;
        let month = u8::try_from(month.checked_sub(1)?).ok().filter(|month| *month < MONTHS_OF_A_YEAR)?;
        years.checked_mul(MONTHS_OF_A_YEAR)?.checked_add(month).map(Self)
    }

    /// Its year.
    pub fn year(self) -> i16 {
        FIRST_YEAR + i16::from(self.0 / MONTHS_OF_A_YEAR)
    }

    /// Its number within the year, 1 to 12.
    pub const fn number(self) -> u8 {
        self.0 % MONTHS_OF_A_YEAR + 1
    }

    /// The month before; `None` before January 2020.
    pub fn before(self) -> Option<Self> {
        self.0.checked_sub(1).map(Self)
    }
}

const FAVOURITES: u8 = 0b0000_0001;
const ORIGIN: u8 = 0b0000_0110;
const AVATAR: u8 = 0b0000_1000;
const PERIOD: u8 = 0b0111_0000;

const fn origin_bits(origin: Option<Origin>) -> u8 {
    match origin {
        None => 0b000,
        Some(Origin::Description) => 0b010,
        Some(Origin::Avatar) => 0b100,
        Some(Origin::InstantAvatar) => 0b110,
    }
}

const fn period_bits(period: Period) -> u8 {
    match period {
        Period::All => 0x00,
        Period::Today => 0x10,
        Period::Week => 0x20,
        Period::ThirtyDays => 0x30,
        Period::Month(_) => 0x40,
    }
}

/// One byte says what follows, so that the plain views are the one byte that they have always been.
impl Field for GalleryView {
    fn write(&self, into: &mut Vec<u8>) {
        let favourites = match self.favourites {
            FavouritesShown::All => 0,
            FavouritesShown::Only => FAVOURITES,
        };
        let avatar = if self.avatar.is_some() { AVATAR } else { 0 };
        into.push(favourites | origin_bits(self.origin) | avatar | period_bits(self.period));
        if let Some(AvatarTag(tag)) = self.avatar {
            tag.write(into);
        }
        if let Period::Month(CalendarMonth(month)) = self.period {
            into.push(month);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let bits = from.byte()?;
        if bits & !(FAVOURITES | ORIGIN | AVATAR | PERIOD) != 0 {
            return None;
        }
        let favourites = if bits & FAVOURITES == 0 { FavouritesShown::All } else { FavouritesShown::Only };
        let origin = [None].into_iter().chain(Origin::ALL.map(Some));
        let origin = origin.into_iter().find(|origin| origin_bits(*origin) == bits & ORIGIN)?;
        let avatar = if bits & AVATAR == 0 { None } else { Some(AvatarTag(from.read()?)) };
        let period = match bits & PERIOD {
            0x00 => Period::All,
            0x10 => Period::Today,
            0x20 => Period::Week,
            0x30 => Period::ThirtyDays,
            0x40 => Period::Month(CalendarMonth(from.byte()?)),
            _ => return None,
        };
        Some(Self { favourites, origin, avatar, period })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn plain_views_are_the_bytes_that_old_buttons_carry() {
        for (view, bytes) in [(GalleryView::ALL, [0]), (GalleryView::FAVOURITES, [1])] {
            let mut written = Vec::new();
            view.write(&mut written);
            assert_eq!(written, bytes);
        }
    }

    #[test]
    fn months_count_from_2020() {
        let month = CalendarMonth::new(2026, 11).unwrap();
        assert_eq!((month.year(), month.number()), (2026, 11));
        assert_eq!(month.before().map(|before| (before.year(), before.number())), Some((2026, 10)));
        let january = CalendarMonth::new(2026, 1).unwrap();
        assert_eq!(january.before().map(|before| (before.year(), before.number())), Some((2025, 12)));
        for (year, number) in [(2019, 12), (2020, 0), (2020, 13), (2042, 1), (i16::MIN, 1), (i16::MAX, 1)] {
            assert_eq!(CalendarMonth::new(year, number), None, "{year} {number}");
        }
        assert_eq!(CalendarMonth::new(2020, 1).unwrap().before(), None);
    }

    #[test]
    fn a_tag_is_the_end_of_an_id() {
        assert_eq!(
            AvatarTag::of(AvatarId::new(Uuid::from_u128(0x0102_0304_0506_0708))),
            AvatarTag(0x0506_0708)
        );
    }
}
