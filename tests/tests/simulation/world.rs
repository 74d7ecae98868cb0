//! What outlives the program: time, stores, the messenger, the providers, the people.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chat::StyleCatalogue;
use futures::FutureExt as _;
use kernel::{
    AuditReport, Auditor as _, ChatId, Clock, GenerationId, IdSource, Invariant, UpdateId, Violation,
};
use testkit::fakes::database::tables::Tables;
use testkit::fakes::{
    FakeLender, MemoryBalanceCache, MemoryDatabase, MemoryDialogues, MemoryObjects, MemoryProfileCache,
    MemoryQueue, MemoryRateLimiter, MemoryTurns,
};
use testkit::weather::FairWeather;

use crate::agenda::{Agenda, Event};
use crate::chance::{Chance, Stream};
use crate::clock::SimulatedClock;
use crate::coverage::Coverage;
use crate::ids::NodeIds;
use crate::people::Person;
use crate::providers::{Trainings, Works};
use crate::scenario::{Carrier, NODES, Scenario};
use crate::sky::Sky;
use crate::telegram::Telegram;
use crate::trace::Trace;
use crate::watch::Watch;

/// What a program loses when it dies, unless it is kept elsewhere.
#[derive(Clone)]
pub struct Carried {
    /// Wake-ups.
    pub queue: MemoryQueue,
    /// Where conversations stand.
    pub dialogues: MemoryDialogues,
    /// How often people do things.
    pub limiter: MemoryRateLimiter,
    /// When messages may go out.
    pub turns: MemoryTurns,
    /// Balances for display.
    pub balances: MemoryBalanceCache,
    /// Accounts for a minute.
    pub profiles: MemoryProfileCache,
}

impl Carried {
    /// Empty ones.
    pub fn new(clock: &SimulatedClock) -> Self {
        let clock = || Arc::new(clock.clone()) as Arc<dyn Clock>;
        Self {
            queue: MemoryQueue::default(),
            dialogues: MemoryDialogues::new(clock()),
            limiter: MemoryRateLimiter::new(clock()),
            turns: MemoryTurns::new(clock()),
            balances: MemoryBalanceCache::default(),
            profiles: MemoryProfileCache::new(clock()),
        }
    }
}

/// What outlives the program.
pub struct World {
    /// The seed that it is made of.
    pub seed: u64,
    /// What it is about.
    pub scenario: Scenario,
    /// Time.
    pub clock: SimulatedClock,
    /// What happened.
    pub trace: Trace,
    /// What was met.
    pub coverage: Coverage,
    /// The weather.
    pub sky: Sky,
    /// What is going to come from outside.
    pub agenda: Agenda,
    /// The database.
    pub database: MemoryDatabase,
    /// The object store.
    pub objects: MemoryObjects,
    /// What is lent to providers.
    pub lender: FakeLender,
    /// The messenger.
    pub telegram: Telegram,
    /// The providers.
    pub works: Works,
    /// The trainer.
    pub trainings: Trainings,
    /// Styles that people can be drawn in.
    pub styles: Arc<StyleCatalogue>,
    /// An eye on claims and leases.
    pub watch: Watch,
    carried: Mutex<Carried>,
    people: Mutex<Vec<Person>>,
    outside: Mutex<Chance>,
    lives: Mutex<[u64; NODES]>,
    updates: Mutex<Vec<(ChatId, UpdateId)>>,
    gaps: Mutex<BTreeSet<GenerationId>>,
    no_ids: Arc<dyn IdSource>,
    faults: Mutex<Vec<String>>,
}

