//! Cuts what the sender wrote out of a reply: above, below or between the quoted lines, without
//! signature and disclaimers.

use regex::Regex;
use std::sync::LazyLock;

/// Text of the sender's own that stands together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The text, without signature and disclaimers.
    pub own: String,
    /// The last quoted lines above it, the nearest first, without their marks; empty when nothing is
    /// quoted above.
    pub above: Vec<String>,
}

/// A reply in its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuoteParts {
    /// What the sender wrote, in order; none is empty.
    pub segments: Vec<Segment>,
    /// Whether anything was quoted.
    pub quoted: bool,
    /// Whether own text stands between quoted lines, so that it answers the line above it.
    pub interleaved: bool,
}

impl QuoteParts {
    /// All of the sender's own text.
    pub fn own(&self) -> String {
        let texts: Vec<&str> = self.segments.iter().map(|s| s.own.as_str()).collect();
        texts.join("\n\n")
    }
}

/// What the sender wrote, from the text, else from the HTML; `None` when there is nothing of theirs.
pub fn own_words(text: Option<&str>, rich: Option<&str>) -> Option<String> {
    let own = |text: &str| Some(parts(text).own()).filter(|own| !own.trim().is_empty());
    text.and_then(own)
        .or_else(|| rich.and_then(|rich| own(&super::html::to_text(rich))))
}

fn any(patterns: &[&str]) -> Option<Regex> {
    Regex::new(&format!("(?i)^(?:{})$", patterns.join("|"))).ok()
}

/// `On Mon, Dec 1, 2025 at 9:00 AM Shop <…> wrote:` and its sisters.
static ATTRIBUTION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    any(&[
        r"on\b.{0,300}[\d@].{0,300}\bwrote\s*:",
        r"le\b.{0,300}\d.{0,300}a écrit\s*:",
        r"am\b.{0,300}\d.{0,300}schrieb.{0,200}:",
        r"el\b.{0,300}\d.{0,300}escribió\s*:",
    ])
});
/// `Shop <…> wrote:`, on one line: whatever stands above it is the sender's.
static BARE: LazyLock<Option<Regex>> =
    LazyLock::new(|| any(&[r".{0,200}<[^<>@\s]+@[^<>@\s]+>\s*wrote\s*:"]));
static ORIGINAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    any(&[
        r"-{2,}\s*(?:original message|forwarded message|original appointment|reply message|message d'origine|ursprüngliche nachricht|mensaje original)\s*-{0,}",
        r"begin forwarded message:",
    ])
});
static FROM: LazyLock<Option<Regex>> =
    LazyLock::new(|| any(&[r"[*_ ]*(?:from|von|de|da)\s*:[*_ ]*\s*\S.*"]));
static HEADER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    any(&[r"[*_ ]*(?:sent|date|to|cc|subject|gesendet|an|betreff|envoyé|à|objet)\s*:.*"])
});
static SIGN_OFF: LazyLock<Option<Regex>> = LazyLock::new(|| {
    any(&[
        r"(?:(?:many |with |kind(?:est)? |best |warm(?:est)? )*(?:thanks|thank you|thx|regards|wishes|sincerely|cheers|respectfully|best|yours truly|sincerely yours)(?: again| so much| very much| in advance| and (?:best |kind )?regards| for your business)?)[\s,.!]*",
    ])
});
static POSTSCRIPT: LazyLock<Option<Regex>> =
    LazyLock::new(|| any(&[r"(?:p\.? ?s\b|n\.?b\b|note\b|also\b|one more thing).*"]));
static DEVICE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    any(&[
        r"(?:sent (?:from|via|with|using) (?:my |an? |the )?(?:[\w.&'-]+,? ){0,3}(?:i?phone|ipad|ipod|mobile|android|outlook|gmail|yahoo|aol|proton\w*|samsung|galaxy|blackberry|device|windows|smartphone|tablet|icloud|thunderbird|superhuman|webmail|mail app)\b.{0,60}|get outlook for .{1,40}|\[external\].{0,80}|[#\s-]*(?:please )?(?:type|write|enter) your reply above.{0,60}|[#\s-]*reply above this line.{0,60}|-{3,}|_{3,}|={3,})",
    ])
});
static DISCLAIMER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    any(&[
        r"[*\s\[(]*(?:confidential(?:ity)?\b|disclaimer\b|caution:|warning: (?:this|external)|external e-?mail|notice: (?:this|the|any)\b|privileged|this (?:e-?mail|message|communication|transmission)\b.{0,80}\b(?:confidential\w*|privileged|intended|recipients?|addressees?|solely|legally|may contain|contains? (?:confidential|privileged|proprietary|information|legally)|originated|from outside|scanned|virus\w*)\b|the information (?:contained|transmitted)|the contents of this|if you (?:are|have) (?:not the intended|received this)|please consider the environment|you don't often get email|virus-free|this e-?mail has been (?:scanned|checked)).*",
    ])
});

