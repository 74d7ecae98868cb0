//! Changes behind the adapter's back, with the schema's second nets taken away first.

use std::sync::Arc;

use async_trait::async_trait;
use avatar::{Avatar, AvatarReader};
use balance::HoldState;
use database_adapter::Database;
use generation::{Generation, GenerationReader, State};
use kernel::{AccountId, AvatarId, GenerationId};
use sea_orm::Value;
use testkit::suites::{Plant, Tampering};

use crate::fixture::Behind;

/// Whoever has the database's password.
pub struct Tamperer {
    /// For reading what is there.
    pub database: Arc<Database>,
    /// For changing it.
    pub behind: Arc<Behind>,
}

#[async_trait]
impl Plant for Tamperer {
    async fn tamper(&self, tampering: &Tampering) {
        self.loosen(tampering).await;
        let rows = match tampering {
            Tampering::AddToBonus { account, credits } => {
                self.run(
                    "UPDATE balances SET bonus = bonus + $2 WHERE account_id = $1",
                    [account.uuid().into(), (*credits).into()],
                )
                .await
            }
            Tampering::AddToHeldBonus { account, credits } => {
                self.run(
                    "UPDATE balances SET held_bonus = held_bonus + $2 WHERE account_id = $1",
                    [account.uuid().into(), (*credits).into()],
                )
                .await
            }
            Tampering::BalanceVersion { account, version } => {
                let version = i64::try_from(*version).expect("a version");
                self.run(
                    "UPDATE balances SET version = $2 WHERE account_id = $1",
                    [account.uuid().into(), version.into()],
                )
                .await
            }
            Tampering::HoldState { account, hold, state } => {
                let part = i64::from(*state == HoldState::Captured);
                self.run(
                    "UPDATE holds SET state = $3, captured_bonus = bonus * $4, captured_paid = paid * $4
                    WHERE account_id = $1 AND id = $2",
                    [account.uuid().into(), hold.uuid().into(), state.as_str().into(), part.into()],
                )
                .await
            }
            Tampering::RepeatEntry { account, entry, again, key } => {
                self.run(
                    "UPDATE balances SET version = version + 1 WHERE account_id = $1",
                    [account.uuid().into()],
                )
                .await;
                self.run(
                    "INSERT INTO ledger_entries
                    SELECT account_id, $3, $4, kind, 0, 0, 0, 0, amount, hold_id,
                        (SELECT version FROM balances WHERE account_id = $1), memo, created_at
                    FROM ledger_entries WHERE account_id = $1 AND id = $2",
                    [account.uuid().into(), entry.uuid().into(), again.uuid().into(), key.as_str().into()],
                )
                .await
            }
            Tampering::EntryKey { account, entry, key } => {
                self.run(
                    "UPDATE ledger_entries SET operation_key = $3 WHERE account_id = $1 AND id = $2",
                    [account.uuid().into(), entry.uuid().into(), key.as_str().into()],
                )
                .await
            }
            Tampering::GenerationState { account, generation, state } => {
                self.change_state(*account, *generation, state).await
            }
            Tampering::GenerationIntent { account, generation, intent } => {
                self.run(
                    "UPDATE generations SET intent = $3 WHERE account_id = $1 AND id = $2",
                    [account.uuid().into(), generation.uuid().into(), intent.as_str().into()],
                )
                .await
            }
            Tampering::ItemPrice { account, item, price } => {
                self.run(
                    "UPDATE gallery_items SET price = $3 WHERE account_id = $1 AND id = $2",
                    [account.uuid().into(), item.uuid().into(), price.get().into()],
                )
                .await
            }
            Tampering::ItemSlot { account, item, slot } => {
                self.run(
                    "UPDATE gallery_items SET slot = $3 WHERE account_id = $1 AND id = $2",
                    [account.uuid().into(), item.uuid().into(), i64::from(*slot).into()],
                )
                .await
            }
            Tampering::AvatarState { account, avatar, state } => {
                self.change_avatar(*account, *avatar, |avatar| Avatar { state: state.clone(), ..avatar })
                    .await
            }
            Tampering::NoWeights { account, avatar } => {
                self.change_avatar(*account, *avatar, |avatar| Avatar { weights: None, ..avatar }).await
            }
            Tampering::MainAvatar { account, avatar } => {
                self.run(
                    "UPDATE avatars SET is_main = TRUE WHERE account_id = $1 AND id = $2",
                    [account.uuid().into(), avatar.uuid().into()],
                )
                .await
            }
            Tampering::NoReason { account, job } => {
                self.run(
                    "UPDATE jobs SET reason = NULL WHERE account_id = $1 AND id = $2",
                    [account.uuid().into(), job.uuid().into()],
                )
                .await
            }
        };
        assert_eq!(rows, 1, "there is nothing to tamper with: {tampering:?}");
    }
}

