//! OGG/Opus files: pages by RFC 3533, their content by RFC 7845.

use bytes::{BufMut as _, Bytes, BytesMut};

/// Samples of a second; Opus always counts so.
const SAMPLES: u64 = 48_000;
/// Samples of a packet of 20 ms.
const PACKET_SAMPLES: u64 = SAMPLES / 50;
/// Samples at the beginning that a player leaves out.
const PRE_SKIP: u16 = 312;
/// Packets of a page: one second.
const PACKETS_OF_A_PAGE: u64 = 50;
/// The number of the stream within the file.
const SERIAL: u32 = 0x5a4e_4442;
/// Bytes of a page's header before its lacing values.
const HEADER: usize = 27;
/// Largest lacing value: the packet goes on in the next segment.
const FULL_SEGMENT: u8 = 255;

/// Flags of a page.
const CONTINUED: u8 = 1;
const FIRST: u8 = 2;
const LAST: u8 = 4;

/// A file that plays `packet` again and again for so many seconds, with tags.
pub(super) fn write(tags: &[(&str, &str)], packet: [u8; 3], seconds: u32) -> Bytes {
    let mut file = BytesMut::new();
    let mut number = 0;
    put_packet(&mut file, &mut number, FIRST, 0, &identification());
    put_packet(&mut file, &mut number, 0, 0, &comments(tags));
    let mut left = u64::from(seconds) * PACKETS_OF_A_PAGE;
    let mut granule = u64::from(PRE_SKIP);
    while left > 0 {
        let packets = left.min(PACKETS_OF_A_PAGE);
        left -= packets;
        granule += packets * PACKET_SAMPLES;
        let count = usize::try_from(packets).unwrap_or(0);
        let length = u8::try_from(packet.len()).unwrap_or(0);
        let flags = if left == 0 { LAST } else { 0 };
        put_page(&mut file, number, flags, granule, &vec![length; count], &packet.repeat(count));
        number += 1;
    }
    file.freeze()
}

fn identification() -> BytesMut {
    let mut head = BytesMut::new();
    head.put_slice(b"OpusHead");
    head.put_u8(1);
    // Channels.
    head.put_u8(1);
    head.put_u16_le(PRE_SKIP);
    head.put_u32_le(48_000);
    // Gain, and the plain family of channels.
    head.put_i16_le(0);
    head.put_u8(0);
    head
}

fn comments(tags: &[(&str, &str)]) -> BytesMut {
    let mut packet = BytesMut::new();
    packet.put_slice(b"OpusTags");
    put_text(&mut packet, "sandbox");
    packet.put_u32_le(u32::try_from(tags.len()).unwrap_or(0));
    for (name, value) in tags {
        put_text(&mut packet, &format!("{name}={value}"));
    }
    packet
}

fn put_text(packet: &mut BytesMut, text: &str) {
    packet.put_u32_le(u32::try_from(text.len()).unwrap_or(0));
    packet.put_slice(text.as_bytes());
}

/// Puts one packet on as many pages of its own as it needs.
fn put_packet(file: &mut BytesMut, number: &mut u32, flags: u8, granule: u64, packet: &[u8]) {
    let mut lacing: Vec<u8> = vec![FULL_SEGMENT; packet.len() / usize::from(FULL_SEGMENT)];
    lacing.push(u8::try_from(packet.len() % usize::from(FULL_SEGMENT)).unwrap_or(0));
    let mut rest = packet;
    for (index, segments) in lacing.chunks(usize::from(FULL_SEGMENT)).enumerate() {
        let length = segments.iter().map(|segment| usize::from(*segment)).sum::<usize>().min(rest.len());
        let (content, after) = rest.split_at(length);
        let flags = if index == 0 { flags } else { CONTINUED };
        put_page(file, *number, flags, granule, segments, content);
        *number += 1;
        rest = after;
    }
}

