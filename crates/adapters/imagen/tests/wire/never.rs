//! What a provider that answers at once never has.

use generation::{CallbackSupport, ImageGenerator, ModelId, ProviderHandle};
use kernel::{CallOutcome, FailureClass, ProviderEvent};
use testkit::servers::{HttpReply, HttpServer};

use crate::setup::imagen;

#[tokio::test]
async fn there_is_no_accepted_work_and_no_callback_and_nothing_to_fetch() {
    let server = HttpServer::always(HttpReply::HangUp).await;
    let imagen = imagen(&server);
    let handle = ProviderHandle::new("anything");
    let event = ProviderEvent { request_id: "r1".to_owned(), body: "{}".to_owned() };

    for error in [imagen.poll(&handle).await.unwrap_err(), imagen.cancel(&handle).await.unwrap_err()] {
        assert_eq!((error.class, error.outcome), (FailureClass::NotFound, CallOutcome::NotDone));
    }
    let model = ModelId::new("gemini-3-pro-image");
    assert_eq!(imagen.interpret(&model, &event).unwrap_err().class, FailureClass::Bug);
    assert_eq!(imagen.fetch(server.url()).await.unwrap_err().class, FailureClass::Bug);
    assert_eq!(imagen.callback_support(), CallbackSupport::Never);
    assert!(server.requests().is_empty());
}
