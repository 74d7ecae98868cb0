//! Operators who write down what they hear.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use kernel::{OperatorChannel, OperatorNotice, ProviderError};

/// Writes down what operators were told.
#[derive(Debug, Clone, Default)]
pub struct RecordingOperators {
    notices: Arc<Mutex<Vec<OperatorNotice>>>,
}

impl RecordingOperators {
    /// Everything so far.
    pub fn notices(&self) -> Vec<OperatorNotice> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl OperatorChannel for RecordingOperators {
    async fn tell(&self, notice: &OperatorNotice) -> Result<(), ProviderError> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).push(notice.clone());
        Ok(())
    }
}
