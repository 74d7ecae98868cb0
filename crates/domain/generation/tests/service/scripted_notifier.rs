//! A messenger that answers as a test says, and otherwise well.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use generation::{
    Attention, Audience, Ending, Notifier, NotifyError, ProgressStage, ResultView, ShownResult,
};
use kernel::{AccountId, GalleryItemId, GenerationId, MessageId, Timestamp};
use testkit::fakes::RecordingNotifier;

/// The calls that can be made to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    ShowInPlace,
    SendImages,
    SendControls,
    PointToGallery,
    TellEnding,
    TellLate,
}

/// A recorder whose next calls fail as they were told to; such a call has no effect.
#[derive(Clone, Default)]
pub struct ScriptedNotifier {
    pub recorder: RecordingNotifier,
    script: Arc<Mutex<VecDeque<(Call, NotifyError)>>>,
}

impl ScriptedNotifier {
    /// The next call of this kind fails like this.
    pub fn fail_next(&self, call: Call, error: impl Into<NotifyError>) {
        self.script.lock().unwrap().push_back((call, error.into()));
    }

    fn answer(&self, call: Call) -> Result<(), NotifyError> {
        let mut script = self.script.lock().unwrap();
        let place = script.iter().position(|(scripted, _)| *scripted == call);
        place.and_then(|place| script.remove(place)).map_or(Ok(()), |(_, error)| Err(error))
    }
}

#[async_trait]
impl Notifier for ScriptedNotifier {
    async fn show_progress(
        &self,
        account: AccountId,
        audience: &Audience,
        stage: ProgressStage,
    ) -> Result<(), NotifyError> {
        self.recorder.show_progress(account, audience, stage).await
    }

    async fn attention(&self, audience: &Audience, since: Timestamp) -> Result<Attention, NotifyError> {
        self.recorder.attention(audience, since).await
    }

    async fn show_in_place(&self, result: &ResultView) -> Result<ShownResult, NotifyError> {
        self.answer(Call::ShowInPlace)?;
        self.recorder.show_in_place(result).await
    }

    async fn send_images(&self, result: &ResultView) -> Result<ShownResult, NotifyError> {
        self.answer(Call::SendImages)?;
        self.recorder.send_images(result).await
    }

    async fn send_controls(&self, result: &ResultView) -> Result<(), NotifyError> {
        self.answer(Call::SendControls)?;
        self.recorder.send_controls(result).await
    }

    async fn point_to_gallery(
        &self,
        account: AccountId,
        audience: &Audience,
        newest: GalleryItemId,
    ) -> Result<(), NotifyError> {
        self.answer(Call::PointToGallery)?;
        self.recorder.point_to_gallery(account, audience, newest).await
    }

    async fn tell_ending(
        &self,
        account: AccountId,
        generation: GenerationId,
        audience: &Audience,
        ending: &Ending,
    ) -> Result<Option<MessageId>, NotifyError> {
        self.answer(Call::TellEnding)?;
        self.recorder.tell_ending(account, generation, audience, ending).await
    }

    async fn tell_late(
        &self,
        account: AccountId,
        audience: &Audience,
        images: u8,
    ) -> Result<(), NotifyError> {
        self.answer(Call::TellLate)?;
        self.recorder.tell_late(account, audience, images).await
    }
}
