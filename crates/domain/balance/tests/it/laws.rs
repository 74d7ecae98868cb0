//! Laws that hold for any stream of operations: checked against plain sums that know nothing of the rules.

use std::collections::BTreeMap;
use std::time::Duration;

use balance::{BalanceSheet, Hold, HoldChange, HoldState, Operation, Refusal, Split, decide};
use kernel::{Credits, HoldId, Timestamp};
use proptest::prelude::*;
use uuid::Uuid;

/// An operation before it is known which holds there are: holds are picked by number.
#[derive(Debug, Clone, Copy)]
enum Wish {
    GrantBonus(u16),
    GrantPaid(u16),
    Hold(u16),
    Capture(u8, u16),
    Release(u8),
    Refund(u8, u16),
    ClawBack(u16),
}

fn wish() -> impl Strategy<Value = Wish> {
    let amount = || 0_u16..60;
    let hold = || 0_u8..12;
    prop_oneof![
        2 => amount().prop_map(Wish::GrantBonus),
        2 => amount().prop_map(Wish::GrantPaid),
        5 => amount().prop_map(Wish::Hold),
        5 => (hold(), amount()).prop_map(|(hold, amount)| Wish::Capture(hold, amount)),
        2 => hold().prop_map(Wish::Release),
        3 => (hold(), amount()).prop_map(|(hold, amount)| Wish::Refund(hold, amount)),
        1 => amount().prop_map(Wish::ClawBack),
    ]
}

/// Where every credit that was ever given is, in plain numbers, bucket by bucket: bonus, then paid.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Sums {
    given: [i64; 2],
    taken_back: [i64; 2],
    spent: [i64; 2],
}

#[derive(Default)]
struct World {
    sheet: BalanceSheet,
    holds: BTreeMap<HoldId, Hold>,
    sums: Sums,
    recorded: u64,
}

impl World {
    fn operation(&self, wish: Wish) -> Operation {
        let hold = |number: u8| HoldId::new(Uuid::from_u128(u128::from(number)));
        match wish {
            Wish::GrantBonus(amount) => Operation::GrantBonus { amount: Credits::of(amount) },
            Wish::GrantPaid(amount) => Operation::GrantPaid { amount: Credits::of(amount) },
            Wish::Hold(amount) => Operation::Hold {
                hold: HoldId::new(Uuid::from_u128(u128::try_from(self.holds.len()).unwrap())),
                amount: Credits::of(amount),
                time_to_live: Duration::from_mins(1),
            },
            Wish::Capture(number, amount) => {
                Operation::Capture { hold: hold(number), amount: Credits::of(amount) }
            }
            Wish::Release(number) => Operation::Release { hold: hold(number) },
            Wish::Refund(number, amount) => {
                Operation::Refund { hold: hold(number), amount: Credits::of(amount) }
            }
            Wish::ClawBack(amount) => Operation::ClawBack { amount: Credits::of(amount) },
        }
    }

    /// Does what the rules say and keeps the plain sums beside it.
    fn perform(&mut self, operation: &Operation) -> Result<(), Refusal> {
        let named = operation.hold().and_then(|id| self.holds.get(&id).copied());
        let before = self.sheet;
        let change = decide(&self.sheet, operation, named.as_ref())?;
        self.sheet = change.sheet;
        self.recorded += 1;
        match (*operation, change.hold) {
            (Operation::GrantBonus { amount }, None) => self.sums.given[0] += amount.get(),
            (Operation::GrantPaid { amount }, None) => self.sums.given[1] += amount.get(),
            (Operation::ClawBack { amount }, None) => self.sums.taken_back[1] += amount.get(),
            (Operation::Hold { hold, amount, .. }, Some(HoldChange::Opened(held))) => {
                assert_eq!(held.total(), Ok(amount));
                assert!(held.paid.is_zero() || held.bonus == before.available.bonus, "bonus is taken first");
                let opened = Hold {
                    id: hold,
                    held,
                    captured: Split::ZERO,
                    refunded: Split::ZERO,
                    state: HoldState::Open,
                    expires_at: Timestamp::EPOCH,
                };
                self.holds.insert(hold, opened);
            }
            (Operation::Capture { hold, amount }, Some(HoldChange::Captured(spent))) => {
                assert_eq!(spent.total(), Ok(amount));
                self.add_spent(spent, 1);
                let hold = self.open(hold);
                hold.state = HoldState::Captured;
                hold.captured = spent;
                assert!(spent.paid.is_zero() || spent.bonus == hold.held.bonus, "bonus is spent first");
            }
            (Operation::Capture { hold, .. } | Operation::Release { hold }, Some(HoldChange::Released)) => {
                self.open(hold).state = HoldState::Released;
            }
            (Operation::Refund { hold, amount }, Some(HoldChange::Refunded(back))) => {
                assert_eq!(back.total(), Ok(amount));
                self.add_spent(back, -1);
                let hold = self.holds.get_mut(&hold).expect("a hold that was refunded");
                hold.refunded = hold.refunded.plus(back).expect("in range");
                assert!(hold.captured.minus(hold.refunded).is_ok(), "no more comes back than was spent");
            }
            unexpected => panic!("{unexpected:?}"),
        }
        Ok(())
    }

