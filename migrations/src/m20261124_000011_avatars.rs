//! Avatars, their photos, callbacks about their trainings, and how long trainings took. Columns say what is searched for
//! and what must hold; the payloads say the rest.

use crate::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261124_000011_avatars",
    statements: &[
        "CREATE TABLE avatars (
            account_id uuid NOT NULL,
            id uuid NOT NULL,
            state text NOT NULL,
            kind text,
            is_main boolean NOT NULL,
            has_weights boolean NOT NULL,
            hold_id uuid,
            price bigint CONSTRAINT avatars_price CHECK (price >= 0),
            payload text NOT NULL,
            created_at bigint NOT NULL,
            updated_at bigint NOT NULL,
            version bigint NOT NULL,
            PRIMARY KEY (account_id, id),
            CONSTRAINT avatars_training CHECK ((hold_id IS NULL) = (price IS NULL)),
            CONSTRAINT avatars_ready_has_weights
                CHECK (state <> 'ready' OR has_weights OR coalesce(kind, '') = 'instant'),
            CONSTRAINT avatars_deleted_is_not_main CHECK (state <> 'deleted' OR NOT is_main)
        )",
        "CREATE UNIQUE INDEX avatars_one_main ON avatars (account_id) WHERE is_main",
        "CREATE INDEX avatars_shown ON avatars (account_id, id) WHERE state <> 'deleted'",
        "CREATE TABLE avatar_photos (
            account_id uuid NOT NULL,
            id uuid NOT NULL,
            avatar_id uuid NOT NULL,
            state text NOT NULL
                CONSTRAINT avatar_photos_state CHECK (state IN ('received', 'accepted', 'rejected')),
            file text NOT NULL,
            unique_file text NOT NULL,
            message_id bigint NOT NULL,
            payload text NOT NULL,
            created_at bigint NOT NULL,
            PRIMARY KEY (account_id, id)
        )",
        "CREATE UNIQUE INDEX avatar_photos_message_once ON avatar_photos (account_id, avatar_id, message_id)",
        "CREATE UNIQUE INDEX avatar_photos_file_once ON avatar_photos (account_id, avatar_id, unique_file)",
        "CREATE TABLE training_callbacks (
            provider text NOT NULL,
            request_id text NOT NULL,
            id uuid NOT NULL,
            account_id uuid NOT NULL,
            avatar_id uuid NOT NULL,
            attempt bigint NOT NULL,
            body text NOT NULL,
            received_at bigint NOT NULL,
            settled_at bigint,
            PRIMARY KEY (provider, request_id)
        )",
        "CREATE INDEX training_callbacks_of_avatar ON training_callbacks (account_id, avatar_id)",
        "CREATE TABLE training_durations (
            trainer text NOT NULL,
            avatar_id uuid NOT NULL,
            round bigint NOT NULL,
            took bigint NOT NULL CONSTRAINT training_durations_took CHECK (took >= 0),
            verified_at bigint NOT NULL,
            PRIMARY KEY (trainer, avatar_id, round)
        )",
        "CREATE INDEX training_durations_latest ON training_durations (trainer, verified_at)",
    ],
};
