//! The one message that collects photos.

use std::collections::BTreeMap;

use avatar::{Avatar, Collection, KindName, MissingShot, NextTraining, PhotoProblem, WizardStep};
use kernel::Percent;

use super::names::{avatar_name, kind_of};
use crate::callback::{CallbackData, WizardButton};
use crate::telegram::{Button, Keyboard, TextMessage};
use crate::words::{Html, Texts};

/// Kinds of problems that are shown; a message has room for 4096 UTF-16 units.
const MOST_PROBLEMS: usize = 6;
/// Pieces of advice that are shown.
const MOST_ADVICE: usize = 3;

/// How the collecting of photos goes, and the ways on from it.
pub(crate) fn collection(texts: Texts, avatar: &Avatar, collection: &Collection) -> TextMessage {
    let kind = kind_of(avatar);
    let head = Html::lines([
        texts.collection_title(&avatar_name(texts, avatar)),
        texts.collection_count(collection.accepted, kind.max_photos()),
    ]);
    let mut parts = vec![head];
    parts.extend(need(texts, kind, collection));
    parts.extend(refused(texts, &collection.rejected));
    parts.extend(advice(texts, kind, collection));
    TextMessage::new(Html::paragraphs(parts), keyboard(texts, avatar, collection))
}

fn need(texts: Texts, kind: KindName, collection: &Collection) -> Option<Html> {
    let is_untouched = collection.accepted == 0 && collection.rejected.is_empty() && collection.waiting == 0;
    let hint = is_untouched.then(|| texts.collection_hint(kind.as_str()));
    let missing = kind.min_photos().saturating_sub(collection.accepted);
    let missing = (!is_untouched && missing > 0).then(|| texts.collection_need(missing));
    let waiting = (collection.waiting > 0).then(|| texts.collection_waiting(collection.waiting));
    let excess = collection.accepted > kind.max_photos();
    let excess = excess.then(|| texts.collection_too_many(kind.max_photos()));
    let lines: Vec<Html> = [hint, waiting, missing, excess].into_iter().flatten().collect();
    (!lines.is_empty()).then(|| Html::lines(lines))
}

/// What is wrong with the photos that cannot be used, and what to do: each problem once, the latest ones.
fn refused(texts: Texts, rejected: &[(kernel::MessageId, PhotoProblem)]) -> Option<Html> {
    if rejected.is_empty() {
        return None;
    }
    let mut counts: BTreeMap<PhotoProblem, usize> = BTreeMap::new();
    let mut latest: Vec<PhotoProblem> = Vec::new();
    for (_, problem) in rejected {
        *counts.entry(*problem).or_default() += 1;
        latest.retain(|earlier| earlier != problem);
        latest.push(*problem);
    }
    let shown = latest.len().min(MOST_PROBLEMS);
    let (earlier, shown) = latest.split_at(latest.len() - shown);
    let mut lines = vec![texts.collection_refused()];
    lines.extend(shown.iter().map(|problem| {
        let count = counts.get(problem).copied().unwrap_or(1);
        texts.photo_problem_line(problem_name(*problem), count)
    }));
    let hidden: usize = earlier.iter().filter_map(|problem| counts.get(problem)).sum();
    if hidden > 0 {
        lines.push(texts.collection_more_refused(hidden));
    }
    Some(Html::lines(lines))
}

/// How good the set is once it is enough, and what it lacks.
fn advice(texts: Texts, kind: KindName, collection: &Collection) -> Option<Html> {
    if collection.accepted == 0 || !kind.is_trained() {
        return None;
    }
    let mut lines = vec![texts.collection_score(collection.score.score.get())];
    let missing: Vec<&MissingShot> = collection.score.missing.iter().take(MOST_ADVICE).collect();
    if collection.score.score == Percent::FULL {
        lines.push(texts.collection_perfect());
    } else if !missing.is_empty() {
        lines.push(texts.collection_advice());
        lines.extend(missing.into_iter().map(|shot| texts.missing_shot(shot_name(*shot))));
    }
    Some(Html::lines(lines))
}

