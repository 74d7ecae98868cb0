//! Whether a shared server is there, said once each time that it changes.

use std::fmt::Display;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether a server is there, as far as its ports have noticed.
pub(crate) struct Presence {
    server: &'static str,
    away: AtomicBool,
}

impl Presence {
    /// A server that is believed to be there.
    pub(crate) const fn of(server: &'static str) -> Self {
        Self { server, away: AtomicBool::new(false) }
    }

    /// Takes note of what became of a call; what came of it if the server is there.
    pub(crate) fn noted<T, E: Display>(&self, outcome: Result<T, E>) -> Option<T> {
        match outcome {
            Ok(done) => {
                if self.away.swap(false, Ordering::Relaxed) {
                    tracing::info!(
                        server = self.server,
                        "it is back: limits and conversations are shared again"
                    );
                }
                Some(done)
            }
            Err(error) => {
                if !self.away.swap(true, Ordering::Relaxed) {
                    tracing::warn!(
                        server = self.server,
                        %error,
                        "it is away: limits and conversations are kept by this process alone until it is back"
                    );
                }
                None
            }
        }
    }

    #[cfg(test)]
    fn is_away(&self) -> bool {
        self.away.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_follows_the_last_call() {
        let presence = Presence::of("redis");
        assert_eq!(presence.noted::<(), _>(Err("refused")), None);
        assert!(presence.is_away());
        assert_eq!(presence.noted::<_, &str>(Ok(7)), Some(7));
        assert!(!presence.is_away());
    }
}
