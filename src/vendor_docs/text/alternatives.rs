//! Mails that say the same twice, as plain text and as HTML (RFC 2046, 5.1.4): whether they do. People read
//! the one or the other, and poms must not act on words that some readers never see.

use super::{contact, html, quote};
use regex::Regex;
use std::sync::LazyLock;

/// What mail programs put into plain text for links, pictures and lists.
static ADDED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?im)<[^<>\s]*(?:://|@|tel:)[^<>]*>|\[(?:cid|image|inline)[^\]\n]*\]|(?:https?://|www\.)\S+|",
        r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b|\b(?:[a-z0-9-]+\.)+(?:com|net|org|biz|example)\b|",
        r"^[ \t]*(?:[0-9]{1,2}[.)]|[-*\u{2022}\u{b7}])[ \t]+"
    ))
    .ok()
});

/// What the sender wrote in the plain text and in the HTML, where these say different things: other words,
/// other numbers, another question. Signs, blanks, links and pictures do not count, nor does what is quoted.
pub fn differ(text: Option<&str>, rich: Option<&str>) -> Option<(String, String)> {
    let (text, rich) = (text?, rich?);
    if text.trim().is_empty() || rich.trim().is_empty() {
        return None;
    }
    let plain = quote::parts(text).own();
    let has_table = rich.to_lowercase().contains("<table");
    let rich = quote::parts(&html::to_text(rich)).own();
    let (one, other) = (without_fillers(&plain), without_fillers(&rich));
    // the one form has the blank line that parts a signature, and the other has not
    let unsigned = [&one, &other].map(|text| contact::without_contacts(text));
    let same = bare(&one) == bare(&other)
        || labelled(unsigned[0], unsigned[1])
        // cells of a table stand in another order where it was made flat
        || has_table && words(&one) == words(&other)
        || is_filler(text);
    (!same).then_some((plain, rich))
}

/// Whether the plain text is a table of the HTML made flat, by blanks or a cell a line: its columns are gone,
/// and the HTML has them.
pub fn flattened(text: Option<&str>, rich: Option<&str>) -> bool {
    let (Some(text), Some(rich)) = (text, rich) else {
        return false;
    };
    let plain = without_fillers(&quote::parts(text).own());
    if plain.contains(['\t', '|', ';']) || !rich.to_lowercase().contains("<table") {
        return false;
    }
    let rich = without_fillers(&quote::parts(&html::to_text(rich)).own());
    rich.contains('\t') && words(&plain) == words(&rich)
}

/// What the number of a parcel is called in the one and not in the other.
static LABELS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:tracking(?: (?:number|no|nr|id)\b)?|carrier|via|ups|fed ?ex|usps|dhl)\b")
        .ok()
});
static CARRIERS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\b(?:ups|fed ?ex|usps|dhl)\b").ok());

/// Whether two texts are the same but for what they call a number: `Tracking: 1Z…` beside `UPS 1Z…`. They
/// must not name different carriers.
fn labelled(one: &str, other: &str) -> bool {
    let (Some(labels), Some(carriers)) = (LABELS.as_ref(), CARRIERS.as_ref()) else {
        return false;
    };
    let named = |text: &str| -> std::collections::BTreeSet<String> {
        let found = carriers.find_iter(text);
        found
            .map(|one| one.as_str().to_lowercase().replace(' ', ""))
            .collect()
    };
    let (first, second) = (named(one), named(other));
    let silent = first.is_empty() || second.is_empty();
    let number = |text: &str| bare(&labels.replace_all(text, " "));
    (silent || first == second) && number(one) == number(other)
}

