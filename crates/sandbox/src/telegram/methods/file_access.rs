//! `getFile`.

use serde_json::Value;

use crate::telegram::api_error::ApiError;
use crate::telegram::parameters::Parameters;
use crate::telegram::server::TelegramServer;

/// Largest file that a bot may download, in bytes.
const LARGEST_DOWNLOAD: usize = 20 * 1024 * 1024;

/// Where a file can be downloaded.
pub(super) fn get_file(server: &TelegramServer, parameters: &Parameters) -> Result<Value, ApiError> {
    let file_id = parameters.text("file_id").unwrap_or_default();
    if file_id.is_empty() {
        return Err(ApiError::bad_request("file_id not specified"));
    }
    server.look(|world| match world.files.get(&file_id) {
        Some(file) if file.bytes.len() > LARGEST_DOWNLOAD => Err(ApiError::bad_request("file is too big")),
        Some(file) => Ok(file.object()),
        None => Err(ApiError::bad_request("wrong file_id or the file is temporarily unavailable")),
    })
}
