//! Times as a person reads them: in their zone and language.

use std::sync::LazyLock;

use account::ZoneName;
use jiff::Timestamp as Instant;
use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use kernel::Timestamp;

use super::Texts;

/// The zones of the world as this program knows them, whatever the machine has.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A zone by name; UTC when there is no such zone.
pub(crate) fn time_zone(zone: &ZoneName) -> TimeZone {
    ZONES.get(zone.as_str()).unwrap_or(TimeZone::UTC)
}

/// A moment as the calendar has it; the epoch for moments beyond any calendar.
pub(crate) fn instant(at: Timestamp) -> Instant {
    Instant::from_microsecond(at.as_micros()).unwrap_or(Instant::UNIX_EPOCH)
}

/// Such as "23 November 2026, 14:05".
pub(crate) fn moment(texts: Texts, at: Timestamp, zone: &ZoneName) -> String {
    let local = local(at, zone);
    let month = texts.month(month_number(local));
    texts.moment(day(local), &month, &local.year().to_string(), &clock(local))
}

/// Such as "23 Nov, 14:05".
pub(crate) fn short_moment(texts: Texts, at: Timestamp, zone: &ZoneName) -> String {
    let local = local(at, zone);
    let month = texts.month_short(month_number(local));
    texts.moment_short(day(local), &month, &clock(local))
}

fn local(at: Timestamp, zone: &ZoneName) -> DateTime {
    time_zone(zone).to_datetime(instant(at))
}

fn day(local: DateTime) -> u8 {
    u8::try_from(local.day()).unwrap_or_default()
}

fn month_number(local: DateTime) -> u8 {
    u8::try_from(local.month()).unwrap_or_default()
}

fn clock(local: DateTime) -> String {
    format!("{:02}:{:02}", local.hour(), local.minute())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Language;

    const AT: Timestamp = Timestamp::from_seconds(1_795_478_700); // 2026-11-24T00:05:00Z

    fn zone(name: &str) -> ZoneName {
        name.parse().unwrap()
    }

    #[test]
    fn a_moment_is_told_in_the_persons_zone_and_language() {
        let english = Texts::of(Language::English);
        let russian = Texts::of(Language::Russian);
        assert_eq!(moment(english, AT, &zone("UTC")), "24 November 2026, 00:05");
        assert_eq!(moment(english, AT, &zone("America/New_York")), "23 November 2026, 19:05");
        assert_eq!(moment(russian, AT, &zone("Europe/Moscow")), "24 ноября 2026, 03:05");
        assert_eq!(short_moment(russian, AT, &zone("Europe/Moscow")), "24 ноя, 03:05");
    }

    #[test]
    fn an_unknown_zone_is_utc() {
        let english = Texts::of(Language::English);
        assert_eq!(moment(english, AT, &zone("Mars/Olympus")), "24 November 2026, 00:05");
        assert_eq!(moment(english, Timestamp::from_micros(i64::MAX), &zone("UTC")), "1 January 1970, 00:00");
    }
}
