//! What the buttons about avatars carry.

use avatar::{ConsentVersion, KindName, PresetName, WizardStep};
use kernel::{AvatarId, Credits, PhotoId};

use super::bytes::{Field, Reader};

/// A button on the way to a new avatar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WizardButton {
    /// Begin an avatar, or go on with the draft.
    New,
    /// Go on with the draft.
    Resume {
        /// The draft.
        avatar: AvatarId,
    },
    /// Discard the draft and begin anew.
    StartOver {
        /// The draft.
        avatar: AvatarId,
    },
    /// Agree to the text about photos.
    Agree {
        /// The version of the text that was shown.
        version: ConsentVersion,
        /// The beginning of its digest.
        mark: u32,
    },
    /// Do not agree.
    Refuse,
    /// Go back to a step.
    Back {
        /// The draft.
        avatar: AvatarId,
        /// The step.
        to: WizardStep,
    },
    /// What it is to be a model of.
    Kind {
        /// The draft.
        avatar: AvatarId,
        /// What.
        kind: KindName,
    },
    /// Leaf through the photos.
    Leaf {
        /// The draft.
        avatar: AvatarId,
    },
    /// Show a photo.
    Photo {
        /// The draft.
        avatar: AvatarId,
        /// The photo.
        photo: PhotoId,
    },
    /// Remove a photo.
    RemovePhoto {
        /// The draft.
        avatar: AvatarId,
        /// The photo.
        photo: PhotoId,
    },
    /// No more photos to leaf through.
    CloseLeafing {
        /// The draft.
        avatar: AvatarId,
    },
    /// The photos are all there.
    PhotosDone {
        /// The draft.
        avatar: AvatarId,
    },
    /// How thoroughly it is to be trained.
    Preset {
        /// The draft.
        avatar: AvatarId,
        /// How.
        preset: PresetName,
    },
    /// Train it. This is a paid button.
    Order {
        /// The draft.
        avatar: AvatarId,
        /// The price on the button.
        price: Credits,
    },
    /// Ask whether to discard the draft.
    AskDiscard {
        /// The draft.
        avatar: AvatarId,
    },
    /// Discard it.
    Discard {
        /// The draft.
        avatar: AvatarId,
    },
    /// Keep it for later.
    KeepForLater,
}

/// A button about an avatar that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AvatarButton {
    /// Show the cards.
    List,
    /// Show a card.
    Card {
        /// Whose.
        avatar: AvatarId,
    },
    /// Make it the main avatar.
    MakeMain {
        /// Which.
        avatar: AvatarId,
    },
    /// Ask for another name.
    AskName {
        /// Whose.
        avatar: AvatarId,
    },
    /// Ask whether to delete it.
    AskDeletion {
        /// Which.
        avatar: AvatarId,
    },
    /// Delete it.
    Delete {
        /// Which.
        avatar: AvatarId,
    },
    /// It does not look like the person: say what can be done.
    AskRetraining {
        /// Which.
        avatar: AvatarId,
    },
    /// Train it again.
    Retrain {
        /// Which.
        avatar: AvatarId,
    },
    /// Ask whether to take the training back.
    AskCancel {
        /// Whose.
        avatar: AvatarId,
    },
    /// Take the training back.
    Cancel {
        /// Whose.
        avatar: AvatarId,
    },
    /// Try again after a training that came to nothing.
    SecondTry {
        /// Which.
        avatar: AvatarId,
    },
    /// Remove the question.
    Close,
}

/// Recognises a style or a pack of styles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StyleCode(pub u32);

/// A button on the way to a picture of an avatar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortraitButton {
    /// With the main avatar.
    Open,
    /// With this one.
    With {
        /// Which.
        avatar: AvatarId,
    },
    /// Choose an avatar.
    PickAvatar,
    /// Ask for a description.
    OwnWords {
        /// Whose picture.
        avatar: AvatarId,
    },
    /// Show the packs of styles.
    Packs {
        /// Whose picture.
        avatar: AvatarId,
    },
    /// Show the styles of a pack.
    Pack {
        /// Whose picture.
        avatar: AvatarId,
        /// The pack.
        pack: StyleCode,
    },
    /// Offer a picture in a style.
    Style {
        /// Whose picture.
        avatar: AvatarId,
        /// The style.
        style: StyleCode,
    },
    /// Ask for a photo to draw something like.
    FromPhoto {
        /// Whose picture.
        avatar: AvatarId,
    },
}

