//! Credits and their history.

use balance::{EntryKind, LedgerEntry, OperationKey};
use kernel::{Cursor, PageSize};

use crate::callback::CallbackData;
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::keyboards::menu_row;
use crate::telegram::{Button, Keyboard, TextMessage};
use crate::words::{Html, short_moment, shortened};

/// Entries on a page.
const PAGE: u8 = 8;
/// The longest reason shown, in UTF-16 units.
const LONGEST_MEMO: usize = 100;

/// Shows the balance and a page of its history; the newest page without `after`.
pub(crate) async fn show(
    talk: &Talk<'_>,
    place: Place<'_>,
    after: Option<Cursor>,
) -> Result<(), HandlerError> {
    let sheet = talk.balance().await?;
    let page = talk.chat.ports.balance.history(talk.account.id, after, PageSize::new(PAGE)).await?;
    let texts = talk.texts;
    let mut lines = vec![texts.history_title()];
    lines.extend(page.items.iter().map(|entry| line(talk, entry)));
    if page.items.is_empty() {
        lines.push(texts.history_empty());
    }
    let summary = texts.balance(
        sheet.spendable().get(),
        sheet.available.bonus.get(),
        sheet.available.paid.get(),
        sheet.set_aside().get(),
    );
    let newest =
        after.map(|_| Button::press(texts.button_newest_entries(), CallbackData::Balance { after: None }));
    let older = page
        .next
        .map(|next| Button::press(texts.button_older_entries(), CallbackData::Balance { after: Some(next) }));
    let keyboard = Keyboard::none().row([newest, older].into_iter().flatten()).row(menu_row(texts));
    talk.show(place, &TextMessage::new(Html::paragraphs([summary, Html::lines(lines)]), keyboard)).await?;
    Ok(())
}

fn line(talk: &Talk<'_>, entry: &LedgerEntry) -> Html {
    let date = short_moment(talk.texts, entry.created_at, &talk.account.zone);
    let change = signed(entry.bonus_delta.saturating_add(entry.paid_delta));
    talk.texts.history_line(&date, &change, &what(talk, entry))
}

fn what(talk: &Talk<'_>, entry: &LedgerEntry) -> String {
    let texts = talk.texts;
    let (words, memo) = match entry.kind {
        EntryKind::GrantBonus if entry.key == OperationKey::welcome() => (texts.entry_welcome(), ""),
        EntryKind::GrantBonus => (texts.entry_gift(), entry.memo.as_str()),
        EntryKind::GrantPaid => (texts.entry_bought(), entry.memo.as_str()),
        EntryKind::Hold => (texts.entry_hold(), ""),
        EntryKind::Capture => (texts.entry_capture(entry.amount.get()), ""),
        EntryKind::Release => (texts.entry_release(), ""),
        EntryKind::Refund => (texts.entry_refund(), entry.memo.as_str()),
        EntryKind::ClawBack => (texts.entry_claw_back(), entry.memo.as_str()),
    };
    if memo.is_empty() { words } else { texts.entry_with_memo(&words, &shortened(memo, LONGEST_MEMO)) }
}

/// What an entry did to the credits that can be spent.
fn signed(change: i64) -> String {
    match change {
        0 => "±0".to_owned(),
        1.. => format!("+{change}"),
        _ => format!("−{}", change.unsigned_abs()),
    }
}
