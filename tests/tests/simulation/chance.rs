//! Chance out of a seed: the same seed draws the same.

use std::time::Duration;

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// What a source of chance is for. Each has a stream of its own, so that a draw more in one changes no other.
#[derive(Debug, Clone, Copy)]
pub enum Stream {
    /// The scenario.
    Scenario,
    /// The weather.
    Sky,
    /// How Telegram orders and doubles what it gives.
    Telegram,
    /// What providers do.
    Providers,
    /// The order and delay of what comes from outside.
    Outside,
    /// What the trainer does.
    Trainer,
    /// A person.
    Person(u64),
    /// Ids of a node of the program in one of its lives.
    Ids {
        /// The node.
        node: usize,
        /// The life, from 1.
        life: u64,
    },
}

impl Stream {
    fn number(self) -> u64 {
        match self {
            Self::Scenario => 1,
            Self::Sky => 2,
            Self::Telegram => 3,
            Self::Providers => 4,
            Self::Outside => 5,
            Self::Trainer => 6,
            Self::Person(number) => 100 + number,
            Self::Ids { node, life } => 1_000 + life * 10 + u64::try_from(node).expect("a small number"),
        }
    }
}

/// A source of chance.
pub struct Chance(ChaCha8Rng);

impl Chance {
    /// A stream of a seed.
    pub fn of(seed: u64, stream: Stream) -> Self {
        let mut source = ChaCha8Rng::seed_from_u64(seed);
        source.set_stream(stream.number());
        Self(source)
    }

    /// 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Fills `bytes`.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }

    /// A number below `limit`, which is above zero.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.bits() % limit
    }

    /// Whether something happens that happens so many times in a hundred.
    pub fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// Whether something happens that happens so many times in a thousand.
    pub fn permille(&mut self, chance: u64) -> bool {
        chance > 0 && self.below(1000) < chance
    }

    /// A span between two, in whole milliseconds.
    pub fn between(&mut self, least: Duration, most: Duration) -> Duration {
        let millis = u64::try_from((most - least).as_millis()).expect("a short span");
        least + Duration::from_millis(self.below(millis + 1))
    }

    /// One of these.
    pub fn pick<'choices, T>(&mut self, choices: &'choices [T]) -> &'choices T {
        let count = u64::try_from(choices.len()).expect("a short list");
        &choices[usize::try_from(self.below(count)).expect("a place in the list")]
    }

    /// Mixes them.
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            let other = self.below(u64::try_from(last).expect("a short list") + 1);
            things.swap(last, usize::try_from(other).expect("a place in the list"));
        }
    }
}
