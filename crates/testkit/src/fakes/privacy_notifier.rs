//! A person who keeps the files and receipts that they get.

use std::sync::{Arc, Mutex, PoisonError};

use account::{Erasure, ExportRequest, PrivacyNotifier};
use async_trait::async_trait;
use bytes::Bytes;
use kernel::{ChatId, ExportId, NotifyError};

use super::notifier::struck;
use crate::weather::{FairWeather, Weather, weathered};

/// Something that a person was handed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// A part of a file.
    Part {
        /// Of which request.
        export: ExportId,
        /// Which part, from 1.
        part: u32,
        /// Of how many.
        parts: u32,
        /// Its bytes.
        bytes: Bytes,
    },
    /// The news that there will be no file.
    NoFile {
        /// Of which request.
        export: ExportId,
        /// What operators find it by.
        reference: String,
    },
    /// The receipt of an erasure.
    Receipt(Erasure),
}

/// Keeps what people are handed.
#[derive(Clone)]
pub struct RecordingPrivacyNotifier {
    handed: Arc<Mutex<Vec<Handed>>>,
    weather: Arc<dyn Weather>,
}

impl Default for RecordingPrivacyNotifier {
    fn default() -> Self {
        Self::under(Arc::new(FairWeather))
    }
}

impl RecordingPrivacyNotifier {
    /// A recorder under this weather.
    pub fn under(weather: Arc<dyn Weather>) -> Self {
        Self { handed: Arc::default(), weather }
    }

    /// Everything that was handed over so far.
    pub fn handed(&self) -> Vec<Handed> {
        self.handed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn hand(&self, port: &'static str, handed: Handed) -> Result<(), NotifyError> {
        let effect = || {
            self.handed.lock().unwrap_or_else(PoisonError::into_inner).push(handed);
            Ok(())
        };
        weathered(&self.weather, port, effect, struck).await
    }
}

#[async_trait]
impl PrivacyNotifier for RecordingPrivacyNotifier {
    async fn send_part(
        &self,
        request: &ExportRequest,
        part: u32,
        parts: u32,
        bytes: Bytes,
    ) -> Result<(), NotifyError> {
        let handed = Handed::Part { export: request.id, part, parts, bytes };
        self.hand("privacy_notifier.send_part", handed).await
    }

    async fn tell_export_failed(&self, request: &ExportRequest, reference: &str) -> Result<(), NotifyError> {
        let handed = Handed::NoFile { export: request.id, reference: reference.to_owned() };
        self.hand("privacy_notifier.tell_export_failed", handed).await
    }

    async fn send_receipt(&self, _chat: ChatId, erasure: &Erasure) -> Result<(), NotifyError> {
        self.hand("privacy_notifier.send_receipt", Handed::Receipt(erasure.clone())).await
    }
}
