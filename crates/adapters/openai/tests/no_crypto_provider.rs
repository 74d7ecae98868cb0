//! What a program is told that forgot to choose its cryptography. Alone in its process, because that choice is made once
//! for all.

use std::time::Duration;

use openai_adapter::{OpenAi, OpenAiSettings, SetupError};

#[test]
fn a_missing_crypto_provider_is_an_error_and_no_panic() {
    let outcome = OpenAi::new(OpenAiSettings {
        base_url: "https://api.openai.com/v1".to_owned(),
        api_key: "sk-a-test-key".into(),
        moderation_model: "omni-moderation-latest".to_owned(),
        timeout: Duration::from_secs(1),
    });
    assert!(matches!(outcome, Err(SetupError::NoCryptoProvider)));
}
