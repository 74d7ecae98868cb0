//! Keyset pagination: a page is found by the key of the row before it, so that page 1,000 costs what page 1 costs.

use uuid::Uuid;

/// Where a page starts: just after this row, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor(Uuid);

impl Cursor {
    /// The place right after the row with this id.
    pub const fn after(id: Uuid) -> Self {
        Self(id)
    }

    /// The id of the row before the page.
    pub const fn id(self) -> Uuid {
        self.0
    }
}

/// How many rows a page holds: 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSize(u8);

impl PageSize {
    /// As many rows as a page may hold.
    pub const LARGEST: Self = Self(100);

    /// A size, brought into the range 1 to 100.
    pub fn new(rows: u8) -> Self {
        Self(rows.clamp(1, 100))
    }

    /// The number of rows.
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// A page of rows, and where the next one starts if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, newest first.
    pub items: Vec<T>,
    /// The start of the next page; `None` on the last.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page out of up to `size + 1` rows: the one too many says that there is a next page.
    pub fn from_rows(mut rows: Vec<T>, size: PageSize, id: impl Fn(&T) -> Uuid) -> Self {
        let more = rows.len() > usize::from(size.get());
        rows.truncate(usize::from(size.get()));
        let next = if more { rows.last().map(|row| Cursor::after(id(row))) } else { None };
        Self { items: rows, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_too_many_only_says_that_there_is_more() {
        let ids: Vec<Uuid> = (1..=3).map(Uuid::from_u128).collect();
        let page = Page::from_rows(ids.clone(), PageSize::new(2), |id| *id);
        assert_eq!(page.items, ids[..2]);
        assert_eq!(page.next, Some(Cursor::after(ids[1])));
        let last = Page::from_rows(ids.clone(), PageSize::new(3), |id| *id);
        assert_eq!((last.items.len(), last.next), (3, None));
    }
}
