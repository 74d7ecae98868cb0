//! Settings: each acts at once.

use account::ProfileChange;
use kernel::{AspectRatio, ImageCount, Language};

use crate::callback::{CallbackData, Setting};
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::keyboards::menu_row;
use crate::telegram::{Button, Keyboard, PressAnswer, TextMessage};
use crate::words::{COMMON_ZONES, CommonZone, Html, Texts, ZoneCode, moment, offset_label};

/// Zones on a page.
const ZONES_ON_PAGE: usize = 8;

/// Shows the settings.
pub(crate) async fn show(talk: &Talk<'_>, place: Place<'_>) -> Result<(), HandlerError> {
    let texts = talk.texts;
    let account = &talk.account;
    let now = talk.chat.ports.clock.now();
    let zone = match COMMON_ZONES.iter().find(|zone| zone.name == account.zone.as_str()) {
        Some(zone) => zone_label(talk, *zone),
        None => account.zone.to_string(),
    };
    let text = texts.settings(
        &texts.language_name(account.language.tag()),
        &shape_label(texts, account.defaults.aspect_ratio),
        account.defaults.count.get(),
        &zone,
        &moment(texts, now, &account.zone),
    );
    let open = |label: String, setting: Setting| Button::press(label, CallbackData::OpenSetting(setting));
    let keyboard = Keyboard::none()
        .row([
            open(texts.button_language(), Setting::Language),
            open(texts.button_zone(), Setting::Zone { page: zone_page(talk) }),
        ])
        .row([open(texts.button_shape(), Setting::Shape), open(texts.button_count(), Setting::Count)])
        .row([
            Button::press(texts.button_profile(), CallbackData::Profile),
            Button::press(texts.button_privacy(), CallbackData::Privacy),
        ])
        .row(menu_row(texts));
    talk.show(place, &TextMessage::new(text, keyboard)).await?;
    Ok(())
}

/// Shows the choices of one setting.
pub(crate) async fn open(talk: &Talk<'_>, place: Place<'_>, setting: Setting) -> Result<(), HandlerError> {
    let texts = talk.texts;
    let account = &talk.account;
    let (text, choices) = match setting {
        Setting::Language => {
            let choices = Language::ALL.map(|language| {
                let label = texts.language_name(language.tag());
                choice(label, language == account.language, CallbackData::SetLanguage { language })
            });
            (texts.choose_language(), Keyboard::none().row(choices))
        }
        Setting::Shape => {
            let mut keyboard = Keyboard::none();
            for aspect_ratio in AspectRatio::ALL {
                let label = shape_label(texts, aspect_ratio);
                let is_chosen = aspect_ratio == account.defaults.aspect_ratio;
                keyboard = keyboard.row([choice(label, is_chosen, CallbackData::SetShape { aspect_ratio })]);
            }
            (texts.choose_shape(), keyboard)
        }
        Setting::Count => {
            let choices = ImageCount::ALL.map(|count| {
                choice(count.to_string(), count == account.defaults.count, CallbackData::SetCount { count })
            });
            (texts.choose_count(), Keyboard::none().row(choices))
        }
        Setting::Zone { page } => zones(talk, usize::from(page)),
    };
    let keyboard = choices.row([Button::press(texts.button_back(), CallbackData::Settings)]);
    talk.show(place, &TextMessage::new(text, keyboard)).await?;
    Ok(())
}

/// Speaks another language from now on.
pub(crate) async fn set_language(
    talk: &Talk<'_>,
    place: Place<'_>,
    language: Language,
) -> Result<PressAnswer, HandlerError> {
    change(talk, place, ProfileChange::Language(language)).await
}

/// Offers images of another shape from now on.
pub(crate) async fn set_shape(
    talk: &Talk<'_>,
    place: Place<'_>,
    aspect_ratio: AspectRatio,
) -> Result<PressAnswer, HandlerError> {
    change(talk, place, ProfileChange::AspectRatio(aspect_ratio)).await
}

/// Offers another number of images from now on.
pub(crate) async fn set_count(
    talk: &Talk<'_>,
    place: Place<'_>,
    count: ImageCount,
) -> Result<PressAnswer, HandlerError> {
    change(talk, place, ProfileChange::Count(count)).await
}

/// Shows times in another zone from now on.
pub(crate) async fn set_zone(
    talk: &Talk<'_>,
    place: Place<'_>,
    code: ZoneCode,
) -> Result<PressAnswer, HandlerError> {
    if let Some(zone) = COMMON_ZONES.iter().find(|zone| zone.code == code) {
        return change(talk, place, ProfileChange::Zone(zone.zone_name())).await;
    }
    open(talk, place, Setting::Zone { page: 0 }).await?;
    Ok(PressAnswer::Silent)
}

async fn change(
    talk: &Talk<'_>,
    place: Place<'_>,
    change: ProfileChange,
) -> Result<PressAnswer, HandlerError> {
    let Some(account) = talk.chat.ports.accounts.change(talk.account.id, &change).await? else {
        // The account was erased in between; the next message makes a new one.
        return Ok(PressAnswer::Silent);
    };
    let talk = talk.with_account(account);
    show(&talk, place).await?;
    Ok(PressAnswer::Toast(talk.texts.saved()))
}

fn zones(talk: &Talk<'_>, page: usize) -> (Html, Keyboard) {
    let pages = COMMON_ZONES.len().div_ceil(ZONES_ON_PAGE);
    let page = page.min(pages.saturating_sub(1));
    let mut keyboard = Keyboard::none();
    for zone in COMMON_ZONES.iter().skip(page * ZONES_ON_PAGE).take(ZONES_ON_PAGE) {
        let is_chosen = zone.name == talk.account.zone.as_str();
        let data = CallbackData::SetZone { zone: zone.code };
        keyboard = keyboard.row([choice(zone_label(talk, *zone), is_chosen, data)]);
    }
    let turn = |label: &str, page: Option<usize>| {
        let page = page.filter(|page| *page < pages).and_then(|page| u8::try_from(page).ok())?;
        Some(Button::press(label, CallbackData::OpenSetting(Setting::Zone { page })))
    };
    let turns = [turn("◀", page.checked_sub(1)), turn("▶", page.checked_add(1))];
    (talk.texts.choose_zone(page + 1, pages), keyboard.row(turns.into_iter().flatten()))
}

/// The page with the person's own zone.
fn zone_page(talk: &Talk<'_>) -> u8 {
    COMMON_ZONES
        .iter()
        .position(|zone| zone.name == talk.account.zone.as_str())
        .and_then(|position| u8::try_from(position / ZONES_ON_PAGE).ok())
        .unwrap_or_default()
}

fn zone_label(talk: &Talk<'_>, zone: CommonZone) -> String {
    let offset = offset_label(&zone.zone_name(), talk.chat.ports.clock.now());
    format!("{offset} {}", talk.texts.zone_cities(zone.code.0))
}

fn shape_label(texts: Texts, aspect_ratio: AspectRatio) -> String {
    let shape = match aspect_ratio {
        AspectRatio::Square => "square",
        AspectRatio::Portrait => "portrait",
        AspectRatio::Landscape => "landscape",
        AspectRatio::Tall => "tall",
        AspectRatio::Wide => "wide",
    };
    texts.shape_name(shape, aspect_ratio.as_str())
}

fn choice(label: String, is_chosen: bool, data: CallbackData) -> Button {
    let label = if is_chosen { format!("✓ {label}") } else { label };
    Button::press(label, data)
}
