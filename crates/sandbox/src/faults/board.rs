//! The board of fault rules that the servers look at for every call.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};

use super::fault::{Fault, Service, Stage, Times};
use super::holding::{HeldRequest, Holding};

/// A rule to put on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRule {
    /// The service whose calls it concerns.
    pub service: Service,
    /// Text that `METHOD /path?query` must contain, whatever its case, or several of which one suffices, with `|`
    /// between them; without it every call of the service is meant.
    #[serde(default)]
    pub operation: Option<String>,
    /// What goes wrong.
    pub fault: Fault,
    /// For how many calls.
    #[serde(default)]
    pub times: Times,
}

/// Why a rule cannot be obeyed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRule {
    /// The status is none of an error.
    #[error("{0} is not a status from 400 to 599")]
    Status(u16),
    /// The header cannot be sent.
    #[error("the header {0} cannot be sent")]
    Header(String),
    /// The rule would never act.
    #[error("a rule acts at least once")]
    Never,
}

impl NewRule {
    /// Says what is wrong with a rule from outside.
    pub fn check(&self) -> Result<(), InvalidRule> {
        if self.times == Times::Count(0) {
            return Err(InvalidRule::Never);
        }
        let Fault::Status(status) = &self.fault else { return Ok(()) };
        if !(400..=599).contains(&status.code) {
            return Err(InvalidRule::Status(status.code));
        }
        let unsendable = status.headers.iter().find(|(name, value)| {
            HeaderName::try_from(name.as_str()).is_err() || HeaderValue::try_from(value.as_str()).is_err()
        });
        unsendable.map_or(Ok(()), |(name, _)| Err(InvalidRule::Header(name.clone())))
    }
}

/// A rule on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FaultRule {
    /// Its number, for removing it.
    pub id: u64,
    /// The rule.
    #[serde(flatten)]
    pub rule: NewRule,
    /// How many calls have obeyed it.
    pub fired: u32,
}

impl FaultRule {
    fn concerns(&self, service: Service, operation: &str, stage: Stage) -> bool {
        self.rule.service == service
            && self.rule.fault.stage() == stage
            && self
                .rule
                .operation
                .as_ref()
                .is_none_or(|wanted| wanted.split('|').any(|wanted| contains(operation, wanted)))
    }

    fn is_spent(&self) -> bool {
        match self.rule.times {
            Times::Once => self.fired >= 1,
            Times::Count(count) => self.fired >= count,
            Times::Always => false,
        }
    }
}

fn contains(operation: &str, wanted: &str) -> bool {
    operation.to_lowercase().contains(&wanted.to_lowercase())
}

/// A fault that a call must obey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The rule it came from.
    pub rule_id: u64,
    /// What to do.
    pub fault: Fault,
}

/// The rules in force. Clones share one board.
#[derive(Debug, Clone, Default)]
pub struct FaultBoard {
    rules: Arc<Mutex<Rules>>,
    holding: Holding,
}

#[derive(Debug, Default)]
struct Rules {
    queue: Vec<FaultRule>,
    last_id: u64,
}

impl FaultBoard {
    /// Puts a rule behind those that are there, and gives its number.
    pub fn add(&self, rule: NewRule) -> u64 {
        let mut rules = self.rules();
        rules.last_id += 1;
        let id = rules.last_id;
        rules.queue.push(FaultRule { id, rule, fired: 0 });
        id
    }

    /// Puts a rule on the board that acts once for any call of `service`.
    pub fn once(&self, service: Service, fault: Fault) -> u64 {
        self.add(NewRule { service, operation: None, fault, times: Times::Once })
    }

    /// The rules that still act, oldest first.
    pub fn rules_in_force(&self) -> Vec<FaultRule> {
        self.rules().queue.clone()
    }

    /// Takes a rule off the board; says whether it was there.
    pub fn remove(&self, id: u64) -> bool {
        let mut rules = self.rules();
        let before = rules.queue.len();
        rules.queue.retain(|rule| rule.id != id);
        rules.queue.len() < before
    }

    /// Takes all rules off the board. Held requests stay held.
    pub fn clear(&self) {
        self.rules().queue.clear();
    }

    /// The oldest rule of `stage` that concerns this call; it counts as obeyed.
    pub fn take(&self, service: Service, operation: &str, stage: Stage) -> Option<Taken> {
        let mut rules = self.rules();
        let index = rules.queue.iter().position(|rule| rule.concerns(service, operation, stage))?;
        let rule = rules.queue.get_mut(index)?;
        rule.fired += 1;
        let taken = Taken { rule_id: rule.id, fault: rule.rule.fault.clone() };
        if rule.is_spent() {
            rules.queue.remove(index);
        }
        Some(taken)
    }

