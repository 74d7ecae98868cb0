//! What a person agrees to before the first photo.

use avatar::{ConsentVersion, DraftOutcome};
use kernel::Audience;
use sha2::{Digest as _, Sha256};

use super::wizard::show_step;
use super::wizard_button;
use crate::callback::WizardButton;
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::inbound::PressedMessage;
use crate::keyboards::menu_row;
use crate::telegram::{Keyboard, PressAnswer, TextMessage};
use crate::words::{Html, Texts};

/// The text that is agreed to, in one language.
struct ConsentText {
    words: Html,
    digest: [u8; 32],
}

impl ConsentText {
    fn of(texts: Texts) -> Self {
        let words = texts.avatar_consent();
        let digest = Sha256::digest(words.as_str().as_bytes()).into();
        Self { words, digest }
    }

    /// SHA-256 of the words with their markup, in hexadecimal.
    fn digest(&self) -> String {
        hex::encode(self.digest)
    }

    /// The beginning of the digest, by which a button tells which text it was shown under.
    const fn mark(&self) -> u32 {
        let [a, b, c, d, ..] = self.digest;
        u32::from_be_bytes([a, b, c, d])
    }
}

/// Asks for the consent.
pub(super) async fn ask(talk: &Talk<'_>, place: Place<'_>) -> Result<(), HandlerError> {
    let texts = talk.texts;
    let text = ConsentText::of(texts);
    let agree = WizardButton::Agree { version: ConsentVersion::CURRENT, mark: text.mark() };
    let keyboard = Keyboard::none()
        .row([wizard_button(texts.button_agree(), agree)])
        .row([wizard_button(texts.button_refuse(), WizardButton::Refuse)]);
    talk.show(place, &TextMessage::new(text.words, keyboard)).await?;
    Ok(())
}

/// The person agrees: the draft begins. What they agreed to is kept with it, by the digest of the very text that they
/// saw; under another text's button that text is shown first.
pub(super) async fn agree(
    talk: &Talk<'_>,
    message: &PressedMessage,
    version: ConsentVersion,
    mark: u32,
) -> Result<PressAnswer, HandlerError> {
    let here = Place::Instead(message);
    let text = ConsentText::of(talk.texts);
    if version != ConsentVersion::CURRENT || mark != text.mark() {
        ask(talk, here).await?;
        return Ok(PressAnswer::Alert(talk.texts.consent_changed()));
    }
    let avatars = &talk.chat.ports.avatars;
    if let Some(draft) = avatars.draft(talk.account.id).await? {
        // Pressed twice, or begun elsewhere.
        show_step(talk, here, &draft).await?;
        return Ok(PressAnswer::Silent);
    }
    let audience = Audience { chat: talk.room, progress_message: Some(message.id) };
    match avatars.begin_draft(talk.account.id, text.digest(), audience).await? {
        DraftOutcome::Begun(draft) => {
            show_step(talk, here, &draft).await?;
            Ok(PressAnswer::Silent)
        }
        DraftOutcome::TooMany(count) => Ok(PressAnswer::Alert(talk.texts.avatars_too_many(count))),
    }
}

/// The person does not agree, which ends it.
pub(super) async fn refuse(talk: &Talk<'_>, place: Place<'_>) -> Result<PressAnswer, HandlerError> {
    let mut memory = talk.recall().await;
    memory.portrait = None;
    memory.avatar_photos.clear();
    talk.remember(&memory).await;
    let keyboard = Keyboard::none().row(menu_row(talk.texts));
    talk.show(place, &TextMessage::new(talk.texts.consent_refused(), keyboard)).await?;
    Ok(PressAnswer::Silent)
}

#[cfg(test)]
mod tests {
    use kernel::Language;

    use super::*;

    #[test]
    fn each_language_has_a_digest_of_its_own_words() {
        let [english, russian] = [Language::English, Language::Russian].map(|language| {
            let text = ConsentText::of(Texts::of(language));
            assert_eq!(text.digest(), hex::encode(Sha256::digest(text.words.as_str())));
            assert_eq!(text.digest().len(), 64);
            assert!(text.digest().starts_with(&format!("{:08x}", text.mark())));
            text.digest()
        });
        assert_ne!(english, russian);
    }
}
