//! Kept images and the tombstones of deleted ones.

use crate::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261101_000004_gallery_items",
    statements: &[
        "CREATE TABLE gallery_items (
            account_id uuid NOT NULL,
            id uuid NOT NULL,
            generation_id uuid NOT NULL,
            slot bigint NOT NULL,
            origin text NOT NULL,
            prompt text NOT NULL,
            model text NOT NULL,
            aspect_ratio text NOT NULL,
            price bigint NOT NULL CONSTRAINT gallery_items_price CHECK (price >= 0),
            image_key text NOT NULL,
            preview_key text NOT NULL,
            format text NOT NULL,
            width bigint NOT NULL,
            height bigint NOT NULL,
            bytes bigint NOT NULL,
            favourite boolean NOT NULL,
            photo_file text,
            document_file text,
            created_at bigint NOT NULL,
            deleted_at bigint,
            PRIMARY KEY (account_id, id)
        )",
        "CREATE UNIQUE INDEX gallery_items_slot_once ON gallery_items (account_id, generation_id, slot)",
        "CREATE INDEX gallery_items_shown ON gallery_items (account_id, id) WHERE deleted_at IS NULL",
        "CREATE INDEX gallery_items_favourites ON gallery_items (account_id, id) WHERE deleted_at IS NULL AND favourite",
    ],
};
