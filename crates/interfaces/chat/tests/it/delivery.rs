//! The notifier by itself: its contract, and what it does when Telegram does not play along.

use chat::TelegramError;
use generation::{
    Attention, Audience, Ending, FailureReason, ImageRequest, Notifier as _, NotifyError, ProgressStage,
    Prompt, ResultImage, ResultView,
};
use kernel::{
    AccountId, AspectRatio, CallOutcome, Clock as _, Credits, FailureClass, GalleryItemId, GenerationId,
    IdSource as _, ImageCount, ImageFormat, ImageInfo, MessageId, ProviderError,
};
use testkit::fakes::fake_image;
use uuid::Uuid;

use crate::fake_telegram::Body;
use crate::studio::Studio;

/// Somebody who waits at a progress message.
async fn somebody_waiting(studio: &Studio) -> (AccountId, Audience) {
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("/help").await;
    (ann.account().await.id, Audience { chat: ann.room(), progress_message: Some(ann.sees().id) })
}

fn view(studio: &Studio, account: AccountId, audience: Audience, images: u8, asked: u8) -> ResultView {
    let info = ImageInfo { format: ImageFormat::Png, width: 1024, height: 1024 };
    ResultView {
        account,
        generation: GenerationId::new(Uuid::from_u128(1)),
        audience,
        request: ImageRequest {
            prompt: Prompt::new("a <fox> & a hare").unwrap(),
            aspect_ratio: AspectRatio::Square,
            count: ImageCount::new(asked).unwrap(),
            seed: 1,
            likeness: generation::Likeness::Nobody,
        },
        model: "A & B".to_owned(),
        paid: Credits::of(5 * u16::from(images)),
        images: (0..images)
            .map(|number| ResultImage {
                item: GalleryItemId::new(studio.ids.uuid()),
                info,
                bytes: fake_image(info.format, info.width, info.height, &format!("image {number}")),
            })
            .collect(),
    }
}

fn unknown_fate() -> TelegramError {
    ProviderError::new(FailureClass::Unavailable, "timeout", "no answer").with_unknown_outcome().into()
}

#[tokio::test]
async fn repeating_progress_shows_one_message() {
    let studio = Studio::new();
    let (account, audience) = somebody_waiting(&studio).await;
    let before = studio.ann().sees_all().len();
    for stage in [
        ProgressStage::Waiting { position: None },
        ProgressStage::Waiting { position: Some(2) },
        ProgressStage::Drawing,
        ProgressStage::Drawing,
        ProgressStage::TryingAgain,
        ProgressStage::Keeping,
    ] {
        studio.notifier.show_progress(account, &audience, stage).await.unwrap();
    }
    assert_eq!(studio.ann().sees_all().len(), before);
    assert!(studio.ann().sees().words.contains("Almost there"));
    studio
        .notifier
        .show_progress(account, &audience, ProgressStage::Waiting { position: Some(2) })
        .await
        .unwrap();
    assert!(studio.ann().sees().words.ends_with("2 requests are before yours."));
}

#[tokio::test]
async fn without_a_progress_message_news_come_in_a_new_one_and_nothing_else_does() {
    let studio = Studio::new();
    let (account, audience) = somebody_waiting(&studio).await;
    let progress = audience.progress_message.unwrap();
    studio.telegram.remove(audience.chat, progress);
    let before = studio.ann().sees_all().len();
    studio.notifier.show_progress(account, &audience, ProgressStage::Drawing).await.unwrap();
    let gone = studio.notifier.show_in_place(&view(&studio, account, audience, 1, 1)).await.unwrap_err();
    assert_eq!(gone.class(), FailureClass::NotFound);
    assert_eq!(studio.ann().sees_all().len(), before);
    let nobody = Audience { progress_message: None, ..audience };
    let item = GalleryItemId::new(Uuid::from_u128(3));
    studio.notifier.point_to_gallery(account, &nobody, item).await.unwrap();
    assert!(studio.ann().sees().words.contains("Your images are ready."));
    assert_eq!(studio.ann().sees().labels(), ["🖼 Open the gallery"]);
}

#[tokio::test]
async fn showing_in_place_can_be_repeated() {
    let studio = Studio::new();
    let (account, audience) = somebody_waiting(&studio).await;
    let before = studio.ann().sees_all().len();
    let view = view(&studio, account, audience, 1, 1);
    for _ in 0..3 {
        studio.notifier.show_in_place(&view).await.unwrap();
    }
    assert_eq!(studio.ann().sees_all().len(), before);
    let image = studio.ann().sees();
    assert_eq!(Some(image.id), audience.progress_message);
    assert_eq!(image.words, "a <fox> & a hare\n✨ Made by AI · A & B");
}

#[tokio::test]
async fn one_image_of_two_says_that_only_it_is_paid_for() {
    let studio = Studio::new();
    let (account, audience) = somebody_waiting(&studio).await;
    studio.notifier.show_in_place(&view(&studio, account, audience, 1, 2)).await.unwrap();
    assert!(studio.ann().sees().words.ends_with("You asked for 2, and pay only for what arrived."));
}

