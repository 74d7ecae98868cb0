//! How long the server asks to wait.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, RETRY_AFTER};

use crate::exchange::Answer;

/// OpenAI's own header, in milliseconds.
const RETRY_AFTER_MS: &str = "retry-after-ms";

/// The wait, in whichever way it is said: in milliseconds, in seconds, or as a moment in time.
pub(crate) fn retry_after(answer: &Answer) -> Option<Duration> {
    let milliseconds = answer.header(RETRY_AFTER_MS).and_then(number);
    if let Some(milliseconds) = milliseconds {
        return Duration::try_from_secs_f64(milliseconds / 1_000.0).ok();
    }
    let text = answer.header(RETRY_AFTER.as_str())?;
    match number(text) {
        Some(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        // Both moments are told by the server's clock, so that ours does not matter.
        None => moment(text)?.duration_since(moment(answer.header(DATE.as_str())?)?).ok(),
    }
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok()
}

fn moment(text: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(text).ok()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use reqwest::StatusCode;
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::*;

    fn wait(headers: &[(&'static str, &'static str)]) -> Option<Duration> {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        retry_after(&Answer { status: StatusCode::TOO_MANY_REQUESTS, headers, body: Bytes::new() })
    }

    #[test]
    fn the_wait_is_read_however_it_is_said() {
        let date = ("date", "Tue, 24 Nov 2026 09:00:00 GMT");
        for (headers, expected) in [
            (vec![("retry-after", "20")], Some(Duration::from_secs(20))),
            (vec![("retry-after", " 1.5 ")], Some(Duration::from_millis(1_500))),
            (vec![("retry-after", "20"), ("retry-after-ms", "250")], Some(Duration::from_millis(250))),
            (vec![("retry-after", "Tue, 24 Nov 2026 09:00:30 GMT"), date], Some(Duration::from_secs(30))),
            (vec![("retry-after", "Tue, 24 Nov 2026 08:59:00 GMT"), date], None),
            (vec![("retry-after", "Tue, 24 Nov 2026 09:00:30 GMT")], None),
            (vec![("retry-after", "-1")], None),
            (vec![("retry-after", "NaN")], None),
            (vec![("retry-after", "soon")], None),
            (vec![], None),
        ] {
            assert_eq!(wait(&headers), expected, "{headers:?}");
        }
    }
}
