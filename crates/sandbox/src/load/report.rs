//! The figures.

use std::time::Duration;

use serde::{Serialize, Serializer};

use super::spread::{Spread, milliseconds};

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// `release`, or `debug`, whose figures mean little.
    pub(super) build: &'static str,
    /// Processors of the machine, which the bot and the sandbox share.
    pub(super) processors: usize,
    /// How many people wrote at the same time.
    pub(super) people: usize,
    /// How long each command was written, in seconds.
    pub(super) seconds: u64,
    /// With limits lifted, then with the defaults.
    pub(super) loops: Vec<LoopsFigures>,
    /// The bot's memory.
    pub(super) memory: MemoryFigures,
    /// The mean size of the provider's images, in bytes.
    pub(super) image_bytes: usize,
    /// From the provider's answer to our send.
    pub(super) deliveries: Vec<DeliveryFigures>,
    /// From the start of the process to the first answered update.
    pub(super) start_up: StartUpFigures,
    /// What `bot audit` said at the end.
    pub(super) audit: String,
}

/// Loops under one configuration.
#[derive(Debug, Serialize)]
pub(super) struct LoopsFigures {
    /// What is set differently from the defaults.
    pub(super) settings: Vec<String>,
    /// One for each command.
    pub(super) commands: Vec<LoopFigures>,
}

/// What came of a closed loop.
#[derive(Debug, Serialize)]
pub(super) struct LoopFigures {
    /// What was written.
    pub(super) command: &'static str,
    /// How many were answered.
    pub(super) updates: u32,
    /// How many were not answered in time.
    pub(super) unanswered: u32,
    /// Answered updates per second.
    pub(super) updates_per_second: f64,
    /// The bot's processor time for each.
    #[serde(rename = "bot_cpu_ms_per_update", serialize_with = "in_milliseconds")]
    pub(super) bot_processor_time: Duration,
    /// The processor time of the sandbox and of the people for each.
    #[serde(rename = "sandbox_cpu_ms_per_update", serialize_with = "in_milliseconds")]
    pub(super) sandbox_processor_time: Duration,
    /// From writing to the answer.
    pub(super) answer: Spread,
    /// The most memory that the bot had in use meanwhile, in bytes.
    #[serde(rename = "peak_memory_bytes")]
    pub(super) peak_memory: u64,
}

/// The bot's memory.
#[derive(Debug, Serialize)]
pub(super) struct MemoryFigures {
    /// Soon after the start, with nothing to do, in bytes.
    #[serde(rename = "idle_bytes")]
    pub(super) idle: u64,
    /// With nothing to do after all loops and albums, in bytes.
    #[serde(rename = "idle_after_load_bytes")]
    pub(super) idle_after_load: u64,
    /// With very many generations under way.
    pub(super) in_flight: InFlightFigures,
}

/// Memory with very many generations under way.
#[derive(Debug, Serialize)]
pub(super) struct InFlightFigures {
    /// How many.
    pub(super) generations: usize,
    /// How many of them wait for the provider's answer; the others wait for a free worker.
    pub(super) at_provider: usize,
    /// While the provider keeps all of them waiting, in bytes.
    #[serde(rename = "memory_bytes")]
    pub(super) memory: u64,
    /// The most while they are stored and delivered, in bytes.
    #[serde(rename = "peak_memory_bytes")]
    pub(super) peak_memory: u64,
    /// From the provider's first answer to the last delivered image.
    pub(super) delivered_in_seconds: f64,
}

/// From the provider's answer to our send.
#[derive(Debug, Serialize)]
pub(super) struct DeliveryFigures {
    /// Generations under way at the same time.
    pub(super) in_flight: usize,
    /// Images of each.
    pub(super) images: u8,
    /// From the provider's last answer to the arrival of the album's request at Telegram.
    pub(super) answer_to_send: Spread,
    /// How many people did not get an album: less than all images came, or they were pointed to the gallery.
    pub(super) not_as_album: u32,
    /// The bot's processor time for each album.
    #[serde(rename = "bot_cpu_ms_per_album", serialize_with = "in_milliseconds")]
    pub(super) bot_processor_time: Duration,
    /// The processor time of the sandbox and of the people for each album.
    #[serde(rename = "sandbox_cpu_ms_per_album", serialize_with = "in_milliseconds")]
    pub(super) sandbox_processor_time: Duration,
}

/// From the start of the process to the first answered update.
#[derive(Debug, Serialize)]
pub(super) struct StartUpFigures {
    /// With a database that is made first.
    #[serde(rename = "new_database_ms", serialize_with = "in_milliseconds")]
    pub(super) new_database: Duration,
    /// With one that is there.
    pub(super) again: Spread,
}

fn in_milliseconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(milliseconds(*time))
}
