//! Settings that cannot be used, and what is shown of those that can.

use openai_adapter::{ChatDialect, OpenAi, OpenAiSettings, SetupError};

use crate::setup::settings;

#[test]
fn a_key_that_cannot_be_sent_is_refused_without_showing_it() {
    for key in ["", "sk-with-a\nline-break"] {
        let refusal =
            OpenAi::new(OpenAiSettings { api_key: key.into(), ..settings("https://api.openai.com/v1") })
                .unwrap_err();
        assert!(matches!(refusal, SetupError::Key));
        assert!(!format!("{refusal} {refusal:?}").contains("line-break"));
    }
}

#[test]
fn a_wrong_url_names_itself() {
    let refusal = OpenAi::new(settings("api.openai.com")).unwrap_err();
    assert!(matches!(refusal, SetupError::BaseUrl(_)));
    assert!(refusal.to_string().contains("\"api.openai.com\""), "{refusal}");
}

#[test]
fn the_key_is_never_shown() {
    let settings = settings("https://api.openai.com/v1");
    let shown = format!("{settings:?} {:?}", OpenAi::new(settings.clone()).unwrap());
    assert!(!shown.contains("sk-a-test-key"), "{shown}");
    assert!(shown.contains("https://api.openai.com/v1/moderations"), "{shown}");
}

#[test]
fn a_way_to_talk_to_a_model_has_a_name() {
    assert_eq!("chat-completions".parse(), Ok(ChatDialect::ChatCompletions));
    assert_eq!("responses".parse(), Ok(ChatDialect::Responses));
    let unknown = "completions".parse::<ChatDialect>().unwrap_err().to_string();
    assert!(unknown.contains("\"completions\"") && unknown.contains("chat-completions"), "{unknown}");
}
