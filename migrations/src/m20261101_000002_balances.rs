//! The ledger: balances, the entries that they are the sum of, and holds.

use crate::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261101_000002_balances",
    statements: &[
        "CREATE TABLE balances (
            account_id uuid NOT NULL PRIMARY KEY,
            bonus bigint NOT NULL,
            paid bigint NOT NULL,
            held_bonus bigint NOT NULL,
            held_paid bigint NOT NULL,
            version bigint NOT NULL,
            CONSTRAINT balances_not_negative
                CHECK (bonus >= 0 AND paid >= 0 AND held_bonus >= 0 AND held_paid >= 0 AND version >= 0)
        )",
        "CREATE TABLE ledger_entries (
            account_id uuid NOT NULL,
            id uuid NOT NULL,
            operation_key text NOT NULL,
            kind text NOT NULL,
            bonus_delta bigint NOT NULL,
            paid_delta bigint NOT NULL,
            held_bonus_delta bigint NOT NULL,
            held_paid_delta bigint NOT NULL,
            amount bigint NOT NULL CONSTRAINT ledger_entries_amount CHECK (amount > 0),
            hold_id uuid,
            version bigint NOT NULL,
            memo text NOT NULL,
            created_at bigint NOT NULL,
            PRIMARY KEY (account_id, id),
            CONSTRAINT ledger_entries_hold
                CHECK ((kind IN ('hold', 'capture', 'release', 'refund')) = (hold_id IS NOT NULL))
        )",
        "CREATE UNIQUE INDEX ledger_entries_operation_once ON ledger_entries (account_id, operation_key)",
        "CREATE UNIQUE INDEX ledger_entries_version_once ON ledger_entries (account_id, version)",
        "CREATE UNIQUE INDEX ledger_entries_hold_ended_once ON ledger_entries (account_id, hold_id)
            WHERE kind IN ('capture', 'release')",
        "CREATE TABLE holds (
            account_id uuid NOT NULL,
            id uuid NOT NULL,
            bonus bigint NOT NULL,
            paid bigint NOT NULL,
            captured_bonus bigint NOT NULL,
            captured_paid bigint NOT NULL,
            refunded_bonus bigint NOT NULL,
            refunded_paid bigint NOT NULL,
            state text NOT NULL CONSTRAINT holds_state CHECK (state IN ('open', 'captured', 'released')),
            expires_at bigint NOT NULL,
            PRIMARY KEY (account_id, id),
            CONSTRAINT holds_parts CHECK (
                0 <= refunded_bonus AND refunded_bonus <= captured_bonus AND captured_bonus <= bonus
                AND 0 <= refunded_paid AND refunded_paid <= captured_paid AND captured_paid <= paid
            ),
            CONSTRAINT holds_spent CHECK ((state = 'captured') = (captured_bonus + captured_paid > 0))
        )",
        "CREATE INDEX holds_open_by_deadline ON holds (expires_at) WHERE state = 'open'",
    ],
};
