//! The house's rules as lists.

/// Lines of a file.
pub const LONGEST_FILE: usize = 400;
/// Lines of a function, from `fn` to its closing brace.
pub const LONGEST_FUNCTION: usize = 60;

/// Which parts of the house a part may use, beside itself. A part that is not here may use nothing.
///
/// main → cli → run → stages → {ledger, adapters} → domain. The stages (intake, rules, purchasing,
/// delivery, notices, shipping, invoicing, returns) see the ledger and the domain; the few other
/// words are values that one stage prepares and another looks at, and are named module by module in
/// [`ALSO`].
pub const MAY_USE: [(&str, &[&str]); 24] = [
    ("actor", &[]),
    ("clock", &[]),
    ("domain", &[]),
    ("files", &[]),
    ("net", &["files"]),
    ("http", &["clock", "domain", "files", "net"]),
    ("program", &[]),
    ("formats", &["domain"]),
    ("ledger", &["clock", "domain", "files"]),
    (
        "config",
        &["clock", "domain", "files", "http", "net", "program"],
    ),
    ("rules", &["domain"]),
    ("intake", &["clock", "domain", "formats", "ledger", "net"]),
    ("purchasing", &["clock", "domain", "files", "ledger"]),
    (
        "delivery",
        &["clock", "domain", "http", "ledger", "net", "program"],
    ),
    ("notices", &["clock", "domain", "files", "ledger"]),
    ("shipping", &["clock", "domain", "files", "http", "ledger"]),
    ("invoicing", &["clock", "domain", "ledger"]),
    ("returns", &["clock", "domain", "ledger"]),
    ("reports", &["clock", "domain", "ledger"]),
    ("site", &["clock", "domain", "config", "intake", "ledger"]),
    ("run", &["*"]),
    ("desk", &["*"]),
    ("cli", &["*"]),
    ("main", &["cli"]),
];

/// Single modules that a file may use beside [`MAY_USE`], and why.
pub const ALSO: &[(&str, &str, &str)] = &[
    // promises and what customers are told of them
    ("config/promise.rs", "shipping::promise", "its settings"),
    ("notices/customer.rs", "purchasing::document", "a value"),
    ("notices/gather.rs", "purchasing::document", "a value"),
    ("notices/gather.rs", "shipping::calendar", "days"),
    ("notices/gather/days.rs", "shipping::apply", "days"),
    ("notices/gather/shipped.rs", "shipping::calendar", "days"),
    (
        "notices/gather/shipped.rs",
        "shipping::carriers",
        "names and links",
    ),
    ("notices/post.rs", "delivery::letter", "a value"),
    ("notices/post.rs", "purchasing::document", "a value"),
    ("purchasing/place.rs", "notices::post", "quiet hours"),
    (
        "purchasing/place.rs",
        "shipping::promise",
        "each purchase order has one",
    ),
    ("purchasing/told.rs", "notices", "what the first mail says"),
    ("purchasing/told.rs", "notices::customer", "a value"),
    // settings are values of the adapter that they set
    ("config/delivery.rs", "delivery::backoff", "its settings"),
    (
        "delivery/channels.rs",
        "config",
        "a registry opens what is configured",
    ),
    (
        "intake/mailbox/mod.rs",
        "config",
        "a registry opens what is configured",
    ),
    (
        "intake/read.rs",
        "rules::settings",
        "severities of what intake finds",
    ),
    (
        "intake/settle.rs",
        "rules::settings",
        "severities of what intake finds",
    ),
    ("intake/mailbox/imap.rs", "config", "what is configured"),
    (
        "intake/mailbox/imap/connect.rs",
        "config",
        "what is configured",
    ),
    (
        "intake/mailbox/imap/login.rs",
        "config",
        "what is configured",
    ),
    // the one file of the rules that is a stage: it gathers the facts
    ("rules/review.rs", "ledger", "the stage"),
    ("rules/review.rs", "ledger::exceptions", "the stage"),
    ("rules/review.rs", "ledger::orders", "the stage"),
    // what a purchase order says is a value that its mail's template shows
    ("notices/context.rs", "purchasing::document", "a value"),
    ("notices/rehearsal.rs", "purchasing::document", "a value"),
    ("notices/templates.rs", "purchasing::document", "a value"),
    ("notices/cancellation.rs", "purchasing::document", "a value"),
    (
        "purchasing/cancellation.rs",
        "notices::cancellation",
        "what its template shows",
    ),
    ("purchasing/cancellation.rs", "delivery::letter", "a value"),
    ("purchasing/mail.rs", "notices", "templates"),
    ("purchasing/place.rs", "notices", "templates"),
    ("shipping/mail.rs", "rules::settings", "severities"),
    ("notices/chase.rs", "purchasing::document", "a value"),
    (
        "reports/exception_case/silent.rs",
        "shipping::apply",
        "what a silent vendor's list has",
    ),
    ("shipping/apply/mod.rs", "rules::settings", "severities"),
    ("config/watch.rs", "shipping::watch", "its settings"),
    (
        "reports/exception_case/remedies/shipments.rs",
        "shipping::carriers",
        "check digits",
    ),
    (
        "reports/parcels.rs",
        "shipping::carriers",
        "names and links",
    ),
    ("reports/supply.rs", "shipping::carriers", "names and links"),
    ("reports/words/supply.rs", "shipping::carriers", "names"),
    // a letter is a mail before it is bytes
    ("notices/tell.rs", "delivery::letter", "a value"),
    ("purchasing/mail.rs", "delivery::letter", "a value"),
    ("purchasing/outgoing.rs", "delivery::letter", "message_id"),
    ("purchasing/fallback.rs", "delivery::letter", "message_id"),
    (
        "invoicing/export.rs",
        "reports::csv_safe",
        "cells that no spreadsheet runs",
    ),
    ("config/invoicing.rs", "invoicing::desk", "its settings"),
    ("config/invoicing.rs", "invoicing::examine", "its default"),
    ("config/invoicing.rs", "invoicing::export", "accounts"),
    ("config/invoicing.rs", "invoicing::formats", "day and month"),
    ("config/invoicing.rs", "invoicing::terms", "an agreement"),
    ("config/invoicing.rs", "invoicing::variance", "an agreement"),
    ("site/import/vendors.rs", "invoicing::terms", "an agreement"),
    (
        "site/import/vendors.rs",
        "invoicing::variance",
        "an agreement",
    ),
    (
        "invoicing/desk.rs",
        "rules::settings",
        "severities of what the match finds",
    ),
    ("notices/dispute.rs", "delivery::letter", "a value"),
    ("notices/dispute.rs", "purchasing::document", "a value"),
    ("config/returns.rs", "returns", "its settings"),
    (
        "returns/watch.rs",
        "rules::settings",
        "severities of what is late",
    ),
    ("notices/returns.rs", "delivery::letter", "a value"),
    ("notices/returns.rs", "purchasing::document", "a value"),
    (
        "reports/exception_case/mail.rs",
        "intake",
        "files of a mail",
    ),
    (
        "reports/exception_case/mail.rs",
        "intake::classify",
        "whether somebody wrote it",
    ),
    (
        "reports/exception_case/mail.rs",
        "intake::inbound",
        "whom an answer would reach",
    ),
    ("reports/returns.rs", "returns", "what it is worth"),
    ("reports/order_story.rs", "returns::owed", "what is owed"),
    (
        "reports/money/refunds_due.rs",
        "returns::owed",
        "what is owed",
    ),
    ("reports/returns.rs", "returns::watch", "when it is late"),
    // one cache of offers for reviewing and placing a batch
    ("purchasing/place.rs", "rules::review", "Catalogue"),
];
