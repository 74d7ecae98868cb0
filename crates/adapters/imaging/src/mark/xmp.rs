//! The XMP packet that bears our mark.
//!
//! `DigitalSourceType` and `AISystemUsed` are properties of the IPTC Photo Metadata Standard, which viewers and
//! platforms look at; the generation's id has a namespace of ours.

use std::fmt::Write;

use kernel::{GenerationId, Provenance};
use thiserror::Error;

/// The IPTC NewsCode for images made by a trained algorithm.
const MADE_BY_AI: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

const SOURCE_TYPE: &str = "Iptc4xmpExt:DigitalSourceType";
const MODEL: &str = "Iptc4xmpExt:AISystemUsed";
const GENERATION: &str = "aisha:Generation";

/// Far below what the smallest container, a segment of a JPEG, can hold.
const LONGEST_MODEL: usize = 1_000;

/// The provenance cannot be expressed.
#[derive(Debug, Error)]
pub(crate) enum PacketError {
    /// The model's id is too long.
    #[error("a model id of {0} bytes is too long for an image's metadata")]
    ModelTooLong(usize),
    /// The model's id has a character that XML cannot carry.
    #[error("a model id with the character {0:?} cannot be written into an image's metadata")]
    Unwritable(char),
}

/// The packet that says it.
pub(crate) fn packet(provenance: &Provenance) -> Result<String, PacketError> {
    let model = escaped(&provenance.model)?;
    let generation = provenance.generation;
    Ok(format!(
        r#"<?xpacket begin="{byte_order_mark}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:aisha="urn:x-aisha:provenance:1.0/"
    {SOURCE_TYPE}="{MADE_BY_AI}"
    {MODEL}="{model}"
    xmp:CreatorTool="Aisha"
    {GENERATION}="{generation}"/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"#,
        byte_order_mark = '\u{feff}',
    ))
}

/// What the packet says, if it is one of ours.
pub(crate) fn provenance(packet: &[u8]) -> Option<Provenance> {
    let packet = std::str::from_utf8(packet).ok()?;
    if attribute(packet, SOURCE_TYPE)? != MADE_BY_AI {
        return None;
    }
    let generation: GenerationId = attribute(packet, GENERATION)?.parse().ok()?;
    let model = unescaped(attribute(packet, MODEL)?)?;
    Some(Provenance { model, generation })
}

/// The value of an attribute as it is written.
fn attribute<'a>(packet: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = packet.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(value)
}

/// The text as the value of an attribute.
fn escaped(text: &str) -> Result<String, PacketError> {
    if text.len() > LONGEST_MODEL {
        return Err(PacketError::ModelTooLong(text.len()));
    }
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // As they are, a reader would take them for mere space.
            '\t' | '\n' | '\r' => {
                let number = u32::from(character);
                if write!(escaped, "&#{number};").is_err() {
                    return Err(PacketError::Unwritable(character));
                }
            }
            '\u{0}'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => return Err(PacketError::Unwritable(character)),
            plain => escaped.push(plain),
        }
    }
    Ok(escaped)
}

/// The text that the value of an attribute stands for.
fn unescaped(value: &str) -> Option<String> {
    let mut parts = value.split('&');
    let mut text = parts.next()?.to_owned();
    for part in parts {
        let (entity, plain) = part.split_once(';')?;
        text.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            number => char::from_u32(number.strip_prefix('#')?.parse().ok()?)?,
        });
        text.push_str(plain);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(model: &str) -> Provenance {
        Provenance {
            model: model.to_owned(),
            generation: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
        }
    }

    #[test]
    fn every_model_id_comes_back_as_it_was() {
        for model in ["", "a/b:c-1.0", "<&>\"'", "&amp;", "&#10;", "\t\r\n", "\u{1f98a} \u{439}"] {
            let packet = packet(&of(model)).unwrap();
            assert_eq!(provenance(packet.as_bytes()), Some(of(model)), "{packet}");
        }
    }

    #[test]
    fn a_model_id_cannot_forge_the_packet() {
        let forger = format!("x\" {GENERATION}=\"00000000-0000-0000-0000-000000000000");
        let packet = packet(&of(&forger)).unwrap();
        assert_eq!(provenance(packet.as_bytes()), Some(of(&forger)));
    }

    #[test]
    fn what_xml_cannot_carry_is_refused() {
        assert!(matches!(packet(&of("a\u{0}")), Err(PacketError::Unwritable('\u{0}'))));
        assert!(matches!(packet(&of(&"a".repeat(1_001))), Err(PacketError::ModelTooLong(1_001))));
    }

    #[test]
    fn the_packet_of_somebody_else_is_none_of_ours() {
        let ours = packet(&of("model")).unwrap();
        for other in [
            String::new(),
            ours.replace(GENERATION, "other:Generation"),
            ours.replace("trainedAlgorithmicMedia", "digitalCapture"),
            ours.replace("01890a5d", "no id"),
            ours.replace("\"model\"", "\"&unknown;\""),
        ] {
            assert_eq!(provenance(other.as_bytes()), None, "{other}");
        }
        assert_eq!(provenance(b"\xff\xfe"), None);
    }
}
