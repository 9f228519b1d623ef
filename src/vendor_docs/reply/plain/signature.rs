//! Names that stand below what a vendor writes, without a courtesy between: "Confirmed." and below it
//! "Jane Roe", "Acme Home Goods".

use super::super::vocabulary::{BACKORDERED, DOUBT, TROUBLE, refusal};
use super::numbers::contacts;
use crate::domain::pattern::fits;
use crate::vendor_docs::text::{contact, quote, signers};
use regex::Regex;
use std::sync::LazyLock;

/// Most such lines, and most words of one.
const MOST: (usize, usize) = (6, 8);
/// What may stand before a telephone number or an address.
const CONTACT: &[&str] = &[
    "phone", "ph", "tel", "fax", "cell", "mobile", "office", "direct", "d", "toll", "ext", "email",
    "e-mail", "web", "o", "m", "t", "f", "p", "c",
];
/// Words that are no part of a name, however they are written.
const NO_NAMES: &[&str] = &[
    "order",
    "po",
    "item",
    "items",
    "price",
    "qty",
    "quantity",
    "date",
    "stock",
    "ship",
    "shipped",
    "address",
    "invoice",
    "payment",
    "bank",
    "account",
    "please",
    "color",
    "colour",
    "colors",
    "size",
    "finish",
    "model",
    "net",
    "cod",
    "prepaid",
    "prepay",
    "collect",
    "freight",
    "void",
    "voided",
    "hold",
    "final",
    "pickup",
    "ready",
    "free",
    "list",
    "total",
    "cost",
    "fee",
    "fees",
    "tax",
    "duty",
    "red",
    "blue",
    "green",
    "white",
    "black",
    "used",
    "refurbished",
    "damaged",
    "open",
    "box",
    "label",
    "pending",
    "recalled",
    "refused",
];

/// What stands below signatures: when somebody is there, and where else the firm is to be found.
static FOOTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let day = "(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?|m|t|w|th|f)";
    let time = r"(?:\d{1,2}(?::\d{2})? ?(?:a\.?m\.?|p\.?m\.?)?|noon)";
    let to = "(?: ?(?:-|\u{2013}|to|through|thru|&|and) ?)";
    let days = format!("{day}\\.?(?:{to}{day}\\.?)?");
    let hours = format!(r"{days}:?,? {time}{to}{time}(?: ?\(?[ecmp][ds]?t\)?)?");
    let shut = format!(
        r"(?:(?:{days}|weekends|holidays):? closed|closed:?(?: on)? (?:{days}|weekends|holidays))"
    );
    let next = " ?(?:[/,;|]|and|&) ?";
    let net = r"(?:facebook|instagram|twitter|x|linked ?in|pinterest|you ?tube|tik ?tok|our (?:website|site|blog))";
    Regex::new(&format!(
        r"(?i)^(?:(?:(?:our |office |business |store |warehouse |shop )*(?:hours|office)(?: of operation)?(?: are)?:? )?{hours}(?:{next}(?:{hours}|{shut}))*|(?:please )?(?:follow|like|find|visit|join) us (?:on|at) {net}(?:(?:,? and |, | & |/){net})*)[.!]*$"
    ))
    .ok()
});

/// Takes names, and how to reach who has them, off the end: what is said, and whether it is strange, in the
/// order of the text. Only what can be told for a signature of the vendor's people goes.
pub(super) fn cut(said: &mut Vec<(String, bool)>, vendor: Option<&str>) {
    let Some(first) = said.iter().position(|(_, strange)| !strange) else {
        return;
    };
    let mut at = said.len();
    let last = at.saturating_sub(MOST.0).max(first + 1);
    let mut found = Vec::new();
    let (mut street, mut bound) = (false, false);
    while at > last {
        at -= 1;
        let (text, strange) = &said[at];
        let kind = signer(text, vendor);
        if kind == SignerKind::Nobody && (*strange || !is_name(text)) {
            break;
        }
        street |= kind == SignerKind::Street;
        bound |= kind == SignerKind::Theirs;
        if *strange {
            found.push(at);
        }
    }
    // a name with a street may be another recipient's
    if street && !bound {
        return;
    }
    for at in found {
        said.remove(at);
    }
}

/// What a line of a signature is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SignerKind {
    /// A person.
    Person,
    /// A street or a town.
    Street,
    /// The vendor's own name, a telephone number, an address of mail, what somebody is there.
    Theirs,
    /// What stands below one.
    Footer,
    /// Nothing of this.
    Nobody,
}

