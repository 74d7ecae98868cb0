//! Conformance suites: one module a port, one function a MUST of its contract, under the same name. Each adapter of a
//! port, and its fake, runs the port's whole suite in its own tests.
//!
//! The ports behind a database are tested together: [`database_tests!`](crate::database_tests) makes one test of each
//! MUST out of a function that gives a fresh [`DatabaseSubject`].

#[macro_use]
mod database_suite;
mod auditor_scene;
mod avatars_samples;
mod counted_objects;
mod database_subject;
mod elapse;
mod held;
mod plant;
mod said;
mod samples;

pub mod accounts;
pub mod archiver;
pub mod auditor;
pub mod avatar_notifier;
pub mod avatar_trainer;
pub mod avatars;
pub mod avatars_auditor;
pub mod avatars_callbacks;
pub mod avatars_photos;
pub mod avatars_reader;
pub mod avatars_units;
pub mod balance_cache;
pub mod balances;
pub mod callback_inbox;
pub mod callback_urls;
pub mod dialogue_store;
pub mod exports;
pub mod failure_log;
pub mod file_lender;
pub mod gallery;
pub mod gallery_writer;
pub mod generations;
pub mod help_notifier;
pub mod help_requests;
pub mod id_source;
pub mod image_generator;
pub mod imaging;
pub mod inbox;
pub mod incoming_files;
pub mod invites;
pub mod job_queue;
pub mod jobs;
pub mod leases;
pub mod ledger;
pub mod moderator;
pub mod notifier;
pub mod object_references;
pub mod object_store;
pub mod operator_channel;
pub mod pauses;
pub mod photo_analyst;
pub mod privacy;
pub mod privacy_notifier;
pub mod profile_cache;
pub mod prompt_assistant;
pub mod provider_callbacks;
pub mod rate_limiter;
pub mod refusals;
pub mod secret_digests;
pub mod spending;
pub mod transcriber;
pub mod turns;
pub mod unit_of_work;

pub use database_subject::DatabaseSubject;
pub use elapse::Elapse;
pub use plant::{Plant, Tampering};
