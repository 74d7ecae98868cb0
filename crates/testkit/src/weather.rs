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

/// What is still to befall a call after its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aftermath {
    /// Nothing.
    Nothing,
    /// It fails all the same.
    Failure,
    /// The program dies.
    Death,
}

/// The part of the weather that comes before the effect. A call during which the program dies never returns.
///
/// # Errors
/// When the call is to fail without an effect.
pub async fn befall(weather: &Arc<dyn Weather>, port: &'static str) -> Result<Aftermath, Struck> {
    match weather.fate(port) {
        Fate::Fair => Ok(Aftermath::Nothing),
        Fate::Slow(span) => {
            tokio::time::sleep(span).await;
            Ok(Aftermath::Nothing)
        }
        Fate::FailsBefore => Err(Struck),
        Fate::FailsAfter => Ok(Aftermath::Failure),
        Fate::DiesBefore => {
            weather.die();
            std::future::pending().await
        }
        Fate::DiesAfter => Ok(Aftermath::Death),
    }
}

impl Aftermath {
    /// The part of the weather that comes after the effect: what the caller hears of `outcome`.
    ///
    /// # Errors
    /// Those of `outcome`, and `failure` when nothing else is heard of it.
    pub async fn settle<T, E>(
        self,
        weather: &Arc<dyn Weather>,
        outcome: Result<T, E>,
        failure: impl FnOnce(BoxError) -> E,
    ) -> Result<T, E> {
        match self {
            Self::Nothing => outcome,
            Self::Failure => Err(failure(Box::new(Struck))),
            Self::Death => {
                weather.die();
                std::future::pending().await
            }
        }
    }
}

/// A call under the weather.
///
/// # Errors
/// Those of `effect`, and `failure` when the weather strikes.
pub async fn weathered<T, E>(
    weather: &Arc<dyn Weather>,
    port: &'static str,
    effect: impl FnOnce() -> Result<T, E>,
    failure: impl Fn(BoxError) -> E,
) -> Result<T, E> {
    match befall(weather, port).await {
        Ok(aftermath) => aftermath.settle(weather, effect(), failure).await,
        Err(struck) => Err(failure(Box::new(struck))),
    }
}
