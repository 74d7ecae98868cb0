//! People, who they are at the messenger, and who was welcomed before.

use crate::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261101_000001_accounts",
    statements: &[
        "CREATE TABLE accounts (
            account_id uuid NOT NULL PRIMARY KEY,
            language text NOT NULL,
            zone text NOT NULL,
            standing text NOT NULL,
            accepted_terms bigint,
            welcome text NOT NULL CONSTRAINT accounts_welcome CHECK (welcome IN ('due', 'given-before')),
            aspect_ratio text NOT NULL,
            image_count bigint NOT NULL CONSTRAINT accounts_image_count CHECK (image_count BETWEEN 1 AND 4),
            created_at bigint NOT NULL
        )",
        "CREATE TABLE identities (
            telegram_user_id bigint NOT NULL PRIMARY KEY,
            account_id uuid NOT NULL
        )",
        "CREATE UNIQUE INDEX identities_of_account ON identities (account_id)",
        "CREATE TABLE welcome_digests (
            identity_digest text NOT NULL PRIMARY KEY,
            account_id uuid NOT NULL
        )",
    ],
};