/// What a line is, of a vendor's people where its name is known.
fn signer(text: &str, vendor: Option<&str>) -> SignerKind {
    let part = |text: &str| {
        let text = text.trim();
        let letters = contacts(text);
        let mut letters = letters.split(|c: char| !c.is_alphabetic() && c != '-');
        let reach =
            letters.all(|word| word.is_empty() || CONTACT.contains(&word.to_lowercase().as_str()));
        let firm = |text: &str| match vendor {
            Some(vendor) => signers::is_of_firm(text, vendor),
            None => signers::is_firm(text),
        };
        match () {
            () if reach && is_name(text) || contact::is_reach(text) => SignerKind::Theirs,
            () if firm(text) && is_name(text) || signers::is_role(text) => SignerKind::Theirs,
            () if signers::is_person(text) => SignerKind::Person,
            () if contact::is_address(text) => SignerKind::Street,
            () if FOOTER.as_ref().is_some_and(|footer| footer.is_match(text)) => SignerKind::Footer,
            () => SignerKind::Nobody,
        }
    };
    match part(text) {
        SignerKind::Nobody => {
            let text = text.replace(" / ", "|");
            let parts = text.split([',', '|', '\u{2022}', '\u{b7}']);
            let parts = parts.filter(|one| !one.trim().is_empty());
            let kinds: Vec<SignerKind> = parts.map(part).collect();
            let some = |kind| kinds.contains(&kind);
            match () {
                () if some(SignerKind::Nobody) || kinds.is_empty() => SignerKind::Nobody,
                () if some(SignerKind::Footer) => SignerKind::Footer,
                () if some(SignerKind::Theirs) => SignerKind::Theirs,
                () if some(SignerKind::Street) => SignerKind::Street,
                () => SignerKind::Person,
            }
        }
        kind => kind,
    }
}

/// A courtesy and a name in one line: "Thanks, Kim", "Regards, Tom".
pub(super) fn signed_off(sentence: &str, vendor: Option<&str>) -> bool {
    static OFF: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^\W*(?i:(?:many |best |kind |kindest |warm |with )*(?:thanks|thank you|thx|regards|rgds|cheers|best|sincerely|warmly|talk soon|take care|all the best)(?: again)?(?: (?:&|and) (?:best |kind )?regards)?)[,!. -]+(?P<name>[^,]{2,60})$").ok()
    });
    let found = OFF.as_ref().and_then(|off| off.captures(sentence));
    let name = found.as_ref().and_then(|found| found.name("name"));
    name.is_some_and(|name| {
        let named = name.as_str().trim();
        let kind = signer(named, vendor);
        let regards = ["regards", "sincerely"].iter().any(|word| {
            let before = sentence.get(..sentence.len() - name.as_str().len());
            before.is_some_and(|before| before.to_lowercase().contains(word))
        });
        // behind "Kind regards" stands a name, also one that is on no list
        regards && signers::may_sign(named)
            || matches!(kind, SignerKind::Person | SignerKind::Theirs)
    })
}

/// Whether a line can be told for one of a signature.
pub(in crate::vendor_docs::reply) fn signs(line: &str, vendor: Option<&str>) -> bool {
    signer(line, vendor) != SignerKind::Nobody
}

/// Whether a text is a courtesy with names below it, and nothing else: "Regards, Bob".
pub fn only_signed(own: &str, vendor: Option<&str>) -> bool {
    let mut lines = own.lines().map(str::trim).filter(|line| !line.is_empty());
    let Some(first) = lines.next() else {
        return true;
    };
    let (head, name) = first.split_once(',').unwrap_or((first, ""));
    let name = name.trim();
    let signs = |line: &str| signs(line, vendor);
    quote::signs_off(head) && (name.is_empty() || signs(name)) && lines.all(signs)
}

fn is_name(text: &str) -> bool {
    let signed = text.starts_with(['-', '–', '—', '~', '/']);
    let text = text.trim_start_matches(['-', '–', '—', '~', '/', ' ']);
    let lower = text.to_lowercase();
    let told = fits(&TROUBLE, &lower)
        || fits(&DOUBT, &lower)
        || fits(&BACKORDERED, &lower)
        || refusal(&lower).is_some();
    let text = contacts(text);
    let plain = |word: &str| {
        let bare = word.trim_matches(['.', ',', '(', ')', '|', ':', '#']);
        let number = bare.bytes().all(|b| b.is_ascii_digit() || b == b'-') && bare.len() <= 10;
        if number || CONTACT.contains(&bare.to_lowercase().as_str()) {
            return true;
        }
        let letters = bare
            .chars()
            .all(|c| c.is_alphabetic() || "'’.-&".contains(c));
        let small = ["of", "and", "the", "&", "de", "van", "von", "-", "|", ""].contains(&bare);
        let capital = bare.chars().next().is_some_and(char::is_uppercase);
        let allowed = !NO_NAMES.contains(&bare.to_lowercase().as_str());
        letters && allowed && (small || capital || signed)
    };
    let count = text.split_whitespace().count();
    // a number by itself is no name
    let named = text.chars().any(char::is_alphabetic) || count == 0;
    !told && named && count <= MOST.1 && text.split_whitespace().all(plain)
}
