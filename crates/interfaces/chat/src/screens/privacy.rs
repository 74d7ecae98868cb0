//! What is kept, in words.

use std::time::Duration;

use kernel::{DataKind, Inventory};

use crate::words::{Html, Texts};

/// For how long something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Retention {
    /// After a training has ended well.
    pub(crate) photos: Duration,
    /// Of a draft, or of a training that came to nothing.
    pub(crate) drafts: Duration,
    /// The files of a deleted image.
    pub(crate) deleted_images: Duration,
}

/// Every kind that is kept, in the order in which they are told.
const KINDS: [DataKind; 9] = [
    DataKind::Profile,
    DataKind::Images,
    DataKind::Generations,
    DataKind::Avatars,
    DataKind::Photos,
    DataKind::Weights,
    DataKind::HelpRequests,
    DataKind::Messages,
    DataKind::LedgerEntries,
];

/// What is kept and until when.
pub(crate) fn page(texts: Texts, inventory: &Inventory, retention: Retention) -> Html {
    let mut lines = vec![texts.privacy_title()];
    lines.extend(KINDS.iter().map(|kind| kept(texts, *kind, count(inventory, *kind), retention)));
    Html::paragraphs([Html::lines(lines), texts.privacy_providers()])
}

/// What an erasure would remove.
pub(crate) fn what_goes(texts: Texts, inventory: &Inventory) -> Vec<Html> {
    let mut lines = vec![texts.erasure_goes()];
    lines.extend(removed(texts, inventory));
    lines
}

/// How much of what was removed, and what stays.
pub(crate) fn receipt(texts: Texts, inventory: &Inventory) -> Html {
    let mut lines = vec![texts.receipt_title()];
    lines.extend(removed(texts, inventory));
    let stays = texts.receipt_stays(count(inventory, DataKind::LedgerEntries));
    Html::paragraphs([Html::lines(lines), stays, texts.receipt_farewell()])
}

fn removed(texts: Texts, inventory: &Inventory) -> Vec<Html> {
    KINDS
        .iter()
        .filter_map(|kind| {
            let count = Some(count(inventory, *kind)).filter(|count| *count > 0)?;
            Some(match kind {
                DataKind::Profile => texts.gone_profile(),
                DataKind::Images => texts.gone_images(count),
                DataKind::Generations => texts.gone_generations(count),
                DataKind::Avatars => texts.gone_avatars(count),
                DataKind::Photos => texts.gone_photos(count),
                DataKind::Weights => texts.gone_weights(count),
                DataKind::HelpRequests => texts.gone_helps(count),
                DataKind::Messages => texts.gone_messages(count),
                DataKind::LedgerEntries => return None,
            })
        })
        .collect()
}

fn kept(texts: Texts, kind: DataKind, count: u64, retention: Retention) -> Html {
    match kind {
        DataKind::Profile => texts.kept_profile(),
        DataKind::Images => texts.kept_images(count, hours(retention.deleted_images)),
        DataKind::Generations => texts.kept_generations(count),
        DataKind::Avatars => texts.kept_avatars(count),
        DataKind::Photos => texts.kept_photos(count, hours(retention.photos), days(retention.drafts)),
        DataKind::Weights => texts.kept_weights(count),
        DataKind::HelpRequests => texts.kept_helps(count),
        DataKind::Messages => texts.kept_messages(count),
        DataKind::LedgerEntries => texts.kept_ledger(count),
    }
}

fn count(inventory: &Inventory, kind: DataKind) -> u64 {
    inventory.get(&kind).copied().unwrap_or_default()
}

/// Rounded up: nothing goes later than it is said.
const fn hours(time: Duration) -> u64 {
    time.as_secs().div_ceil(3_600)
}

const fn days(time: Duration) -> u64 {
    hours(time).div_ceil(24)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Language;

    #[test]
    fn every_kind_is_told_with_its_count_and_the_ledger_is_never_said_to_go() {
        let inventory: Inventory = KINDS.into_iter().zip(11..).collect();
        let retention = Retention {
            photos: Duration::from_hours(24),
            drafts: Duration::from_hours(7 * 24),
            deleted_images: Duration::from_hours(36),
        };
        for language in Language::ALL {
            let texts = Texts::of(language);
            let page = page(texts, &inventory, retention);
            for number in 12..=19 {
                assert!(page.as_str().contains(&number.to_string()), "{language:?} {number}: {page}");
            }
            assert!(page.as_str().contains("36 "), "{language:?}: {page}");
            let receipt = receipt(texts, &inventory);
            let (gone, stays) = receipt.as_str().split_once("\n\n").unwrap();
            assert!((12..=18).all(|number| gone.contains(&number.to_string())), "{receipt}");
            assert!(!gone.contains("19") && stays.contains("19"), "{receipt}");
        }
    }

    #[test]
    fn what_was_not_there_is_not_in_the_receipt() {
        let texts = Texts::of(Language::English);
        let inventory = Inventory::from([(DataKind::Profile, 1), (DataKind::Images, 3)]);
        let lines = what_goes(texts, &inventory);
        assert_eq!(lines.len(), 3, "{lines:?}");
    }
}
