//! What becomes of an update that cannot be handled.

use std::sync::Arc;
use std::time::Duration;

use kernel::{
    FailureClass, FailureLog, FailureReference, IdSource, NewFailure, OperatorChannel, OperatorNotice,
};

use crate::error::{HandlerError, with_causes};

/// How often something that may pass is tried.
const PASSING_TRIES: u32 = 12;
/// How often a mistake of ours is tried; it may have been a single machine's.
const HOPELESS_TRIES: u32 = 2;
/// The first wait before trying again; doubled with each.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What to do about an update after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NextTry {
    /// Try again after this wait.
    After(Duration),
    /// Never: put it aside.
    Never,
}

/// Decides after a failure. `failures` counts the earlier ones.
pub(super) fn next_try(error: &HandlerError, failures: u32) -> NextTry {
    if matches!(error, HandlerError::Unreadable(_)) {
        return NextTry::Never;
    }
    let most = if error.is_passing() { PASSING_TRIES } else { HOPELESS_TRIES };
    if failures.saturating_add(1) >= most {
        return NextTry::Never;
    }
    if let FailureClass::Limited { retry_after: Some(wait) } = error.class() {
        return NextTry::After(wait);
    }
    NextTry::After(FIRST_WAIT.saturating_mul(1 << failures.min(8)).min(LONGEST_WAIT))
}

/// Records failures and makes operators aware of new kinds.
#[derive(Clone)]
pub(super) struct FailureDesk {
    pub(super) log: Arc<dyn FailureLog>,
    pub(super) operators: Arc<dyn OperatorChannel>,
    pub(super) ids: Arc<dyn IdSource>,
}

impl FailureDesk {
    /// Records a failure; the reference that the person is told.
    pub(super) async fn record(&self, error: &HandlerError) -> FailureReference {
        let reference = FailureReference::from_random(self.ids.random());
        let fingerprint = format!("chat.{}", error.code());
        let sample = with_causes(error);
        tracing::error!(%reference, fingerprint, error = sample, "an update could not be handled");
        let failure = NewFailure { fingerprint: fingerprint.clone(), reference: reference.clone(), sample };
        match self.log.record(&failure).await {
            Ok(true) => self.tell_operators(fingerprint, &reference).await,
            Ok(false) => {}
            Err(error) => {
                tracing::error!(%reference, %error, "a failure was not recorded; it is in this log only");
            }
        }
        reference
    }

    async fn tell_operators(&self, fingerprint: String, reference: &FailureReference) {
        let notice = OperatorNotice::NewFailure { fingerprint, reference: reference.clone() };
        if let Err(error) = self.operators.tell(&notice).await {
            tracing::warn!(%error, "operators were not told of a new failure");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbound::{NotAnUpdate, inbound_update};
    use crate::telegram::TelegramError;
    use kernel::{ProviderError, StoreError};

    fn unreadable() -> NotAnUpdate {
        inbound_update(&serde_json::Value::Null).unwrap_err()
    }

    #[test]
    fn what_may_pass_is_tried_for_minutes_with_growing_waits() {
        let away = || HandlerError::Store(StoreError::Unavailable("away".into()));
        assert_eq!(next_try(&away(), 0), NextTry::After(Duration::from_secs(1)));
        assert_eq!(next_try(&away(), 3), NextTry::After(Duration::from_secs(8)));
        assert_eq!(next_try(&away(), 10), NextTry::After(Duration::from_secs(30)));
        assert_eq!(next_try(&away(), 11), NextTry::Never);
    }

    #[test]
    fn telegrams_own_wait_is_kept() {
        let wait = Duration::from_secs(17);
        let class = FailureClass::Limited { retry_after: Some(wait) };
        let limited = TelegramError::Failed(ProviderError::new(class, "limited", ""));
        assert_eq!(next_try(&limited.into(), 0), NextTry::After(wait));
    }

    #[test]
    fn what_nobody_can_read_is_not_tried_again() {
        assert_eq!(next_try(&unreadable().into(), 0), NextTry::Never);
        assert_eq!(next_try(&HandlerError::Panicked, 0), NextTry::After(Duration::from_secs(1)));
        assert_eq!(next_try(&HandlerError::Panicked, 1), NextTry::Never);
    }
}
