//! Changes of the anchor file, and heads out of mails.

use super::{Base, Case, Draw};
use poms::ledger::anchor::Witness;

/// The value of a key in a line.
fn field(line: &str, key: &str) -> String {
    let after = line.split(&format!("\"{key}\":")).nth(1).unwrap_or("0");
    let value = after.split([',', '}']).next().unwrap_or_default();
    value.trim_matches('"').to_owned()
}

/// The head that a line has.
pub fn of_line(line: &str) -> Witness {
    Witness {
        seq: field(line, "seq").parse().unwrap(),
        hash: field(line, "hash"),
    }
}

/// A head that a mail may have: right, of another ledger, or of rows that are not there.
pub(super) fn witness(base: &Base, draw: &mut Draw) -> Witness {
    let lines: Vec<&str> = base.anchors.lines().collect();
    let mut witness = of_line(lines[draw.below(lines.len())]);
    match draw.below(6) {
        0 => witness.seq += 1,
        1 => witness.seq += 100_000,
        2 => witness.hash = witness.hash.replace('a', "b"),
        _ => {}
    }
    witness
}

fn read(case: &Case) -> Vec<u8> {
    std::fs::read(&case.anchors).unwrap_or_default()
}

fn old(line: &str) -> String {
    let (at, seq, hash) = (field(line, "at"), field(line, "seq"), field(line, "hash"));
    format!("{{\"at\":\"{at}\",\"seq\":{seq},\"hash\":\"{hash}\"}}")
}

/// Lines that go, come again, change places or are written otherwise.
pub fn line(case: &Case, draw: &mut Draw) -> String {
    let text = String::from_utf8_lossy(&read(case)).into_owned();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.is_empty() {
        return "no anchors".to_owned();
    }
    let (one, another) = (draw.below(lines.len()), draw.below(lines.len()));
    let what = draw.below(10);
    match what {
        0 => drop(lines.remove(one)),
        1 => lines.truncate(one),
        2 => lines.push(lines[one].clone()),
        3 => lines.insert(one, lines[another].clone()),
        4 => lines.swap(one, another),
        5 => lines[one] = old(&lines[one].clone()),
        6 => lines = lines.iter().map(|line| old(line)).collect(),
        7 => lines.insert(
            one,
            draw.of(&["", "x", "{}", "{\"seq\":300,\"ha"]).to_string(),
        ),
        8 => lines[one] = lines[one].replace("\"}", "\",\"fragment\":true}"),
        _ => lines.push(old(&lines[one].clone())),
    }
    let end = if draw.below(5) == 0 { "" } else { "\n" };
    std::fs::write(&case.anchors, lines.join("\n") + end).unwrap();
    format!("lines {what} at {one}, {another}, end {end:?}")
}

/// One byte, or a cut anywhere.
pub fn bytes(case: &Case, draw: &mut Draw) -> String {
    let mut bytes = read(case);
    if bytes.is_empty() {
        return "no anchors".to_owned();
    }
    let at = draw.below(bytes.len());
    let what = draw.below(4);
    match what {
        0 => bytes[at] ^= 1 << draw.below(8),
        1 => bytes.truncate(at),
        2 => drop(bytes.remove(at)),
        _ => bytes.insert(at, *draw.of(b"0a\n\"\x00\xff ")),
    }
    std::fs::write(&case.anchors, bytes).unwrap();
    format!("bytes {what} at {at}")
}

/// A line at the end by somebody who knows how lines are linked.
pub fn forged(case: &Case, draw: &mut Draw) -> String {
    let mut bytes = read(case);
    let open = draw.below(4) == 0;
    if open {
        bytes.extend(*draw.of(&[&b"{\"seq\":9"[..], b"\x00\x00", b"x"]));
    }
    if !bytes.is_empty() && bytes.last() != Some(&b'\n') {
        bytes.push(b'\n');
    }
    let mut link = [0; 32];
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        link = openssl::sha::sha256(&[&link[..], line].concat());
    }
    let prev: String = link.iter().map(|byte| format!("{byte:02x}")).collect();
    let conn = case.open();
    let seq = *draw.of(&[1_i64, 5, 40, 10_000, 999_999_999_999_999_999]);
    let hash = conn
        .query_row(
            "SELECT lower(hex(hash)) FROM audit WHERE seq = ?1",
            [seq],
            |row| row.get(0),
        )
        .unwrap_or_else(|_| "0".repeat(64));
    let fragment = if draw.below(2) == 0 {
        ""
    } else {
        ",\"fragment\":true"
    };
    let line = format!(
        "{{\"seq\":{seq},\"at\":\"2025-06-02T10:05:00.000Z\",\"hash\":\"{hash}\",\"prev\":\"{prev}\"{fragment}}}\n"
    );
    bytes.extend(line.bytes());
    std::fs::write(&case.anchors, bytes).unwrap();
    format!("forged {seq}, after a fragment {open}, saying so {fragment:?}")
}
