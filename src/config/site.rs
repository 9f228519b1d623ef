//! `[site]`, `[openpgp]` and `[limits]`.

use super::reader::Section;
use super::safety::Need;
use super::secret::SecretSource;
use crate::domain::currency;
use crate::domain::email::wire;
use crate::domain::spelling::closest;
use crate::domain::token;
use chrono::TimeDelta;
use chrono_tz::Tz;
use std::path::PathBuf;
use std::time::Duration;

/// Who the shop is and where its books are.
#[derive(Clone, Debug)]
pub struct SiteConfig {
    /// The shop's name as customers and vendors see it.
    pub name: String,
    /// From of what poms sends.
    pub email: String,
    /// Who is told when a person is needed; may be empty.
    pub admin_email: Vec<String>,
    /// In which the shop's days begin and end.
    pub timezone: Tz,
    /// The ledger's file.
    pub ledger: PathBuf,
    /// Where the audit chain's head is anchored; beside the ledger unless set.
    pub anchor: PathBuf,
    /// ISO 4217 code of the catalogue's amounts.
    pub currency: String,
    /// The shop's postal address for purchase orders, line by line.
    pub address: Vec<String>,
    /// The shop's telephone for purchase orders; may be empty.
    pub phone: String,
    /// How PO numbers are made: `{order}` and `{n}`.
    pub po_number: String,
    /// Terms printed on every purchase order; may be empty and have several lines.
    pub po_terms: String,
    /// What vendors are asked to do, printed on every purchase order; as `po_terms`.
    pub po_instructions: String,
    /// Font files for letters that DejaVu Sans has not, in the order in which they are asked.
    pub fonts: Vec<PathBuf>,
    /// The site's own templates instead of those built in.
    pub templates: Option<PathBuf>,
    /// The folder of the site's own formats of orders; it may not be there.
    pub formats: PathBuf,
    /// Files with the keys of reply tokens, the newest first; empty when tokens are off.
    pub token_keys: Vec<PathBuf>,
    /// Where answers and bounces go: an address with `{token}` in its local part.
    pub reply_address: String,
}

/// `[intake]`: what is believed of incoming mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntakeConfig {
    /// What our own mail server calls itself in Authentication-Results (RFC 8601, 2.5); without it
    /// no such header is believed.
    pub authserv_id: Option<String>,
    /// Senders of orders between whom and us a gateway adds words beside the encrypted object: addresses
    /// in small letters. What stands outside the object is never used.
    pub footers_from: Vec<String>,
}

/// `[openpgp]`: whose mail is read, and whose signatures count.
#[derive(Clone)]
pub struct OpenPgpConfig {
    /// The shop's secret keys, the newest first.
    pub secret_keys: Vec<PathBuf>,
    /// Public keys (certificates) whose signed orders are trusted.
    pub trusted_signers: Vec<PathBuf>,
    /// Public keys of vendors, whose signed mails count as theirs.
    pub vendor_keys: Vec<PathBuf>,
    /// What unlocks the secret keys, if they are locked.
    pub passphrase: Option<SecretSource>,
    /// Days after which a signature is too old to place an order.
    pub max_signature_age_days: i64,
}

/// `[limits]`: what a run takes at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest message that is read, in bytes.
    pub message_bytes: u64,
    /// Free space below which nothing is fetched, in bytes.
    pub free_disk_bytes: u64,
    /// Messages that are taken in at once; memory grows with it.
    pub batch: usize,
    /// Computing time in which a message is read at once; one that takes longer waits for the end
    /// of the run.
    pub patience: Duration,
    /// So long after the last run a clock is believed.
    pub longest_pause: TimeDelta,
}

