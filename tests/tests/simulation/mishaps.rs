//! Deaths and standstills: at which call they come, and whom they take.

use std::collections::BTreeMap;
use std::time::Duration;

use testkit::weather::Fate;

use crate::chance::Chance;
use crate::scenario::Occupation;

/// Whom a death takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toll {
    /// The node that made the call.
    Node,
    /// The whole program.
    Program,
}

/// At which call something happens.
#[derive(Debug, Clone, Copy)]
enum At {
    /// The so many-th call that does something.
    Work(u64),
    /// The so many-th call of a port.
    Port(&'static str, u64),
}

#[derive(Debug, Clone, Copy)]
struct Death {
    at: At,
    fate: Fate,
    toll: Toll,
    /// How often it comes, at one such call after the other.
    times: u32,
}

#[derive(Debug, Clone, Copy)]
struct Standstill {
    at: At,
    span: Duration,
}

/// Calls before or after which a death is most instructive, and about how many there are in a seed.
const INSTRUCTIVE: [(&str, u64); 26] = [
    ("provider.submit", 8),
    ("provider.submit", 3),
    ("provider.poll", 10),
    ("objects.put", 10),
    ("objects.get", 6),
    ("telegram.send_album", 2),
    ("telegram.send_album", 3),
    ("telegram.send_photo", 3),
    ("telegram.edit_into_photo", 3),
    ("telegram.send_message", 30),
    ("telegram.edit_message", 20),
    ("telegram.delete_message", 3),
    ("telegram.answer_press", 10),
    ("units.commit", 60),
    ("units.commit", 30),
    ("units.commit", 15),
    ("units.begin", 40),
    ("jobs.claim", 20),
    ("jobs.complete", 20),
    ("jobs.confirm", 20),
    ("ledger.record", 6),
    ("gallery.keep", 6),
    ("inbox.accept", 15),
    ("inbox.mark_handled", 25),
    ("callbacks.park", 3),
    ("gallery.remember_files", 4),
];

/// The same, where people make avatars.
const INSTRUCTIVE_FOR_AVATARS: [(&str, u64); 18] = [
    ("trainer.submit", 2),
    ("trainer.submit", 1),
    ("trainer.poll", 6),
    ("trainer.open", 2),
    ("trainer.cancel", 1),
    ("objects.put_stream", 3),
    ("objects.put", 30),
    ("objects.delete", 30),
    ("archiver.pack", 2),
    ("lender.lend", 2),
    ("analyst.examine", 15),
    ("analyst.compare", 2),
    ("avatars.update", 15),
    ("avatars.set_photo", 12),
    ("avatars.erase", 1),
    ("avatars.add_photo", 12),
    ("training_callbacks.park", 1),
    ("privacy.update_erasure", 1),
];

/// Calls with the effect of which a standstill is most instructive: what is done when it ends, somebody else has done.
const STANDING: [(&str, u64); 9] = [
    ("units.begin", 30),
    ("provider.submit", 5),
    ("provider.poll", 8),
    ("objects.put", 8),
    ("telegram.send_album", 2),
    ("telegram.send_photo", 2),
    ("telegram.edit_into_photo", 3),
    ("telegram.edit_message", 12),
    ("telegram.send_message", 20),
];

/// What is still to happen to the program.
#[derive(Debug)]
pub struct Mishaps {
    deaths: Vec<Death>,
    standstills: Vec<Standstill>,
    work: u64,
    calls: BTreeMap<&'static str, u64>,
}

/// What happens at a call.
#[derive(Debug, Clone, Copy)]
pub enum Mishap {
    /// A death.
    Death(Fate, Toll),
    /// The node stands still for so long.
    Standstill(Duration),
}

impl Mishaps {
    /// Draws them.
    pub fn draw(chance: &mut Chance, occupation: Occupation) -> Self {
        let count = *chance.pick(&[0, 1, 1, 2, 3, 5]);
        let mut deaths: Vec<Death> = (0..count)
            .map(|_| Death {
                at: Self::draw_instructive(chance, occupation),
                fate: *chance.pick(&[Fate::DiesBefore, Fate::DiesAfter]),
                toll: *chance.pick(&[Toll::Node, Toll::Program]),
                times: 1,
            })
            .collect();
        deaths.extend(Self::draw_plague(chance));
        let count = *chance.pick(&[0, 0, 1, 2]);
        let standstills = (0..count)
            .map(|_| Standstill {
                at: Self::draw_call(chance, &STANDING),
                span: chance.between(Duration::from_secs(10), Duration::from_secs(150)),
            })
            .collect();
        Self { deaths, standstills, work: 0, calls: BTreeMap::new() }
    }

    /// Rarely, a call kills whoever makes it, again and again, so that somebody has to give up at last.
    fn draw_plague(chance: &mut Chance) -> Option<Death> {
        let is_drawn = chance.percent(1);
        let call: &&str = chance.pick(&["objects.get", "jobs.confirm"]);
        let at = At::Port(call, 2 + chance.below(4));
        is_drawn.then_some(Death { at, fate: Fate::DiesBefore, toll: Toll::Node, times: 40 })
    }

    /// Whether a plague is still to come or under way.
    pub fn is_plagued(&self) -> bool {
        self.deaths.iter().any(|death| death.times > 1)
    }

    fn draw_instructive(chance: &mut Chance, occupation: Occupation) -> At {
        match occupation {
            Occupation::Avatars if chance.percent(60) => Self::draw_call(chance, &INSTRUCTIVE_FOR_AVATARS),
            Occupation::Avatars | Occupation::Descriptions => Self::draw_call(chance, &INSTRUCTIVE),
        }
    }

    fn draw_call(chance: &mut Chance, instructive: &[(&'static str, u64)]) -> At {
        if chance.percent(30) {
            return At::Work(1 + chance.below(1_500));
        }
        let (port, about) = *chance.pick(instructive);
        At::Port(port, 1 + chance.below(about))
    }

    /// Counts a call that does something; what happens at it.
    pub fn at(&mut self, port: &'static str) -> Option<Mishap> {
        self.work += 1;
        let calls = self.calls.entry(port).or_default();
        *calls += 1;
        let (work, calls) = (self.work, *calls);
        let is_here = |at: At| match at {
            At::Work(number) => number <= work,
            At::Port(name, number) => name == port && number <= calls,
        };
        if let Some(death) = self.deaths.iter_mut().find(|death| is_here(death.at)) {
            death.times -= 1;
            let mishap = Mishap::Death(death.fate, death.toll);
            self.deaths.retain(|death| death.times > 0);
            return Some(mishap);
        }
        let place = self.standstills.iter().position(|standstill| is_here(standstill.at))?;
        Some(Mishap::Standstill(self.standstills.swap_remove(place).span))
    }
}
