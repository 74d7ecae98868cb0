//! How rough a seed's weather is: how often calls fail or are slow, what is away for a while, and when it all ends.

use std::time::Duration;

use crate::chance::Chance;
use crate::scenario::Occupation;

/// What may fail by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {
    /// The database.
    Database,
    /// The object store.
    Objects,
    /// Wake-ups and conversations.
    Carrier,
    /// The messenger.
    Telegram,
    /// The makers of images, the trainer, the safety check and whoever helps.
    Providers,
}

impl Region {
    const ALL: [Self; 5] = [Self::Database, Self::Objects, Self::Carrier, Self::Telegram, Self::Providers];

    /// Where a port is.
    pub fn of(port: &str) -> Self {
        match port.split('.').next() {
            Some("objects" | "archiver") => Self::Objects,
            Some("queue" | "dialogues") => Self::Carrier,
            Some("telegram") => Self::Telegram,
            Some(
                "provider" | "moderator" | "trainer" | "lender" | "analyst" | "assistant" | "transcriber",
            ) => Self::Providers,
            _ => Self::Database,
        }
    }

    const fn place(self) -> usize {
        match self {
            Self::Database => 0,
            Self::Objects => 1,
            Self::Carrier => 2,
            Self::Telegram => 3,
            Self::Providers => 4,
        }
    }
}

/// How often calls of a region go wrong, of a thousand.
#[derive(Debug, Clone, Copy, Default)]
pub struct Trouble {
    /// They fail.
    pub fails: u64,
    /// They are slow.
    pub slow: u64,
}

/// A region is away for a while.
#[derive(Debug, Clone, Copy)]
struct Outage {
    region: Region,
    from: Duration,
    until: Duration,
}

impl Outage {
    fn draw(chance: &mut Chance, regions: &[Region], span: Duration) -> Self {
        let from = chance.between(Duration::from_secs(10), Duration::from_secs(100));
        Self { region: *chance.pick(regions), from, until: from + span }
    }
}

/// A seed's weather.
#[derive(Debug, Clone)]
pub struct Climate {
    /// When it becomes fair for good.
    pub fair_from: Duration,
    trouble: [Trouble; Region::ALL.len()],
    outages: Vec<Outage>,
}

impl Climate {
    /// Draws a weather.
    pub fn draw(chance: &mut Chance, occupation: Occupation) -> Self {
        let fair_from = match occupation {
            Occupation::Descriptions => chance.between(Duration::from_mins(2), Duration::from_mins(6)),
            // It takes a while until somebody is trained.
            Occupation::Avatars => chance.between(Duration::from_mins(4), Duration::from_mins(12)),
        };
        let trouble = Region::ALL.map(|region| {
            // A unit of work makes ten calls of the database.
            let fails: &[u64] = match region {
                Region::Database => &[0, 0, 1, 4, 12],
                _ => &[0, 0, 5, 30, 100],
            };
            Trouble { fails: *chance.pick(fails), slow: *chance.pick(&[0, 5, 30, 100]) }
        });
        let mut outages: Vec<Outage> = (0..*chance.pick(&[0, 0, 1, 2]))
            .map(|_| {
                let span = chance.between(Duration::from_secs(5), Duration::from_secs(60));
                Outage::draw(chance, &Region::ALL, span)
            })
            .collect();
        if chance.percent(8) {
            // Longer than a job is tried.
            let span = chance.between(Duration::from_secs(340), Duration::from_secs(480));
            outages.push(Outage::draw(chance, &[Region::Objects, Region::Telegram, Region::Database], span));
        }
        let fair_from = outages.iter().map(|outage| outage.until).fold(fair_from, Duration::max);
        Self { fair_from, trouble, outages }
    }

    /// Whether the weather may still be bad.
    pub fn is_rough(&self, now: Duration) -> bool {
        now < self.fair_from
    }

    /// How often calls of a region go wrong now.
    pub fn trouble(&self, region: Region, now: Duration) -> Trouble {
        if self.is_rough(now) { self.trouble[region.place()] } else { Trouble::default() }
    }

    /// Whether a region is away now.
    pub fn is_away(&self, region: Region, now: Duration) -> bool {
        self.outages.iter().any(|outage| outage.region == region && outage.from <= now && now < outage.until)
    }
}
