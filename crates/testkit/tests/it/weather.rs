//! What befalls a call under the weather.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use kernel::{BoxError, StoreError};
use testkit::weather::{FairWeather, Fate, Weather, weathered};
use tokio::time::timeout;

const A_MOMENT: Duration = Duration::from_millis(20);

/// One fate for every call, and a count of deaths.
struct Forecast {
    fate: Fate,
    deaths: AtomicU32,
}

impl Weather for Forecast {
    fn fate(&self, port: &'static str) -> Fate {
        assert_eq!(port, "a.call");
        self.fate
    }

    fn die(&self) {
        self.deaths.fetch_add(1, Ordering::SeqCst);
    }
}

/// What the caller heard, if anything; how often the effect was there; how often the program died.
async fn call(fate: Fate) -> (Option<Result<&'static str, StoreError>>, u32, u32) {
    let forecast = Arc::new(Forecast { fate, deaths: AtomicU32::new(0) });
    let weather = Arc::clone(&forecast) as Arc<dyn Weather>;
    let effects = AtomicU32::new(0);
    let effect = || {
        effects.fetch_add(1, Ordering::SeqCst);
        Ok("done")
    };
    let heard = timeout(A_MOMENT, weathered(&weather, "a.call", effect, StoreError::Unavailable)).await.ok();
    (heard, effects.load(Ordering::SeqCst), forecast.deaths.load(Ordering::SeqCst))
}

#[tokio::test]
async fn fair_and_slow_calls_have_their_effect_and_say_so() {
    for fate in [Fate::Fair, Fate::Slow(Duration::from_millis(1))] {
        let (heard, effects, deaths) = call(fate).await;
        assert!(matches!(heard, Some(Ok("done"))), "{fate:?}: {heard:?}");
        assert_eq!((effects, deaths), (1, 0), "{fate:?}");
    }
    let (heard, effects, _) = call(Fate::Slow(Duration::from_mins(1))).await;
    assert!(heard.is_none(), "it takes its time");
    assert_eq!(effects, 0, "the effect comes with the answer");
}

#[tokio::test]
async fn a_failing_call_fails_before_or_after_its_effect() {
    for (fate, expected) in [(Fate::FailsBefore, 0), (Fate::FailsAfter, 1)] {
        let (heard, effects, deaths) = call(fate).await;
        assert!(matches!(heard, Some(Err(StoreError::Unavailable(_)))), "{fate:?}: {heard:?}");
        assert_eq!((effects, deaths), (expected, 0), "{fate:?}");
    }
}

#[tokio::test]
async fn a_call_that_dies_never_returns() {
    for (fate, expected) in [(Fate::DiesBefore, 0), (Fate::DiesAfter, 1)] {
        let (heard, effects, deaths) = call(fate).await;
        assert!(heard.is_none(), "{fate:?}: {heard:?}");
        assert_eq!((effects, deaths), (expected, 1), "{fate:?}");
    }
}

#[tokio::test]
async fn in_fair_weather_nothing_happens_but_the_call() {
    let weather: Arc<dyn Weather> = Arc::new(FairWeather);
    let own_error =
        weathered(&weather, "any.call", || Err::<(), _>("its own"), |_: BoxError| "the weather's").await;
    assert_eq!(own_error, Err("its own"));
}
