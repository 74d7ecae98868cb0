//! The list of models, which alone tells whether a model can still be used: asked about by name, one that was switched
//! off may still be found.

use kernel::{FailureClass, ProviderError};
use serde::Deserialize;

use crate::failure::garbage;

/// Models asked for per page: as many as the API gives.
pub(crate) const PAGE_SIZE: u32 = 1_000;
/// More pages than any account has.
pub(crate) const MOST_PAGES: u32 = 20;
/// The longest page, in bytes.
pub(crate) const LONGEST_PAGE: usize = 4 * 1024 * 1024;

/// One page of the list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ModelPage {
    #[serde(default)]
    models: Vec<Model>,
    next_page_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Model {
    name: String,
    /// Gateways may not say.
    supported_generation_methods: Option<Vec<String>>,
}

/// What a page says about a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listing {
    /// It can be used.
    Usable,
    /// It is there, but not for the method.
    OtherMethods,
    /// It is not on this page.
    Absent,
}

impl ModelPage {
    /// Reads a page.
    pub(crate) fn read(body: &[u8]) -> Result<Self, ProviderError> {
        serde_json::from_slice(body).map_err(|_| garbage(200))
    }

    /// What it says about the model `id` and `method`.
    pub(crate) fn listing(&self, id: &str, method: &str) -> Listing {
        let model = self.models.iter().find(|model| model.name.strip_prefix("models/") == Some(id));
        match model.map(|model| &model.supported_generation_methods) {
            Some(Some(methods)) if !methods.iter().any(|known| known == method) => Listing::OtherMethods,
            Some(_) => Listing::Usable,
            None => Listing::Absent,
        }
    }

    /// The way to the next page, if there is one.
    pub(crate) fn next(self) -> Option<String> {
        self.next_page_token.filter(|token| !token.is_empty())
    }
}

/// The failure of a model that is not in the list, or not for the method.
pub(crate) fn missing(code: &str, id: &str, what: &str) -> ProviderError {
    ProviderError::new(FailureClass::Misconfigured, code, format!("Google's list of models {what}: {id}"))
}