fn keyboard(texts: Texts, avatar: &Avatar, collection: &Collection) -> Keyboard {
    let id = avatar.id;
    let kind = kind_of(avatar);
    let press = |label: String, button: WizardButton| Button::press(label, CallbackData::Wizard(button));
    let leaf =
        (collection.accepted > 0).then(|| press(texts.button_leaf(), WizardButton::Leaf { avatar: id }));
    let is_enough = collection.accepted >= kind.min_photos();
    let done = is_enough.then(|| {
        let label = if kind.is_trained() { texts.button_photos_done() } else { texts.button_instant_done() };
        press(label, WizardButton::PhotosDone { avatar: id })
    });
    // What was trained once stays what it is.
    let is_first = avatar.next_training == NextTraining::Paid && avatar.training.is_none();
    let back =
        is_first.then(|| press(texts.button_back(), WizardButton::Back { avatar: id, to: WizardStep::Kind }));
    let cancel = press(texts.button_cancel_wizard(), WizardButton::AskDiscard { avatar: id });
    Keyboard::none().row(leaf).row(done).row(back.into_iter().chain([cancel]))
}

/// The problem's name in the texts.
const fn problem_name(problem: PhotoProblem) -> &'static str {
    match problem {
        PhotoProblem::NotAnImage => "not-an-image",
        PhotoProblem::TooLarge => "too-large",
        PhotoProblem::TooSmall => "too-small",
        PhotoProblem::TooNarrow => "too-narrow",
        PhotoProblem::NearDuplicate => "near-duplicate",
        PhotoProblem::NoFace => "no-face",
        PhotoProblem::SeveralFaces => "several-faces",
        PhotoProblem::FaceTooSmall => "face-too-small",
        PhotoProblem::FaceTurnedAway => "face-turned-away",
        PhotoProblem::Blurred => "blurred",
        PhotoProblem::TooDark => "too-dark",
        PhotoProblem::TooBright => "too-bright",
        PhotoProblem::Sunglasses => "sunglasses",
        PhotoProblem::FaceCovered => "face-covered",
        PhotoProblem::LooksMinor => "looks-minor",
        PhotoProblem::Unsafe => "unsafe",
        PhotoProblem::AnotherPerson => "another-person",
        PhotoProblem::Gone => "gone",
        PhotoProblem::NotExamined => "not-examined",
    }
}

/// The shot's name in the texts.
const fn shot_name(shot: MissingShot) -> &'static str {
    match shot {
        MissingShot::MorePhotos => "more-photos",
        MissingShot::ThreeQuarter => "three-quarter",
        MissingShot::Profile => "profile",
        MissingShot::Close => "close",
        MissingShot::Half => "half",
        MissingShot::Full => "full",
        MissingShot::OtherLight => "other-light",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kernel::{Language, MessageId};

    use super::*;

    const PROBLEMS: [PhotoProblem; 19] = [
        PhotoProblem::NotAnImage,
        PhotoProblem::TooLarge,
        PhotoProblem::TooSmall,
        PhotoProblem::TooNarrow,
        PhotoProblem::NearDuplicate,
        PhotoProblem::NoFace,
        PhotoProblem::SeveralFaces,
        PhotoProblem::FaceTooSmall,
        PhotoProblem::FaceTurnedAway,
        PhotoProblem::Blurred,
        PhotoProblem::TooDark,
        PhotoProblem::TooBright,
        PhotoProblem::Sunglasses,
        PhotoProblem::FaceCovered,
        PhotoProblem::LooksMinor,
        PhotoProblem::Unsafe,
        PhotoProblem::AnotherPerson,
        PhotoProblem::Gone,
        PhotoProblem::NotExamined,
    ];

    #[test]
    fn every_problem_has_its_own_words_in_every_language() {
        for language in Language::ALL {
            let texts = Texts::of(language);
            let words: BTreeSet<String> = PROBLEMS
                .iter()
                .map(|problem| texts.photo_problem_line(problem_name(*problem), 1).to_string())
                .collect();
            assert_eq!(words.len(), PROBLEMS.len(), "{language:?}: {words:?}");
        }
    }

    #[test]
    fn a_problem_of_several_photos_is_told_once() {
        let texts = Texts::of(Language::English);
        let rejected = [(1, PhotoProblem::TooDark), (2, PhotoProblem::NoFace), (3, PhotoProblem::TooDark)]
            .map(|(message, problem)| (MessageId::new(message), problem));
        let words = refused(texts, &rejected).unwrap().to_string();
        assert_eq!(words.lines().count(), 3, "{words}");
        assert!(words.contains("too dark: take it by a window (×2)."), "{words}");
        assert!(words.contains("face the camera."), "{words}");
    }

    #[test]
    fn the_latest_problems_are_told_and_the_others_counted() {
        let texts = Texts::of(Language::English);
        let rejected = PROBLEMS.map(|problem| (MessageId::new(1), problem));
        let words = refused(texts, &rejected).unwrap().to_string();
        assert_eq!(words.lines().count(), 1 + MOST_PROBLEMS + 1, "{words}");
        assert!(words.ends_with("…and 13 more."), "{words}");
    }
}
