//! What may befall a call of a port, and when the program dies.

use std::sync::Arc;
use std::time::Duration;

use kernel::BoxError;
use thiserror::Error;

/// What befalls one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nothing.
    Fair,
    /// It takes this long.
    Slow(Duration),
    /// It fails, and has no effect.
    FailsBefore,
    /// It has its effect and fails all the same.
    FailsAfter,
    /// The program dies before the effect.
    DiesBefore,
    /// The program dies after the effect, before it hears of it.
    DiesAfter,
}

/// Decides what befalls each call of a fake.
pub trait Weather: Send + Sync {
    /// The fate of a call of `port`, such as `units.commit`.
    fn fate(&self, port: &'static str) -> Fate;

    /// The program dies now. Whoever runs it drops it; the call that died never returns.
    fn die(&self);
}

/// Nothing ever goes wrong.
#[derive(Debug, Clone, Copy, Default)]
pub struct FairWeather;

impl Weather for FairWeather {
    fn fate(&self, _port: &'static str) -> Fate {
        Fate::Fair
    }

    fn die(&self) {}
}

/// The error underneath a failure that the weather made.
#[derive(Debug, Clone, Copy, Error)]
#[error("a failure made by the test")]
pub struct Struck;

/// A call under the weather.
pub async fn weathered<T, E>(
    weather: &Arc<dyn Weather>,
    port: &'static str,
    effect: impl FnOnce() -> Result<T, E>,
    failure: impl FnOnce(BoxError) -> E,
) -> Result<T, E> {
    match weather.fate(port) {
        Fate::Fair => effect(),
        Fate::Slow(span) => {
            tokio::time::sleep(span).await;
            effect()
        }
        Fate::FailsBefore => Err(failure(Box::new(Struck))),
        Fate::FailsAfter => {
            let _unheard = effect();
            Err(failure(Box::new(Struck)))
        }
        Fate::DiesBefore => {
            weather.die();
            std::future::pending().await
        }
        Fate::DiesAfter => {
            let _unheard = effect();
            weather.die();
            std::future::pending().await
        }
    }
}
