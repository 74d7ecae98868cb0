//! The conformance suite of every port, on both databases.

use std::sync::Arc;

use testkit::suites::DatabaseSubject;

use crate::aging::Aging;
use crate::fixture::Fixture;
use crate::tampering::Tamperer;

mod sqlite {
    testkit::database_tests!(crate::conformance::sqlite_subject);
}

mod postgres {
    testkit::database_tests!(crate::conformance::postgres_subject);
}

async fn sqlite_subject() -> DatabaseSubject {
    subject(Fixture::sqlite().await).await
}

async fn postgres_subject() -> DatabaseSubject {
    subject(Fixture::postgres().await).await
}

async fn subject(fixture: Fixture) -> DatabaseSubject {
    let behind = Arc::new(fixture.behind().await);
    let tamperer = Tamperer { database: Arc::clone(&fixture.database), behind: Arc::clone(&behind) };
    DatabaseSubject::new(&fixture.database, Arc::new(Aging(behind)), Arc::new(tamperer)).keeping(fixture)
}
