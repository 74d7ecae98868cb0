//! What a seed is about: who is there, how the program is set up, what befalls it.

use std::time::Duration;

use account::PrivacyPolicy;
use avatar::AvatarPolicy;
use generation::GenerationPolicy;

use crate::chance::{Chance, Stream};

/// In how many seeds of a hundred people make avatars.
const AVATAR_SEEDS: u64 = 35;
/// Processes of the program.
pub const NODES: usize = 2;

/// How updates come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intake {
    /// The program asks for them.
    Polling,
    /// Telegram brings them.
    Webhook,
}

/// What outlives the program of what need not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// Everything is lost with the program, as in one process.
    InProcess,
    /// It is kept elsewhere, as in Redis.
    Elsewhere,
}

/// Which provider is asked first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// The one that answers with the images.
    Inline,
    /// The one that takes its time.
    Queued,
}

/// Whether providers can call back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicAddress {
    /// There is an address.
    Known,
    /// There is none; the program must ask.
    None,
}

/// What people are here for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occupation {
    /// Pictures from descriptions.
    Descriptions,
    /// Pictures of themselves: they make avatars first.
    Avatars,
}

/// What a seed is about.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// How many people there are.
    pub people: u64,
    /// How many things each of them does.
    pub acts: u64,
    /// How updates come in.
    pub intake: Intake,
    /// What outlives the program.
    pub carrier: Carrier,
    /// Which provider is asked first.
    pub first: First,
    /// Whether providers can call back.
    pub public_address: PublicAddress,
    /// How often the program looks around with nothing to do.
    pub look_around: Duration,
    /// How patient generations are.
    pub policy: GenerationPolicy,
    /// How patient trainings are, and how long photos are kept.
    pub avatar_policy: AvatarPolicy,
    /// How long what is packed is kept.
    pub privacy_policy: PrivacyPolicy,
    /// How long a deleted image can be brought back.
    pub undo: Duration,
    /// What people are here for.
    pub occupation: Occupation,
    /// By how many seconds the clock of each node is ahead.
    pub ahead: [i64; NODES],
    /// When which node is told to stop, as for a new release.
    pub stops: Vec<(Duration, usize)>,
    /// When the first model is shut down.
    pub shutdown: Option<Duration>,
    /// For how long nobody is alive after the whole program has died.
    pub longest_downtime: Duration,
}

impl Scenario {
    /// The scenario of a seed.
    pub fn of(seed: u64) -> Self {
        let mut chance = Chance::of(seed, Stream::Scenario);
        let lifetime = Duration::from_mins(*chance.pick(&[3, 3, 4, 6, 15]));
        let provider_timeout = Duration::from_secs(*chance.pick(&[40, 60, 120]));
        let policy = GenerationPolicy {
            lifetime,
            provider_timeout,
            hold_time_to_live: lifetime + provider_timeout + Duration::from_secs(*chance.pick(&[5, 600])),
            max_under_way: 3,
            ..GenerationPolicy::default()
        };
        let occupation =
            if chance.percent(AVATAR_SEEDS) { Occupation::Avatars } else { Occupation::Descriptions };
        let lifetime = Duration::from_mins(*chance.pick(&[3, 5, 9]));
        let copy_timeout = Duration::from_mins(2);
        let avatar_policy = AvatarPolicy {
            lifetime,
            provider_timeout,
            copy_timeout,
            hold_time_to_live: lifetime
                + provider_timeout
                + copy_timeout
                + Duration::from_secs(*chance.pick(&[5, 600])),
            // Short, so that what is forgotten in days is forgotten before everything is at rest.
            photo_retention: Duration::from_mins(2),
            draft_retention: Duration::from_mins(6),
            max_under_way: 3,
            ..AvatarPolicy::default()
        };
        let privacy_policy = PrivacyPolicy { settling: Duration::from_mins(5), ..PrivacyPolicy::default() };
        let mut ahead = [0; NODES];
        for seconds in &mut ahead {
            *seconds = *chance.pick(&[0, 0, -600, -7, 11, 600]);
        }
        let stops = (0..*chance.pick(&[0, 0, 1, 3]))
            .map(|_| (chance.between(Duration::ZERO, Duration::from_mins(5)), *chance.pick(&[0, 1])))
            .collect();
        // What takes long is looked at less often, so that a seed takes no longer.
        let look_around: &[u64] = match occupation {
            Occupation::Descriptions => &[1, 4],
            Occupation::Avatars => &[4],
        };
        let (people, acts) = match occupation {
            Occupation::Descriptions => (3 + chance.below(3), 10 + chance.below(8)),
            Occupation::Avatars => (1 + chance.below(2), 44 + chance.below(16)),
        };
        Self {
            people,
            acts,
            intake: *chance.pick(&[Intake::Polling, Intake::Polling, Intake::Webhook]),
            carrier: *chance.pick(&[Carrier::InProcess, Carrier::Elsewhere]),
            first: *chance.pick(&[First::Inline, First::Queued]),
            public_address: *chance.pick(&[
                PublicAddress::Known,
                PublicAddress::Known,
                PublicAddress::Known,
                PublicAddress::None,
            ]),
            look_around: Duration::from_secs(*chance.pick(look_around)),
            policy,
            avatar_policy,
            privacy_policy,
            undo: Duration::from_secs(*chance.pick(&[30, 120])),
            occupation,
            ahead,
            stops,
            shutdown: chance
                .percent(20)
                .then(|| chance.between(Duration::from_mins(1), Duration::from_mins(5))),
            longest_downtime: Duration::from_secs(*chance.pick(&[1, 10, 10, 60, 60, 300, 3000])),
        }
    }
}