fn fits(pattern: &LazyLock<Option<Regex>>, line: &str) -> bool {
    pattern.as_ref().is_some_and(|p| p.is_match(line.trim()))
}

/// Takes a reply apart. Understands `>` marks, `On … wrote:` (over several lines), Outlook's
/// `-----Original Message-----` and `From: … Sent: …` blocks. What stands below such a block without
/// marks counts as quoted: it cannot be told from the quote.
pub fn parts(text: &str) -> QuoteParts {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}'], "\n");
    let text = text.replace(['\u{a0}', '\u{feff}', '\u{200b}'], " ");
    let lines: Vec<&str> = text.lines().collect();
    let quoted = quoted_lines(&lines);
    let mut parts = QuoteParts {
        quoted: quoted.contains(&true),
        ..QuoteParts::default()
    };
    let mut at = 0;
    while at < lines.len() {
        let is_quote = quoted.get(at).copied().unwrap_or(false);
        let run = quoted
            .iter()
            .skip(at)
            .take_while(|q| **q == is_quote)
            .count();
        let run = run.max(1);
        if !is_quote {
            let own = without_tail(&lines[at..at + run]);
            if !own.trim().is_empty() {
                let above = last_words(&lines[..at]);
                let below = lines.len() > at + run;
                parts.interleaved |= !above.is_empty() && (below || !parts.segments.is_empty());
                parts.segments.push(Segment { own, above });
            }
        }
        at += run;
    }
    parts
}

/// All that stands there without being quoted: signature and footers, too.
pub fn unquoted(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}'], "\n");
    let lines: Vec<&str> = text.lines().collect();
    let quoted = quoted_lines(&lines);
    let own = lines.iter().zip(quoted).filter(|(_, quoted)| !quoted);
    own.map(|(line, _)| *line).collect::<Vec<_>>().join("\n")
}

/// The other half: what stands there as a quote, without its marks. Whoever writes can put words there
/// that nobody wrote before.
pub fn quoted(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}'], "\n");
    let lines: Vec<&str> = text.lines().collect();
    let quoted = quoted_lines(&lines);
    let theirs = lines.iter().zip(quoted).filter(|(_, quoted)| *quoted);
    let bare = theirs.map(|(line, _)| line.trim_start_matches(['>', ' ', '\t']));
    bare.collect::<Vec<_>>().join("\n")
}

/// What stands there as a quote, without its marks, in the mails of which it is: a line that introduces a quote
/// begins the next one, and is left out.
pub fn quoted_mails(text: &str) -> Vec<Vec<String>> {
    let mails = quoted_with_heads(text).into_iter();
    mails.map(|(_, lines)| lines).collect()
}

/// The same, each with what introduces it: who wrote it; empty where nothing does.
pub fn quoted_with_heads(text: &str) -> Vec<(String, Vec<String>)> {
    let theirs = quoted(text);
    let lines: Vec<&str> = theirs.lines().collect();
    let mut mails = vec![(String::new(), Vec::new())];
    let mut at = 0;
    while at < lines.len() {
        match intro(&lines[at..]) {
            Some(length) => {
                let length = length.max(1);
                let head = lines[at..].iter().take(length).copied();
                mails.push((head.collect::<Vec<_>>().join(" "), Vec::new()));
                at += length;
            }
            None => {
                if let Some((_, last)) = mails.last_mut() {
                    last.push(lines[at].to_owned());
                }
                at += 1;
            }
        }
    }
    mails.retain(|(_, mail)| mail.iter().any(|line| !line.trim().is_empty()));
    mails
}

/// The last line that says anything and the one before it, without quote marks, the last first.
fn last_words(lines: &[&str]) -> Vec<String> {
    let words = |line: &&str| line.trim_start_matches(['>', ' ', '\t']).trim().to_owned();
    let lines = lines.iter().rev().map(words);
    let mut lines = lines.skip_while(String::is_empty).take(2);
    let near = lines.next().into_iter();
    near.chain(lines.filter(|line| !line.is_empty())).collect()
}

