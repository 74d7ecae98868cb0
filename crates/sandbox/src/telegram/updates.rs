//! Updates that wait for the bot: confirmed by offset when it polls, by a 2xx when it has a webhook.

use std::collections::{BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Updates that wait at most; the oldest go, as Telegram drops those older than a day.
const MOST_WAITING: usize = 100_000;

/// Kinds that a bot gets only when it names them.
const ON_REQUEST: [&str; 4] =
    ["chat_member", "message_reaction", "message_reaction_count", "business_message"];

/// How deliveries go wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeliveryFaults {
    /// Every update arrives twice.
    pub twice: bool,
    /// Updates arrive in another order.
    pub shuffled: bool,
}

/// An update that waits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Waiting {
    /// Its number.
    pub update_id: i64,
    /// The chat that it is about; a webhook gets those of one chat one after the other.
    pub chat_id: i64,
    /// The whole `Update` object.
    pub update: Value,
}

/// The updates that wait, oldest first.
#[derive(Debug)]
pub struct UpdateQueue {
    next_id: i64,
    waiting: VecDeque<Waiting>,
    /// Updates that were confirmed and come once more, since a fault says so.
    repeats: VecDeque<Waiting>,
    allowed: Option<BTreeSet<String>>,
    chance: Chance,
    /// How deliveries go wrong.
    pub faults: DeliveryFaults,
}

impl UpdateQueue {
    /// A queue whose first update bears the number `first`.
    pub fn new(first: i64) -> Self {
        Self {
            next_id: first,
            waiting: VecDeque::new(),
            repeats: VecDeque::new(),
            allowed: None,
            chance: Chance { state: 7 },
            faults: DeliveryFaults::default(),
        }
    }

    /// Adds an update of `kind` unless the bot does not want this kind.
    pub fn add(&mut self, chat_id: i64, kind: &str, content: Value) {
        let is_wanted = match &self.allowed {
            Some(allowed) => allowed.contains(kind),
            None => !ON_REQUEST.contains(&kind),
        };
        if !is_wanted {
            return;
        }
        let update_id = self.next_id;
        self.next_id += 1;
        let mut update = json!({ "update_id": update_id });
        update[kind] = content;
        self.waiting.push_back(Waiting { update_id, chat_id, update });
        if self.waiting.len() > MOST_WAITING {
            self.waiting.pop_front();
        }
    }

    /// The kinds that the bot wants from now on; an empty list asks for all usual ones.
    pub fn allow(&mut self, kinds: Vec<String>) {
        self.allowed = (!kinds.is_empty()).then(|| kinds.into_iter().collect());
    }

    /// The kinds that the bot asked for; none when it did not choose.
    pub fn allowed(&self) -> Option<Vec<&str>> {
        self.allowed.as_ref().map(|kinds| kinds.iter().map(String::as_str).collect())
    }

    /// Confirms every update below `offset`. A negative offset keeps only so many of the latest.
    pub fn confirm(&mut self, offset: i64) {
        let confirmed = match usize::try_from(offset.unsigned_abs()) {
            Ok(kept) if offset < 0 => self.waiting.len().saturating_sub(kept),
            _ => self.waiting.iter().take_while(|waiting| waiting.update_id < offset).count(),
        };
        let confirmed = self.waiting.drain(..confirmed);
        if self.faults.twice {
            self.repeats.extend(confirmed);
        }
    }

    /// The next updates for a bot that polls, at most `limit`.
    pub fn batch(&mut self, limit: usize) -> Vec<Value> {
        let repeated = self.repeats.len().min(limit);
        let mut batch: Vec<Value> = self.repeats.drain(..repeated).map(|waiting| waiting.update).collect();
        let fresh = self.waiting.iter().take(limit - repeated);
        batch.extend(fresh.map(|waiting| waiting.update.clone()));
        if self.faults.shuffled {
            self.chance.shuffle(&mut batch);
        }
        batch
    }

    /// The update to hand to the webhook next, which leaves the queue. `busy` chats wait, unless order is lost
    /// anyway.
    pub fn take_for_webhook(&mut self, busy: &BTreeSet<i64>) -> Option<Waiting> {
        let index = if self.faults.shuffled {
            self.chance.index(self.waiting.len())?
        } else {
            self.waiting.iter().position(|waiting| !busy.contains(&waiting.chat_id))?
        };
        self.waiting.remove(index)
    }

