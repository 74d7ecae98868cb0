//! Pauses, and which of them operators have heard of.

use async_trait::async_trait;
use kernel::{Pausable, Pause, PauseCause, PauseNews, Pauses, StoreError};

use crate::Database;
use crate::row::Row;
use crate::statement::{execute, fetch_all, values};

const TABLE: &str = "pauses";

const PAUSE: &str = "
    INSERT INTO pauses (subject, code, detail, since) VALUES ($1, $2, $3, now_micros())
    ON CONFLICT (subject) DO UPDATE SET code = excluded.code, detail = excluded.detail";

/// Operators are told of a cause once an hour.
const TELL: &str = "
    INSERT INTO pause_news (subject, code, told_at) VALUES ($1, $2, now_micros())
    ON CONFLICT (subject, code) DO UPDATE SET told_at = excluded.told_at
    WHERE pause_news.told_at <= excluded.told_at - 3600000000";

const FIRST_NEWS: &str = "
    INSERT INTO pause_news (subject, code, told_at) VALUES ($1, $2, now_micros())
    ON CONFLICT (subject, code) DO NOTHING";

const LIFT: &str = "DELETE FROM pauses WHERE subject = $1";

const ACTIVE: &str = "SELECT subject, code, detail, since FROM pauses";

#[async_trait]
impl Pauses for Database {
    async fn pause(&self, subject: &Pausable, cause: &PauseCause) -> Result<PauseNews, StoreError> {
        let subject = subject.to_string();
        let transaction = self.begin().await?;
        let pause = values![subject.as_str(), cause.code.as_str(), cause.detail.as_str()];
        execute(&transaction, PAUSE, pause).await?;
        let told = execute(&transaction, TELL, values![subject.as_str(), cause.code.as_str()]).await?;
        Database::commit(transaction).await?;
        Ok(if told == 1 { PauseNews::Tell } else { PauseNews::Known })
    }

    async fn lift(&self, subject: &Pausable) -> Result<bool, StoreError> {
        Ok(execute(self.writer(), LIFT, values![subject.to_string()]).await? == 1)
    }

    async fn first_news(&self, subject: &Pausable, code: &str) -> Result<PauseNews, StoreError> {
        let told = execute(self.writer(), FIRST_NEWS, values![subject.to_string(), code]).await?;
        Ok(if told == 1 { PauseNews::Tell } else { PauseNews::Known })
    }

    async fn active(&self) -> Result<Vec<Pause>, StoreError> {
        let rows = fetch_all(self.reader(), TABLE, ACTIVE, values![]).await?;
        let mut pauses = rows.iter().map(Pause::try_from).collect::<Result<Vec<_>, _>>()?;
        pauses.sort_by(|one, other| one.subject.cmp(&other.subject));
        Ok(pauses)
    }
}

impl TryFrom<&Row> for Pause {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            subject: row.parsed("subject")?,
            cause: PauseCause { code: row.get("code")?, detail: row.get("detail")? },
            since: row.time("since")?,
        })
    }
}