#[tokio::test]
async fn images_that_telegram_does_not_take_are_sent_smaller() {
    let studio = Studio::new();
    let (account, audience) = somebody_waiting(&studio).await;
    studio.telegram.fail_next("edit_into_photo", TelegramError::UnusablePhoto);
    studio.notifier.show_in_place(&view(&studio, account, audience, 1, 1)).await.unwrap();
    let Body::Photo(file) = studio.ann().sees().body else { panic!("not a photo") };
    assert!(studio.telegram.file(&file).starts_with(b"fake-image jpg"));

    studio.telegram.fail_next("send_album", TelegramError::UnusablePhoto);
    studio.notifier.send_images(&view(&studio, account, audience, 2, 2)).await.unwrap();
    let Body::Photo(file) = studio.ann().sees().body else { panic!("not a photo") };
    assert!(studio.telegram.file(&file).starts_with(b"fake-image jpg"));

    studio.telegram.fail_next("send_photo", TelegramError::UnusablePhoto);
    studio.telegram.fail_next("send_photo", TelegramError::UnusablePhoto);
    let error = studio.notifier.send_images(&view(&studio, account, audience, 1, 1)).await.unwrap_err();
    assert_eq!(error.class(), FailureClass::Invalid);
}

#[tokio::test]
async fn several_images_are_one_album_and_each_is_remembered() {
    let studio = Studio::new();
    let (account, audience) = somebody_waiting(&studio).await;
    let view = view(&studio, account, audience, 3, 4);
    let shown = studio.notifier.send_images(&view).await.unwrap();
    let items: Vec<_> = shown.images.iter().map(|image| image.item).collect();
    assert_eq!(items, view.images.iter().map(|image| image.item).collect::<Vec<_>>());
    assert!(shown.images.iter().all(|image| image.file.is_some()));
    let album = studio.ann().sees_all().into_iter().filter(|message| message.album.is_some()).count();
    assert_eq!(album, 3);
    studio.notifier.send_controls(&view).await.unwrap();
    assert!(!studio.ann().sees_all().iter().any(|message| Some(message.id) == audience.progress_message));
    assert!(studio.ann().sees().words.contains("Here are your 3 images."));
}

#[tokio::test]
async fn after_a_single_image_no_message_with_buttons_follows() {
    let studio = Studio::new();
    let (account, audience) = somebody_waiting(&studio).await;
    let view = view(&studio, account, audience, 1, 1);
    studio.notifier.send_images(&view).await.unwrap();
    studio.notifier.send_controls(&view).await.unwrap();
    // The progress message is gone by now, which is as it should be.
    studio.notifier.send_controls(&view).await.unwrap();
    assert!(matches!(studio.ann().sees().body, Body::Photo(_)));
    assert!(studio.ann().sees().labels().contains(&"📄 Original"));
}

#[tokio::test]
async fn a_send_of_unknown_fate_is_reported_as_such_and_not_repeated() {
    let studio = Studio::new();
    let (account, audience) = somebody_waiting(&studio).await;
    studio.telegram.fail_next("send_album", unknown_fate());
    let error = studio.notifier.send_images(&view(&studio, account, audience, 2, 2)).await.unwrap_err();
    let NotifyError::Failed(error) = error else { panic!("{error}") };
    assert_eq!(error.outcome, CallOutcome::Unknown);
    let albums = studio.telegram.calls().iter().filter(|(method, _)| *method == "send_album").count();
    assert_eq!(albums, 1);
}

#[tokio::test]
async fn a_person_who_blocked_the_bot_or_was_erased_is_unreachable() {
    let studio = Studio::new();
    let (account, audience) = somebody_waiting(&studio).await;
    studio.telegram.fail_next("send_album", TelegramError::Unreachable);
    let outcome = studio.notifier.send_images(&view(&studio, account, audience, 2, 2)).await;
    assert!(matches!(outcome, Err(NotifyError::Unreachable)));
    let stranger = AccountId::new(Uuid::from_u128(99));
    let outcome = studio.notifier.show_progress(stranger, &audience, ProgressStage::Drawing).await;
    assert!(matches!(outcome, Err(NotifyError::Unreachable)));
}

#[tokio::test]
async fn attention_is_elsewhere_once_the_person_did_something() {
    let studio = Studio::new();
    let (_, audience) = somebody_waiting(&studio).await;
    let now = studio.clock.now();
    assert_eq!(studio.notifier.attention(&audience, now).await.unwrap(), Attention::Here);
    studio.ann().writes("/help").await;
    assert_eq!(studio.notifier.attention(&audience, now).await.unwrap(), Attention::Elsewhere);
}

#[tokio::test]
async fn every_ending_is_told_in_the_persons_language() {
    let studio = Studio::new();
    let (account, audience) = somebody_waiting(&studio).await;
    let generation = GenerationId::new(Uuid::from_u128(1));
    let internal = FailureReason::Internal { reference: "K7QM-2F9X".to_owned() };
    for (ending, words) in [
        (Ending::Failed(FailureReason::Refused), "This one isn't possible."),
        (Ending::Failed(FailureReason::Invalid), "couldn't read this description"),
        (Ending::Failed(FailureReason::Unavailable), "It didn't work out."),
        (Ending::Failed(FailureReason::NoModel), "I can't draw right now."),
        (Ending::Failed(internal), "K7QM-2F9X"),
        (Ending::Cancelled, "Cancelled."),
        (Ending::Expired, "It took too long"),
    ] {
        let told = studio.notifier.tell_ending(account, generation, &audience, &ending).await.unwrap();
        assert_eq!(told, audience.progress_message);
        let said = studio.ann().sees().words;
        assert!(said.contains(words) && said.contains("It cost nothing"), "{said}");
    }
    studio.notifier.tell_late(account, &audience, 2).await.unwrap();
    assert!(studio.ann().sees().words.contains("2 images came after all"));
    assert!(studio.ann().sees().id > MessageId::new(0));
}
