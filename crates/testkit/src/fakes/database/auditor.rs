//! The invariants, asked in Rust.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use balance::{EntryKind, HoldState, LedgerEntry};
use generation::{Delivery, Generation, StateName};
use kernel::{
    AccountId, AuditReport, Auditor, Invariant, JobId, JobKind, JobState, StoreError, Timestamp, Violation,
};

use super::MemoryDatabase;
use super::avatars_audit::{one_main_avatar, ready_has_weights, training_is_held, training_is_settled};
use super::balances::entries_of;
use super::tables::Tables;

/// Findings per invariant that are reported.
const MOST_FINDINGS: usize = 100;

#[async_trait]
impl Auditor for MemoryDatabase {
    async fn audit(&self) -> Result<AuditReport, StoreError> {
        let now = self.now();
        let tables = self.committed();
        let mut violations = Vec::new();
        for invariant in Invariant::ALL {
            let found = violations_of(&tables, now, invariant);
            let found = found.into_iter().take(MOST_FINDINGS);
            violations.extend(found.map(|(account, detail)| Violation { invariant, account, detail }));
        }
        Ok(AuditReport { violations })
    }
}

pub(super) type Found = Vec<(AccountId, String)>;

fn violations_of(tables: &Tables, now: Timestamp, invariant: Invariant) -> Found {
    match invariant {
        Invariant::BalanceEqualsEntries => balance_equals_entries(tables),
        // Credits cannot be negative as a type; a balance that was tampered with is kept as no credits with a debt.
        Invariant::BalanceNotNegative => super::tampering::debts(tables),
        Invariant::HeldEqualsOpenHolds => held_equals_open_holds(tables),
        Invariant::HoldEndedOnce => hold_ended_once(tables),
        Invariant::FailedCostsNothing => failed_costs_nothing(tables),
        Invariant::StoredIsPaid => stored_is_paid(tables),
        Invariant::CaptureEqualsPrices => capture_equals_prices(tables),
        Invariant::UnderWayIsHeld => under_way_is_held(tables),
        Invariant::UnfinishedHasJob => unfinished_has_job(tables),
        Invariant::NothingOverdue => nothing_overdue(tables, now),
        Invariant::ExhaustedIsBuried => exhausted_is_buried(tables, now),
        Invariant::BuriedHasReason => buried_has_reason(tables),
        Invariant::OneGenerationPerIntent => one_generation_per_intent(tables),
        Invariant::OneItemPerSlot => one_item_per_slot(tables),
        Invariant::WelcomeOnce => welcome_once(tables),
        Invariant::TrainingIsHeld => training_is_held(tables),
        Invariant::TrainingIsSettled => training_is_settled(tables),
        Invariant::ReadyHasWeights => ready_has_weights(tables),
        Invariant::OneMainAvatar => one_main_avatar(tables),
    }
}

fn balance_equals_entries(tables: &Tables) -> Found {
    let mut found = Vec::new();
    for (account, sheet) in &tables.sheets {
        let sum = |part: fn(&LedgerEntry) -> i64| entries_of(tables, *account).map(part).sum::<i64>();
        let count = entries_of(tables, *account).count();
        let debt = super::tampering::debt_of(tables, *account);
        let is_so = sheet.available.bonus.get() - debt.bonus == sum(|entry| entry.bonus_delta)
            && sheet.available.paid.get() == sum(|entry| entry.paid_delta)
            && sheet.held.bonus.get() - debt.held_bonus == sum(|entry| entry.held_bonus_delta)
            && sheet.held.paid.get() == sum(|entry| entry.held_paid_delta)
            && usize::try_from(sheet.version) == Ok(count);
        if !is_so {
            found.push((*account, format!("{sheet:?} after {count} entries")));
        }
    }
    found
}

fn held_equals_open_holds(tables: &Tables) -> Found {
    let mut found = Vec::new();
    for (account, sheet) in &tables.sheets {
        let open = tables
            .holds
            .iter()
            .filter(|((owner, _), hold)| owner == account && hold.state == HoldState::Open);
        let (mut bonus, mut paid) = (0, 0);
        for (_, hold) in open {
            bonus += hold.held.bonus.get();
            paid += hold.held.paid.get();
        }
        let debt = super::tampering::debt_of(tables, *account);
        if (sheet.held.bonus.get() - debt.held_bonus, sheet.held.paid.get()) != (bonus, paid) {
            found.push((*account, format!("held {:?}, open holds {bonus} and {paid}", sheet.held)));
        }
    }
    found
}

fn hold_ended_once(tables: &Tables) -> Found {
    let mut found = Vec::new();
    for ((account, id), hold) in &tables.holds {
        let ends = entries_of(tables, *account)
            .filter(|entry| entry.hold == Some(*id))
            .filter(|entry| matches!(entry.kind, EntryKind::Capture | EntryKind::Release));
        let kinds: Vec<EntryKind> = ends.map(|entry| entry.kind).collect();
        let is_so = match hold.state {
            HoldState::Open => kinds.is_empty(),
            HoldState::Captured => kinds == [EntryKind::Capture],
            HoldState::Released => kinds == [EntryKind::Release],
        };
        if !is_so {
            found.push((*account, format!("hold {id} is {:?} and was ended by {kinds:?}", hold.state)));
        }
    }
    found
}

fn failed_costs_nothing(tables: &Tables) -> Found {
    with_hold(tables, |state, hold| state.is_unsuccessful() && hold != Some(HoldState::Released))
}

