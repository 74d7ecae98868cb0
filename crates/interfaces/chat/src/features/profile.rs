//! Who a person is here, in numbers. Every number is counted, none is kept beside what it counts.

use balance::EntryKind;
use gallery::{GalleryCounts, Origin};
use kernel::{Credits, PageSize};

use crate::callback::{CallbackData, GalleryView};
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::keyboards::menu_row;
use crate::telegram::{Button, Keyboard, TextMessage};
use crate::words::{Html, Texts, moment};

/// The most pages of the ledger that are read for one look at the profile.
const MOST_PAGES: u8 = 100;
/// Entries on each.
const PAGE: u8 = 100;

/// Shows the profile.
pub(crate) async fn show(talk: &Talk<'_>, place: Place<'_>) -> Result<(), HandlerError> {
    let texts = talk.texts;
    let account = &talk.account;
    let counts = talk.chat.ports.gallery.counts(account.id).await?;
    let avatars = talk.chat.ports.avatars.list(account.id).await?;
    let drawable = avatars.iter().filter(|avatar| avatar.can_be_drawn()).count();
    let spendable = talk.balance().await?.spendable();
    let mut lines = vec![
        texts.profile_title(),
        texts.profile_since(&moment(texts, account.created_at, &account.zone)),
        texts.profile_language(&texts.language_name(account.language.tag())),
    ];
    lines.extend(image_lines(texts, &counts));
    lines.push(texts.profile_avatars(drawable));
    lines.push(texts.profile_credits(spendable.get()));
    lines.push(match spent(talk).await? {
        Some(total) => texts.profile_spent(total.get(), counts.spent.get()),
        None => texts.profile_spent_on_images(counts.spent.get()),
    });
    let keyboard = Keyboard::none()
        .row([
            Button::press(texts.button_gallery(), CallbackData::OpenGallery { view: GalleryView::ALL }),
            Button::press(texts.button_balance(), CallbackData::Balance { after: None }),
        ])
        .row([
            Button::press(texts.button_settings(), CallbackData::Settings),
            Button::press(texts.button_privacy(), CallbackData::Privacy),
        ])
        .row(menu_row(texts));
    talk.show(place, &TextMessage::new(Html::lines(lines), keyboard)).await?;
    Ok(())
}

fn image_lines(texts: Texts, counts: &GalleryCounts) -> Vec<Html> {
    let of = |origin: Origin| counts.by_origin.get(&origin).copied().unwrap_or_default();
    let total: u64 = counts.by_origin.values().sum();
    let mut lines = vec![texts.profile_images(total)];
    if total > 0 {
        lines.push(texts.profile_origins(
            of(Origin::Description),
            of(Origin::Avatar),
            of(Origin::InstantAvatar),
        ));
        lines.push(texts.profile_favourites(counts.favourites));
    }
    lines
}

/// All that was ever spent and not given back, by the ledger; `None` when its history is too long to be read at once.
async fn spent(talk: &Talk<'_>) -> Result<Option<Credits>, HandlerError> {
    let (mut spent, mut after) = (Credits::ZERO, None);
    let mut refunded = Credits::ZERO;
    for _ in 0..MOST_PAGES {
        let page = talk.chat.ports.balance.history(talk.account.id, after, PageSize::new(PAGE)).await?;
        for entry in &page.items {
            match entry.kind {
                EntryKind::Capture => spent = [spent, entry.amount].into_iter().sum(),
                EntryKind::Refund => refunded = [refunded, entry.amount].into_iter().sum(),
                EntryKind::GrantBonus
                | EntryKind::GrantPaid
                | EntryKind::Hold
                | EntryKind::Release
                | EntryKind::ClawBack => {}
            }
        }
        after = page.next;
        if after.is_none() {
            return Ok(Some(spent.minus_or_zero(refunded)));
        }
    }
    Ok(None)
}
