//! `[limits]`

use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

use chat::ActionLimits;
use kernel::Limit;

use super::reader::Reader;
use super::{ConfigurationError, Setting};

const EXPECTED: &str = "a number a second, minute, hour or day, such as \"6 a minute\"; or \"none\"";
const GENERATE: Setting = Setting::new("limits", "generate", EXPECTED);
const PRESS: Setting = Setting::new("limits", "press", EXPECTED);
const WRITE: Setting = Setting::new("limits", "write", EXPECTED);

/// How often a person may do things: one line an action.
pub(super) fn read(reader: &Reader) -> Result<ActionLimits, ConfigurationError> {
    Ok(ActionLimits {
        generate: reader.required::<Rate>(&GENERATE)?.0,
        press: reader.required::<Rate>(&PRESS)?.0,
        write: reader.required::<Rate>(&WRITE)?.0,
    })
}

/// So many in a span: as many at once, and each earned back in its share of the span.
struct Rate(Option<Limit>);

impl FromStr for Rate {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "none" {
            return Ok(Self(None));
        }
        let mut words = text.split_whitespace();
        let (number, a, span) = (words.next(), words.next(), words.next());
        let burst =
            number.and_then(|number| number.parse::<NonZeroU32>().ok()).ok_or("no number above zero")?;
        let span = match (a, span, words.next()) {
            (Some("a" | "an"), Some("second"), None) => Duration::from_secs(1),
            (Some("a" | "an"), Some("minute"), None) => Duration::from_mins(1),
            (Some("a" | "an"), Some("hour"), None) => Duration::from_hours(1),
            (Some("a" | "an"), Some("day"), None) => Duration::from_hours(24),
            _ => return Err("no span of time"),
        };
        Ok(Self(Some(Limit { burst: burst.get(), period: span / burst.get() })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_read_as_people_say_it() {
        let limit = |burst, period| Some(Limit { burst, period });
        for (text, expected) in [
            ("6 a minute", limit(6, Duration::from_secs(10))),
            ("30 a minute", limit(30, Duration::from_secs(2))),
            ("1 an hour", limit(1, Duration::from_hours(1))),
            ("4 a second", limit(4, Duration::from_millis(250))),
            ("24 a day", limit(24, Duration::from_hours(1))),
            ("none", None),
        ] {
            assert_eq!(text.parse::<Rate>().ok().map(|rate| rate.0), Some(expected), "{text}");
        }
        for wrong in
            ["", "6", "0 a minute", "-1 a minute", "six a minute", "6 a fortnight", "6 a minute or so"]
        {
            assert!(wrong.parse::<Rate>().is_err(), "{wrong:?}");
        }
    }
}
