//! What OpenAI's findings mean.

use kernel::UnsafeCategory::{Harassment, Hate, Illicit, Other, SelfHarm, Sexual, SexualMinors, Violence};
use kernel::{ModerationVerdict, Moderator, UnsafeCategory};
use testkit::servers::HttpServer;

use crate::setup::{answer, client};

async fn verdict(results: &str) -> ModerationVerdict {
    let body = format!(r#"{{"id":"modr-1","model":"omni-moderation-latest","results":{results}}}"#);
    let server = HttpServer::always(answer(200, &body)).await;
    client(server.address()).review("some words").await.unwrap()
}

#[tokio::test]
async fn each_category_has_its_meaning() {
    let cases: [(&str, UnsafeCategory); 14] = [
        ("harassment", Harassment),
        ("harassment/threatening", Harassment),
        ("hate", Hate),
        ("hate/threatening", Hate),
        ("illicit", Illicit),
        ("illicit/violent", Illicit),
        ("self-harm", SelfHarm),
        ("self-harm/intent", SelfHarm),
        ("self-harm/instructions", SelfHarm),
        ("sexual", Sexual),
        ("sexual/minors", SexualMinors),
        ("violence", Violence),
        ("violence/graphic", Violence),
        ("a-category/of-tomorrow", Other),
    ];
    for (name, category) in cases {
        let results = format!(
            r#"[{{"flagged":true,"categories":{{"{name}":true,"unknown/here":null,"unmet/here":false}}}}]"#
        );
        assert_eq!(verdict(&results).await, ModerationVerdict::Flagged(vec![category]), "{name}");
    }
}

#[tokio::test]
async fn an_objection_counts_wherever_it_is_made() {
    for (results, expected) in [
        (r#"[{"flagged":true}]"#, vec![Other]),
        (r#"[{"flagged":true,"categories":{"hate":false}}]"#, vec![Other]),
        (r#"[{"flagged":false,"categories":{"sexual/minors":true}}]"#, vec![SexualMinors]),
        (
            r#"[{"flagged":false,"categories":{}},{"flagged":true,"categories":{"violence":true,"hate":true}}]"#,
            vec![Hate, Violence],
        ),
    ] {
        assert_eq!(verdict(results).await, ModerationVerdict::Flagged(expected), "{results}");
    }
}

#[tokio::test]
async fn no_objection_is_allowed() {
    let results =
        r#"[{"flagged":false,"categories":{"hate":false,"illicit":null},"category_scores":{"hate":0.1}}]"#;
    assert_eq!(verdict(results).await, ModerationVerdict::Allowed);
}
