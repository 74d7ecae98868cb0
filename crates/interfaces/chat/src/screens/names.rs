//! What avatars and what belongs to them are called.

use avatar::{Avatar, AvatarKind, KindName, PresetName};

use crate::words::Texts;

/// The avatar's name, or a word for having none yet.
pub(crate) fn avatar_name(texts: Texts, avatar: &Avatar) -> String {
    match &avatar.name {
        Some(name) => name.as_str().to_owned(),
        None => texts.avatar_unnamed(),
    }
}

/// What the avatar is a model of; a portrait before that was asked.
pub(crate) fn kind_of(avatar: &Avatar) -> KindName {
    avatar.kind.as_ref().map_or(KindName::Portrait, AvatarKind::name)
}

/// What a kind is called.
pub(crate) fn kind_label(texts: Texts, kind: KindName) -> String {
    texts.kind_name(kind.as_str())
}

/// What a preset is called.
pub(crate) fn preset_label(texts: Texts, preset: PresetName) -> String {
    texts.preset_name(preset.as_str())
}
