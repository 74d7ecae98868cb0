//! Choosing what is shown: the buttons of a card give way to the choices, and come back with what was chosen.

use avatar::Avatar;
use gallery::{FavouritesShown, GalleryFilter, Origin};

use super::period::{bounds, month_of};
use crate::callback::{AvatarTag, CalendarMonth, CallbackData, GalleryView, Period};
use crate::error::HandlerError;
use crate::handlers::Talk;
use crate::inbound::PressedMessage;
use crate::keyboards::ticked;
use crate::telegram::{Button, Keyboard};
use crate::words::{Texts, shortened};

/// Months on a page.
const MONTHS_ON_PAGE: usize = 12;
/// Avatars that are offered.
const MOST_AVATARS: usize = 12;
/// The longest name of an avatar on a button, in UTF-16 units.
const LONGEST_NAME: usize = 24;

/// What the database is asked for. An avatar that is gone hides nothing.
pub(super) async fn filter(talk: &Talk<'_>, view: GalleryView) -> Result<GalleryFilter, HandlerError> {
    let avatar = match view.avatar {
        Some(tag) => {
            avatars(talk).await?.into_iter().map(|avatar| avatar.id).find(|id| AvatarTag::of(*id) == tag)
        }
        None => None,
    };
    let bounds = bounds(view.period, talk.chat.ports.clock.now(), &talk.account.zone);
    Ok(GalleryFilter {
        favourites: view.favourites,
        origin: view.origin,
        avatar,
        since: bounds.since,
        until: bounds.until,
    })
}

/// Shows what can be chosen.
pub(crate) async fn choose(
    talk: &Talk<'_>,
    message: &PressedMessage,
    view: GalleryView,
) -> Result<(), HandlerError> {
    let avatars = avatars(talk).await?;
    talk.replace_keyboard(message.id, &choices(talk.texts, &avatars, view)).await?;
    Ok(())
}

/// Shows the months that can be chosen, the newest first.
pub(crate) async fn choose_month(
    talk: &Talk<'_>,
    message: &PressedMessage,
    view: GalleryView,
    page: u8,
) -> Result<(), HandlerError> {
    let zone = &talk.account.zone;
    let newest = month_of(talk.chat.ports.clock.now(), zone);
    let oldest = month_of(talk.account.created_at, zone);
    let months: Vec<CalendarMonth> = std::iter::successors(newest, |month| month.before())
        .take_while(|month| oldest.is_none_or(|oldest| *month >= oldest))
        .collect();
    talk.replace_keyboard(message.id, &month_choices(talk.texts, &months, view, page)).await?;
    Ok(())
}

async fn avatars(talk: &Talk<'_>) -> Result<Vec<Avatar>, HandlerError> {
    Ok(talk.chat.ports.avatars.list(talk.account.id).await?)
}

fn choices(texts: Texts, avatars: &[Avatar], view: GalleryView) -> Keyboard {
    let choice = |label: String, chosen: GalleryView| {
        Button::press(ticked(&label, chosen == view), CallbackData::FilterGallery { view: chosen })
    };
    let other_favourites = match view.favourites {
        FavouritesShown::All => FavouritesShown::Only,
        FavouritesShown::Only => FavouritesShown::All,
    };
    let favourites = Button::press(
        ticked(&texts.filter_favourites(), view.favourites == FavouritesShown::Only),
        CallbackData::FilterGallery { view: GalleryView { favourites: other_favourites, ..view } },
    );
    let origin = |label: String, origin| choice(label, GalleryView { origin, ..view });
    let period = |label: String, period| choice(label, GalleryView { period, ..view });
    let month = match view.period {
        Period::Month(month) => ticked(&month_name(texts, month), true),
        _ => texts.filter_month(),
    };
    let mut keyboard = Keyboard::none()
        .row([favourites])
        .row([
            origin(texts.filter_any_origin(), None),
            origin(texts.filter_description(), Some(Origin::Description)),
        ])
        .row([
            origin(texts.filter_avatar(), Some(Origin::Avatar)),
            origin(texts.filter_instant_avatar(), Some(Origin::InstantAvatar)),
        ]);
    for pair in avatar_choices(avatars, view).chunks(2) {
        keyboard = keyboard.row(pair.iter().cloned());
    }
    keyboard
        .row([period(texts.filter_all_time(), Period::All), period(texts.filter_today(), Period::Today)])
        .row([
            period(texts.filter_week(), Period::Week),
            period(texts.filter_thirty_days(), Period::ThirtyDays),
        ])
        .row([Button::press(month, CallbackData::FilterMonths { view, page: 0 })])
        .row([Button::press(texts.button_show(), CallbackData::OpenGallery { view })])
}

