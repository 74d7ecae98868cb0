//! The schema refuses by itself what the code never asks for: whoever writes behind the rules' back, or a rule that is
//! broken one day, changes nothing.

use std::time::Duration;

use balance::{BalanceUnits, Operation, OperationKey};
use kernel::{AccountId, Credits, HoldId, IdSource, LedgerEntryId};
use sea_orm::Value;

use crate::both::on_both;
use crate::fixture::{Behind, Fixture};

on_both! {
    a_key_stands_for_one_entry,
    a_hold_is_ended_by_one_entry,
    a_version_stands_for_one_entry,
    no_part_of_a_balance_falls_below_zero,
    a_hold_spends_no_more_than_was_held,
    a_wish_has_one_generation,
    a_slot_has_one_image,
}

/// Another entry like the one under a key, with a key, kind and version of its own.
const COPY_ENTRY: &str = "
    INSERT INTO ledger_entries (account_id, id, operation_key, kind, bonus_delta, paid_delta, held_bonus_delta,
        held_paid_delta, amount, hold_id, version, memo, created_at)
    SELECT account_id, $2, $4, $5, bonus_delta, paid_delta, held_bonus_delta, held_paid_delta, amount, hold_id, $6,
        memo, created_at
    FROM ledger_entries WHERE account_id = $1 AND operation_key = $3";

const ADD_GENERATION: &str = "
    INSERT INTO generations (account_id, id, intent, hold_id, state, told, payload, created_at, deadline, version)
    VALUES ($1, $2, $3, $2, 'held', $4, '{}', 0, 0, 1)";

const ADD_ITEM: &str = "
    INSERT INTO gallery_items (account_id, id, generation_id, slot, origin, prompt, model, aspect_ratio, price,
        image_key, preview_key, format, width, height, bytes, favourite, created_at)
    VALUES ($1, $2, $3, $4, 'description', 'a fox', 'banana', '1:1', $5, 'image', 'preview', 'png', 1, 1, 1, $6, 0)";

/// An account with a grant under `grant`, a hold of 6 under `hold`, and 4 of it spent under `end`.
struct Books {
    fixture: Fixture,
    behind: Behind,
    account: AccountId,
    hold: HoldId,
}

impl Books {
    async fn open(fixture: Fixture) -> Self {
        let account = fixture.account();
        let hold = HoldId::new(fixture.ids.uuid());
        let operations = [
            ("grant", Operation::GrantBonus { amount: Credits::of(10) }),
            ("hold", Operation::Hold { hold, amount: Credits::of(6), time_to_live: Duration::from_mins(1) }),
            ("end", Operation::Capture { hold, amount: Credits::of(4) }),
        ];
        let mut unit = BalanceUnits::begin(fixture.database.as_ref()).await.expect("a unit");
        for (key, operation) in operations {
            let key: OperationKey = key.parse().expect("a key");
            let entry = LedgerEntryId::new(fixture.ids.uuid());
            unit.ledger().record(account, entry, &key, &operation, "").await.expect("an entry");
        }
        unit.commit().await.expect("a commit");
        let behind = fixture.behind().await;
        Self { fixture, behind, account, hold }
    }

    fn copy_of(&self, key: &str, new_key: &str, kind: &str, version: i64) -> Vec<Value> {
        vec![
            self.account.uuid().into(),
            self.fixture.ids.uuid().into(),
            key.into(),
            new_key.into(),
            kind.into(),
            version.into(),
        ]
    }
}

/// PostgreSQL names the index, SQLite its columns.
fn assert_unique(refusal: &str, index: &str, columns: &str) {
    assert!(refusal.contains(index) || refusal.contains(columns), "{refusal}");
}

async fn a_key_stands_for_one_entry(fixture: Fixture) {
    let books = Books::open(fixture).await;
    let refusal = books.behind.refusal(COPY_ENTRY, books.copy_of("grant", "grant", "grant-bonus", 50)).await;
    assert_unique(
        &refusal,
        "ledger_entries_operation_once",
        "ledger_entries.account_id, ledger_entries.operation_key",
    );
    let other = books.copy_of("grant", "another", "grant-bonus", 50);
    assert_eq!(books.behind.run(COPY_ENTRY, other).await, 1, "the key alone was in the way");
}