/// What stands in the plain part for readers that show no HTML, and says nothing else.
static FILLER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^\s*(?:(?:sorry,? )?(?:your|this|the) (?:e-?mail|mail) (?:client|program|reader|viewer|application|software) (?:does not|doesn't|cannot|can't|may not|is not able to|is unable to) (?:support|display|show|read|view|render)(?: (?:html|rich text))?(?: (?:messages?|mails?|e-?mails?|content|format))?|",
        r"this (?:message|e-?mail|mail) (?:is|was|has been)(?: (?:sent|written|composed))? (?:in|as) (?:an? )?html(?: (?:format|message|mail|e-?mail))?(?: only)?|",
        r"this is an? html (?:message|e-?mail|mail)|(?:please )?(?:view|open|read|see|use)(?: (?:this|the|it))?(?: (?:message|e-?mail|mail))? (?:in|with|using)(?: an?| your)? (?:html[- ]?(?:capable|enabled|compatible)?(?: (?:e-?mail|mail))?(?: (?:client|program|reader|viewer))?|(?:web )?browser)|",
        r"(?:please )?(?:enable|turn on) html(?: (?:display|view|in your (?:e-?mail|mail) (?:client|program)))?|(?:please )?(?:view|open|read|see) (?:this|the) (?:message|e-?mail|mail) (?:online|(?:in|with|on) (?:your|a|the) (?:web )?(?:browser|page))|(?:view|open|read) (?:it )?(?:online|in (?:your|a) browser)|(?:having )?(?:trouble|problems?) (?:viewing|reading|seeing|displaying) (?:this|the) (?:message|e-?mail|mail)|if (?:you (?:cannot|can't|can not|are unable to|are not able to|have (?:trouble|problems?)) (?:see|view|read|display|viewing|reading|seeing) (?:this|the) (?:message|e-?mail|mail)(?: (?:correctly|properly))?|(?:this|the) (?:message|e-?mail|mail) (?:does not|doesn't|is not|isn't) (?:display(?:ed)?|show(?:n)?)(?: (?:correctly|properly))?),? (?:please )?(?:enable html|turn on html|click (?:here|this link|the link(?: below)?)|(?:view|open|read) it (?:online|in (?:your|a) (?:web )?browser)|use (?:this|the) link)|to (?:view|read) (?:this|the) (?:message|e-?mail|mail),? (?:please )?use an? html[- ]?(?:capable|enabled|compatible)?(?: (?:e-?mail|mail))? (?:client|program|reader|viewer))\s*$"
    ))
    .ok()
});

fn is_filler(plain: &str) -> bool {
    let plain = match ADDED.as_ref() {
        Some(added) => added.replace_all(plain, " "),
        None => plain.into(),
    };
    let mut sentences = plain
        .split(['.', '!', '?', ':', '\n'])
        .filter(|said| !said.trim().is_empty())
        .peekable();
    let of = |said: &str| FILLER.as_ref().is_some_and(|filler| filler.is_match(said));
    sentences.peek().is_some() && sentences.all(of)
}

/// The text without lines that are such a filler, and the links that stand below one.
fn without_fillers(text: &str) -> String {
    let (mut kept, mut filler) = (Vec::new(), false);
    for line in text.lines() {
        let link = ADDED.as_ref().is_some_and(|added| {
            let link = line.contains("://");
            link && added.replace_all(line, "").trim().is_empty()
        });
        filler = is_filler(line) || filler && (link || line.trim().is_empty());
        if !filler {
            kept.push(line);
        }
    }
    kept.join("\n")
}

/// What mail programs leave in plain text of the links and pictures of the HTML: `<https://…>` behind the
/// linked words, `[cid:…]` for a picture.
static LEFT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)[ \t]?<(?:https?://|mailto:|tel:)[^<>\s]*>|\[cid:[^\]\n]*\]").ok()
});

/// The text without them; a link whose number stands nowhere else stays.
pub fn without_leftovers(text: &str) -> String {
    let Some(left) = LEFT.as_ref() else {
        return text.to_owned();
    };
    let bare = left.replace_all(text, "").to_uppercase();
    let kept = |found: &regex::Captures| {
        let link = &found[0];
        let numbers = link.split(|c: char| !c.is_ascii_alphanumeric());
        let mut numbers =
            numbers.filter(|part| part.bytes().filter(u8::is_ascii_digit).count() > 7);
        match numbers.all(|number| bare.contains(&number.to_uppercase())) {
            true => String::new(),
            false => link.to_owned(),
        }
    };
    without_fillers(&left.replace_all(text, kept))
}

/// The words of a text, in the order of the alphabet.
fn words(text: &str) -> Vec<String> {
    let text = match ADDED.as_ref() {
        Some(added) => added.replace_all(text, " "),
        None => text.into(),
    };
    let mut words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric() && c != '?')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.sort_unstable();
    words
}

