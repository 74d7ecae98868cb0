//! The ledger as a part of what is kept of a person: it stays, under an id that leads to nobody.

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{
    AccountId, ArchiveContent, ArchiveEntry, Cursor, DataKind, FailureClass, Inventory, PageSize,
    PersonalData, PersonalDataError, comma_separated,
};

use crate::{BalanceError, BalanceService, LedgerEntry, Refusal};

/// The first line of the exported history.
const HEAD: &str = "at_unix_seconds,key,kind,bonus,paid,held_bonus,held_paid\r\n";

#[async_trait]
impl PersonalData for BalanceService {
    async fn inventory(&self, account: AccountId) -> Result<Inventory, PersonalDataError> {
        let entries = self.reader.count_entries(account).await?;
        Ok((entries > 0).then_some((DataKind::LedgerEntries, entries)).into_iter().collect())
    }

    async fn export(&self, account: AccountId) -> Result<Vec<ArchiveEntry>, PersonalDataError> {
        let mut lines = HEAD.to_owned();
        let mut after: Option<Cursor> = None;
        loop {
            let page = self.history(account, after, PageSize::LARGEST).await?;
            page.items.iter().for_each(|entry| lines.push_str(&line_of(entry)));
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        let content = ArchiveContent::Inline(Bytes::from(lines));
        Ok(vec![ArchiveEntry { path: "balance/history.csv".to_owned(), content }])
    }

    /// Credits that are still set aside return; entries stay.
    async fn erase(&self, account: AccountId) -> Result<(), PersonalDataError> {
        for hold in self.reader.open_holds(account).await? {
            match self.release(account, hold).await {
                Ok(_) | Err(BalanceError::Refused(Refusal::AlreadyCaptured | Refusal::AlreadyReleased)) => {}
                Err(BalanceError::Store(error)) => return Err(error.into()),
                Err(error) => {
                    return Err(PersonalDataError::Held {
                        class: FailureClass::Bug,
                        detail: error.to_string(),
                    });
                }
            }
        }
        self.forget_cached(account).await;
        Ok(())
    }
}

fn line_of(entry: &LedgerEntry) -> String {
    comma_separated(&[
        &entry.created_at.as_seconds().to_string(),
        entry.key.as_str(),
        entry.kind.as_str(),
        &entry.bonus_delta.to_string(),
        &entry.paid_delta.to_string(),
        &entry.held_bonus_delta.to_string(),
        &entry.held_paid_delta.to_string(),
    ])
}
