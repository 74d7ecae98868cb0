//! One test, two databases.

/// Makes two tests of each named async function: one with SQLite, one with PostgreSQL.
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test]
                async fn $test() {
                    super::$test($crate::fixture::Fixture::sqlite().await).await;
                }
            )+
        }

        mod postgres {
            $(
                #[tokio::test]
                async fn $test() {
                    super::$test($crate::fixture::Fixture::postgres().await).await;
                }
            )+
        }
    };
}
pub(crate) use on_both;
