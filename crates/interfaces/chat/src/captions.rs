//! Words below images: the description, and that the image was made by AI.

use crate::words::{Html, Texts, shortened, utf16_length};

/// The longest description below an image, in UTF-16 units; the whole caption has room for 1024.
const LONGEST_DESCRIPTION: usize = 700;
/// From this length on a description is folded.
const FOLDED_FROM: usize = 200;

/// The description with the line that says who made the image.
pub(crate) fn caption(texts: Texts, description: &str, model: &str) -> Html {
    Html::lines([quoted(description), texts.made_by_ai(model)])
}

/// The same with one more line.
pub(crate) fn caption_with(texts: Texts, description: &str, model: &str, line: Html) -> Html {
    Html::lines([quoted(description), texts.made_by_ai(model), line])
}

fn quoted(description: &str) -> Html {
    let short = shortened(description, LONGEST_DESCRIPTION);
    if utf16_length(&short) > FOLDED_FROM || short.lines().count() > 4 {
        Html::folded_quotation(&short)
    } else {
        Html::quotation(&short)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Language;

    #[test]
    fn a_caption_fits_whatever_the_description() {
        for language in Language::ALL {
            for description in ["🦊".repeat(2000), "<&>".repeat(600), "a\n".repeat(1000)] {
                let caption = caption(Texts::of(language), &description, "A model with a rather long title");
                let visible = caption
                    .as_str()
                    .replace("<blockquote expandable>", "")
                    .replace("</blockquote>", "")
                    .replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&amp;", "&");
                assert!(utf16_length(&visible) <= 1024, "{}", utf16_length(&visible));
            }
        }
    }
}