/// Reads `[site]`.
pub fn site(section: &Section<'_>) -> SiteConfig {
    let ledger_text = section
        .text("ledger")
        .unwrap_or_else(|| "poms.db".to_owned());
    if ledger_text.is_empty() {
        section.fault("ledger", "is empty: it must be a path");
    }
    let ledger = section.named("ledger", &ledger_text, Need::Ledger);
    let anchor = section.path("anchor", Need::Guarded).unwrap_or_else(|| {
        section.named("ledger", &format!("{ledger_text}.anchor"), Need::Guarded)
    });
    let admin_email = section.texts("admin_email");
    for address in &admin_email {
        check_email(section, "admin_email", address);
    }
    let email = section.required("email", "the address from which poms sends");
    if !email.is_empty() {
        check_email(section, "email", &email);
    }
    let token_keys = section.paths("token_keys", Need::Private);
    SiteConfig {
        reply_address: reply_address(section, &email, !token_keys.is_empty()),
        token_keys,
        name: name(section),
        email,
        admin_email,
        timezone: timezone(section),
        ledger,
        anchor,
        currency: currency(section),
        address: section.texts("address"),
        phone: section.text("phone").unwrap_or_default(),
        po_number: po_number(section),
        po_terms: section.long_text("po_terms").unwrap_or_default(),
        po_instructions: section.long_text("po_instructions").unwrap_or_default(),
        fonts: section.paths("fonts", Need::Guarded),
        templates: section.path("templates", Need::Tree),
        formats: section
            .path("formats", Need::Tree)
            .unwrap_or_else(|| section.named("formats", "formats", Need::Tree)),
    }
}

/// Characters of the shop's name: it stands in the headers of every mail.
const LONGEST_NAME: usize = 100;

fn name(section: &Section<'_>) -> String {
    let name = section.required("name", "the shop's name");
    let length = name.chars().count();
    if length > LONGEST_NAME {
        section.fault(
            "name",
            format!("has {length} characters: at most {LONGEST_NAME} can stand in every mail"),
        );
    }
    name
}

/// Notes an address that is not a plain one (RFC 5321 `local@domain`, no name, no comments).
pub fn check_email(section: &Section<'_>, key: &str, address: &str) {
    let why = match wire(address) {
        Ok(wire) if wire == address => return,
        Ok(wire) => format!("write {wire}"),
        Err(why) => why.to_string(),
    };
    section.fault(
        key,
        format!(
            "'{}' is not a plain e-mail address such as orders@shop.example: {why}",
            super::reader::printable(address)
        ),
    );
}

fn timezone(section: &Section<'_>) -> Tz {
    let name = section.required("timezone", "an IANA time zone such as \"America/New_York\"");
    if name.is_empty() {
        return Tz::UTC;
    }
    name.parse().unwrap_or_else(|_| {
        section.fault(
            "timezone",
            format!(
                "is not an IANA time zone; the nearest is \"{}\"",
                nearest_timezone(&name)
            ),
        );
        Tz::UTC
    })
}

/// The IANA zone whose name resembles `name` most.
pub fn nearest_timezone(name: &str) -> &'static str {
    // a long text cannot be near any, and comparing it would take long
    let start: String = name.chars().take(64).collect();
    closest(
        &start,
        chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()),
    )
    .unwrap_or("UTC")
}

fn currency(section: &Section<'_>) -> String {
    let code = section.text("currency").unwrap_or_else(|| "USD".to_owned());
    if !currency::is_kept(&code) {
        section.fault(
            "currency",
            "is not an ISO 4217 code of a currency with two decimals, such as \"USD\" or \"CAD\"",
        );
    }
    code
}

/// The pattern stands in subjects and on the command line, so it may have only harmless characters.
fn po_number(section: &Section<'_>) -> String {
    const DEFAULT: &str = "{order}-{n}";
    let Some(pattern) = section.text("po_number") else {
        return DEFAULT.to_owned();
    };
    let both = ["{order}", "{n}"]
        .iter()
        .all(|part| pattern.matches(part).count() == 1);
    let rest = pattern.replace("{order}", "").replace("{n}", "");
    let harmless = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '#');
    if !both || rest.len() > 24 || !rest.chars().all(harmless) {
        section.fault(
            "po_number",
            "must have {order} and {n} once each, and beside them at most 24 letters, digits, - _ . / #",
        );
    } else if pattern.contains("{order}{n}") || pattern.contains("{n}{order}") {
        section.fault(
            "po_number",
            "needs a sign between {order} and {n}: order 1, PO 12 and order 11, PO 2 would have one number",
        );
    }
    pattern
}

