//! Whether a mail system wrote a mail, by its headers (RFC 3834, RFC 5321 4.5.5). Words are no sign:
//! people write and forward the same ones.

use super::head::{self, HeaderField};

/// How sure it is that a mail system speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Machine {
    /// Nothing shows it.
    No,
    /// Nobody is to be answered: holiday notices and reports alike are sent so.
    Nobody,
    /// It has the name of a mail system, or a header that only a report has.
    System,
}

/// Senders under which mail systems write.
const MAIL_SYSTEMS: [&str; 10] = [
    "mailer-daemon",
    "mailer_daemon",
    "post_master",
    "mailerdaemon",
    "mail-daemon",
    "maildaemon",
    "mdaemon",
    "mail.delivery.subsystem",
    "mail.delivery.system",
    "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e",
];

/// Headers that stand in reports alone: of Exim and Gmail, of Exchange 5.5 to 2003, of Microsoft's
/// SMTP service.
const OF_REPORTS: [&str; 3] = [
    "x-failed-recipients",
    "x-ms-embedded-report",
    "x-dsncontext",
];

/// What gateways call themselves, in small letters: Trend Micro InterScan by its sender's name, Digital
/// Arts m-FILTER as the program. Both write under an admin's address.
fn is_gateway(from: &str, mailer: &str) -> bool {
    let name = from.split('<').next().unwrap_or_default();
    let name = name.trim().trim_matches('"').to_ascii_lowercase();
    let picture = local_part(from) == "sysadmin" && from.contains("@mms.");
    name.starts_with("interscan ") || mailer.starts_with("m-FILTER") || picture
}

/// Judges by the headers. A postmaster is a person too, unless something else says that no person
/// wrote.
pub fn of(fields: &[HeaderField]) -> Machine {
    let from = head::first(fields, "from").unwrap_or_default();
    let local = local_part(from);
    let nobody = is_from_nobody(fields);
    let submitted = head::first(fields, "auto-submitted").is_some_and(|word| word != "no");
    // IMail and others of its house send as the postmaster and say nothing else
    let mailer = head::first(fields, "x-mailer").unwrap_or_default();
    let unmanned = nobody || submitted || mailer.starts_with("<SMTP32");
    let system = MAIL_SYSTEMS.contains(&local.as_str())
        || is_nameless(from)
        || is_gateway(from, mailer)
        || (local == "postmaster" && unmanned)
        || OF_REPORTS
            .iter()
            .any(|name| head::first(fields, name).is_some());
    match (system, nobody) {
        (true, _) => Machine::System,
        (false, true) => Machine::Nobody,
        (false, false) => Machine::No,
    }
}

/// Whether any header says that no person wrote it: weaker than [`of`], and never a reason to believe
/// what it says.
pub fn unmanned(fields: &[HeaderField]) -> bool {
    let value = |name: &str| {
        let value = head::first(fields, name).unwrap_or_default();
        value.to_ascii_lowercase()
    };
    let submitted = value("auto-submitted");
    of(fields) != Machine::No
        || (!submitted.is_empty() && submitted != "no")
        || matches!(
            value("precedence").as_str(),
            "bulk" | "junk" | "list" | "auto_reply"
        )
        || !value("x-auto-response-suppress").is_empty()
}

/// Gives what stands before the @ of a sender, in small letters; sendmail writes `<MAILER-DAEMON>` without
/// one, and others a remark in parentheses behind the address.
fn local_part(from: &str) -> String {
    let address = from.rsplit('<').next().unwrap_or_default();
    let address = address.split(['>', '(']).next().unwrap_or_default();
    let local = address.split('@').next().unwrap_or_default();
    local.trim().trim_matches('"').to_ascii_lowercase()
}

/// A sender without an address: `Mail Delivery System <>`.
fn is_nameless(from: &str) -> bool {
    from.replace(' ', "").ends_with("<>")
}

/// The null sender (RFC 5321, 4.5.5), as the topmost Return-Path has it; sendmail writes its name in
/// its place.
fn is_from_nobody(fields: &[HeaderField]) -> bool {
    head::first(fields, "return-path")
        .is_some_and(|path| path.replace(' ', "") == "<>" || local_part(path) == "mailer-daemon")
}
