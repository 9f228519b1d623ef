//! A notification's lines: without what a vendor wrote above them, and the header of a forwarded mail.

use super::super::source::AdviceSource;
use super::delivered;

/// The lines of the carrier's own, cells of a row apart; without what a vendor wrote above them and without
/// the header of a forwarded mail.
pub(super) fn of_carrier(source: &AdviceSource, direct: bool) -> Vec<String> {
    let own: Vec<&str> = source.own.lines().map(str::trim).collect();
    let mut lines: Vec<&str> = source.text.lines().map(str::trim).collect();
    if !direct {
        let heads = |line: &&str| is_head(line).is_some();
        let named = |at: usize| lines[at..].iter().take(3).any(|line| line.contains('@'));
        let first = (0..lines.len()).find(|at| heads(&lines[*at]) && named(*at));
        lines.drain(..first.unwrap_or(0));
        let theirs = |line: &&str| source.quoted && !line.is_empty() && own.contains(line);
        lines.retain(|line| !theirs(line));
        let length = header(&lines);
        let head = lines.drain(..length).collect::<Vec<_>>();
        let subject = head
            .iter()
            .position(|line| line.to_lowercase().starts_with("subject:"));
        if let Some(at) = subject {
            let below = head.get(at + 1).copied().unwrap_or_default();
            let value = head[at]["subject:".len()..].trim();
            lines.insert(0, if value.is_empty() { below } else { value });
        }
    }
    broken_up(&lines)
}

/// The key of a line of a forwarded mail's header.
fn is_head(line: &str) -> Option<&'static str> {
    const KEYS: &[&str] = &[
        "from:",
        "date:",
        "sent:",
        "to:",
        "cc:",
        "bcc:",
        "reply-to:",
        "subject:",
        "importance:",
    ];
    let low = line.trim_start_matches(['*', ' ', '-']).to_lowercase();
    KEYS.iter().find(|key| low.starts_with(**key)).copied()
}

/// How many lines of a forwarded header stand first.
fn header(lines: &[&str]) -> usize {
    let (mut at, mut last, mut titled) = (0, 0, false);
    while let Some(line) = lines.get(at) {
        match is_head(line) {
            // below the subject only what has an address: a notification may begin with "To:"
            Some(key) if !titled || line.contains('@') || key == "reply-to:" => {
                at += 1;
                // its value may be on the next line
                let bare = line.trim_start_matches(['*', ' ', '-']).len() <= key.len() + 1;
                at +=
                    usize::from(bare && lines.get(at).is_some_and(|next| is_head(next).is_none()));
                last = at;
                titled |= key == "subject:";
            }
            Some(_) => break,
            None if line.is_empty() && last > 0 => at += 1,
            None => break,
        }
    }
    last
}

/// The cells of rows apart, and sentences that a mail program broke put together.
fn broken_up(rows: &[&str]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut right = false;
    for row in rows {
        let wide = row.replace("    ", "\t");
        let cells = wide
            .split('\t')
            .map(str::trim)
            .filter(|one| !one.is_empty());
        let mut cells: Vec<&str> = cells.collect();
        let low = row.to_lowercase();
        if low.starts_with("shipper information") && low.ends_with("recipient information") {
            // two addresses side by side
            right = true;
            cells = vec!["Ship To:"];
        } else if cells.is_empty() {
            right = false;
            lines.push(String::new());
        } else if right && cells.len() == 2 {
            cells.remove(0);
        }
        for cell in cells {
            let lower = cell.starts_with(|c: char| c.is_lowercase());
            match lines.last_mut() {
                Some(last)
                    if lower && last.len() >= 60 && !cell.contains(':')
                        || cell.starts_with("delivered ") && delivered::is_open(last) =>
                {
                    last.push(' ');
                    last.push_str(cell);
                }
                _ => lines.push(cell.to_owned()),
            }
        }
    }
    lines
}