/// The pattern of the addresses that carry a token: `local+{token}@domain` unless set.
fn reply_address(section: &Section<'_>, email: &str, tokens: bool) -> String {
    let usual = email.replacen('@', "+{token}@", 1);
    let pattern = section.text("reply_address");
    let shown = pattern.as_deref().unwrap_or(&usual);
    let (before, after) = shown.split_once("{token}").unwrap_or((shown, ""));
    // the token is found again as a word of the local part
    let stands_alone = !before.ends_with(|c: char| c.is_ascii_alphanumeric())
        && after.starts_with(|c: char| !c.is_ascii_alphanumeric())
        && !before.contains('@')
        && !after.contains("{token}");
    let address = token::address(shown, &"p".repeat(token::LENGTH));
    let (key, fault) = match &pattern {
        Some(_) if !tokens => ("reply_address", "is of no use without token_keys"),
        Some(_) if !stands_alone => (
            "reply_address",
            "must have {token} once, as a word of its own before the @, as in \"po-{token}@shop.example\"",
        ),
        _ if tokens && !email.is_empty() && !email_address::EmailAddress::is_valid(&address) => (
            if pattern.is_some() {
                "reply_address"
            } else {
                "email"
            },
            "leaves too little room for a token: the part before the @ may have 64 characters, and a token is 33. \
             Set reply_address to a shorter one, such as \"po-{token}@shop.example\"",
        ),
        _ => return shown.to_owned(),
    };
    section.fault(key, fault);
    usual
}

/// Reads `[intake]`.
pub fn intake(section: &Section<'_>) -> IntakeConfig {
    let authserv_id = section.text("authserv_id").filter(|id| !id.is_empty());
    if authserv_id
        .as_ref()
        .is_some_and(|id| id.contains(char::is_whitespace) || id.contains([';', '(', '"']))
    {
        section.fault(
            "authserv_id",
            "must be one word, as your mail server writes it after Authentication-Results:, such as \"mx.shop.example\"",
        );
    }
    let mut footers_from = section.texts("footers_from");
    for sender in &mut footers_from {
        *sender = sender.trim().to_ascii_lowercase();
        if sender.matches('@').count() != 1 || sender.starts_with('@') || sender.ends_with('@') {
            section.fault(
                "footers_from",
                "has what is no address: name each as it stands in From:, such as \"web@shop.example\"",
            );
        }
    }
    IntakeConfig {
        authserv_id,
        footers_from,
    }
}

/// Reads `[openpgp]`.
pub fn openpgp(section: &Section<'_>) -> OpenPgpConfig {
    OpenPgpConfig {
        secret_keys: section.paths("secret_keys", Need::Private),
        trusted_signers: section.paths("trusted_signers", Need::Guarded),
        vendor_keys: section.paths("vendor_keys", Need::Guarded),
        passphrase: section.secret("passphrase"),
        max_signature_age_days: section.number("max_signature_age_days", 1..=3650, 7),
    }
}

impl Default for OpenPgpConfig {
    fn default() -> Self {
        OpenPgpConfig {
            secret_keys: Vec::new(),
            trusted_signers: Vec::new(),
            vendor_keys: Vec::new(),
            passphrase: None,
            max_signature_age_days: 7,
        }
    }
}

const MIB: u64 = 1024 * 1024;

impl Default for Limits {
    fn default() -> Self {
        Limits {
            message_bytes: 25 * MIB,
            free_disk_bytes: 200 * MIB,
            batch: 256,
            patience: Duration::from_millis(500),
            longest_pause: TimeDelta::days(180),
        }
    }
}

/// Reads `[limits]`.
pub fn limits(section: &Section<'_>) -> Limits {
    let mib = |key, range, default| section.number(key, range, default).unsigned_abs() * MIB;
    Limits {
        message_bytes: mib("message_mib", 1..=1024, 25),
        free_disk_bytes: mib("free_disk_mib", 0..=1_048_576, 200),
        batch: usize::try_from(section.number("batch", 1..=10_000, 256)).unwrap_or(256),
        patience: Duration::from_millis(
            u64::try_from(section.number("patience_ms", 0..=5_000, 500)).unwrap_or(500),
        ),
        longest_pause: TimeDelta::days(section.number("longest_pause_days", 1..=36_500, 180)),
    }
}
