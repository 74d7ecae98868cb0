//! Whoever helps with words, photos and safety, watched.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use generation::{Prompt, PromptAssistant, Transcriber, Wording};
use kernel::{
    DescriptionPurpose, Language, ModerationVerdict, Moderator, PersonComparison, PhotoAnalyst, PhotoReport,
    ProviderError,
};

use super::provider_calls::ProviderCalls;
use crate::metrics::Metrics;

/// The provider that all of them are, unless others are put in.
const PROVIDER: &str = "openai";

/// Records safety checks.
pub(crate) struct MeasuredModerator {
    inner: Arc<dyn Moderator>,
    calls: ProviderCalls,
}

impl MeasuredModerator {
    pub(crate) fn new(inner: Arc<dyn Moderator>, metrics: Metrics) -> Self {
        Self { inner, calls: ProviderCalls::new(metrics, PROVIDER) }
    }
}

#[async_trait]
impl Moderator for MeasuredModerator {
    async fn review(&self, text: &str) -> Result<ModerationVerdict, ProviderError> {
        self.calls.timed("review-text", self.inner.review(text)).await
    }

    async fn review_photo(&self, photo: &Bytes) -> Result<ModerationVerdict, ProviderError> {
        self.calls.timed("review-photo", self.inner.review_photo(photo)).await
    }

    async fn probe(&self) -> Result<(), ProviderError> {
        self.calls.timed("probe", self.inner.probe()).await
    }
}

/// Records looks at photos.
pub(crate) struct MeasuredAnalyst {
    inner: Arc<dyn PhotoAnalyst>,
    calls: ProviderCalls,
}

impl MeasuredAnalyst {
    pub(crate) fn new(inner: Arc<dyn PhotoAnalyst>, metrics: Metrics) -> Self {
        Self { inner, calls: ProviderCalls::new(metrics, PROVIDER) }
    }
}

#[async_trait]
impl PhotoAnalyst for MeasuredAnalyst {
    async fn examine(&self, photo: &Bytes) -> Result<PhotoReport, ProviderError> {
        self.calls.timed("examine-photo", self.inner.examine(photo)).await
    }

    async fn compare(&self, photos: &[Bytes]) -> Result<PersonComparison, ProviderError> {
        self.calls.timed("compare-photos", self.inner.compare(photos)).await
    }

    async fn describe(&self, photo: &Bytes, purpose: DescriptionPurpose) -> Result<String, ProviderError> {
        self.calls.timed("describe-photo", self.inner.describe(photo, purpose)).await
    }
}

/// Records searches for better words.
pub(crate) struct MeasuredAssistant {
    inner: Arc<dyn PromptAssistant>,
    calls: ProviderCalls,
}

impl MeasuredAssistant {
    pub(crate) fn new(inner: Arc<dyn PromptAssistant>, metrics: Metrics) -> Self {
        Self { inner, calls: ProviderCalls::new(metrics, PROVIDER) }
    }
}

#[async_trait]
impl PromptAssistant for MeasuredAssistant {
    async fn reword(&self, wording: &Wording) -> Result<Prompt, ProviderError> {
        self.calls.timed("reword", self.inner.reword(wording)).await
    }
}

/// Records transcriptions.
pub(crate) struct MeasuredTranscriber {
    inner: Arc<dyn Transcriber>,
    calls: ProviderCalls,
}

impl MeasuredTranscriber {
    pub(crate) fn new(inner: Arc<dyn Transcriber>, metrics: Metrics) -> Self {
        Self { inner, calls: ProviderCalls::new(metrics, PROVIDER) }
    }
}

#[async_trait]
impl Transcriber for MeasuredTranscriber {
    async fn transcribe(&self, recording: &Bytes, hint: Language) -> Result<String, ProviderError> {
        self.calls.timed("transcribe", self.inner.transcribe(recording, hint)).await
    }
}
