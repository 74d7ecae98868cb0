//! Files with what is kept of a person, and the receipt of an erasure.

use std::sync::Arc;

use account::{Erasure, ExportRequest, ExportScope, PrivacyNotifier};
use async_trait::async_trait;
use bytes::Bytes;
use kernel::{ChatId, NotifyError};

use super::progress::edit_or_send;
use crate::callback::{CallbackData, GalleryView};
use crate::keyboards::menu_row;
use crate::screens;
use crate::telegram::{
    Button, DocumentMessage, FileSource, Keyboard, TelegramApi, TelegramError, TextMessage, Upload,
};
use crate::words::Texts;

/// Hands files and receipts to people in Telegram.
pub struct TelegramPrivacyNotifier {
    telegram: Arc<dyn TelegramApi>,
}

impl TelegramPrivacyNotifier {
    /// A notifier that speaks through `telegram`.
    pub const fn new(telegram: Arc<dyn TelegramApi>) -> Self {
        Self { telegram }
    }

    /// The progress message says that all of it is there. The file was sent whether that can be said or not.
    async fn close_progress(&self, request: &ExportRequest, texts: Texts, parts: u32) {
        let Some(progress) = request.audience.progress_message else {
            return;
        };
        let text = match request.scope {
            ExportScope::Everything => texts.export_there(parts),
            ExportScope::Images { .. } => texts.images_packed(parts),
        };
        let keyboard = Keyboard::none().row(menu_row(texts));
        let message = TextMessage::new(text, keyboard);
        match self.telegram.edit_message(request.audience.chat, progress, &message).await {
            Ok(()) | Err(TelegramError::MessageGone) => {}
            Err(error) => tracing::info!(%error, "a progress message was not closed"),
        }
    }
}

#[async_trait]
impl PrivacyNotifier for TelegramPrivacyNotifier {
    async fn send_part(
        &self,
        request: &ExportRequest,
        part: u32,
        parts: u32,
        bytes: Bytes,
    ) -> Result<(), NotifyError> {
        let texts = Texts::of(request.language);
        let upload = Upload { name: file_name(&request.scope, part, parts), bytes };
        let caption = if parts > 1 { texts.export_part(part, parts) } else { texts.export_whole() };
        let document = DocumentMessage { document: FileSource::Upload(upload), caption };
        self.telegram.send_document(request.audience.chat, &document).await?;
        if part >= parts {
            self.close_progress(request, texts, parts).await;
        }
        Ok(())
    }

    async fn tell_export_failed(&self, request: &ExportRequest, reference: &str) -> Result<(), NotifyError> {
        let texts = Texts::of(request.language);
        let (label, again) = match request.scope {
            ExportScope::Everything => (texts.button_privacy(), CallbackData::Privacy),
            ExportScope::Images { .. } => {
                (texts.button_open_gallery(), CallbackData::OpenGallery { view: GalleryView::ALL })
            }
        };
        let keyboard = Keyboard::none().row([Button::press(label, again)]).row(menu_row(texts));
        let message = TextMessage::new(texts.export_failed(reference), keyboard);
        edit_or_send(self.telegram.as_ref(), &request.audience, &message).await.map(drop)
    }

    async fn send_receipt(&self, chat: ChatId, erasure: &Erasure) -> Result<(), NotifyError> {
        let message =
            TextMessage::plain(screens::privacy::receipt(Texts::of(erasure.language), &erasure.inventory));
        self.telegram.send_message(chat, &message).await?;
        Ok(())
    }
}

/// Such as `aisha-images.zip`, or `aisha-my-data-2-of-3.zip`.
fn file_name(scope: &ExportScope, part: u32, parts: u32) -> String {
    let stem = match scope {
        ExportScope::Everything => "aisha-my-data",
        ExportScope::Images { .. } => "aisha-images",
    };
    if parts > 1 { format!("{stem}-{part}-of-{parts}.zip") } else { format!("{stem}.zip") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_names_of_their_own() {
        assert_eq!(file_name(&ExportScope::Everything, 1, 1), "aisha-my-data.zip");
        let images = ExportScope::Images { items: Vec::new() };
        assert_eq!(file_name(&images, 2, 3), "aisha-images-2-of-3.zip");
    }
}
