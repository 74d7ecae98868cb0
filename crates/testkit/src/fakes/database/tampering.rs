//! Changes behind the ports' back, for the auditor to find.

use async_trait::async_trait;
use balance::{HoldState, Split};
use kernel::{AccountId, Credits};

use super::MemoryDatabase;
use super::tables::Tables;
use crate::suites::{Plant, Tampering};

/// What a balance was pushed below zero: credits as a type cannot be negative, a tampered row can.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Debt {
    /// Bonus credits that can be spent.
    pub bonus: i64,
    /// Bonus credits that are held.
    pub held_bonus: i64,
}

pub(super) fn debt_of(tables: &Tables, account: AccountId) -> Debt {
    tables.debts.get(&account).copied().unwrap_or_default()
}

pub(super) fn debts(tables: &Tables) -> Vec<(AccountId, String)> {
    let debts = tables.debts.iter().filter(|(_, debt)| **debt != Debt::default());
    debts.map(|(account, debt)| (*account, format!("below zero by {debt:?}"))).collect()
}

#[async_trait]
impl Plant for MemoryDatabase {
    async fn tamper(&self, tampering: &Tampering) {
        self.tamper(|tables| apply(tables, tampering));
    }
}

fn apply(tables: &mut Tables, tampering: &Tampering) {
    match tampering {
        Tampering::AddToBonus { account, credits } => {
            let sheet = tables.sheets.entry(*account).or_default();
            let (bonus, debt) = parts(sheet.available.bonus.get() + credits);
            sheet.available.bonus = bonus;
            tables.debts.entry(*account).or_default().bonus = debt;
        }
        Tampering::AddToHeldBonus { account, credits } => {
            let sheet = tables.sheets.entry(*account).or_default();
            let (bonus, debt) = parts(sheet.held.bonus.get() + credits);
            sheet.held.bonus = bonus;
            tables.debts.entry(*account).or_default().held_bonus = debt;
        }
        Tampering::BalanceVersion { account, version } => {
            tables.sheets.entry(*account).or_default().version = *version;
        }
        Tampering::HoldState { account, hold, state } => {
            let hold = tables.holds.get_mut(&(*account, *hold)).expect("the hold is there");
            hold.state = *state;
            hold.captured = if *state == HoldState::Captured { hold.held } else { Split::ZERO };
        }
        Tampering::RepeatEntry { account, entry, again, key } => {
            let sheet = tables.sheets.entry(*account).or_default();
            sheet.version += 1;
            let mut second = tables.entries[&(*account, *entry)].clone();
            second.id = *again;
            second.key = key.clone();
            second.version = sheet.version;
            second.bonus_delta = 0;
            second.paid_delta = 0;
            second.held_bonus_delta = 0;
            second.held_paid_delta = 0;
            tables.entries.insert((*account, *again), second);
        }
        Tampering::EntryKey { account, entry, key } => {
            tables.entries.get_mut(&(*account, *entry)).expect("the entry is there").key = key.clone();
        }
        Tampering::GenerationState { account, generation, state } => {
            let row = tables.generations.get_mut(&(*account, *generation)).expect("the generation is there");
            row.state = state.clone();
        }
        Tampering::GenerationIntent { account, generation, intent } => {
            let row = tables.generations.get_mut(&(*account, *generation)).expect("the generation is there");
            row.intent = intent.clone();
        }
        Tampering::ItemPrice { account, item, price } => {
            tables.items.get_mut(&(*account, *item)).expect("the item is there").kept.price = *price;
        }
        Tampering::ItemSlot { account, item, slot } => {
            tables.items.get_mut(&(*account, *item)).expect("the item is there").kept.slot = *slot;
        }
        Tampering::AvatarState { account, avatar, state } => {
            tables.avatars.get_mut(&(*account, *avatar)).expect("the avatar is there").state = state.clone();
        }
        Tampering::NoWeights { account, avatar } => {
            tables.avatars.get_mut(&(*account, *avatar)).expect("the avatar is there").weights = None;
        }
        Tampering::MainAvatar { account, avatar } => {
            assert!(tables.avatars.contains_key(&(*account, *avatar)), "the avatar is there");
            tables.main_avatars.insert((*account, *avatar));
        }
        Tampering::NoReason { account, job } => {
            tables.jobs.get_mut(&(*account, *job)).expect("the job is there").reason = None;
        }
    }
}

/// A number as credits, and what is below zero.
fn parts(number: i64) -> (Credits, i64) {
    (Credits::new(number.max(0)).expect("tests deal in small numbers"), (-number).max(0))
}
