//! Stars: checkouts that wait for the bot's word, and charges that can be returned.

use std::collections::BTreeMap;

use tokio::sync::oneshot;

use super::message::{Invoice, Payment};

/// Charges that are remembered.
const MOST_CHARGES: usize = 20_000;

/// The bot's word on a checkout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checkout {
    /// The person may pay.
    Approved,
    /// They may not, and read why.
    Refused(String),
}

/// A payment that was made.
#[derive(Clone, Debug)]
pub struct Charge {
    /// Who paid.
    pub person: i64,
    /// What was paid.
    pub payment: Payment,
    /// Unix seconds.
    pub date: u64,
    /// It was returned.
    pub refunded: bool,
}

/// Why Stars can't be returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundRefusal {
    /// There is no such charge of this person.
    Unknown,
    /// They have their Stars back already.
    AlreadyRefunded,
}

/// All payments of one server.
#[derive(Debug)]
pub struct Payments {
    waiting: BTreeMap<String, oneshot::Sender<Checkout>>,
    charges: BTreeMap<String, Charge>,
    next: u64,
}

impl Payments {
    /// No payment yet; the first bears the number `first`.
    pub const fn new(first: u64) -> Self {
        Self { waiting: BTreeMap::new(), charges: BTreeMap::new(), next: first }
    }

    /// Opens a checkout: its id, and where the bot's word arrives.
    pub fn open_checkout(&mut self) -> (String, oneshot::Receiver<Checkout>) {
        let id = self.number().to_string();
        let (sender, receiver) = oneshot::channel();
        self.waiting.retain(|_, sender| !sender.is_closed());
        self.waiting.insert(id.clone(), sender);
        (id, receiver)
    }

    /// The bot's word on a checkout; false when nobody waits for it.
    pub fn answer(&mut self, id: &str, word: Checkout) -> bool {
        self.waiting.remove(id).is_some_and(|sender| sender.send(word).is_ok())
    }

    /// Books a payment.
    pub fn charge(&mut self, person: i64, invoice: &Invoice, date: u64) -> Payment {
        let charge_id = format!("stx{:016x}", self.number());
        let payment = Payment { payload: invoice.payload.clone(), stars: invoice.stars, charge_id };
        let charge = Charge { person, payment: payment.clone(), date, refunded: false };
        self.charges.insert(payment.charge_id.clone(), charge);
        if self.charges.len() > MOST_CHARGES {
            self.charges.pop_first();
        }
        payment
    }

    /// Returns a payment.
    ///
    /// # Errors
    /// When it is unknown or was returned before.
    pub fn refund(&mut self, person: i64, charge_id: &str) -> Result<Payment, RefundRefusal> {
        let charge = self
            .charges
            .get_mut(charge_id)
            .filter(|charge| charge.person == person)
            .ok_or(RefundRefusal::Unknown)?;
        if charge.refunded {
            return Err(RefundRefusal::AlreadyRefunded);
        }
        charge.refunded = true;
        Ok(charge.payment.clone())
    }

    /// All charges, oldest first.
    pub fn charges(&self) -> impl Iterator<Item = &Charge> {
        self.charges.values()
    }

    /// No payment has this number or a higher one yet.
    pub const fn next(&self) -> u64 {
        self.next + 1
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }
}