/// Pressed again, an avatar is not asked for any more.
fn avatar_choices(avatars: &[Avatar], view: GalleryView) -> Vec<Button> {
    let named = avatars.iter().filter(|avatar| !avatar.title().is_empty()).take(MOST_AVATARS);
    named
        .map(|avatar| {
            let tag = Some(AvatarTag::of(avatar.id));
            let is_chosen = view.avatar == tag;
            let label = ticked(&format!("👤 {}", shortened(avatar.title(), LONGEST_NAME)), is_chosen);
            let avatar = if is_chosen { None } else { tag };
            Button::press(label, CallbackData::FilterGallery { view: GalleryView { avatar, ..view } })
        })
        .collect()
}

fn month_choices(texts: Texts, months: &[CalendarMonth], view: GalleryView, page: u8) -> Keyboard {
    let pages = months.len().div_ceil(MONTHS_ON_PAGE).max(1);
    let page = usize::from(page).min(pages - 1);
    let shown: Vec<Button> = months
        .iter()
        .skip(page * MONTHS_ON_PAGE)
        .take(MONTHS_ON_PAGE)
        .map(|month| {
            let period = Period::Month(*month);
            let label = ticked(&month_name(texts, *month), view.period == period);
            Button::press(label, CallbackData::FilterGallery { view: GalleryView { period, ..view } })
        })
        .collect();
    let turn = |label: &str, page: Option<usize>| {
        let page = page.filter(|page| *page < pages).and_then(|page| u8::try_from(page).ok())?;
        Some(Button::press(label, CallbackData::FilterMonths { view, page }))
    };
    let mut keyboard = Keyboard::none();
    for row in shown.chunks(3) {
        keyboard = keyboard.row(row.iter().cloned());
    }
    keyboard
        .row([turn("◀", page.checked_sub(1)), turn("▶", page.checked_add(1))].into_iter().flatten())
        .row([Button::press(texts.button_back(), CallbackData::FilterGallery { view })])
}

fn month_name(texts: Texts, month: CalendarMonth) -> String {
    texts.month_of_year(&texts.month_standing(month.number()), &month.year().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Language;

    #[test]
    fn what_is_chosen_is_ticked_and_kept_while_other_things_are_chosen() {
        let view = GalleryView { period: Period::Week, ..GalleryView::FAVOURITES };
        let keyboard = choices(Texts::of(Language::English), &[], view);
        let ticks = keyboard.buttons().filter(|button| button.label.starts_with('✓')).count();
        assert_eq!(ticks, 3, "favourites, any origin, 7 days");
        let avatar = keyboard.rows[2][0].action.clone();
        let kept = GalleryView { origin: Some(Origin::Avatar), ..view };
        assert_eq!(avatar, crate::telegram::ButtonAction::Press(CallbackData::FilterGallery { view: kept }));
    }

    #[test]
    fn months_are_on_pages() {
        let newest = CalendarMonth::new(2026, 11);
        let months: Vec<CalendarMonth> =
            std::iter::successors(newest, |month| month.before()).take(30).collect();
        let texts = Texts::of(Language::English);
        let labels = |page: u8| {
            let keyboard = month_choices(texts, &months, GalleryView::ALL, page);
            keyboard.buttons().map(|button| button.label.clone()).collect::<Vec<_>>()
        };
        assert_eq!(labels(0)[0], "November 2026");
        assert_eq!(labels(0).len(), 12 + 1 + 1);
        assert_eq!(labels(1)[12..], ["◀", "▶", "‹ Back"]);
        assert_eq!(labels(200), labels(2), "beyond the last page is the last page");
        assert_eq!(labels(2).len(), 6 + 1 + 1);
    }
}
