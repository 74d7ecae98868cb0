//! Times of the calendar in a person's zone.

use account::ZoneName;
use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::Timestamp;

use crate::callback::{CalendarMonth, Period};
use crate::words::{instant, time_zone};

/// From when on, and before when; no bound without one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) since: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
}

/// The bounds of a period at `now`.
pub(super) fn bounds(period: Period, now: Timestamp, zone: &ZoneName) -> Bounds {
    let today = date(now, zone);
    match period {
        Period::All => Bounds::default(),
        Period::Today => Bounds { since: midnight(today, zone), until: None },
        Period::Week => Bounds { since: midnight(today.saturating_sub(6.days()), zone), until: None },
        Period::ThirtyDays => Bounds { since: midnight(today.saturating_sub(29.days()), zone), until: None },
        Period::Month(month) => {
            let first = first_day(month);
            let since = first.and_then(|first| midnight(first, zone));
            let until = first.and_then(|first| midnight(first.saturating_add(1.month()), zone));
            Bounds { since, until }
        }
    }
}

/// The month of a moment.
pub(super) fn month_of(at: Timestamp, zone: &ZoneName) -> Option<CalendarMonth> {
    let date = date(at, zone);
    CalendarMonth::new(date.year(), date.month())
}

fn date(at: Timestamp, zone: &ZoneName) -> Date {
    time_zone(zone).to_datetime(instant(at)).date()
}

fn first_day(month: CalendarMonth) -> Option<Date> {
    Date::new(month.year(), i8::try_from(month.number()).ok()?, 1).ok()
}

fn midnight(date: Date, zone: &ZoneName) -> Option<Timestamp> {
    let begin = time_zone(zone).to_timestamp(date.at(0, 0, 0, 0)).ok()?;
    Some(Timestamp::from_micros(begin.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-24T00:05:00Z.
    const NOW: Timestamp = Timestamp::from_seconds(1_795_478_700);

    fn zone(name: &str) -> ZoneName {
        name.parse().unwrap()
    }

    fn begin(period: Period, name: &str) -> i64 {
        bounds(period, NOW, &zone(name)).since.unwrap().as_micros() / 1_000_000
    }

    #[test]
    fn a_day_begins_at_the_persons_midnight() {
        // In New York it is still the 23rd.
        assert_eq!(begin(Period::Today, "UTC"), 1_795_478_400);
        assert_eq!(begin(Period::Today, "America/New_York"), 1_795_410_000);
        assert_eq!(begin(Period::Week, "UTC"), 1_795_478_400 - 6 * 86_400);
        assert_eq!(begin(Period::ThirtyDays, "UTC"), 1_795_478_400 - 29 * 86_400);
        assert_eq!(bounds(Period::All, NOW, &zone("UTC")), Bounds::default());
    }

    #[test]
    fn a_month_ends_where_the_next_begins() {
        let december = CalendarMonth::new(2026, 12).unwrap();
        let january = CalendarMonth::new(2027, 1).unwrap();
        let moscow = zone("Europe/Moscow");
        let [first, second] = [december, january].map(|month| bounds(Period::Month(month), NOW, &moscow));
        assert_eq!(first.until, second.since);
        assert!(first.since < first.until && first.since.is_some());
        assert_eq!(month_of(NOW, &zone("UTC")), CalendarMonth::new(2026, 11));
    }
}