impl World {
    /// The world of a seed, before anything has happened.
    pub fn of(seed: u64, trace: Trace, clock: SimulatedClock) -> Self {
        let scenario = Scenario::of(seed);
        trace.note(format!("{scenario:?}"));
        let coverage = Coverage::default();
        let sky = Sky::of(seed, scenario.occupation, clock.clone(), trace.clone(), coverage.clone());
        let agenda = Agenda::default();
        let people: Vec<Person> =
            (0..scenario.people).map(|number| Person::of(seed, number, &scenario)).collect();
        for (person, _) in people.iter().enumerate() {
            let time = Duration::from_secs(u64::try_from(person).expect("a few people") * 3);
            agenda.at(time, Event::Act { person });
        }
        for (time, node) in &scenario.stops {
            agenda.at(*time, Event::Stop { node: *node });
        }
        let no_ids: Arc<dyn IdSource> = Arc::new(NodeIds::new(
            Arc::new(clock.clone()),
            Chance::of(seed, Stream::Ids { node: NODES, life: 0 }),
        ));
        let objects = MemoryObjects::default();
        Self {
            seed,
            trace: trace.clone(),
            sky: sky.clone(),
            database: MemoryDatabase::new(Arc::new(clock.clone()), Arc::clone(&no_ids)),
            lender: FakeLender::new(Arc::new(objects.clone()), Arc::new(clock.clone())),
            objects,
            trainings: Trainings::of(seed, clock.clone(), agenda.clone()),
            telegram: Telegram::of(seed, trace),
            works: Works::of(seed, clock.clone(), sky, agenda.clone(), coverage.clone()),
            styles: Arc::new(StyleCatalogue::embedded().expect("the styles that come with the program")),
            watch: Watch::default(),
            carried: Mutex::new(Carried::new(&clock)),
            people: Mutex::new(people),
            outside: Mutex::new(Chance::of(seed, Stream::Outside)),
            lives: Mutex::new([0; NODES]),
            updates: Mutex::default(),
            gaps: Mutex::default(),
            no_ids,
            faults: Mutex::default(),
            scenario,
            clock,
            coverage,
            agenda,
        }
    }

    /// The people.
    pub fn people(&self) -> MutexGuard<'_, Vec<Person>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Chance for what comes from outside.
    pub fn outside(&self) -> MutexGuard<'_, Chance> {
        self.outside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of the life that a node begins.
    pub fn begin_life_of(&self, node: usize) -> u64 {
        let mut lives = self.lives.lock().unwrap_or_else(PoisonError::into_inner);
        lives[node] += 1;
        lives[node]
    }

    /// What a program finds that starts.
    pub fn carried(&self) -> Carried {
        self.carried.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The whole program has died.
    pub fn lose_what_was_carried(&self) {
        if self.scenario.carrier == Carrier::InProcess {
            *self.carried.lock().unwrap_or_else(PoisonError::into_inner) = Carried::new(&self.clock);
        }
    }

    /// The database as a program finds it that starts: nobody else is writing.
    pub fn open_database(&self) -> MemoryDatabase {
        let clock = Arc::new(self.clock.clone());
        self.database.reopened(clock, Arc::clone(&self.no_ids), Arc::new(FairWeather))
    }

    /// A person did something that the program must hear of.
    pub fn note_update(&self, chat: ChatId, update: UpdateId) {
        self.updates.lock().unwrap_or_else(PoisonError::into_inner).push((chat, update));
    }

    /// Everything that the program must have heard of.
    pub fn updates(&self) -> Vec<(ChatId, UpdateId)> {
        self.updates.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the person of a chat ever asked for everything of them to be erased.
    pub fn has_said_farewell(&self, chat: ChatId) -> bool {
        self.people().iter().any(|person| person.room() == chat && person.has_said_farewell())
    }

    /// Somebody died while the images of this generation were being sent.
    pub fn note_gap(&self, generation: GenerationId) {
        self.gaps.lock().unwrap_or_else(PoisonError::into_inner).insert(generation);
    }

    /// Whether somebody died while the images of this generation were being sent.
    pub fn had_a_gap(&self, generation: GenerationId) -> bool {
        self.gaps.lock().unwrap_or_else(PoisonError::into_inner).contains(&generation)
    }

    /// What the database holds.
    pub fn tables(&self) -> Arc<Tables> {
        self.database.committed()
    }

    /// Something is wrong.
    pub fn fault(&self, words: impl Into<String>) {
        let words = words.into();
        self.trace.note(format!("WRONG: {words}"));
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).push(words);
    }

    /// What is wrong so far.
    pub fn faults(&self) -> Vec<String> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks the auditor what is wrong with the database.
    pub fn audit(&self) -> Vec<Violation> {
        let report: AuditReport =
            self.database.audit().now_or_never().expect("an audit waits for nothing").expect("an audit");
        report.violations
    }

    /// Checks what must be true at any moment, whoever has just died and however long nobody was there.
    pub fn audit_at_a_death(&self) {
        for violation in self.audit() {
            let takes_somebody = matches!(
                violation.invariant,
                Invariant::UnderWayIsHeld
                    | Invariant::TrainingIsHeld
                    | Invariant::NothingOverdue
                    | Invariant::ExhaustedIsBuried
            );
            if !takes_somebody {
                self.fault(format!("at a death: {} {}", violation.invariant, violation.detail));
            }
        }
    }
}
