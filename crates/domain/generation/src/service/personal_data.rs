//! Requests for images, and for help with words, as parts of what is kept of a person.

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{
    AccountId, ArchiveContent, ArchiveEntry, AvatarId, Cursor, DataKind, Inventory, PageSize, PersonalData,
    PersonalDataError, comma_separated,
};

use super::GenerationService;
use crate::{Generation, HelpRequest, HelpService};

/// The first line of the list of requests for images.
const GENERATIONS_HEAD: &str =
    "id,asked_at_unix_seconds,state,images,shape,seed,avatar,price_of_an_image,description\r\n";
/// The first line of the list of requests for help.
const HELP_HEAD: &str = "id,asked_at_unix_seconds,task,own_words,answer\r\n";

#[async_trait]
impl PersonalData for GenerationService {
    async fn inventory(&self, account: AccountId) -> Result<Inventory, PersonalDataError> {
        Ok(counted(DataKind::Generations, self.ports.reader.count(account).await?))
    }

    /// Every request, also those of which no image came.
    async fn export(&self, account: AccountId) -> Result<Vec<ArchiveEntry>, PersonalDataError> {
        let mut lines = String::new();
        let mut after: Option<Cursor> = None;
        loop {
            let page = self.ports.reader.page(account, after, PageSize::LARGEST).await?;
            page.items.iter().for_each(|generation| lines.push_str(&line_of(generation)));
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(list("requests/images.csv", GENERATIONS_HEAD, &lines)),
            }
        }
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

    /// What was asked and answered. Recordings and photos were only looked at, and are not kept.
    async fn export(&self, account: AccountId) -> Result<Vec<ArchiveEntry>, PersonalDataError> {
        let mut lines = String::new();
        let mut after: Option<Cursor> = None;
        loop {
            let page = self.requests().page(account, after, PageSize::LARGEST).await?;
            page.items.iter().for_each(|request| lines.push_str(&line_of_help(request)));
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(list("requests/help.csv", HELP_HEAD, &lines)),
            }
        }
    }

    async fn erase(&self, account: AccountId) -> Result<(), PersonalDataError> {
        self.requests().erase_all(account).await?;
        Ok(())
    }
}

fn line_of(generation: &Generation) -> String {
    let request = &generation.request;
    comma_separated(&[
        &generation.id.to_string(),
        &generation.created_at.as_seconds().to_string(),
        generation.state.name().as_str(),
        &request.count.get().to_string(),
        request.aspect_ratio.as_str(),
        &request.seed.to_string(),
        &request.likeness.avatar().as_ref().map(AvatarId::to_string).unwrap_or_default(),
        &generation.unit_price.to_string(),
        request.prompt.as_str(),
    ])
}

fn line_of_help(request: &HelpRequest) -> String {
    comma_separated(&[
        &request.id.to_string(),
        &request.created_at.as_seconds().to_string(),
        request.task.name(),
        request.task.own_words(),
        request.state.answer().unwrap_or_default(),
    ])
}

/// A table as a file; none when it has no lines.
fn list(path: &str, head: &str, lines: &str) -> Vec<ArchiveEntry> {
    if lines.is_empty() {
        return Vec::new();
    }
    let content = ArchiveContent::Inline(Bytes::from(format!("{head}{lines}")));
    vec![ArchiveEntry { path: path.to_owned(), content }]
}

fn counted(kind: DataKind, number: u64) -> Inventory {
    (number > 0).then_some((kind, number)).into_iter().collect()
}
