//! Turns that are given on while the shared ones are away.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{Lane, Limit, Turns, TurnsError};

use super::Presence;

/// The shared turns, and those of this process while they are away.
pub(crate) struct StandbyTurns {
    pub(crate) shared: Arc<dyn Turns>,
    pub(crate) own: Arc<dyn Turns>,
    pub(crate) presence: Arc<Presence>,
}

#[async_trait]
impl Turns for StandbyTurns {
    async fn take(&self, lane: Lane, count: u32, pace: Limit) -> Result<Duration, TurnsError> {
        match self.presence.noted(self.shared.take(lane, count, pace).await) {
            Some(wait) => Ok(wait),
            None => self.own.take(lane, count, pace).await,
        }
    }

    async fn hold_back(&self, lane: Lane, pause: Duration, pace: Limit) -> Result<(), TurnsError> {
        match self.presence.noted(self.shared.hold_back(lane, pause, pace).await) {
            Some(()) => Ok(()),
            None => self.own.hold_back(lane, pause, pace).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use embedded_adapter::LocalTurns;
    use kernel::BoxError;

    use super::*;

    struct Away;

    #[async_trait]
    impl Turns for Away {
        async fn take(&self, _: Lane, _: u32, _: Limit) -> Result<Duration, TurnsError> {
            Err(TurnsError(BoxError::from("away")))
        }

        async fn hold_back(&self, _: Lane, _: Duration, _: Limit) -> Result<(), TurnsError> {
            Err(TurnsError(BoxError::from("away")))
        }
    }

    #[tokio::test]
    async fn while_the_server_is_away_this_process_keeps_a_pace_of_its_own() {
        let turns = StandbyTurns {
            shared: Arc::new(Away),
            own: Arc::new(LocalTurns::new()),
            presence: Arc::new(Presence::of("redis")),
        };
        let pace = Limit { burst: 1, period: Duration::from_mins(1) };
        assert_eq!(turns.take(Lane::Everybody, 1, pace).await.unwrap(), Duration::ZERO);
        assert!(!turns.take(Lane::Everybody, 1, pace).await.unwrap().is_zero());
        let lane = Lane::Chat(kernel::ChatId::new(1));
        turns.hold_back(lane, Duration::from_mins(5), pace).await.unwrap();
        assert!(turns.take(lane, 1, pace).await.unwrap() > Duration::from_mins(4));
    }
}
