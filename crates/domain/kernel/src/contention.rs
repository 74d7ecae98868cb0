//! Units of work that the database gave up in favour of others.

use crate::StoreError;

/// How often a unit of work is begun before its contention is reported.
const MOST_TRIES: u8 = 4;

/// An error that may say that a unit of work lost against another one.
pub trait Contended {
    /// Whether the unit was given up in favour of another, so that beginning it anew is all there is to do.
    fn is_contended(&self) -> bool;
}

impl Contended for StoreError {
    fn is_contended(&self) -> bool {
        matches!(self, Self::Contended(_))
    }
}

/// Runs a whole unit of work, from its beginning to its commit, and runs it again at once when the database gave it up
/// in favour of another: nothing of it was written, and whoever was in the way has gone on. `unit` must decide anew from
/// what it reads each time.
///
/// # Errors
/// The last error, contention included when it lasts.
pub async fn repeat_contended<T, E, F>(mut unit: impl FnMut() -> F) -> Result<T, E>
where
    E: Contended,
    F: Future<Output = Result<T, E>>,
{
    for _ in 1..MOST_TRIES {
        match unit().await {
            Err(error) if error.is_contended() => {}
            outcome => return outcome,
        }
    }
    unit().await
}
