//! ASCII armour (RFC 4880, 6.2) as every program writes it, in one pass. What deviates from that in
//! anything is sequoia's to read, which takes a good deal more time and buffers for it.

use openssl::base64::decode_block;
use sequoia_openpgp::armor::Kind;

/// The longest line of base64 (RFC 4880, 6.3).
const LONGEST: usize = 76;

/// The bytes inside, where this is one whole block of a kind and nothing else, and its checksum, if it
/// has one, is right.
pub fn plain(message: &[u8], kind: Kind) -> Option<Vec<u8>> {
    let title = match kind {
        Kind::Message => "MESSAGE",
        Kind::Signature => "SIGNATURE",
        _ => return None,
    };
    let text = std::str::from_utf8(message).ok()?;
    let mut lines = text.lines();
    let fits = |line: &str, mark: &str| {
        let inner = line.strip_prefix(mark)?.strip_suffix("-----")?;
        (inner == title).then_some(())
    };
    fits(lines.next()?, "-----BEGIN PGP ")?;
    // headers such as Version
    lines.by_ref().find_map(|line| match line {
        "" => Some(Some(())),
        line if line.is_ascii() && line.contains(": ") => None,
        _ => Some(None),
    })??;
    let mut digits = String::with_capacity(message.len());
    let (mut checksum, mut ended) = (None, false);
    for line in lines.by_ref() {
        if let Some(sum) = line.strip_prefix('=').filter(|sum| sum.len() == 4) {
            checksum = Some(sum);
        } else if line.starts_with('-') {
            fits(line, "-----END PGP ")?;
            ended = true;
            break;
        } else if checksum.is_none() && line.len() <= LONGEST && !digits.ends_with('=') {
            digits.push_str(line);
        } else {
            return None;
        }
    }
    let digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let all = digits.trim_end_matches('=');
    let whole = digits.len().is_multiple_of(4) && digits.len() - all.len() <= 2;
    if !ended || all.is_empty() || !whole || !all.bytes().all(digit) || lines.any(|l| !l.is_empty())
    {
        return None;
    }
    let bytes = decode_block(&digits).ok()?;
    let right = match checksum {
        Some(sum) if !sum.bytes().all(digit) => false,
        Some(sum) => decode_block(sum).ok()? == crc24(&bytes).to_be_bytes()[1..],
        None => true,
    };
    right.then_some(bytes)
}

/// The armour's checksum (RFC 4880, 6.1).
fn crc24(bytes: &[u8]) -> u32 {
    let mut sum = 0xb7_04ce;
    for byte in bytes {
        let place = (sum >> 16) as u8 ^ byte;
        sum = (sum << 8 ^ CRC24[usize::from(place)]) & 0xff_ffff;
    }
    sum
}

const CRC24: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut sum = (byte as u32) << 16;
        let mut bit = 0;
        while bit < 8 {
            sum <<= 1;
            if sum & 0x100_0000 != 0 {
                sum ^= 0x186_4cfb;
            }
            bit += 1;
        }
        table[byte] = sum;
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sequoia_openpgp::armor::{Reader, ReaderMode, Writer};
    use std::io::{Read, Write};

    fn armoured(bytes: &[u8], kind: Kind, headers: &[(&str, &str)]) -> String {
        let mut writer = Writer::with_headers(Vec::new(), kind, headers.to_vec()).unwrap();
        writer.write_all(bytes).unwrap();
        String::from_utf8(writer.finalize().unwrap()).unwrap()
    }

    fn by_sequoia(text: &str, kind: Kind) -> Option<Vec<u8>> {
        let mode = ReaderMode::Tolerant(Some(kind));
        let mut bytes = Vec::new();
        let mut reader = Reader::from_bytes(text.as_bytes(), mode);
        reader.read_to_end(&mut bytes).ok().map(|_| bytes)
    }

    #[test]
    fn the_checksum_is_the_one_of_the_rfc() {
        assert_eq!(crc24(b""), 0xb704ce);
        assert_eq!(crc24(b"123456789"), 0x21cf02);
    }

    #[test]
    fn what_deviates_is_left_to_sequoia() {
        let bytes: Vec<u8> = (0..200).collect();
        let good = armoured(&bytes, Kind::Message, &[("Version", "x 1")]);
        // GnuPG 2.5 writes no checksum
        let sum = good.lines().find(|line| line.starts_with('=')).unwrap();
        let without = good.replace(&format!("{sum}\n"), "");
        for good in [&good, &without, &good.replace('\n', "\r\n")] {
            assert_eq!(plain(good.as_bytes(), Kind::Message).as_ref(), Some(&bytes));
        }
        assert_eq!(plain(good.as_bytes(), Kind::Signature), None);
        for bad in [
            good.replace(sum, "=AAAA"),
            good.replacen("\n\n", "\n", 1),
            good.replace("-----END", "----END"),
            good.trim_end().trim_end_matches('-').to_owned(),
            good.lines().take(4).collect::<Vec<_>>().join("\n"),
            format!("{good}more"),
            format!("x\n{good}"),
            good.replacen("\n\n", "\n\n!", 1),
            good.replacen("\n\n", "\n\n ", 1),
        ] {
            assert_eq!(plain(bad.as_bytes(), Kind::Message), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn the_bytes_are_those_that_sequoia_reads(
            bytes in proptest::collection::vec(any::<u8>(), 1..400),
            at: proptest::sample::Index,
            put in "[A-Za-z0-9+/= \n:-]{0,3}",
            cut in 0..3usize,
        ) {
            let good = armoured(&bytes, Kind::Message, &[]);
            prop_assert_eq!(plain(good.as_bytes(), Kind::Message), Some(bytes));
            let at = at.index(good.len());
            let mut other = good;
            other.replace_range(at..(at + cut).min(other.len()), &put);
            if let Some(read) = plain(other.as_bytes(), Kind::Message) {
                prop_assert_eq!(Some(read), by_sequoia(&other, Kind::Message), "{}", other);
            }
        }
    }
}
