//! FAL: the queue, its webhooks, the synchronous API and file storage, for endpoints that make pictures (from words,
//! from photos, with trained weights) and for trainers.
//!
//! One router stands for FAL's hosts: `queue.fal.run`, `rest.fal.ai` and `v3.fal.media` at the root, and
//! `fal.run` under the prefix `/fal.run`. The key is any that does not contain `bad`.

mod account;
mod archive;
mod assignment;
mod content;
mod driving;
mod endpoint;
mod engine;
mod errors;
mod fetch;
mod fields;
mod files;
mod input;
mod ledger;
mod lifecycle;
mod loras;
mod multipart;
mod output;
mod queue;
mod signature;
mod storage;
mod stream;
mod sync;
mod trainer;
mod training;
mod uploads;
mod webhook;
mod weights;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post, put};
use tokio::sync::Semaphore;

pub(super) use driving::router as driving_router;
pub use files::{FalFiles, HeldFile, Origin};
pub use lifecycle::Readers;
pub use signature::{Signed, WebhookSigner};

use super::Common;
use crate::faults::{Gate, Service, gate};
use ledger::Ledger;
use uploads::Uploads;

/// Largest request body, bytes: uploads of training archives.
const LARGEST_BODY: usize = 200 * 1024 * 1024;

/// What FAL's server remembers.
struct Server {
    common: Common,
    /// Its own address, without a slash at the end; absolute URLs in answers begin with it.
    base_url: String,
    ledger: Ledger,
    files: FalFiles,
    uploads: Uploads,
    signer: WebhookSigner,
    /// Requests that may be worked on at the same time.
    runners: Arc<Semaphore>,
}

type Fal = Arc<Server>;

/// FAL's server. `base_url` is where it can be reached, such as `http://127.0.0.1:4010`.
pub fn router(common: Common, base_url: &str) -> Router {
    let entrance = Gate {
        service: Service::Fal,
        journal: common.journal.clone(),
        faults: common.faults.clone(),
        tell: errors::tell,
    };
    let runners = usize::from(common.settings.current().fal_concurrency.max(1));
    let server = Arc::new(Server {
        base_url: base_url.trim_end_matches('/').to_owned(),
        ledger: Ledger::default(),
        files: common.fal_files.clone(),
        uploads: Uploads::default(),
        signer: WebhookSigner::new(common.identities.bytes(), common.identities.hex(20)),
        runners: Arc::new(Semaphore::new(runners)),
        common,
    });
    Router::new()
        .route("/.well-known/jwks.json", get(webhook::key_set))
        .route("/storage/upload/initiate", post(storage::initiate))
        .route("/storage/auth/token", post(storage::token))
        .route("/storage/upload/initiate-multipart", post(multipart::initiate))
        .route("/upload/{folder}/{name}", put(storage::put))
        .route("/upload/{folder}/{name}/complete", post(multipart::complete))
        .route("/upload/{folder}/{name}/{part}", put(multipart::put_part))
        .route("/files/upload", post(storage::upload))
        .route("/files/upload/multipart", post(multipart::begin))
        .route("/files/{folder}/{name}", get(storage::download))
        .route("/files/{folder}/{name}/multipart/{upload}/complete", post(multipart::complete_with_token))
        .route("/files/{folder}/{name}/multipart/{upload}/{part}", put(multipart::put_token_part))
        .route("/fal.run/{*endpoint}", post(sync::run))
        .fallback(queue::answer)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(Arc::clone(&server))
        .layer(from_fn_with_state(entrance, gate))
        // Around the gate, so that the answers of faults have the header too.
        .layer(from_fn_with_state(server, account::name_request))
}
