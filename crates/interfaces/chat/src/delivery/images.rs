//! Images: one takes the place of the progress message or comes alone, several come as an album.

use gallery::Favourite;
use generation::{NotifyError, ResultImage, ResultView, ShownImage, ShownResult};
use kernel::{FailureClass, ProviderError};

use super::TelegramNotifier;
use super::notifier::imaging_failure;
use crate::captions::{caption, caption_with};
use crate::keyboards::{self, SetImage};
use crate::pictures;
use crate::telegram::{
    AlbumPhoto, FileId, FileSource, PhotoMessage, SentMessage, TelegramError, TextMessage, Upload,
};
use crate::words::{Html, Texts};

/// In which form images are uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As they are, unless they are larger than Telegram takes.
    Fitting,
    /// As smaller JPEGs, because Telegram did not take them as they are.
    Reduced,
}

/// Turns the progress message into the one image. When that message is gone nothing is sent: whoever sends records it
/// first.
pub(super) async fn show_in_place(
    notifier: &TelegramNotifier,
    result: &ResultView,
) -> Result<ShownResult, NotifyError> {
    let image = only_image(result)?;
    let progress = result.audience.progress_message.ok_or(TelegramError::MessageGone)?;
    let texts = notifier.texts(result.account).await?;
    let chat = result.audience.chat;
    for form in [Form::Fitting, Form::Reduced] {
        let message = photo_message(notifier, texts, result, image, form).await?;
        match notifier.ports.telegram.edit_into_photo(chat, progress, &message).await {
            Ok(file) => return Ok(ShownResult { images: vec![shown(image, file)] }),
            Err(TelegramError::UnusablePhoto) if form == Form::Fitting => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(TelegramError::UnusablePhoto.into())
}

/// Sends the images as new messages.
pub(super) async fn send(
    notifier: &TelegramNotifier,
    result: &ResultView,
) -> Result<ShownResult, NotifyError> {
    let texts = notifier.texts(result.account).await?;
    for form in [Form::Fitting, Form::Reduced] {
        let sent = match result.images.as_slice() {
            [image] => send_one(notifier, texts, result, image, form).await?,
            _ => send_album(notifier, texts, result, form).await?,
        };
        match sent {
            Ok(messages) => {
                let files = messages.into_iter().map(|message| message.photo).chain(std::iter::repeat(None));
                let images =
                    result.images.iter().zip(files).map(|(image, file)| shown(image, file)).collect();
                return Ok(ShownResult { images });
            }
            // Nothing was sent: an album is taken as a whole or not at all.
            Err(TelegramError::UnusablePhoto) if form == Form::Fitting => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(TelegramError::UnusablePhoto.into())
}

/// Removes the progress message and, after an album, sends the message with the buttons.
pub(super) async fn send_controls(
    notifier: &TelegramNotifier,
    result: &ResultView,
) -> Result<(), NotifyError> {
    notifier.remove_progress(&result.audience).await?;
    if result.images.len() < 2 {
        return Ok(());
    }
    let texts = notifier.texts(result.account).await?;
    let images: Vec<SetImage> = (1..)
        .zip(&result.images)
        .map(|(number, image)| SetImage { number, item: image.item, favourite: Favourite::No })
        .collect();
    let again = notifier.again(result.account, result.request.likeness).await?;
    let keyboard = keyboards::set(texts, result.generation, &images, result.request.count, again);
    let message = TextMessage::new(summary(texts, result), keyboard);
    notifier.ports.telegram.send_message(result.audience.chat, &message).await?;
    Ok(())
}

fn summary(texts: Texts, result: &ResultView) -> Html {
    let mut lines = vec![texts.set_images(result.images.len()), texts.set_price(result.paid.get())];
    lines.extend(missing_line(texts, result));
    Html::lines(lines)
}

/// What is said when fewer images came than were asked for.
fn missing_line(texts: Texts, result: &ResultView) -> Option<Html> {
    let asked = result.request.count.get();
    (result.images.len() < usize::from(asked)).then(|| texts.set_partial(asked))
}

async fn send_one(
    notifier: &TelegramNotifier,
    texts: Texts,
    result: &ResultView,
    image: &ResultImage,
    form: Form,
) -> Result<Result<Vec<SentMessage>, TelegramError>, NotifyError> {
    let message = photo_message(notifier, texts, result, image, form).await?;
    Ok(notifier.ports.telegram.send_photo(result.audience.chat, &message).await.map(|sent| vec![sent]))
}

async fn send_album(
    notifier: &TelegramNotifier,
    texts: Texts,
    result: &ResultView,
    form: Form,
) -> Result<Result<Vec<SentMessage>, TelegramError>, NotifyError> {
    let mut photos = Vec::with_capacity(result.images.len());
    for (position, image) in result.images.iter().enumerate() {
        let upload = upload(notifier, image, form).await?;
        let words = (position == 0).then(|| caption(texts, result.request.prompt.as_str(), &result.model));
        photos.push(AlbumPhoto { photo: FileSource::Upload(upload), caption: words });
    }
    Ok(notifier.ports.telegram.send_album(result.audience.chat, &photos).await)
}

async fn photo_message(
    notifier: &TelegramNotifier,
    texts: Texts,
    result: &ResultView,
    image: &ResultImage,
    form: Form,
) -> Result<PhotoMessage, NotifyError> {
    let upload = upload(notifier, image, form).await?;
    let prompt = result.request.prompt.as_str();
    let caption = match missing_line(texts, result) {
        Some(line) => caption_with(texts, prompt, &result.model, line),
        None => caption(texts, prompt, &result.model),
    };
    let again = notifier.again(result.account, result.request.likeness).await?;
    let keyboard = keyboards::result(texts, image.item, Favourite::No, again);
    Ok(PhotoMessage { photo: FileSource::Upload(upload), caption, keyboard })
}

async fn upload(notifier: &TelegramNotifier, image: &ResultImage, form: Form) -> Result<Upload, NotifyError> {
    let imaging = notifier.ports.imaging.as_ref();
    let bytes = image.bytes.clone();
    match form {
        Form::Fitting => pictures::photo(imaging, image.item, &image.info, bytes).await,
        Form::Reduced => pictures::reduced_photo(imaging, image.item, bytes).await,
    }
    .map_err(imaging_failure)
}

fn only_image(result: &ResultView) -> Result<&ResultImage, NotifyError> {
    match result.images.as_slice() {
        [image] => Ok(image),
        // The class makes the caller send them as new messages instead.
        _ => {
            Err(ProviderError::new(FailureClass::Invalid, "not-one-image", "one message shows one image")
                .into())
        }
    }
}

fn shown(image: &ResultImage, file: Option<FileId>) -> ShownImage {
    ShownImage { item: image.item, file: file.map(|file| file.0) }
}
