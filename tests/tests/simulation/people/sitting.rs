//! What a person does next who makes avatars of themselves.

use avatar::KindName;
use chat::{AvatarButton, CallbackData, ErasureStep, PortraitButton, WizardButton};
use serde_json::{Value, json};

use super::person::Person;
use super::pictures::Pictures;
use crate::coverage::Coverage;
use crate::telegram::{Message, Telegram};

type IsWanted = fn(&CallbackData) -> bool;

/// Buttons that lead on, the furthest first, and how often of a hundred times one is pressed that is there.
const WAYS: [(IsWanted, u64); 16] = [
    (|data| matches!(data, CallbackData::Erasure(ErasureStep::Confirmed { .. })), 60),
    (|data| matches!(data, CallbackData::Erasure(ErasureStep::AskAgain { .. })), 60),
    (|data| matches!(data, CallbackData::Erasure(ErasureStep::Ask) | CallbackData::Export { .. }), 40),
    (|data| matches!(data, CallbackData::Wizard(WizardButton::Order { .. })), 85),
    (|data| matches!(data, CallbackData::Draw(choice) if choice.likeness.avatar().is_some()), 50),
    (|data| matches!(data, CallbackData::Wizard(WizardButton::Preset { .. })), 85),
    (|data| matches!(data, CallbackData::Wizard(WizardButton::PhotosDone { .. })), 70),
    (
        |data| matches!(data, CallbackData::Wizard(WizardButton::Kind { kind, .. }) if *kind != KindName::Instant),
        70,
    ),
    (|data| matches!(data, CallbackData::Wizard(WizardButton::Kind { .. })), 90),
    (|data| matches!(data, CallbackData::Wizard(WizardButton::Agree { .. })), 95),
    (|data| matches!(data, CallbackData::Avatar(AvatarButton::SecondTry { .. })), 60),
    (|data| matches!(data, CallbackData::Avatar(AvatarButton::Retrain { .. })), 60),
    (
        |data| {
            matches!(data, CallbackData::Avatar(AvatarButton::Cancel { .. } | AvatarButton::Delete { .. }))
        },
        50,
    ),
    (|data| matches!(data, CallbackData::Wizard(WizardButton::Resume { .. } | WizardButton::New)), 40),
    (|data| matches!(data, CallbackData::Portrait(_)), 45),
    (
        |data| {
            matches!(
                data,
                CallbackData::Avatar(
                    AvatarButton::AskCancel { .. }
                        | AvatarButton::AskDeletion { .. }
                        | AvatarButton::AskRetraining { .. }
                        | AvatarButton::MakeMain { .. }
                )
            )
        },
        20,
    ),
];

/// How far a person is with an avatar.
#[derive(Debug, Default)]
pub struct Sitting {
    /// The bot asks for a name.
    awaits_name: bool,
    /// Photos that the bot waits for.
    photos_due: u64,
    albums: u64,
    pictures: Pictures,
}

impl Person {
    /// Does something about avatars, if anything comes to mind.
    pub(super) fn sit(
        &mut self,
        telegram: &Telegram,
        coverage: &Coverage,
        messages: &[Message],
    ) -> Option<Vec<Value>> {
        if self.chance.percent(15) {
            return None;
        }
        if std::mem::take(&mut self.sitting.awaits_name) {
            let name = format!("Anna {}", self.number);
            return Some(self.say(telegram, &name));
        }
        if self.sitting.photos_due > 0 {
            return Some(self.send_photos(telegram, coverage));
        }
        for (is_wanted, often) in WAYS {
            if self.sees(messages, is_wanted) && self.chance.percent(often) {
                return Some(self.press_visible(telegram, coverage, messages, is_wanted));
            }
        }
        Some(match self.chance.below(10) {
            0..4 => self.say(telegram, "/avatars"),
            4..7 => {
                let words = format!("/draw by a window {}", self.acts_left);
                self.say(telegram, &words)
            }
            7 if self.chance.percent(30) => self.say(telegram, "/privacy"),
            8 if self.chance.percent(40) => {
                self.sitting.photos_due = 1 + self.chance.below(4);
                self.send_photos(telegram, coverage)
            }
            _ => return None,
        })
    }

    /// What a press leads to, as the person expects it.
    pub(super) fn expect(&mut self, data: &CallbackData) {
        match data {
            CallbackData::Wizard(WizardButton::Agree { .. }) => self.sitting.awaits_name = true,
            CallbackData::Wizard(WizardButton::Kind { kind, .. }) => {
                let spare = self.chance.below(4);
                self.sitting.photos_due = u64::from(kind.min_photos()) + spare;
            }
            CallbackData::Avatar(AvatarButton::Retrain { .. }) => self.sitting.photos_due = 12,
            CallbackData::Wizard(WizardButton::Resume { .. }) if self.chance.percent(40) => {
                self.sitting.photos_due = 6;
            }
            CallbackData::Portrait(PortraitButton::OwnWords { .. }) => {}
            CallbackData::Erasure(ErasureStep::Confirmed { .. }) => self.has_said_farewell = true,
            _ => {}
        }
    }

    /// Sends photos: an album, or one by one.
    fn send_photos(&mut self, telegram: &Telegram, coverage: &Coverage) -> Vec<Value> {
        let is_album = self.chance.percent(60);
        let most = if is_album { 10 } else { 4 };
        let count = self.sitting.photos_due.min(most);
        self.sitting.photos_due -= count;
        coverage.saw(if is_album { "people: an album" } else { "people: single photos" });
        self.sitting.albums += 1;
        let album = format!("album-{}-{}", self.number, self.sitting.albums);
        (0..count)
            .flat_map(|_| {
                let mut content = self.sitting.pictures.next(&mut self.chance, telegram, self.number);
                if is_album {
                    content["media_group_id"] = json!(album);
                }
                self.send(telegram, content)
            })
            .collect()
    }
}