/// Letters, digits and question marks alone.
fn bare(text: &str) -> String {
    let text = match ADDED.as_ref() {
        Some(added) => added.replace_all(text, " "),
        None => text.into(),
    };
    let kept = text.chars().filter(|c| c.is_alphanumeric() || *c == '?');
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_in_two_ways_is_the_same() {
        for (text, rich) in [
            (
                "Confirmed.\r\n\r\nRegards,\r\nBob",
                "<p>Confirmed.</p><p>Regards,<br>Bob</p>",
            ),
            ("*Confirmed*, ships\n12/4", "<b>Confirmed</b>, ships 12/4"),
            (
                "See our site <https://acme.example/x?y=1> or write to bob@acme.example <bob@acme.example>",
                "See <a href='https://acme.example/x?y=1'>our site</a> or write to <a href='mailto:bob@acme.example'>bob@acme.example</a>",
            ),
            (
                "[cid:image001.png@01DC]\nShipped",
                "<img src='cid:image001.png@01DC'>Shipped",
            ),
            (
                "1. lamp\n2. kettle",
                "<ol><li>lamp</li><li>kettle</li></ol>",
            ),
            ("It\u{2019}s on its way &amp", "It's on its way &amp;amp"),
            (
                "Confirmed.\n\nOn Mon, Dec 1, 2025 at 9:00 AM Shop <a@shop.example> wrote:\n> PO W1-1\n",
                "<div>Confirmed.</div><div>On Mon, Dec 1, 2025 at 9:00 AM Shop &lt;a@shop.example&gt; wrote:<br></div><blockquote>PO W1-1, and what the plain text left out</blockquote>",
            ),
            (
                "PO W1-1 SKU AC-1\nQty 2",
                "<table><tr><td>PO</td><td>W1-1</td></tr><tr><td>SKU</td><td>AC-1</td></tr><tr><td>Qty</td><td>2</td></tr></table>",
            ),
            ("", "<p>Shipped</p>"),
            (
                "Your email client does not support HTML. Please view this message in your browser.",
                "<p>Shipped today. UPS 1Z5R89390357567127</p>",
            ),
            ("This message is in HTML format.", "<p>Confirmed.</p>"),
            (
                "PO SKU Qty Tracking\nW1-1 AC-1 1 1Z",
                "<table><tr><th>PO</th><th>SKU</th><th>Qty</th><th>Tracking</th></tr><tr><td>W1-1</td><td>AC-1</td><td>1</td><td>1Z</td></tr></table>",
            ),
        ] {
            assert_eq!(differ(Some(text), Some(rich)), None, "{text}");
        }
        assert_eq!(differ(Some("Shipped"), None), None);
    }

    #[test]
    fn labels_fillers_and_links_are_no_difference() {
        for (text, rich) in [
            (
                "Shipped today.\nTracking #: 1Z",
                "<p>Shipped today. UPS 1Z</p>",
            ),
            (
                "Shipped\nCarrier: UPS\nTracking Number: 1Z",
                "<p>Shipped via UPS 1Z</p>",
            ),
            (
                "View this email in your browser: https://mail.example/x\n\nShipped today.",
                "<p>Shipped today.</p>",
            ),
            (
                "Shipped today.",
                "<p>Having trouble viewing this email? View it in your browser.</p><p>Shipped today.</p>",
            ),
            (
                "If you cannot see this message, please enable HTML.",
                "<p>Confirmed.</p>",
            ),
            ("Shipped.\nAnn\nacme.example", "<p>Shipped.</p><p>Ann</p>"),
            (
                "Shipped.\n\nAnn Roe\nacme.example",
                "<p>Shipped.</p>Ann Roe<br>acme.example",
            ),
        ] {
            assert_eq!(differ(Some(text), Some(rich)), None, "{text}");
        }
    }

    #[test]
    fn leftovers_of_links_and_pictures_go() {
        for (text, left) in [
            ("[cid:logo]\nConfirmed.", "\nConfirmed."),
            (
                "alderridge.example<https://alderridge.example>",
                "alderridge.example",
            ),
            (
                "UPS 1Z5R89390357567127 <https://www.ups.com/track?tracknum=1Z5R89390357567127>",
                "UPS 1Z5R89390357567127",
            ),
            (
                "Track it <https://www.ups.com/track?tracknum=1Z5R89390357567127>",
                "Track it <https://www.ups.com/track?tracknum=1Z5R89390357567127>",
            ),
        ] {
            assert_eq!(without_leftovers(text), left);
        }
    }

    #[test]
    fn what_differs_is_given() {
        for (text, rich) in [
            ("We cannot ship this order", "<p>Tracking number: 1Z</p>"),
            ("Shipped today", "<p>Shipped today?</p>"),
            ("Shipped today", "<p>Not shipped today</p>"),
            ("Ships 12/4", "<p>Ships 12/5</p>"),
            ("Shipped. FedEx 1Z", "<p>Shipped. UPS 1Z</p>"),
            ("Shipped. Return tracking: 1Z", "<p>Shipped. UPS 1Z</p>"),
            ("Shipped. Tracking: 1Z", "<p>Shipped. UPS 1Y</p>"),
            ("Shipped. Tracking: 1Z void", "<p>Shipped. UPS 1Z</p>"),
            (
                "View this email in your browser: we cannot ship",
                "<p>Shipped today</p>",
            ),
            (
                "If you cannot see this message, do not ship.",
                "<p>Shipped today</p>",
            ),
            ("Not shipped", "<p>View it online. Shipped</p>"),
            (
                "This message is in HTML format. Do not ship.",
                "<p>Shipped today</p>",
            ),
            ("Shipped today", "<p><s>Shipped today</s></p>"),
            (
                "Shipped today",
                "<p style='display:none'>Shipped today</p><p>&nbsp;</p>",
            ),
        ] {
            assert!(differ(Some(text), Some(rich)).is_some(), "{text}");
        }
        for pattern in [&ADDED, &FILLER, &LEFT, &LABELS, &CARRIERS] {
            assert!(pattern.is_some());
        }
    }
}
