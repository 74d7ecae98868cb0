//! Requests for images as a part of what is kept of a person.

use async_trait::async_trait;
use kernel::{AccountId, ArchiveEntry, DataKind, Inventory, PersonalData, PersonalDataError};

use super::GenerationService;
use crate::HelpService;

#[async_trait]
impl PersonalData for GenerationService {
    async fn inventory(&self, account: AccountId) -> Result<Inventory, PersonalDataError> {
        Ok(counted(DataKind::Generations, self.ports.reader.count(account).await?))
    }

    /// The descriptions go with the images that came of them.
    async fn export(&self, _account: AccountId) -> Result<Vec<ArchiveEntry>, PersonalDataError> {
        Ok(Vec::new())
    }

    /// What is set aside for work under way is given back with the balance.
    async fn erase(&self, account: AccountId) -> Result<(), PersonalDataError> {
        self.ports.units.erase_all(account).await?;
        self.ports.objects.delete_prefix(&format!("attempts/{account}/")).await?;
        Ok(())
    }
}

#[async_trait]
impl PersonalData for HelpService {
    async fn inventory(&self, account: AccountId) -> Result<Inventory, PersonalDataError> {
        Ok(counted(DataKind::HelpRequests, self.requests().count(account).await?))
    }

    async fn export(&self, _account: AccountId) -> Result<Vec<ArchiveEntry>, PersonalDataError> {
        Ok(Vec::new())
    }

    async fn erase(&self, account: AccountId) -> Result<(), PersonalDataError> {
        self.requests().erase_all(account).await?;
        Ok(())
    }
}

fn counted(kind: DataKind, number: u64) -> Inventory {
    (number > 0).then_some((kind, number)).into_iter().collect()
}
