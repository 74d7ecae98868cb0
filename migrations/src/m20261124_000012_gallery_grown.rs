//! Kept images: the avatar and the seed, deletion that can be undone, and indexes for filters.
//!
//! A tombstone can be brought back only when it says so. One that the release before leaves does not: its bytes go at
//! once.

use crate::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261124_000012_gallery_grown",
    statements: &[
        "ALTER TABLE gallery_items ADD COLUMN avatar_id uuid",
        "ALTER TABLE gallery_items ADD COLUMN seed bigint NOT NULL DEFAULT 0",
        "ALTER TABLE gallery_items ADD COLUMN restorable boolean NOT NULL DEFAULT FALSE
            CONSTRAINT gallery_items_restorable CHECK (deleted_at IS NOT NULL OR NOT restorable)",
        "CREATE INDEX gallery_items_by_origin ON gallery_items (account_id, origin, id) WHERE deleted_at IS NULL",
        "CREATE INDEX gallery_items_by_avatar ON gallery_items (account_id, avatar_id, id) WHERE avatar_id IS NOT NULL",
        "CREATE INDEX gallery_items_by_time ON gallery_items (account_id, created_at) WHERE deleted_at IS NULL",
    ],
};
