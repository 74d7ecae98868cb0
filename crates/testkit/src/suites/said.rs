//! What errors say.

use std::error::Error;
use std::iter::successors;

/// The error with its causes, for people and for programmers.
pub(crate) fn everything_said(error: &(dyn Error + 'static)) -> String {
    let causes = successors(Some(error), |cause: &&(dyn Error + 'static)| (*cause).source());
    causes.map(|cause| format!("{cause} {cause:?}")).collect::<Vec<_>>().join(" ")
}

/// Fails when the error gives any of these away.
pub(crate) fn assert_silent(way: &str, error: &(dyn Error + 'static), secrets: &[&str]) {
    let said = everything_said(error);
    for secret in secrets {
        assert!(!said.contains(secret), "{way} gives {secret} away: {said}");
    }
}
