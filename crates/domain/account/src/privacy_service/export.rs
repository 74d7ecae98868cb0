//! Handing out files: packed by a job, sent piece by piece, each piece recorded before it is sent.

use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use kernel::{
    AccountId, ArchiveContent, ArchiveEntry, Audience, ClaimedJob, ExportId, Intent, JobKind, Language,
    NewJob, NotifyError, ObjectKey, ObjectStoreError, StoreError, Timestamp,
};
use serde::Serialize;

use super::{PrivacyError, PrivacyService};
use crate::{ExportInserted, ExportRequest, ExportScope, ExportState};

/// A request for a file as it comes from the person.
#[derive(Debug, Clone)]
pub struct NewExport {
    /// Whose.
    pub account: AccountId,
    /// The wish that it answers.
    pub intent: Intent,
    /// What it is to hold.
    pub scope: ExportScope,
    /// The person's language.
    pub language: Language,
    /// Where the person waits.
    pub audience: Audience,
}

#[derive(Serialize)]
struct ExportedProfile<'profile> {
    language: &'profile str,
    time_zone: &'profile str,
    accepted_terms: Option<u32>,
    member_since_unix_seconds: i64,
}

impl PrivacyService {
    /// Takes a request for a file. Asking again for the same wish changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn request_export(&self, new: &NewExport) -> Result<ExportRequest, StoreError> {
        let request = ExportRequest {
            id: ExportId::new(self.ports.ids.uuid()),
            account: new.account,
            intent: new.intent.clone(),
            scope: new.scope.clone(),
            language: new.language,
            state: ExportState::Waiting,
            audience: new.audience,
            // The database sets its own times and version.
            created_at: Timestamp::EPOCH,
            version: 0,
        };
        let mut unit = self.ports.requests.begin().await?;
        let kept = match unit.privacy().insert_export(&request).await? {
            ExportInserted::New(kept) => kept,
            ExportInserted::Existing(earlier) => return Ok(earlier),
        };
        let job = NewJob::now(new.account, JobKind::PackExport, kept.id.uuid());
        unit.jobs().schedule(&job).await?;
        unit.commit().await?;
        self.wake(&job).await;
        Ok(kept)
    }

    /// Packs and sends the file of the job's request.
    ///
    /// # Errors
    /// When it cannot be done now; the job is to be tried again.
    pub async fn pack(&self, job: &ClaimedJob) -> Result<(), PrivacyError> {
        let account = job.claim.account;
        let found = self.ports.requests.export(account, ExportId::new(job.subject)).await?;
        let Some(mut request) = found else {
            return self.finish(job, None).await;
        };
        if request.state == ExportState::Waiting {
            let archive = ObjectKey::export(account, request.id.uuid());
            let packed = self.ports.archiver.pack(&archive, &self.entries(&request).await?).await?;
            tracing::info!(export = %request.id, files = packed.files, bytes = packed.bytes, "a file was packed");
            request.state = ExportState::Packed { archive, bytes: packed.bytes, sent: 0 };
            request = self.keep(job, &request).await?;
        }
        while let ExportState::Packed { archive, bytes, sent } = &request.state {
            let (archive, bytes, sent) = (archive.clone(), *bytes, *sent);
            let parts = u32::try_from(bytes.div_ceil(self.policy.largest_file).max(1)).unwrap_or(u32::MAX);
            if sent >= parts {
                request.state = ExportState::Done;
                break;
            }
            let piece = self.piece(&archive, u64::from(sent)).await?;
            // Recorded before it is sent: nobody gets a piece twice. One that was lost on the way can be asked for again.
            request.state = ExportState::Packed { archive, bytes, sent: sent + 1 };
            request = self.keep(job, &request).await?;
            match self.ports.notifier.send_part(&request, sent + 1, parts, piece).await {
                Ok(()) => {}
                Err(NotifyError::Unreachable) => request.state = ExportState::Done,
                Err(NotifyError::Failed(error)) if error.outcome == kernel::CallOutcome::NotDone => {
                    if let ExportState::Packed { sent, .. } = &mut request.state {
                        *sent -= 1;
                    }
                    self.keep(job, &request).await?;
                    return Err(NotifyError::Failed(error).into());
                }
                Err(error) => {
                    tracing::warn!(export = %request.id, %error, "it is unknown whether a piece was sent");
                }
            }
        }
        self.finish(job, Some(&request)).await?;
        self.drop_archive(&request).await;
        Ok(())
    }

    /// The person has it: it need not lie here any longer. What this cannot remove goes with [`Self::forget_exports`].
    async fn drop_archive(&self, request: &ExportRequest) {
        let archive = ObjectKey::export(request.account, request.id.uuid());
        if let Err(error) = self.ports.objects.delete(&archive).await {
            tracing::warn!(export = %request.id, %error, "a delivered file could not be removed; it goes later");
        }
    }

    /// Removes requests whose time is over, with packed files that were left behind; how many.
    ///
    /// # Errors
    /// When the database or the object store fails.
    pub async fn forget_exports(&self, limit: u16) -> Result<u64, PrivacyError> {
        let mut forgotten = 0;
        for (account, export) in
            self.ports.requests.expired_exports(self.policy.export_retention, limit).await?
        {
            self.ports.objects.delete(&ObjectKey::export(account, export.uuid())).await?;
            forgotten += u64::from(self.ports.requests.forget_export(account, export).await?);
        }
        Ok(forgotten)
    }

    async fn entries(&self, request: &ExportRequest) -> Result<Vec<ArchiveEntry>, PrivacyError> {
        match &request.scope {
            ExportScope::Images { items } => Ok(self.ports.images.files(request.account, items).await?),
            ExportScope::Everything => {
                let mut entries = self.profile(request.account).await?;
                for part in &self.ports.parts {
                    entries.extend(part.export(request.account).await?);
                }
                Ok(entries)
            }
        }
    }

    async fn profile(&self, account: AccountId) -> Result<Vec<ArchiveEntry>, PrivacyError> {
        let Some(account) = self.ports.accounts.get(account).await? else {
            return Ok(Vec::new());
        };
        let exported = ExportedProfile {
            language: account.language.tag(),
            time_zone: account.zone.as_str(),
            accepted_terms: account.accepted_terms.map(|version| version.0),
            member_since_unix_seconds: account.created_at.as_seconds(),
        };
        let bytes = serde_json::to_vec_pretty(&exported).map_err(PrivacyError::Profile)?;
        let content = ArchiveContent::Inline(Bytes::from(bytes));
        Ok(vec![ArchiveEntry { path: "profile.json".to_owned(), content }])
    }

    /// One piece of a packed file, counted from 0; no more than one is held in memory.
    async fn piece(&self, archive: &ObjectKey, number: u64) -> Result<Bytes, PrivacyError> {
        let size = self.policy.largest_file;
        let (start, end) = (number * size, (number + 1) * size);
        let mut opened = self.ports.objects.open(archive).await?.ok_or(PrivacyError::ArchiveMissing)?;
        let mut place = 0;
        let mut piece = BytesMut::new();
        while let Some(bytes) = opened.bytes.next().await {
            let bytes = bytes.map_err(ObjectStoreError::Unavailable)?;
            let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            let from = start.saturating_sub(place).min(length);
            let to = end.saturating_sub(place).min(length);
            let range = usize::try_from(from).unwrap_or(0)..usize::try_from(to).unwrap_or(0);
            piece.extend_from_slice(&bytes[range]);
            place += length;
            if place >= end {
                break;
            }
        }
        Ok(piece.freeze())
    }

    async fn keep(&self, job: &ClaimedJob, request: &ExportRequest) -> Result<ExportRequest, StoreError> {
        let mut unit = self.ports.requests.begin().await?;
        let kept = unit.privacy().update_export(request).await?;
        unit.jobs().confirm(&job.claim).await?;
        unit.commit().await?;
        Ok(kept)
    }

    async fn finish(&self, job: &ClaimedJob, request: Option<&ExportRequest>) -> Result<(), PrivacyError> {
        let mut unit = self.ports.requests.begin().await?;
        if let Some(request) = request {
            unit.privacy().update_export(request).await?;
        }
        unit.jobs().complete(&job.claim).await?;
        Ok(unit.commit().await?)
    }
}
