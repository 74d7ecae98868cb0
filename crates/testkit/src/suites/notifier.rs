//! What every [`Notifier`] must do.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use generation::{
    Attention, Audience, Ending, FailureReason, ImageRequest, Likeness, Notifier, NotifyError, ProgressStage,
    Prompt, ResultImage, ResultView,
};
use kernel::{
    AccountId, AspectRatio, CallOutcome, Credits, FailureClass, GalleryItemId, GenerationId, ImageCount,
    ImageFormat, ImageInfo, MessageId, Timestamp,
};
use uuid::Uuid;

/// How a conversation is when a test begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// The progress message is the only one in it.
    Well,
    /// The person removed the progress message.
    ProgressGone,
    /// The person blocked the bot.
    Blocked,
    /// Everything that is said arrives, and no answer comes back.
    AnswersLost,
}

/// A notifier and the conversation that it speaks into.
pub struct Stage {
    /// The notifier under test.
    pub notifier: Arc<dyn Notifier>,
    /// Whose conversation it is.
    pub account: AccountId,
    /// The conversation, with the id that its progress message has or had.
    pub audience: Audience,
    /// What the person sees.
    pub conversation: Arc<dyn Conversation>,
}

/// A message as the person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenMessage {
    /// Its id.
    pub id: MessageId,
    /// What it shows.
    pub shows: Shows,
    /// The album that it is part of.
    pub album: Option<String>,
    /// Whether it has buttons.
    pub buttons: Buttons,
}

/// What a message shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// Words alone.
    Words,
    /// An image, perhaps with words below.
    Image,
}

/// Whether a message has buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Buttons {
    /// It has none.
    None,
    /// It has some.
    Some,
}

/// What the person sees.
pub trait Conversation: Send + Sync {
    /// The messages that are there now, the oldest first.
    fn messages(&self) -> Vec<SeenMessage>;

    /// The person writes something.
    fn write(&self);

    /// Now, by the clock that dates what the person does.
    fn now(&self) -> Timestamp;
}

/// Sets the stage. The pictures of [`pictures`] can be shown.
#[async_trait]
pub trait Bench: Sync {
    /// A stage.
    async fn stage(&self, condition: Condition) -> Stage;

    /// This many pictures, each its own.
    fn pictures(&self, count: u8) -> Vec<(ImageInfo, Bytes)>;
}

const GENERATION: GenerationId = GenerationId::new(Uuid::from_u128(0xC1));

/// Runs every test.
pub async fn all(bench: &dyn Bench) {
    what_edits_must_edit_the_progress_message_so_that_repeating_it_shows_one_message(bench).await;
    when_the_progress_message_is_gone_news_must_be_sent_as_a_new_one(bench).await;
    when_the_progress_message_is_gone_progress_must_succeed_and_send_nothing(bench).await;
    when_the_progress_message_is_gone_show_in_place_must_fail_with_not_found_and_send_nothing(bench).await;
    send_images_must_send_each_image_once_and_nothing_else_and_several_must_be_one_album(bench).await;
    send_controls_must_remove_the_progress_message_and_send_the_message_with_the_buttons(bench).await;
    a_person_who_blocked_the_bot_must_be_unreachable(bench).await;
    unknown_must_be_reported_whenever_a_message_may_have_been_sent(bench).await;
    attention_must_tell_whether_the_person_did_anything_since(bench).await;
}

/// `show_progress`, `show_in_place`, `point_to_gallery` and `tell_ending` MUST edit the progress message when there is
/// one, so that repeating them shows one message; that it is unchanged MUST count as success.
pub async fn what_edits_must_edit_the_progress_message_so_that_repeating_it_shows_one_message(
    bench: &dyn Bench,
) {
    for edit in Edit::ALL {
        let stage = bench.stage(Condition::Well).await;
        for round in 1..=2 {
            edit.make(bench, &stage)
                .await
                .unwrap_or_else(|error| panic!("{edit:?}, round {round}: {error:?}"));
            let messages = stage.conversation.messages();
            assert_eq!(ids(&messages), [progress(&stage)], "{edit:?}, round {round}: {messages:?}");
            assert_eq!(messages[0].shows, edit.shows(), "{edit:?}, round {round}: {messages:?}");
        }
    }
}

