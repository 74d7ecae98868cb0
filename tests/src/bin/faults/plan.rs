//! What goes wrong in a seed, and when.

use std::time::Duration;

use rand::seq::{IndexedRandom as _, SliceRandom as _};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::deck::{self, Stakes};
use crate::mishap::Mishap;

/// The time between two mishaps, on the average.
const BETWEEN: Duration = Duration::from_millis(2_500);

/// Whose images are asked for first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstMaker {
    /// Google, which answers with the images.
    Google,
    /// FAL, which takes the work and calls back.
    Fal,
}

/// What happens in a seed beside the people.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What goes wrong, and how long after the beginning, the earliest first.
    pub mishaps: Vec<(Duration, Mishap)>,
    /// By how many minutes the clock of one process is wrong.
    pub clock_off: i32,
    /// Whose clock is wrong: this number modulo the processes that there are.
    pub off_process: usize,
    /// Whose images are asked for first.
    pub first_maker: FirstMaker,
}

impl Plan {
    /// The plan of a seed in which things go wrong for `span`.
    pub fn of(seed: u64, span: Duration, stakes: Stakes) -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let mut cards = deck::great(stakes);
        let small = deck::small(stakes);
        let wanted = usize::try_from(span.as_millis() / BETWEEN.as_millis()).unwrap_or(usize::MAX).max(1);
        while cards.len() < wanted {
            cards.extend(small.choose(&mut chance).cloned());
        }
        cards.shuffle(&mut chance);
        // What lasts longest comes early, when people are at work and it can be over in time.
        cards.sort_by_key(|card| !matches!(card, Mishap::Freeze { .. }));
        let early = cards.len() / 6;
        cards[..=early].rotate_left(1);
        let apart = span / u32::try_from(cards.len()).unwrap_or(u32::MAX);
        let mishaps = cards
            .into_iter()
            .zip(0_u32..)
            .map(|(card, number)| {
                (apart * number + apart.mul_f64(chance.random::<f64>()), aimed(card, &mut chance))
            })
            .collect();
        Self {
            mishaps,
            clock_off: *[-10, 10].choose(&mut chance).unwrap_or(&10),
            off_process: chance.random_range(0..1_000),
            first_maker: if seed.is_multiple_of(2) { FirstMaker::Google } else { FirstMaker::Fal },
        }
    }
}

/// Chooses whom a mishap meets.
fn aimed(card: Mishap, chance: &mut ChaCha8Rng) -> Mishap {
    let which = chance.random_range(0..1_000);
    match card {
        Mishap::Kill { .. } => Mishap::Kill { which },
        Mishap::Freeze { span, .. } => Mishap::Freeze { which, span },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mishap::Server;
    use crate::options::Pace;

    const ALL: Stakes = Stakes { pace: Pace::Usual, redis: true, objects: true };
    const SPAN: Duration = Duration::from_secs(180);

    #[test]
    fn a_seed_has_one_plan_and_another_seed_another_one() {
        assert_eq!(Plan::of(7, SPAN, ALL), Plan::of(7, SPAN, ALL));
        assert_ne!(Plan::of(7, SPAN, ALL), Plan::of(8, SPAN, ALL));
    }

    #[test]
    fn every_plan_has_the_great_mishaps_in_its_time() {
        for seed in 0..50 {
            let plan = Plan::of(seed, SPAN, ALL);
            for great in [
                Mishap::Restart(Server::Redis),
                Mishap::Stop(Server::Objects, Duration::from_secs(20)),
                Mishap::Flush,
            ] {
                assert!(plan.mishaps.iter().any(|(_, mishap)| *mishap == great), "{great} in {seed}");
            }
            assert!(plan.mishaps.iter().all(|(at, _)| *at <= SPAN));
            assert!(plan.mishaps.is_sorted_by_key(|(at, _)| *at));
        }
    }

    #[test]
    fn what_is_not_there_does_not_go_wrong() {
        let stakes = Stakes { pace: Pace::Short, redis: false, objects: false };
        for seed in 0..50 {
            let plan = Plan::of(seed, SPAN, stakes);
            assert!(plan.mishaps.iter().all(|(_, mishap)| !matches!(
                mishap,
                Mishap::Flush
                    | Mishap::Restart(Server::Redis | Server::Objects)
                    | Mishap::Cut(Server::Redis | Server::Objects)
            )));
        }
    }
}
