//! Zones that are offered in the settings.

use account::ZoneName;
use kernel::Timestamp;

use super::moment::{instant, time_zone};

/// The number of an offered zone. It is part of buttons in old messages: never reuse or change one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ZoneCode(pub u8);

/// A zone that is offered. Its cities are in the texts, under its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CommonZone {
    /// Its number.
    pub(crate) code: ZoneCode,
    /// Its IANA name.
    pub(crate) name: &'static str,
}

impl CommonZone {
    /// Its name for an account.
    pub(crate) fn zone_name(self) -> ZoneName {
        // A test parses every one.
        self.name.parse().unwrap_or_else(|_| ZoneName::utc())
    }
}

const fn zone(code: u8, name: &'static str) -> CommonZone {
    CommonZone { code: ZoneCode(code), name }
}

/// The offered zones, west to east.
pub(crate) const COMMON_ZONES: [CommonZone; 32] = [
    zone(1, "Pacific/Honolulu"),
    zone(2, "America/Anchorage"),
    zone(3, "America/Los_Angeles"),
    zone(4, "America/Denver"),
    zone(5, "America/Chicago"),
    zone(6, "America/New_York"),
    zone(7, "America/Halifax"),
    zone(8, "America/Sao_Paulo"),
    zone(9, "Atlantic/Azores"),
    zone(10, "UTC"),
    zone(11, "Europe/London"),
    zone(12, "Europe/Berlin"),
    zone(13, "Europe/Kyiv"),
    zone(14, "Europe/Kaliningrad"),
    zone(15, "Europe/Istanbul"),
    zone(16, "Europe/Moscow"),
    zone(17, "Asia/Dubai"),
    zone(18, "Europe/Samara"),
    zone(19, "Asia/Almaty"),
    zone(20, "Asia/Yekaterinburg"),
    zone(21, "Asia/Kolkata"),
    zone(22, "Asia/Omsk"),
    zone(23, "Asia/Bangkok"),
    zone(24, "Asia/Novosibirsk"),
    zone(25, "Asia/Shanghai"),
    zone(26, "Asia/Irkutsk"),
    zone(27, "Asia/Tokyo"),
    zone(28, "Asia/Yakutsk"),
    zone(29, "Asia/Vladivostok"),
    zone(30, "Australia/Sydney"),
    zone(31, "Asia/Kamchatka"),
    zone(32, "Pacific/Auckland"),
];

/// How far the zone's clocks are from UTC at `now`, such as `UTC+5:30`.
pub(crate) fn offset_label(zone: &ZoneName, now: Timestamp) -> String {
    let seconds = time_zone(zone).to_offset(instant(now)).seconds();
    let sign = if seconds < 0 { '−' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    match (minutes / 60, minutes % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;
    use std::collections::BTreeSet;

    #[test]
    fn every_offered_zone_exists_and_has_its_own_code() {
        let codes: BTreeSet<_> = COMMON_ZONES.iter().map(|zone| zone.code).collect();
        assert_eq!(codes.len(), COMMON_ZONES.len());
        for zone in COMMON_ZONES {
            let found = time_zone(&zone.zone_name());
            assert!(zone.name == "UTC" || found != TimeZone::UTC, "{}", zone.name);
        }
    }

    #[test]
    fn an_offset_is_told_as_people_write_it() {
        let winter = Timestamp::from_seconds(1_795_478_700);
        let label = |name: &str| offset_label(&name.parse().unwrap(), winter);
        assert_eq!(label("UTC"), "UTC");
        assert_eq!(label("Europe/Moscow"), "UTC+3");
        assert_eq!(label("Asia/Kolkata"), "UTC+5:30");
        assert_eq!(label("America/New_York"), "UTC−5");
    }
}