fn stored_is_paid(tables: &Tables) -> Found {
    let mut found = Vec::new();
    for generation in tables.generations.values() {
        if !matches!(generation.state.name(), StateName::Stored | StateName::Delivered) {
            continue;
        }
        if is_erased(tables, generation.account) {
            continue;
        }
        let items: Vec<_> =
            tables.items.values().filter(|item| item.kept.generation == generation.id).collect();
        let hold = tables.holds.get(&(generation.account, generation.hold)).map(|hold| hold.state);
        // Images that came after the hold's own deadline are free.
        let is_free = items.iter().all(|item| item.kept.price.is_zero());
        let is_paid = hold == Some(HoldState::Captured)
            || (is_free && hold == Some(HoldState::Released))
            || (hold.is_none() && !costs_something(generation));
        if items.is_empty() || !is_paid {
            found.push((
                generation.account,
                format!("generation {}: {} items, hold {hold:?}", generation.id, items.len()),
            ));
        }
    }
    found
}

/// The images of a person who is being erased are gone before the generations that made them.
fn is_erased(tables: &Tables, account: AccountId) -> bool {
    tables.erasures.contains_key(&account)
}

fn capture_equals_prices(tables: &Tables) -> Found {
    let mut found = Vec::new();
    for generation in tables.generations.values() {
        if is_erased(tables, generation.account) {
            continue;
        }
        let items = tables.items.values().filter(|item| item.kept.generation == generation.id);
        let prices: i64 = items.map(|item| item.kept.price.get()).sum();
        let captured = tables.holds.get(&(generation.account, generation.hold)).map_or(0, |hold| {
            let total = |split: balance::Split| split.bonus.get() + split.paid.get();
            total(hold.captured) - total(hold.refunded)
        });
        if prices != captured {
            found.push((
                generation.account,
                format!("generation {}: captured {captured}, prices {prices}", generation.id),
            ));
        }
    }
    found
}

fn under_way_is_held(tables: &Tables) -> Found {
    with_hold(tables, |state, hold| state.is_under_way() && hold != Some(HoldState::Open))
}

/// The free previews of an avatar hold nothing, so that nothing of theirs is captured or released.
fn costs_something(generation: &Generation) -> bool {
    !generation.is_free()
}

fn with_hold(tables: &Tables, is_wrong: impl Fn(StateName, Option<HoldState>) -> bool) -> Found {
    tables
        .generations
        .values()
        .filter(|generation| costs_something(generation))
        .filter_map(|generation| {
            let hold = tables.holds.get(&(generation.account, generation.hold)).map(|hold| hold.state);
            let state = generation.state.name();
            is_wrong(state, hold).then(|| {
                (generation.account, format!("generation {} is {state}, its hold {hold:?}", generation.id))
            })
        })
        .collect()
}

fn unfinished_has_job(tables: &Tables) -> Found {
    let mut found = Vec::new();
    for generation in tables.generations.values() {
        let is_told = matches!(generation.delivery, Delivery::Done { .. });
        if generation.state.name().is_final() && is_told {
            continue;
        }
        let job = JobId::of(JobKind::AdvanceGeneration, generation.id.uuid());
        let state = tables.jobs.get(&(generation.account, job)).map(|row| row.state);
        if !matches!(state, Some(JobState::Ready | JobState::Running)) {
            let detail =
                format!("generation {} is {}, its job {state:?}", generation.id, generation.state.name());
            found.push((generation.account, detail));
        }
    }
    found
}

fn nothing_overdue(tables: &Tables, now: Timestamp) -> Found {
    let before = now.before(Duration::from_hours(1));
    tables
        .generations
        .values()
        .filter(|generation| !generation.state.name().is_final() && generation.deadline < before)
        .map(|generation| (generation.account, format!("generation {} is overdue", generation.id)))
        .collect()
}

fn exhausted_is_buried(tables: &Tables, now: Timestamp) -> Found {
    let before = now.before(Duration::from_hours(1));
    tables
        .jobs
        .iter()
        .filter(|(_, row)| row.state != JobState::Buried)
        .filter(|(_, row)| row.exhausted_at.is_some_and(|at| at < before))
        .map(|((account, job), row)| (*account, format!("job {job} was claimed {} times", row.attempt)))
        .collect()
}

fn buried_has_reason(tables: &Tables) -> Found {
    tables
        .jobs
        .iter()
        .filter(|(_, row)| row.state == JobState::Buried)
        .filter(|(_, row)| row.reason.as_ref().is_none_or(String::is_empty))
        .map(|((account, job), _)| (*account, format!("job {job} was buried without a reason")))
        .collect()
}

fn one_generation_per_intent(tables: &Tables) -> Found {
    let keys =
        tables.generations.values().map(|generation| (generation.account, generation.intent.to_string()));
    repeated(keys)
}

fn one_item_per_slot(tables: &Tables) -> Found {
    let keys = tables.items.values().map(|item| {
        (item.kept.account, format!("slot {} of generation {}", item.kept.slot, item.kept.generation))
    });
    repeated(keys)
}

fn welcome_once(tables: &Tables) -> Found {
    let welcomes = tables.entries.iter().filter(|(_, entry)| entry.key == balance::OperationKey::welcome());
    repeated(welcomes.map(|((account, _), _)| (*account, "welcome".to_owned())))
}

fn repeated(keys: impl Iterator<Item = (AccountId, String)>) -> Found {
    let mut counts: BTreeMap<(AccountId, String), u32> = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    counts
        .into_iter()
        .filter(|(_, count)| *count > 1)
        .map(|((account, detail), _)| (account, detail))
        .collect()
}
