//! The content type of a file, from what the sender says, from its name, or from its first bytes.

/// The content type; `application/octet-stream` when nothing tells.
pub fn media_type(said: Option<&str>, name: Option<&str>, bytes: &[u8]) -> String {
    let said = said.filter(|said| !said.is_empty() && *said != "application/octet-stream");
    said.or_else(|| by_first_bytes(bytes))
        .or_else(|| name.and_then(by_name))
        .unwrap_or("application/octet-stream")
        .to_owned()
}

fn by_first_bytes(bytes: &[u8]) -> Option<&'static str> {
    const STARTS: [(&[u8], &str); 6] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"%PDF-", "application/pdf"),
        (b"PK\x03\x04", "application/zip"),
        (b"OggS", "audio/ogg"),
    ];
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some("image/webp");
    }
    STARTS.into_iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, kind)| kind)
}

fn by_name(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "txt" | "log" => "text/plain",
        "json" => "application/json",
        "csv" => "text/csv",
        "html" => "text/html",
        "zip" => "application/zip",
        "pdf" => "application/pdf",
        "ogg" | "oga" => "audio/ogg",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sender_then_the_content_then_the_name_tells() {
        assert_eq!(media_type(Some("image/heic"), Some("a.txt"), b"%PDF-"), "image/heic");
        assert_eq!(media_type(Some("application/octet-stream"), Some("a.txt"), b"%PDF-1"), "application/pdf");
        assert_eq!(media_type(None, Some("a.TXT"), b"hello"), "text/plain");
        assert_eq!(media_type(None, None, b"RIFF....WEBP"), "image/webp");
        assert_eq!(media_type(None, Some("a"), b"hello"), "application/octet-stream");
    }
}