/// When the progress message is gone, `point_to_gallery` and `tell_ending` MUST send a new one instead.
pub async fn when_the_progress_message_is_gone_news_must_be_sent_as_a_new_one(bench: &dyn Bench) {
    for edit in [Edit::Gallery, Edit::Ending] {
        let stage = bench.stage(Condition::ProgressGone).await;
        assert_eq!(stage.conversation.messages(), []);
        edit.make(bench, &stage).await.unwrap_or_else(|error| panic!("{edit:?}: {error:?}"));
        let messages = stage.conversation.messages();
        assert_eq!(messages.len(), 1, "{edit:?}: {messages:?}");
        assert_ne!(messages[0].id, progress(&stage), "{edit:?}");
        assert_eq!(messages[0].shows, edit.shows(), "{edit:?}: {messages:?}");
    }
}

/// When the progress message is gone, `show_progress` MUST succeed and send nothing.
pub async fn when_the_progress_message_is_gone_progress_must_succeed_and_send_nothing(bench: &dyn Bench) {
    let stage = bench.stage(Condition::ProgressGone).await;
    Edit::Progress.make(bench, &stage).await.expect("nobody wants to know");
    assert_eq!(stage.conversation.messages(), []);
}

/// When the progress message is gone, `show_in_place` MUST fail with the class `NotFound` and send nothing.
pub async fn when_the_progress_message_is_gone_show_in_place_must_fail_with_not_found_and_send_nothing(
    bench: &dyn Bench,
) {
    let stage = bench.stage(Condition::ProgressGone).await;
    let outcome = Edit::InPlace.make(bench, &stage).await;
    assert!(
        matches!(
            &outcome,
            Err(NotifyError::Failed(error))
                if error.class == FailureClass::NotFound && error.outcome == CallOutcome::NotDone
        ),
        "{outcome:?}"
    );
    assert_eq!(stage.conversation.messages(), []);
}

/// `send_images` MUST send each image once and nothing else; several MUST be one album.
pub async fn send_images_must_send_each_image_once_and_nothing_else_and_several_must_be_one_album(
    bench: &dyn Bench,
) {
    for count in 1..=4 {
        let stage = bench.stage(Condition::Well).await;
        let view = result(bench, &stage, count);
        let shown = stage.notifier.send_images(&view).await.expect("the images are sent");
        let expected: Vec<GalleryItemId> = view.images.iter().map(|image| image.item).collect();
        let told: Vec<GalleryItemId> = shown.images.iter().map(|image| image.item).collect();
        assert_eq!(told, expected);
        let messages = stage.conversation.messages();
        let new: Vec<&SeenMessage> =
            messages.iter().filter(|message| message.id != progress(&stage)).collect();
        assert_eq!(new.len(), usize::from(count), "{messages:?}");
        assert!(new.iter().all(|message| message.shows == Shows::Image), "{messages:?}");
        assert!(new.iter().all(|message| message.album == new[0].album), "one album: {messages:?}");
        assert_eq!(new[0].album.is_some(), count > 1, "{messages:?}");
        let buttons = if count == 1 { Buttons::Some } else { Buttons::None };
        assert!(new.iter().all(|message| message.buttons == buttons), "albums take no buttons: {messages:?}");
        assert_eq!(messages.len(), new.len() + 1, "the progress message is untouched: {messages:?}");
    }
}

/// `send_controls` MUST remove the progress message and send the message with the buttons; of no images it MUST send none.
pub async fn send_controls_must_remove_the_progress_message_and_send_the_message_with_the_buttons(
    bench: &dyn Bench,
) {
    for condition in [Condition::Well, Condition::ProgressGone] {
        for count in [1, 3] {
            let stage = bench.stage(condition).await;
            let view = result(bench, &stage, count);
            stage.notifier.send_images(&view).await.expect("the images are sent");
            stage.notifier.send_controls(&view).await.expect("the message with the buttons is sent");
            let messages = stage.conversation.messages();
            assert!(!ids(&messages).contains(&progress(&stage)), "{condition:?}: {messages:?}");
            let with_buttons = messages.iter().filter(|message| message.buttons == Buttons::Some).count();
            assert_eq!(with_buttons, 1, "{condition:?}, {count} images: {messages:?}");
        }
        let stage = bench.stage(condition).await;
        stage
            .notifier
            .send_controls(&result(bench, &stage, 0))
            .await
            .expect("the progress message is removed");
        assert_eq!(stage.conversation.messages(), [], "{condition:?}");
    }
}