async fn a_hold_is_ended_by_one_entry(fixture: Fixture) {
    let books = Books::open(fixture).await;
    for kind in ["capture", "release"] {
        let refusal = books.behind.refusal(COPY_ENTRY, books.copy_of("end", kind, kind, 50)).await;
        assert_unique(
            &refusal,
            "ledger_entries_hold_ended_once",
            "ledger_entries.account_id, ledger_entries.hold_id",
        );
    }
    let refund = books.copy_of("end", "refund", "refund", 50);
    assert_eq!(books.behind.run(COPY_ENTRY, refund).await, 1, "a refund is no end");
}

async fn a_version_stands_for_one_entry(fixture: Fixture) {
    let books = Books::open(fixture).await;
    let refusal = books.behind.refusal(COPY_ENTRY, books.copy_of("grant", "another", "grant-bonus", 1)).await;
    assert_unique(
        &refusal,
        "ledger_entries_version_once",
        "ledger_entries.account_id, ledger_entries.version",
    );
}

async fn no_part_of_a_balance_falls_below_zero(fixture: Fixture) {
    let books = Books::open(fixture).await;
    for part in ["bonus", "paid", "held_bonus", "held_paid", "version"] {
        let statement = format!("UPDATE balances SET {part} = -1 WHERE account_id = $1");
        let refusal = books.behind.refusal(&statement, vec![books.account.uuid().into()]).await;
        assert!(refusal.contains("balances_not_negative"), "{part}: {refusal}");
    }
}

async fn a_hold_spends_no_more_than_was_held(fixture: Fixture) {
    let books = Books::open(fixture).await;
    let row: Vec<Value> = vec![books.account.uuid().into(), books.hold.uuid().into()];
    for (change, constraint) in [
        ("captured_bonus = 7", "holds_parts"),
        ("refunded_bonus = 5", "holds_parts"),
        ("captured_paid = 1", "holds_parts"),
        ("state = 'released'", "holds_spent"),
    ] {
        let statement = format!("UPDATE holds SET {change} WHERE account_id = $1 AND id = $2");
        let refusal = books.behind.refusal(&statement, row.clone()).await;
        assert!(refusal.contains(constraint), "{change}: {refusal}");
    }
}

async fn a_wish_has_one_generation(fixture: Fixture) {
    let behind = fixture.behind().await;
    let account = fixture.account();
    let generation = |account: AccountId| -> Vec<Value> {
        vec![account.uuid().into(), fixture.ids.uuid().into(), "button:1".into(), false.into()]
    };
    assert_eq!(behind.run(ADD_GENERATION, generation(account)).await, 1);
    let refusal = behind.refusal(ADD_GENERATION, generation(account)).await;
    assert_unique(&refusal, "generations_intent_once", "generations.account_id, generations.intent");
    let another = generation(fixture.account());
    assert_eq!(behind.run(ADD_GENERATION, another).await, 1, "wishes are an account's own");
}

async fn a_slot_has_one_image(fixture: Fixture) {
    let behind = fixture.behind().await;
    let (account, generation) = (fixture.account(), fixture.ids.uuid());
    let item = |slot: i64, price: i64| -> Vec<Value> {
        vec![
            account.uuid().into(),
            fixture.ids.uuid().into(),
            generation.into(),
            slot.into(),
            price.into(),
            false.into(),
        ]
    };
    assert_eq!(behind.run(ADD_ITEM, item(0, 5)).await, 1);
    let refusal = behind.refusal(ADD_ITEM, item(0, 5)).await;
    assert_unique(&refusal, "gallery_items_slot_once", "gallery_items.generation_id, gallery_items.slot");
    let refusal = behind.refusal(ADD_ITEM, item(1, -1)).await;
    assert!(refusal.contains("gallery_items_price"), "{refusal}");
}
