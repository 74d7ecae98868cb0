//! Jobs that erase the bytes of deleted images.

use std::sync::Arc;

use async_trait::async_trait;
use gallery::{GalleryError, GalleryService};
use kernel::{ClaimedJob, FailureReference, StoreError};

use crate::generation_jobs::store_name;
use crate::{JobError, JobHandler};

/// Erases deleted images.
pub struct GalleryJobs {
    service: Arc<GalleryService>,
}

impl GalleryJobs {
    /// A handler over this service.
    pub fn new(service: Arc<GalleryService>) -> Self {
        Self { service }
    }
}

#[async_trait]
impl JobHandler for GalleryJobs {
    async fn run(&self, job: &ClaimedJob) -> Result<(), JobError> {
        self.service.erase(job).await.map_err(|error| match error {
            GalleryError::Store(error) => store_error(&error),
            GalleryError::Objects(error) => JobError::failed(error.class(), "objects", &error),
        })
    }

    async fn give_up(
        &self,
        job: &ClaimedJob,
        reason: &str,
        _reference: &FailureReference,
    ) -> Result<(), JobError> {
        self.service.give_up_erasing(job, reason).await.map_err(|error| store_error(&error))
    }
}

fn store_error(error: &StoreError) -> JobError {
    match error {
        StoreError::Superseded { .. } => JobError::Superseded,
        error => JobError::failed(error.class(), store_name(error), error),
    }
}