fn quoted_lines(lines: &[&str]) -> Vec<bool> {
    let mut quoted: Vec<bool> = lines
        .iter()
        .map(|line| line.trim_start().starts_with('>'))
        .collect();
    for at in 0..lines.len() {
        if quoted.get(at) == Some(&true) {
            continue;
        }
        if let Some(length) = intro(&lines[at..]) {
            let next = lines
                .iter()
                .skip(at + length)
                .find(|l| !l.trim().is_empty());
            let marked = next.is_some_and(|line| line.trim_start().starts_with('>'));
            let end = if marked { at + length } else { lines.len() };
            for line in quoted.iter_mut().take(end).skip(at) {
                *line = true;
            }
            if !marked {
                break;
            }
        }
    }
    mend_wrapped(lines, &mut quoted);
    quoted
}

/// How many lines introduce a quote here; `None` when none does.
fn intro(lines: &[&str]) -> Option<usize> {
    let first = lines.first()?.trim();
    if first.is_empty() {
        return None;
    }
    if fits(&ORIGINAL, first) || fits(&BARE, first) {
        return Some(1);
    }
    if first.eq_ignore_ascii_case("original message") {
        let next = lines.iter().skip(1).find(|line| !line.trim().is_empty());
        return next.filter(|line| fits(&FROM, line)).map(|_| 1);
    }
    if fits(&FROM, first) {
        let next = lines
            .iter()
            .skip(1)
            .filter(|l| !l.trim().is_empty())
            .take(6);
        return (next.filter(|line| fits(&HEADER, line)).count() >= 2).then_some(1);
    }
    let mut joined = String::new();
    for (count, line) in lines.iter().take(4).enumerate() {
        if line.trim().is_empty() {
            break;
        }
        joined.push_str(line.trim());
        if joined.ends_with(':') && fits(&ATTRIBUTION, &joined) {
            return Some(count + 1);
        }
        joined.push(' ');
    }
    None
}

/// A long quoted line that a mail program broke: its end stands alone, without a mark, right
/// between two quoted lines.
fn mend_wrapped(lines: &[&str], quoted: &mut [bool]) {
    for at in 1..lines.len().saturating_sub(1) {
        let broken = lines[at - 1].len() >= 65 && lines[at].len() < 40;
        let marked = |place: usize| lines[place].trim_start().starts_with('>');
        if broken && marked(at - 1) && marked(at + 1) && !lines[at].trim().is_empty() {
            quoted[at] = true;
        }
    }
}

/// The lines without signature, device lines and disclaimers.
fn without_tail(lines: &[&str]) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let (mut signed, mut ended) = (false, false);
    let mut disclaimed = false;
    for (at, line) in lines.iter().enumerate() {
        let line = line.trim_end();
        if line.trim().is_empty() {
            disclaimed = false;
        } else if ended || matches!(line, "--" | "-- " | "—" | "–") {
            ended = true;
            if super::signers::announces(line) {
                kept.push(line);
            }
            continue;
        } else if fits(&DISCLAIMER, line) {
            // a banner above the text is one sentence; what a disclaimer below goes on to say is its own
            let banner = kept.iter().all(|line| line.trim().is_empty());
            disclaimed = !(banner && line.ends_with(['.', '!', ']', '*']));
            continue;
        } else if !signed && is_sign_off(line, &kept, &lines[at + 1..]) {
            signed = true;
            continue;
        } else if signed && fits(&POSTSCRIPT, line) {
            signed = false;
        }
        let told = signed && (super::signers::tells(line) || super::signers::announces(line));
        if (!signed || told) && !disclaimed && !fits(&DEVICE, line) {
            kept.push(line);
        }
    }
    super::contact::unsigned(kept.join("\n").trim()).to_owned()
}

/// Whether a line is a courtesy below which a name stands, and nothing else.
pub fn signs_off(line: &str) -> bool {
    fits(&SIGN_OFF, line)
}

/// `Best regards,` on a line of its own, with text before it and no more than a signature after.
fn is_sign_off(line: &str, before: &[&str], after: &[&str]) -> bool {
    let greeting = |line: &str| line.len() < 30 && line.ends_with([',', '!', ':']);
    fits(&SIGN_OFF, line)
        && before
            .iter()
            .any(|l| !l.trim().is_empty() && !greeting(l.trim()))
        && after.iter().filter(|l| !l.trim().is_empty()).count() <= 12
}

#[cfg(test)]
mod tests;