    /// Keeps the calling task waiting until [`Self::release`].
    pub async fn hold(&self, service: Service, operation: &str) {
        self.holding.wait(HeldRequest { service, operation: operation.to_owned() }).await;
    }

    /// Lets all held requests go; says how many there were.
    pub fn release(&self) -> usize {
        self.holding.release()
    }

    /// The requests that are held now.
    pub fn held(&self) -> Vec<HeldRequest> {
        self.holding.list()
    }

    /// Waits until at least `count` requests are held.
    pub async fn wait_for_held(&self, count: usize) {
        self.holding.wait_for(count).await;
    }

    fn rules(&self) -> MutexGuard<'_, Rules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::faults::StatusFault;

    fn rule(operation: Option<&str>, fault: Fault, times: Times) -> NewRule {
        NewRule { service: Service::Google, operation: operation.map(ToOwned::to_owned), fault, times }
    }

    #[test]
    fn rules_act_in_order_and_as_often_as_said() {
        let board = FaultBoard::default();
        board.add(rule(None, Fault::Garbage, Times::Count(2)));
        board.add(rule(None, Fault::BadKey, Times::Once));
        let faults: Vec<Option<Fault>> = (0..4)
            .map(|_| board.take(Service::Google, "GET /v1/models", Stage::Answer).map(|taken| taken.fault))
            .collect();
        assert_eq!(faults, [Some(Fault::Garbage), Some(Fault::Garbage), Some(Fault::BadKey), None]);
    }

    #[test]
    fn a_rule_concerns_its_service_its_operation_and_its_stage_only() {
        let board = FaultBoard::default();
        board.add(rule(Some("generatecontent"), Fault::Refusal, Times::Always));
        let path = "POST /v1beta/models/x:generateContent";
        assert!(board.take(Service::Fal, path, Stage::Picture).is_none());
        assert!(board.take(Service::Google, "GET /v1beta/models", Stage::Picture).is_none());
        assert!(board.take(Service::Google, path, Stage::Answer).is_none());
        assert!(board.take(Service::Google, path, Stage::Picture).is_some());
        assert_eq!(board.rules_in_force()[0].fired, 1);
        board.clear();
        board.add(rule(Some("/chat|/responses"), Fault::Garbage, Times::Always));
        for (path, is_meant) in
            [("POST /v1/chat", true), ("POST /v1/RESPONSES", true), ("POST /v1/models", false)]
        {
            assert_eq!(board.take(Service::Google, path, Stage::Answer).is_some(), is_meant, "{path}");
        }
    }

    #[test]
    fn rules_that_cannot_be_obeyed_are_refused() {
        let status = |code, header: &str| {
            let headers = [(header.to_owned(), "1".to_owned())].into();
            Fault::Status(StatusFault { code, headers, ..StatusFault::default() })
        };
        assert_eq!(rule(None, status(200, "x"), Times::Once).check(), Err(InvalidRule::Status(200)));
        let refused = Err(InvalidRule::Header("no header".to_owned()));
        assert_eq!(rule(None, status(500, "no header"), Times::Once).check(), refused);
        assert_eq!(rule(None, Fault::Hold, Times::Count(0)).check(), Err(InvalidRule::Never));
        assert_eq!(rule(None, status(500, "x-more"), Times::Once).check(), Ok(()));
    }

    #[tokio::test]
    async fn held_requests_wait_for_the_release() {
        let board = FaultBoard::default();
        let held = tokio::spawn({
            let board = board.clone();
            async move { board.hold(Service::Fal, "POST /fal-ai/flux/dev").await }
        });
        tokio::time::timeout(Duration::from_secs(5), board.wait_for_held(1)).await.unwrap();
        assert_eq!(board.held()[0].operation, "POST /fal-ai/flux/dev");
        assert_eq!(board.release(), 1);
        held.await.unwrap();
        assert!(board.held().is_empty());
    }

    #[tokio::test]
    async fn a_held_request_whose_caller_left_is_no_longer_counted() {
        let board = FaultBoard::default();
        let held = tokio::spawn({
            let board = board.clone();
            async move { board.hold(Service::Fal, "POST /x").await }
        });
        tokio::time::timeout(Duration::from_secs(5), board.wait_for_held(1)).await.unwrap();
        held.abort();
        assert!(held.await.unwrap_err().is_cancelled());
        assert!(board.held().is_empty());
    }
}