/// An enum each of whose variants has a number that never changes.
macro_rules! variants_field {
    ($($type:ident { $($number:literal => $variant:ident $({ $($field:ident),+ })?;)+ })+) => {$(
        impl Field for $type {
            fn write(&self, into: &mut Vec<u8>) {
                match self {
                    $(Self::$variant $({ $($field),+ })? => {
                        into.push($number);
                        $($($field.write(into);)+)?
                    })+
                }
            }

            fn read(from: &mut Reader<'_>) -> Option<Self> {
                match from.byte()? {
                    $($number => {
                        $($(let $field = from.read()?;)+)?
                        Some(Self::$variant $({ $($field),+ })?)
                    })+
                    _ => None,
                }
            }
        }
    )+};
}
variants_field! {
    WizardButton {
        0 => New;
        1 => Resume { avatar };
        2 => StartOver { avatar };
        3 => Agree { version, mark };
        4 => Refuse;
        5 => Back { avatar, to };
        6 => Kind { avatar, kind };
        7 => Leaf { avatar };
        8 => Photo { avatar, photo };
        9 => RemovePhoto { avatar, photo };
        10 => CloseLeafing { avatar };
        11 => PhotosDone { avatar };
        12 => Preset { avatar, preset };
        13 => Order { avatar, price };
        14 => AskDiscard { avatar };
        15 => Discard { avatar };
        16 => KeepForLater;
    }
    AvatarButton {
        0 => List;
        1 => Card { avatar };
        2 => MakeMain { avatar };
        3 => AskName { avatar };
        4 => AskDeletion { avatar };
        5 => Delete { avatar };
        6 => AskRetraining { avatar };
        7 => Retrain { avatar };
        8 => AskCancel { avatar };
        9 => Cancel { avatar };
        10 => SecondTry { avatar };
        11 => Close;
    }
    PortraitButton {
        0 => Open;
        1 => With { avatar };
        2 => PickAvatar;
        3 => OwnWords { avatar };
        4 => Packs { avatar };
        5 => Pack { avatar, pack };
        6 => Style { avatar, style };
        7 => FromPhoto { avatar };
    }
    WizardStep {
        0 => Name;
        1 => Kind;
        2 => Photos;
        3 => Preset;
        4 => Confirm;
    }
    KindName {
        0 => Portrait;
        1 => Style;
        2 => Instant;
    }
    PresetName {
        0 => Standard;
        1 => Thorough;
    }
}

impl Field for StyleCode {
    fn write(&self, into: &mut Vec<u8>) {
        self.0.write(into);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        from.read().map(Self)
    }
}

#[cfg(test)]
pub(super) mod samples {
    //! Buttons of every kind, for the tests of the encoding.

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn avatar() -> impl Strategy<Value = AvatarId> {
        any::<u128>().prop_map(|id| AvatarId::new(Uuid::from_u128(id)))
    }

    fn photo() -> impl Strategy<Value = PhotoId> {
        any::<u128>().prop_map(|id| PhotoId::new(Uuid::from_u128(id)))
    }

    fn style() -> impl Strategy<Value = StyleCode> {
        any::<u32>().prop_map(StyleCode)
    }

    fn step() -> impl Strategy<Value = WizardStep> {
        proptest::sample::select(vec![
            WizardStep::Name,
            WizardStep::Kind,
            WizardStep::Photos,
            WizardStep::Preset,
            WizardStep::Confirm,
        ])
    }

    pub(in crate::callback) fn wizard() -> impl Strategy<Value = WizardButton> {
        let kind = proptest::sample::select(KindName::ALL.to_vec());
        let preset = proptest::sample::select(PresetName::ALL.to_vec());
        let price = (0..=Credits::MAX.get()).prop_map(|amount| Credits::new(amount).unwrap());
        let of_avatar = (avatar(), 0_u8..8).prop_map(|(avatar, which)| match which {
            0 => WizardButton::Resume { avatar },
            1 => WizardButton::StartOver { avatar },
            2 => WizardButton::Leaf { avatar },
            3 => WizardButton::CloseLeafing { avatar },
            4 => WizardButton::PhotosDone { avatar },
            5 => WizardButton::AskDiscard { avatar },
            _ => WizardButton::Discard { avatar },
        });
        prop_oneof![
            Just(WizardButton::New),
            Just(WizardButton::Refuse),
            Just(WizardButton::KeepForLater),
            of_avatar,
            (any::<u32>(), any::<u32>()).prop_map(|(version, mark)| {
                WizardButton::Agree { version: ConsentVersion(version), mark }
            }),
            (avatar(), step()).prop_map(|(avatar, to)| WizardButton::Back { avatar, to }),
            (avatar(), kind).prop_map(|(avatar, kind)| WizardButton::Kind { avatar, kind }),
            (avatar(), preset).prop_map(|(avatar, preset)| WizardButton::Preset { avatar, preset }),
            (avatar(), price).prop_map(|(avatar, price)| WizardButton::Order { avatar, price }),
            (avatar(), photo()).prop_map(|(avatar, photo)| WizardButton::Photo { avatar, photo }),
            (avatar(), photo()).prop_map(|(avatar, photo)| WizardButton::RemovePhoto { avatar, photo }),
        ]
    }

    pub(in crate::callback) fn of_avatar() -> impl Strategy<Value = AvatarButton> {
        (avatar(), 0_u8..12).prop_map(|(avatar, which)| match which {
            0 => AvatarButton::Card { avatar },
            1 => AvatarButton::MakeMain { avatar },
            2 => AvatarButton::AskName { avatar },
            3 => AvatarButton::AskDeletion { avatar },
            4 => AvatarButton::Delete { avatar },
            5 => AvatarButton::AskRetraining { avatar },
            6 => AvatarButton::Retrain { avatar },
            7 => AvatarButton::AskCancel { avatar },
            8 => AvatarButton::Cancel { avatar },
            9 => AvatarButton::SecondTry { avatar },
            10 => AvatarButton::List,
            _ => AvatarButton::Close,
        })
    }

    pub(in crate::callback) fn portrait() -> impl Strategy<Value = PortraitButton> {
        prop_oneof![
            Just(PortraitButton::Open),
            Just(PortraitButton::PickAvatar),
            avatar().prop_map(|avatar| PortraitButton::With { avatar }),
            avatar().prop_map(|avatar| PortraitButton::OwnWords { avatar }),
            avatar().prop_map(|avatar| PortraitButton::Packs { avatar }),
            avatar().prop_map(|avatar| PortraitButton::FromPhoto { avatar }),
            (avatar(), style()).prop_map(|(avatar, pack)| PortraitButton::Pack { avatar, pack }),
            (avatar(), style()).prop_map(|(avatar, style)| PortraitButton::Style { avatar, style }),
        ]
    }
}
