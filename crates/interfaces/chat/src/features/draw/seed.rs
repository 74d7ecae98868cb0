//! The same seed with other words: the picture stays similar while what is described changes.

use kernel::GalleryItemId;

use super::menu::drawable;
use super::words::await_words;
use crate::error::HandlerError;
use crate::handlers::Talk;
use crate::keyboards::menu_row;
use crate::telegram::{Keyboard, PressAnswer, TextMessage};
use crate::words::{Html, shortened};

/// The longest description shown, in UTF-16 units; a message has room for 4096.
const LONGEST_DESCRIPTION: usize = 3_500;

/// Asks for other words for an image.
pub(crate) async fn same_seed(talk: &Talk<'_>, item: GalleryItemId) -> Result<PressAnswer, HandlerError> {
    let Some(item) = talk.chat.ports.gallery.item(talk.account.id, item).await? else {
        return Ok(PressAnswer::Alert(talk.texts.image_gone()));
    };
    if let Some(avatar) = item.kept.avatar
        && drawable(talk, avatar).await?.is_none()
    {
        return Ok(PressAnswer::Alert(talk.texts.no_avatar()));
    }
    // Seeds have 31 bits; one that is greater was not drawn by this program.
    let seed = u32::try_from(item.kept.seed).ok();
    let before = Html::quotation(&shortened(&item.kept.prompt, LONGEST_DESCRIPTION));
    let text = Html::lines([talk.texts.ask_other_words(), before]);
    talk.send(&TextMessage::new(text, Keyboard::none().row(menu_row(talk.texts)))).await?;
    await_words(talk, item.kept.avatar, seed).await;
    Ok(PressAnswer::Silent)
}