fn put_page(file: &mut BytesMut, number: u32, flags: u8, granule: u64, lacing: &[u8], content: &[u8]) {
    let mut page = BytesMut::with_capacity(HEADER + lacing.len() + content.len());
    page.put_slice(b"OggS");
    page.put_u8(0);
    page.put_u8(flags);
    page.put_u64_le(granule);
    page.put_u32_le(SERIAL);
    page.put_u32_le(number);
    // The checksum is computed over a page in which it is nought.
    page.put_u32_le(0);
    page.put_u8(u8::try_from(lacing.len()).unwrap_or(0));
    page.put_slice(lacing);
    page.put_slice(content);
    let checksum = checksum(&page);
    if let Some(place) = page.get_mut(22..26) {
        place.copy_from_slice(&checksum.to_le_bytes());
    }
    file.put_slice(&page);
}

/// CRC-32 with the polynomial 0x04C11DB7, from nought and unreflected.
fn checksum(page: &[u8]) -> u32 {
    page.iter().fold(0, |state, byte| {
        let mut state = state ^ (u32::from(*byte) << 24);
        for _ in 0..8 {
            state = if state & 0x8000_0000 == 0 { state << 1 } else { (state << 1) ^ 0x04c1_1db7 };
        }
        state
    })
}

/// A page of a file.
struct Page<'file> {
    granule: u64,
    content: &'file [u8],
    /// The last packet of the page goes on in the next.
    goes_on: bool,
}

/// The pages of a file, up to the first bytes that are none.
fn pages(file: &[u8]) -> Vec<Page<'_>> {
    let mut pages = Vec::new();
    let mut rest = file;
    while let Some((page, after)) = page(rest) {
        pages.push(page);
        rest = after;
    }
    pages
}

fn page(rest: &[u8]) -> Option<(Page<'_>, &[u8])> {
    let header = rest.get(..HEADER).filter(|header| header.starts_with(b"OggS"))?;
    let granule = u64::from_le_bytes(header.get(6..14)?.try_into().ok()?);
    let segments = usize::from(*header.get(26)?);
    let lacing = rest.get(HEADER..HEADER + segments)?;
    let length: usize = lacing.iter().map(|segment| usize::from(*segment)).sum();
    let start = HEADER + segments;
    let content = rest.get(start..start + length)?;
    let goes_on = lacing.last() == Some(&FULL_SEGMENT);
    Some((Page { granule, content, goes_on }, rest.get(start + length..)?))
}

/// How long an OGG/Opus file plays, in seconds; none for what is no such file.
pub fn seconds(file: &[u8]) -> Option<f64> {
    let pages = pages(file);
    if !pages.first()?.content.starts_with(b"OpusHead") {
        return None;
    }
    let skipped = u16::from_le_bytes(pages.first()?.content.get(10..12)?.try_into().ok()?);
    let played = pages.last()?.granule.saturating_sub(u64::from(skipped));
    // A tenth of a millisecond is exact enough, and fits.
    let tenths = u32::try_from(played * 10_000 / SAMPLES).ok()?;
    Some(f64::from(tenths) / 10_000.0)
}

/// The value of a tag of an OGG/Opus file.
pub(super) fn tag(file: &[u8], name: &str) -> Option<String> {
    let mut packet = Vec::new();
    for page in pages(file).into_iter().skip(1) {
        packet.extend_from_slice(page.content);
        if !page.goes_on {
            break;
        }
    }
    let mut rest = packet.strip_prefix(b"OpusTags")?;
    let _vendor = take_text(&mut rest)?;
    for _ in 0..take_number(&mut rest)? {
        let comment = String::from_utf8(take_text(&mut rest)?.to_vec()).ok()?;
        if let Some((known, value)) = comment.split_once('=')
            && known.eq_ignore_ascii_case(name)
        {
            return Some(value.to_owned());
        }
    }
    None
}

fn take_number(rest: &mut &[u8]) -> Option<u32> {
    let (number, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    Some(u32::from_le_bytes(*number))
}

fn take_text<'packet>(rest: &mut &'packet [u8]) -> Option<&'packet [u8]> {
    let length = usize::try_from(take_number(rest)?).ok()?;
    let (text, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_format() {
        // The check value of CRC-32 with this polynomial, nought at the start, unreflected.
        assert_eq!(checksum(b"123456789"), 0x89a1_897f);
    }

    #[test]
    fn what_is_no_opus_has_no_length() {
        assert_eq!(seconds(b"OggS...."), None);
        assert_eq!(seconds(b"RIFF"), None);
        assert_eq!(tag(b"OggS", "TRANSCRIPT"), None);
    }
}
