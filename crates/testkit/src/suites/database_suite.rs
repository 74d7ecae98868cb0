//! How a suite of the database's ports becomes tests: one for each MUST, under its name.

/// Lists the tests of a suite once. Out of the list come `all`, which runs them one after the other, and a macro for
/// other crates that makes a test of each.
macro_rules! database_suite {
    ($dollar:tt $suite:ident as $tests:ident: $($test:ident),+ $(,)?) => {
        /// Runs every test, each on a database of its own.
        pub async fn all(factory: impl AsyncFn() -> $crate::suites::DatabaseSubject) {
            $($test(&factory().await).await;)+
        }

        /// Makes a test of each MUST of the suite. `factory` is the path of an async function that gives a fresh
        /// database.
        #[macro_export]
        macro_rules! $tests {
            ($dollar factory:path) => {
                $(
                    #[tokio::test]
                    async fn $test() {
                        let subject = $dollar factory().await;
                        $crate::suites::$suite::$test(&subject).await;
                    }
                )+
            };
        }
    };
}

/// Makes a test of each MUST of every port that a database stands behind. `factory` is the path, from the root of the
/// crate, of an async function that gives a fresh [`DatabaseSubject`](crate::suites::DatabaseSubject):
/// `testkit::database_tests!(crate::sqlite::subject);`
#[macro_export]
macro_rules! database_tests {
    ($factory:path) => {
        mod accounts {
            $crate::accounts_tests!($factory);
        }
        mod auditor {
            $crate::auditor_tests!($factory);
        }
        mod balances {
            $crate::balances_tests!($factory);
        }
        mod avatars {
            $crate::avatars_tests!($factory);
        }
        mod avatars_auditor {
            $crate::avatars_auditor_tests!($factory);
        }
        mod avatars_callbacks {
            $crate::avatars_callbacks_tests!($factory);
        }
        mod avatars_photos {
            $crate::avatars_photos_tests!($factory);
        }
        mod avatars_reader {
            $crate::avatars_reader_tests!($factory);
        }
        mod avatars_units {
            $crate::avatars_units_tests!($factory);
        }
        mod callback_inbox {
            $crate::callback_inbox_tests!($factory);
        }
        mod exports {
            $crate::exports_tests!($factory);
        }
        mod failure_log {
            $crate::failure_log_tests!($factory);
        }
        mod gallery {
            $crate::gallery_tests!($factory);
        }
        mod gallery_writer {
            $crate::gallery_writer_tests!($factory);
        }
        mod generations {
            $crate::generations_tests!($factory);
        }
        mod help_requests {
            $crate::help_requests_tests!($factory);
        }
        mod inbox {
            $crate::inbox_tests!($factory);
        }
        mod invites {
            $crate::invites_tests!($factory);
        }
        mod jobs {
            $crate::jobs_tests!($factory);
        }
        mod leases {
            $crate::leases_tests!($factory);
        }
        mod ledger {
            $crate::ledger_tests!($factory);
        }
        mod object_references {
            $crate::object_references_tests!($factory);
        }
        mod pauses {
            $crate::pauses_tests!($factory);
        }
        mod privacy {
            $crate::privacy_tests!($factory);
        }
        mod refusals {
            $crate::refusals_tests!($factory);
        }
        mod spending {
            $crate::spending_tests!($factory);
        }
        mod unit_of_work {
            $crate::unit_of_work_tests!($factory);
        }
    };
}
