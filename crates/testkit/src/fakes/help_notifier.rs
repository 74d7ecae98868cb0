//! A person who writes down what help they got.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use generation::{HelpFailure, HelpNotifier, HelpRequest, NotifyError};
use kernel::HelpId;

use super::notifier::struck;
use crate::weather::{FairWeather, Weather, weathered};

/// What came of a request for help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HelpNews {
    /// The answer.
    Answer(String),
    /// There is none.
    Failure(HelpFailure),
}

/// Writes down what people are told of their requests for help. Telling again replaces what was told before, as an edited
/// message does.
#[derive(Clone)]
pub struct RecordingHelpNotifier {
    news: Arc<Mutex<BTreeMap<HelpId, HelpNews>>>,
    weather: Arc<dyn Weather>,
}

impl Default for RecordingHelpNotifier {
    fn default() -> Self {
        Self::under(Arc::new(FairWeather))
    }
}

impl RecordingHelpNotifier {
    /// A recorder under this weather.
    pub fn under(weather: Arc<dyn Weather>) -> Self {
        Self { news: Arc::default(), weather }
    }

    /// What was told of each request.
    pub fn news(&self) -> BTreeMap<HelpId, HelpNews> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn tell(
        &self,
        port: &'static str,
        request: &HelpRequest,
        news: HelpNews,
    ) -> Result<(), NotifyError> {
        let effect = || {
            self.news.lock().unwrap_or_else(PoisonError::into_inner).insert(request.id, news);
            Ok(())
        };
        weathered(&self.weather, port, effect, struck).await
    }
}

#[async_trait]
impl HelpNotifier for RecordingHelpNotifier {
    async fn show_answer(&self, request: &HelpRequest, answer: &str) -> Result<(), NotifyError> {
        self.tell("help_notifier.show_answer", request, HelpNews::Answer(answer.to_owned())).await
    }

    async fn tell_failure(&self, request: &HelpRequest, failure: &HelpFailure) -> Result<(), NotifyError> {
        self.tell("help_notifier.tell_failure", request, HelpNews::Failure(failure.clone())).await
    }
}
