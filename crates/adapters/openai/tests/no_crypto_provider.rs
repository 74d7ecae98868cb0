//! What a program is told that forgot to choose its cryptography. Alone in its process, because that choice is made once
//! for all.

use openai_adapter::{OpenAi, OpenAiSettings, SetupError};

#[test]
fn a_missing_crypto_provider_is_an_error_and_no_panic() {
    let outcome = OpenAi::new(OpenAiSettings::new("sk-a-test-key".into()));
    assert!(matches!(outcome, Err(SetupError::NoCryptoProvider)));
}
