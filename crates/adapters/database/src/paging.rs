//! Pages by key: the rows behind the last one that was seen, newest first.

use kernel::{AccountId, Cursor, PageSize};
use sea_orm::Value;

use crate::statement::values;

/// What a statement about `$1`, an account, needs to give at most `$2` rows: a condition to add, and the values. One row
/// more than the page is asked for says whether there is a next page.
pub(crate) fn older_rows(
    account: AccountId,
    after: Option<Cursor>,
    size: PageSize,
) -> (&'static str, Vec<Value>) {
    let mut values = values![account.uuid(), i64::from(size.get()) + 1];
    let Some(cursor) = after else {
        return ("", values);
    };
    values.push(cursor.id().into());
    ("AND id < $3", values)
}
