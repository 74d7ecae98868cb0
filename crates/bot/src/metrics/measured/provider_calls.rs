//! Calls to one provider.

use std::future::Future;

use kernel::ProviderError;
use tokio::time::Instant;

use super::{class_label, outcome};
use crate::metrics::Metrics;
use crate::metrics::names::{PROVIDER_COST, PROVIDER_ERRORS, PROVIDER_REQUEST_SECONDS};

/// Records the calls to one provider.
pub(super) struct ProviderCalls {
    metrics: Metrics,
    provider: String,
}

impl ProviderCalls {
    pub(super) fn new(metrics: Metrics, provider: &str) -> Self {
        Self { metrics, provider: provider.to_owned() }
    }

    /// Waits for a call, and records how long it took and how it failed.
    pub(super) async fn timed<T>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T, ProviderError>>,
    ) -> Result<T, ProviderError> {
        let begun = Instant::now();
        let result = call.await;
        let labels = [self.provider.as_str(), operation, outcome(&result)];
        self.metrics.observe(&PROVIDER_REQUEST_SECONDS, &labels, begun.elapsed());
        if let Err(error) = &result {
            self.failed(operation, error);
        }
        result
    }

    /// Records a failure that was no call of its own.
    pub(super) fn failed(&self, operation: &'static str, error: &ProviderError) {
        self.metrics.add(&PROVIDER_ERRORS, &[&self.provider, operation, class_label(error.class)], 1);
    }

    /// Records what a call costs, in millionths of a US dollar.
    pub(super) fn cost(&self, model: &str, micro_usd: u64) {
        self.metrics.add(&PROVIDER_COST, &[&self.provider, model], micro_usd);
    }
}
