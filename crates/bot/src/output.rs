//! What commands print.

use std::io::{self, Write as _};

use kernel::Timestamp;

/// Prints to standard output. A reader that has gone away, as `head` does, is no mistake of ours.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn say(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    match output
        .write_all(text.as_bytes())
        .and_then(|()| output.write_all(b"\n"))
        .and_then(|()| output.flush())
    {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}

/// A moment for operators: UTC, to the second.
pub(crate) fn moment(at: Timestamp) -> String {
    jiff::Timestamp::from_second(at.as_seconds())
        .map_or_else(|_| at.as_micros().to_string(), |at| at.to_string())
}

/// A column of text, filled up to its width.
pub(crate) fn column(text: &str, width: usize) -> String {
    format!("{text:<width$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_utc() {
        assert_eq!(moment(Timestamp::from_micros(1_793_232_000_500_000)), "2026-10-29T00:00:00Z");
    }
}