impl Tamperer {
    /// Takes away what in the schema would forbid the change.
    async fn loosen(&self, tampering: &Tampering) {
        let indexes: &[&str] = match tampering {
            Tampering::AddToBonus { .. } | Tampering::AddToHeldBonus { .. } => {
                self.drop_check("balances", "balances_not_negative").await;
                &[]
            }
            Tampering::AvatarState { .. } | Tampering::NoWeights { .. } => {
                self.drop_check("avatars", "avatars_ready_has_weights").await;
                &[]
            }
            Tampering::MainAvatar { .. } => &["avatars_one_main"],
            Tampering::RepeatEntry { .. } => {
                &["ledger_entries_operation_once", "ledger_entries_hold_ended_once"]
            }
            Tampering::EntryKey { .. } => &["ledger_entries_operation_once"],
            Tampering::GenerationIntent { .. } => &["generations_intent_once"],
            Tampering::ItemSlot { .. } => &["gallery_items_slot_once"],
            Tampering::BalanceVersion { .. }
            | Tampering::HoldState { .. }
            | Tampering::GenerationState { .. }
            | Tampering::ItemPrice { .. }
            | Tampering::NoReason { .. } => &[],
        };
        for index in indexes {
            self.behind.run(&format!("DROP INDEX IF EXISTS {index}"), vec![]).await;
        }
    }

    async fn drop_check(&self, table: &str, constraint: &str) {
        let statement = if self.behind.is_postgres() {
            format!("ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {constraint}")
        } else {
            "PRAGMA ignore_check_constraints = ON".to_owned()
        };
        self.behind.run(&statement, vec![]).await;
    }

    async fn change_avatar(
        &self,
        account: AccountId,
        id: AvatarId,
        change: impl FnOnce(Avatar) -> Avatar,
    ) -> u64 {
        let found = AvatarReader::find(self.database.as_ref(), account, id).await.expect("a look");
        let (avatar, _) = found.expect("an avatar");
        let changed = change(avatar);
        let payload = changed.to_payload().expect("a payload");
        let (state, has_weights) = (changed.state.name().as_str(), changed.weights.is_some());
        self.run(
            "UPDATE avatars SET state = $3, has_weights = $4, payload = $5 WHERE account_id = $1 AND id = $2",
            [account.uuid().into(), id.uuid().into(), state.into(), has_weights.into(), payload.into()],
        )
        .await
    }

    async fn change_state(&self, account: AccountId, id: GenerationId, state: &State) -> u64 {
        let found = GenerationReader::find(self.database.as_ref(), account, id).await.expect("a look");
        let (generation, _) = found.expect("a generation");
        let changed = Generation { state: state.clone(), ..generation };
        let payload = changed.to_payload().expect("a payload");
        self.run(
            "UPDATE generations SET state = $3, payload = $4 WHERE account_id = $1 AND id = $2",
            [account.uuid().into(), id.uuid().into(), state.name().as_str().into(), payload.into()],
        )
        .await
    }

    async fn run<const VALUES: usize>(&self, statement: &str, values: [Value; VALUES]) -> u64 {
        self.behind.run(statement, values.into()).await
    }
}
