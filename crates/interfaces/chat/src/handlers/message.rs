//! A person wrote.

use account::Standing;
use kernel::Action;

use super::command::Command;
use super::{Chat, Place, Talk};
use crate::callback::GalleryView;
use crate::error::HandlerError;
use crate::features::avatars::Collected;
use crate::features::photo::ArrivedPhoto;
use crate::features::{
    avatars, awaited, balance, cancel, draw, elsewhere, gallery, imagine, menu, onboarding, photo, privacy,
    settings, unsupported, voice,
};
use crate::inbound::{Conversation, IncomingMessage, MessageContent};
use crate::telegram::TextMessage;
use crate::words::{Html, Texts};

impl Chat {
    pub(super) async fn on_message(&self, message: IncomingMessage) -> Result<(), HandlerError> {
        if message.content == MessageContent::Service {
            return Ok(());
        }
        let room = match message.conversation {
            Conversation::Private(room) => room,
            Conversation::Public(chat) => return elsewhere::decline(self, chat, &message.sender).await,
        };
        let wait = self.seconds_to_wait(room, Action::Write).await;
        if wait.is_some() && !self.may_remind(room) {
            return Ok(());
        }
        if wait.is_none() {
            let text = match &message.content {
                MessageContent::Text(text) => Some(text.as_str()),
                _ => None,
            };
            if let Some(words) = self.turned_away(&message.sender, room, text).await? {
                let answer = TextMessage::plain(Html::escaped(&words));
                self.ports.telegram.send_message(room, &answer).await?;
                return Ok(());
            }
        }
        let talk = self.talk(&message.sender, room).await?;
        if let Some(seconds) = wait {
            talk.say(Html::escaped(&talk.texts.wait(seconds))).await?;
            return Ok(());
        }
        if talk.account.standing == Standing::Blocked {
            talk.say(Html::escaped(&talk.texts.blocked())).await?;
            return Ok(());
        }
        if self.ports.privacy.is_being_erased(talk.account.id).await? {
            talk.say(Html::escaped(&talk.texts.erasure_under_way())).await?;
            return Ok(());
        }
        answer(&talk, &message).await
    }
}

async fn answer(talk: &Talk<'_>, message: &IncomingMessage) -> Result<(), HandlerError> {
    let content = &message.content;
    let command = match content {
        MessageContent::Text(text) => Command::read(text),
        _ => None,
    };
    // What must be possible before anything is agreed to.
    match command {
        Some(Command::Start) => return onboarding::start(talk).await,
        Some(Command::Help) => return menu::help(talk, Place::New).await,
        Some(Command::Privacy) => return privacy::show(talk, Place::New).await,
        _ => {}
    }
    if !talk.account.has_accepted_terms() {
        return onboarding::ask(talk, description(content, command)).await;
    }
    if let Some(command) = command {
        return run(talk, command).await;
    }
    match content {
        MessageContent::Text(text) => {
            if awaited::take_text(talk, text).await? {
                return Ok(());
            }
            imagine::offer(talk, text).await
        }
        MessageContent::Picture { file, caption, album } => {
            let (caption, album) = (caption.as_deref(), album.as_deref());
            if awaited::take_picture(talk, message.update, file).await?
                || avatars::collect(talk, message.id, file, album).await? == Collected::Yes
            {
                return Ok(());
            }
            photo::arrived(talk, ArrivedPhoto { message: message.id, file, caption, album }).await
        }
        MessageContent::Voice(sound) => voice::heard(talk, message.update, sound).await,
        MessageContent::Other { kind, album } => {
            if awaited::take_other(talk, *kind, album.as_deref()).await? {
                return Ok(());
            }
            unsupported::other(talk, album.as_deref()).await
        }
        MessageContent::Service => Ok(()),
    }
}

async fn run(talk: &Talk<'_>, command: Command<'_>) -> Result<(), HandlerError> {
    match command {
        Command::Start => onboarding::start(talk).await,
        Command::Imagine("") => menu::new_image(talk, Place::New).await,
        Command::Imagine(text) => imagine::offer(talk, text).await,
        Command::Draw("") => draw::open(talk, Place::New).await,
        Command::Draw(text) => draw::with_words(talk, text).await,
        Command::Avatars => avatars::open(talk, Place::New).await,
        Command::Gallery => gallery::open(talk, Place::New, GalleryView::ALL).await,
        Command::Balance => balance::show(talk, Place::New, None).await,
        Command::Settings => settings::show(talk, Place::New).await,
        Command::Help => menu::help(talk, Place::New).await,
        Command::Privacy => privacy::show(talk, Place::New).await,
        Command::Cancel => cancel::everything(talk).await,
        Command::Unknown => menu::unknown_command(talk).await,
    }
}

/// What the person wanted drawn, so that it is not lost while they accept the terms.
fn description<'content>(
    content: &'content MessageContent,
    command: Option<Command<'content>>,
) -> Option<&'content str> {
    match (content, command) {
        (_, Some(Command::Imagine(text))) => Some(text),
        (MessageContent::Text(text), None) => Some(text.as_str()),
        (MessageContent::Picture { caption, .. }, _) => caption.as_deref(),
        _ => None,
    }
    .filter(|text| !text.is_empty())
}

impl Chat {
    /// The texts in a language as good as can be had without the account.
    pub(crate) fn texts_for(language_tag: Option<&str>) -> Texts {
        Texts::of(kernel::Language::from_messenger(language_tag))
    }
}