    /// Puts an update back that the webhook did not take.
    pub fn put_back(&mut self, waiting: Waiting) {
        let index = self.waiting.partition_point(|other| other.update_id < waiting.update_id);
        self.waiting.insert(index, waiting);
    }

    /// The updates that wait, oldest first.
    pub fn waiting(&self) -> impl Iterator<Item = &Waiting> {
        self.waiting.iter()
    }

    /// Count of updates that wait.
    pub fn count(&self) -> usize {
        self.waiting.len() + self.repeats.len()
    }

    /// Forgets what waits.
    pub fn drop_waiting(&mut self) {
        self.waiting.clear();
        self.repeats.clear();
    }

    /// The number of the next update.
    pub const fn next_id(&self) -> i64 {
        self.next_id
    }
}

/// Chooses which update comes next when order is lost: SplitMix64, so that a run can be repeated.
#[derive(Debug)]
struct Chance {
    state: u64,
}

impl Chance {
    const fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// An index below `length`; none when there is no such.
    fn index(&mut self, length: usize) -> Option<usize> {
        let length = u64::try_from(length).ok().filter(|length| *length > 0)?;
        usize::try_from(self.next() % length).ok()
    }

    fn shuffle(&mut self, batch: &mut [Value]) {
        for last in (1..batch.len()).rev() {
            if let Some(other) = self.index(last + 1) {
                batch.swap(last, other);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(batch: &[Value]) -> Vec<i64> {
        batch.iter().filter_map(|update| update["update_id"].as_i64()).collect()
    }

    fn queue_of(count: i64) -> UpdateQueue {
        let mut queue = UpdateQueue::new(10);
        for chat in 0..count {
            queue.add(chat, "message", json!({}));
        }
        queue
    }

    #[test]
    fn an_offset_confirms_what_is_below_it() {
        let mut queue = queue_of(5);
        assert_eq!(ids(&queue.batch(2)), vec![10, 11]);
        assert_eq!(ids(&queue.batch(2)), vec![10, 11]);
        queue.confirm(12);
        assert_eq!(ids(&queue.batch(100)), vec![12, 13, 14]);
        queue.confirm(-1);
        assert_eq!(ids(&queue.batch(100)), vec![14]);
    }

    #[test]
    fn a_bot_gets_the_kinds_it_asked_for() {
        let mut queue = UpdateQueue::new(1);
        queue.allow(vec!["callback_query".to_owned()]);
        queue.add(1, "message", json!({}));
        queue.add(1, "callback_query", json!({}));
        assert_eq!(queue.count(), 1);
        queue.allow(Vec::new());
        queue.add(1, "chat_member", json!({}));
        queue.add(1, "message", json!({}));
        assert_eq!(queue.count(), 2);
    }

    #[test]
    fn doubled_updates_come_again_after_they_were_confirmed() {
        let mut queue = queue_of(2);
        queue.faults.twice = true;
        queue.confirm(12);
        assert_eq!(ids(&queue.batch(100)), vec![10, 11]);
        queue.confirm(12);
        assert!(queue.batch(100).is_empty());
    }

    #[test]
    fn shuffled_updates_are_all_there() {
        let mut queue = queue_of(50);
        queue.faults.shuffled = true;
        let mut batch = ids(&queue.batch(100));
        assert_ne!(batch, (10..60).collect::<Vec<_>>());
        batch.sort_unstable();
        assert_eq!(batch, (10..60).collect::<Vec<_>>());
    }

    #[test]
    fn the_webhook_gets_one_update_of_a_chat_at_a_time() {
        let mut queue = UpdateQueue::new(1);
        for chat in [7, 7, 8] {
            queue.add(chat, "message", json!({}));
        }
        let first = queue.take_for_webhook(&BTreeSet::new()).unwrap();
        assert_eq!(first.update_id, 1);
        let busy = BTreeSet::from([7]);
        assert_eq!(queue.take_for_webhook(&busy).unwrap().update_id, 3);
        assert!(queue.take_for_webhook(&busy).is_none());
        queue.put_back(first);
        assert_eq!(queue.take_for_webhook(&BTreeSet::new()).unwrap().update_id, 1);
    }
}
