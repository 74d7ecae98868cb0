//! The first visit: a greeting, the terms, the welcome credits.

use account::{ProfileChange, TermsVersion, WelcomeGrant};
use balance::{BalanceError, OperationKey};
use kernel::Language;

use crate::callback::CallbackData;
use crate::error::HandlerError;
use crate::features::imagine;
use crate::handlers::{Place, Talk};
use crate::inbound::PressedMessage;
use crate::keyboards::menu;
use crate::telegram::{Button, Keyboard, PressAnswer, TextMessage};
use crate::words::Html;

/// What ledgers say of the welcome credits.
const WELCOME_MEMO: &str = "welcome";

/// `/start`: the terms for who has not accepted them, a greeting with the menu for who has.
pub(crate) async fn start(talk: &Talk<'_>) -> Result<(), HandlerError> {
    if !talk.account.has_accepted_terms() {
        return ask(talk, None).await;
    }
    talk.send(&TextMessage::new(talk.texts.menu_greeting(), menu(talk.texts))).await?;
    Ok(())
}

/// Shows the terms. `intended` is what the person wanted drawn; it is remembered until they accept.
pub(crate) async fn ask(talk: &Talk<'_>, intended: Option<&str>) -> Result<(), HandlerError> {
    if let Some(intended) = intended {
        let mut memory = talk.recall().await;
        memory.intended = Some(intended.to_owned());
        talk.remember(&memory).await;
    }
    let terms = terms(talk);
    let text = match intended {
        Some(_) => Html::paragraphs([terms.text, talk.texts.intended_kept()]),
        None => terms.text,
    };
    talk.send(&TextMessage::new(text, terms.keyboard)).await?;
    Ok(())
}

/// Shows the terms in another language, and speaks it from now on.
pub(crate) async fn speak(
    talk: &Talk<'_>,
    message: &PressedMessage,
    language: Language,
) -> Result<PressAnswer, HandlerError> {
    let change = ProfileChange::Language(language);
    if let Some(account) = talk.chat.ports.accounts.change(talk.account.id, &change).await? {
        let talk = talk.with_account(account);
        if talk.account.has_accepted_terms() {
            talk.show(Place::Instead(message), &TextMessage::new(talk.texts.menu_title(), menu(talk.texts)))
                .await?;
        } else {
            talk.show(Place::Instead(message), &terms(&talk)).await?;
        }
    }
    Ok(PressAnswer::Silent)
}

/// The terms are accepted: the welcome credits are given once, and on goes what the person came for.
pub(crate) async fn accept(
    talk: &Talk<'_>,
    message: &PressedMessage,
    version: TermsVersion,
) -> Result<PressAnswer, HandlerError> {
    if version < TermsVersion::CURRENT {
        talk.show(Place::Instead(message), &terms(talk)).await?;
        return Ok(PressAnswer::Alert(talk.texts.terms_needed()));
    }
    let accepted_before = talk.account.has_accepted_terms();
    // First the gift, then the acceptance: who has accepted has had it, wherever this is interrupted.
    let is_gifted = give_welcome_credits(talk).await?;
    let change = ProfileChange::AcceptedTerms(version);
    talk.chat.ports.accounts.change(talk.account.id, &change).await?;

    let text = if is_gifted { welcome_with_gift(talk) } else { talk.texts.welcome_back() };
    talk.show(Place::Instead(message), &TextMessage::new(text, menu(talk.texts))).await?;
    let mut memory = talk.recall().await;
    if let Some(intended) = memory.intended.take() {
        imagine::offer(talk, &intended).await?;
        // The offer has remembered something, too.
        let mut memory = talk.recall().await;
        memory.intended = None;
        talk.remember(&memory).await;
    }
    Ok(if accepted_before {
        PressAnswer::Toast(talk.texts.terms_accepted_before())
    } else {
        PressAnswer::Silent
    })
}

async fn give_welcome_credits(talk: &Talk<'_>) -> Result<bool, HandlerError> {
    let amount = talk.chat.settings.welcome_credits;
    if talk.account.welcome != WelcomeGrant::Due || amount.is_zero() {
        return Ok(false);
    }
    let given = talk
        .chat
        .ports
        .balance
        .grant_bonus(talk.account.id, &OperationKey::welcome(), amount, WELCOME_MEMO)
        .await;
    match given {
        Ok(_) => Ok(true),
        // They had another amount, before the installation changed it.
        Err(BalanceError::KeyConflict(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn terms(talk: &Talk<'_>) -> TextMessage {
    let texts = talk.texts;
    let credits = talk.chat.settings.welcome_credits;
    let text = if talk.account.welcome == WelcomeGrant::Due && !credits.is_zero() {
        texts.terms(credits.get(), images_for(talk))
    } else {
        texts.terms_without_gift()
    };
    let accept = CallbackData::AcceptTerms { version: TermsVersion::CURRENT };
    let other_languages = Language::ALL.into_iter().filter(|language| *language != texts.language);
    let keyboard =
        Keyboard::none().row([Button::press(texts.button_accept(), accept)]).row(other_languages.map(
            |language| Button::press(texts.language_name(language.tag()), CallbackData::TermsIn { language }),
        ));
    TextMessage::new(text, keyboard)
}

fn welcome_with_gift(talk: &Talk<'_>) -> Html {
    talk.texts.welcome_gift(talk.chat.settings.welcome_credits.get(), images_for(talk))
}

/// How many images the welcome credits are enough for, by the list price.
fn images_for(talk: &Talk<'_>) -> i64 {
    let credits = talk.chat.settings.welcome_credits.get();
    talk.chat.list_price().map_or(0, |price| credits.checked_div(price.get()).unwrap_or(0))
}