    fn open(&mut self, hold: HoldId) -> &mut Hold {
        let hold = self.holds.get_mut(&hold).expect("a hold that was ended");
        assert_eq!(hold.state, HoldState::Open, "a hold is ended once");
        hold
    }

    fn add_spent(&mut self, split: Split, sign: i64) {
        self.sums.spent[0] += sign * split.bonus.get();
        self.sums.spent[1] += sign * split.paid.get();
    }

    /// Every credit is somewhere: what was given was taken back, is spent, is held or can be spent.
    fn assert_nothing_is_lost(&self) {
        let held = self
            .holds
            .values()
            .filter(|hold| hold.state == HoldState::Open)
            .fold([0, 0], |sum, hold| [sum[0] + hold.held.bonus.get(), sum[1] + hold.held.paid.get()]);
        assert_eq!(
            [self.sheet.held.bonus.get(), self.sheet.held.paid.get()],
            held,
            "what is held is in open holds"
        );
        let available = [self.sheet.available.bonus.get(), self.sheet.available.paid.get()];
        for bucket in 0..2 {
            let sums = &self.sums;
            let elsewhere = sums.taken_back[bucket] + sums.spent[bucket] + held[bucket];
            assert_eq!(available[bucket], sums.given[bucket] - elsewhere, "bucket {bucket} of {sums:?}");
        }
        assert_eq!(self.sheet.version, self.recorded);
        assert_eq!(self.sheet.spendable().get(), available[0] + available[1]);
        assert_eq!(self.sheet.set_aside().get(), held[0] + held[1]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn no_credit_is_made_or_lost(wishes in proptest::collection::vec(wish(), 0..80)) {
        let mut world = World::default();
        for wish in wishes {
            let operation = world.operation(wish);
            let before = (world.sheet, world.sums.clone());
            if world.perform(&operation).is_err() {
                prop_assert_eq!((world.sheet, world.sums.clone()), before, "a refusal changes nothing");
            }
            world.assert_nothing_is_lost();
        }
    }

    #[test]
    fn what_is_missing_is_exactly_what_is_missing(bonus in 0_u16..50, paid in 0_u16..50, amount in 1_u16..200) {
        let available = Split { bonus: Credits::of(bonus), paid: Credits::of(paid) };
        let sheet = BalanceSheet { available, ..BalanceSheet::default() };
        let hold = |amount| Operation::Hold {
            hold: HoldId::new(Uuid::nil()),
            amount,
            time_to_live: Duration::from_mins(1),
        };
        match decide(&sheet, &hold(Credits::of(amount)), None) {
            Ok(_) => prop_assert!(amount <= bonus + paid),
            Err(Refusal::Insufficient { missing }) => {
                prop_assert_eq!(missing.get(), i64::from(amount) - i64::from(bonus + paid));
                let enough = Split { bonus: available.bonus.plus(missing).unwrap(), ..available };
                let sheet = BalanceSheet { available: enough, ..BalanceSheet::default() };
                prop_assert!(decide(&sheet, &hold(Credits::of(amount)), None).is_ok());
            }
            Err(other) => prop_assert!(false, "{other:?}"),
        }
    }
}