/// A person who blocked the bot MUST be `Unreachable`.
pub async fn a_person_who_blocked_the_bot_must_be_unreachable(bench: &dyn Bench) {
    let stage = bench.stage(Condition::Blocked).await;
    for edit in Edit::ALL {
        let outcome = edit.make(bench, &stage).await;
        assert!(matches!(outcome, Err(NotifyError::Unreachable)), "{edit:?}: {outcome:?}");
    }
    for count in [1, 3] {
        let view = result(bench, &stage, count);
        let outcome = stage.notifier.send_images(&view).await;
        assert!(matches!(outcome, Err(NotifyError::Unreachable)), "{count} images: {outcome:?}");
    }
    let outcome = stage.notifier.tell_late(stage.account, &stage.audience, 1).await;
    assert!(matches!(outcome, Err(NotifyError::Unreachable)), "{outcome:?}");
}

/// `CallOutcome::Unknown` MUST be reported whenever a message may have been sent.
pub async fn unknown_must_be_reported_whenever_a_message_may_have_been_sent(bench: &dyn Bench) {
    for count in [1, 3] {
        let stage = bench.stage(Condition::AnswersLost).await;
        let outcome = stage.notifier.send_images(&result(bench, &stage, count)).await;
        assert!(
            matches!(&outcome, Err(NotifyError::Failed(error)) if error.outcome == CallOutcome::Unknown),
            "{count} images: {outcome:?}"
        );
        let images =
            stage.conversation.messages().iter().filter(|message| message.shows == Shows::Image).count();
        assert!(images <= usize::from(count), "nothing is sent again by itself: {images} of {count}");
    }
}

/// `attention` tells whether the person did anything since.
pub async fn attention_must_tell_whether_the_person_did_anything_since(bench: &dyn Bench) {
    let stage = bench.stage(Condition::Well).await;
    let since = stage.conversation.now();
    let attention = stage.notifier.attention(&stage.audience, since).await.expect("attention");
    assert_eq!(attention, Attention::Here);
    stage.conversation.write();
    let attention = stage.notifier.attention(&stage.audience, since).await.expect("attention");
    assert_eq!(attention, Attention::Elsewhere);
}

/// A call that edits the progress message.
#[derive(Debug, Clone, Copy)]
enum Edit {
    Progress,
    InPlace,
    Gallery,
    Ending,
}

impl Edit {
    const ALL: [Self; 4] = [Self::Progress, Self::InPlace, Self::Gallery, Self::Ending];

    fn shows(self) -> Shows {
        match self {
            Self::InPlace => Shows::Image,
            Self::Progress | Self::Gallery | Self::Ending => Shows::Words,
        }
    }

    async fn make(self, bench: &dyn Bench, stage: &Stage) -> Result<(), NotifyError> {
        let (notifier, audience) = (&stage.notifier, &stage.audience);
        match self {
            Self::Progress => notifier.show_progress(stage.account, audience, ProgressStage::Drawing).await,
            Self::InPlace => notifier.show_in_place(&result(bench, stage, 1)).await.map(drop),
            Self::Gallery => notifier.point_to_gallery(stage.account, audience, item(0)).await,
            Self::Ending => {
                let ending = Ending::Failed(FailureReason::Unavailable);
                notifier.tell_ending(stage.account, GENERATION, audience, &ending).await.map(drop)
            }
        }
    }
}

fn result(bench: &dyn Bench, stage: &Stage, count: u8) -> ResultView {
    let pictures = bench.pictures(count).into_iter().zip(0..);
    ResultView {
        account: stage.account,
        generation: GENERATION,
        audience: stage.audience,
        request: ImageRequest {
            prompt: Prompt::new("a red fox <in> *snow*").expect("a description"),
            aspect_ratio: AspectRatio::Square,
            count: ImageCount::new(count.max(1)).expect("a count"),
            seed: 7,
            likeness: Likeness::Nobody,
        },
        model: "Sample Model".to_owned(),
        paid: Credits::of(10),
        images: pictures
            .map(|((info, bytes), number)| ResultImage { item: item(number), info, bytes })
            .collect(),
    }
}

fn item(number: u128) -> GalleryItemId {
    GalleryItemId::new(Uuid::from_u128(0xF1 + number))
}

fn progress(stage: &Stage) -> MessageId {
    stage.audience.progress_message.expect("the stage has, or had, a progress message")
}

fn ids(messages: &[SeenMessage]) -> Vec<MessageId> {
    messages.iter().map(|message| message.id).collect()
}

/// What a picture of no particular content is.
pub const PICTURE: ImageInfo = ImageInfo { format: ImageFormat::Png, width: 64, height: 64 };
