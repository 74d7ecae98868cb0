//! The configuration: defaults, then `aisha.toml`, then the environment; secrets also out of files of their own.
//!
//! One file a section. Whatever is wrong says which setting it is, where its value came from, and what is expected.

mod access;
mod avatar;
mod backup;
mod chat;
mod database;
mod environment;
mod error;
mod fal;
mod gallery;
mod generation;
mod help;
mod imagen;
mod limits;
mod log;
mod metrics;
mod models;
mod objects;
mod openai;
mod operators;
mod reader;
mod redis;
mod setting;
mod sources;
mod spending;
mod telegram;
mod web;
mod worker;

pub use access::AccessSection;
pub use avatar::AvatarSection;
pub use backup::BackupSection;
pub use chat::ChatSection;
pub use database::{DatabaseSection, DatabaseUrl, Migrate};
pub use environment::Environment;
pub use error::ConfigurationError;
pub use fal::FalSection;
pub use gallery::GallerySection;
pub use generation::GenerationSection;
pub use help::HelpSection;
pub use imagen::ImagenSection;
pub use log::{LogFormat, LogSection};
pub use metrics::MetricsSection;
pub use models::ModelsSection;
pub use objects::{ObjectsPlace, ObjectsSection};
pub use openai::OpenAiSection;
pub use operators::OperatorsSection;
pub use redis::RedisSection;
pub use setting::Setting;
pub use sources::Sources;
pub use spending::SpendingSection;
pub use telegram::TelegramSection;
pub use web::WebSection;
pub use worker::WorkerSection;

use reader::Reader;

/// Every setting.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// Telegram.
    pub telegram: TelegramSection,
    /// Conversations.
    pub chat: ChatSection,
    /// Who may come in.
    pub access: AccessSection,
    /// Figures for whoever watches.
    pub metrics: MetricsSection,
    /// The people who run this installation.
    pub operators: OperatorsSection,
    /// The database.
    pub database: DatabaseSection,
    /// The server that several processes share.
    pub redis: RedisSection,
    /// Where bytes are kept.
    pub objects: ObjectsSection,
    /// FAL.
    pub fal: FalSection,
    /// Google.
    pub imagen: ImagenSection,
    /// OpenAI.
    pub openai: OpenAiSection,
    /// The web server.
    pub web: WebSection,
    /// The log.
    pub log: LogSection,
    /// The registry of models.
    pub models: ModelsSection,
    /// How patient generations are.
    pub generation: GenerationSection,
    /// How patient and generous trainings are.
    pub avatar: AvatarSection,
    /// How much may be spent at providers.
    pub spending: SpendingSection,
    /// How much help with words and photos there is.
    pub help: HelpSection,
    /// Kept images.
    pub gallery: GallerySection,
    /// How jobs are run.
    pub worker: WorkerSection,
    /// Backups.
    pub backup: BackupSection,
}

impl Configuration {
    /// Reads and checks every setting.
    ///
    /// # Errors
    /// At the first setting that is wrong, unknown, or does not fit to another.
    pub fn load(sources: &Sources) -> Result<Self, ConfigurationError> {
        let reader = Reader::new(sources)?;
        let spending = SpendingSection::read(&reader)?;
        let mut generation = GenerationSection::read(&reader)?;
        generation.policy.spend_caps = spending.caps;
        let mut avatar = AvatarSection::read(&reader, generation.policy.provider_timeout)?;
        avatar.policy.spend_caps = spending.caps;
        let configuration = Self {
            telegram: TelegramSection::read(&reader)?,
            chat: ChatSection::read(&reader)?,
            access: AccessSection::read(&reader)?,
            metrics: MetricsSection::read(&reader)?,
            operators: OperatorsSection::read(&reader)?,
            database: DatabaseSection::read(&reader)?,
            redis: RedisSection::read(&reader)?,
            objects: ObjectsSection::read(&reader)?,
            fal: FalSection::read(&reader)?,
            imagen: ImagenSection::read(&reader)?,
            openai: OpenAiSection::read(&reader)?,
            web: WebSection::read(&reader)?,
            log: LogSection::read(&reader)?,
            models: ModelsSection::read(&reader)?,
            generation,
            avatar,
            spending,
            help: HelpSection::read(&reader)?,
            gallery: GallerySection::read(&reader)?,
            worker: WorkerSection::read(&reader)?,
            backup: BackupSection::read(&reader)?,
        };
        reader.refuse_unknown()?;
        configuration.generation.check()?;
        configuration.avatar.check()?;
        configuration.worker.check(&configuration.generation)?;
        Ok(configuration)
    }
}

/// The settings of which one must be there for anything to be drawn.
pub(crate) fn provider_keys() -> String {
    format!("{} or {}", imagen::API_KEY, fal::KEY)
}
