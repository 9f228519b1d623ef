//! Every key that a configuration may have, by table. The reader refuses all others, and a test
//! demands that `config/poms.toml` explains each of these.

use super::source::SOURCE_KEYS;
use super::stock_mail::KEYS as STOCK_MAIL_KEYS;

/// The tables and their keys. `""` is the top of the file; a table inside a table is a key of it.
/// `[rules]` is not here: its keys are the codes of the rules, which check them themselves.
pub static TABLES: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "site",
            "mailbox",
            "source",
            "hook",
            "stock_mail",
            "vendor_drop",
            "vendor_layout",
            "strategy",
            "intake",
            "openpgp",
            "delivery",
            "promise",
            "notices",
            "limits",
            "monitoring",
            "watch",
            "invoicing",
            "returns",
            "rules",
        ],
    ),
    (
        "site",
        &[
            "name",
            "email",
            "admin_email",
            "timezone",
            "ledger",
            "anchor",
            "currency",
            "address",
            "phone",
            "po_number",
            "po_terms",
            "po_instructions",
            "fonts",
            "templates",
            "formats",
            "token_keys",
            "reply_address",
        ],
    ),
    (
        "mailbox",
        &[
            "name",
            "purpose",
            "kind",
            "path",
            "host",
            "port",
            "security",
            "user",
            "password",
            "password_file",
            "password_command",
            "password_credential",
            "token_file",
            "token_command",
            "token_credential",
            "folder",
            "processed_folder",
            "quarantine_folder",
            "ca_file",
            "allow_plaintext",
            "timeout_seconds",
        ],
    ),
    ("source", &SOURCE_KEYS),
    (
        "hook",
        &[
            "name",
            "on",
            "program",
            "url",
            "secret",
            "secret_file",
            "secret_command",
            "secret_credential",
            "timeout_seconds",
            "once",
            "allow_plaintext",
            "allow_private",
            "ca_file",
        ],
    ),
    ("stock_mail", &STOCK_MAIL_KEYS),
    (
        "vendor_drop",
        &[
            "vendor",
            "kind",
            "documents",
            "layout",
            "path",
            "mode",
            "url",
            "host",
            "port",
            "host_key",
            "key_file",
            "key_passphrase",
            "key_passphrase_file",
            "key_passphrase_command",
            "key_passphrase_credential",
            "user",
            "password",
            "password_file",
            "password_command",
            "password_credential",
            "token",
            "token_file",
            "token_command",
            "token_credential",
            "ca_file",
            "allow_private",
            "timeout_seconds",
        ],
    ),
    (
        "vendor_layout",
        &[
            "name",
            "separator",
            "no_header",
            "decimal",
            "date",
            "columns",
        ],
    ),
    (
        "strategy",
        &[
            "name",
            "categories",
            "sku_prefixes",
            "skus",
            "keys",
            "parcels",
            "split",
            "freight_per_parcel",
            "least_count",
            "missing",
            "available",
        ],
    ),
    ("intake", &["authserv_id", "footers_from"]),
    (
        "openpgp",
        &[
            "secret_keys",
            "trusted_signers",
            "vendor_keys",
            "passphrase",
            "passphrase_file",
            "passphrase_command",
            "passphrase_credential",
            "max_signature_age_days",
        ],
    ),
    ("delivery", &["email", "fax", "backoff"]),
    (
        "delivery.fax",
        &[
            "kind",
            "attempts",
            "cover_sheet",
            "from",
            "timeout_seconds",
            "base_url",
            "project",
            "service",
            "key",
            "key_file",
            "key_command",
            "key_credential",
            "secret",
            "secret_file",
            "secret_command",
            "secret_credential",
            "retries",
            "allow_plaintext",
            "allow_private",
            "address",
            "subject",
            "text",
            "attachment",
            "attachment_type",
            "reports_from",
            "report_success",
            "report_failure",
            "sendfax",
            "faxstat",
            "host",
            "port",
            "user",
            "modem",
            "number",
            "options",
        ],
    ),
    (
        "delivery.email",
        &[
            "kind",
            "path",
            "host",
            "port",
            "security",
            "user",
            "password",
            "password_file",
            "password_command",
            "password_credential",
            "connections",
            "ca_file",
            "helo",
            "allow_plaintext",
            "connect_timeout_seconds",
            "timeout_seconds",
            "data_timeout_seconds",
            "verp",
            "archive",
        ],
    ),
    (
        "delivery.backoff",
        &[
            "first_minutes",
            "longest_minutes",
            "alert_minutes",
            "po_give_up_hours",
            "customer_give_up_hours",
        ],
    ),
    (
        "promise",
        &[
            "kind",
            "server",
            "allow_other_host",
            "allow_plaintext",
            "client_id",
            "client_secret",
            "client_secret_file",
            "client_secret_command",
            "client_secret_credential",
            "account",
            "ca_file",
            "budget_seconds",
            "service",
            "cutoff",
            "ground_days",
            "remote_days",
            "hit_rate",
            "tracking",
            "stuck_days",
        ],
    ),
    (
        "notices",
        &[
            "quiet_hours",
            "cancelled",
            "answer_days",
            "unanswered",
            "overdue",
        ],
    ),
    (
        "limits",
        &[
            "message_mib",
            "free_disk_mib",
            "batch",
            "patience_ms",
            "longest_pause_days",
        ],
    ),
    (
        "monitoring",
        &[
            "heartbeat_url",
            "heartbeat_url_file",
            "heartbeat_url_command",
            "heartbeat_url_credential",
            "heartbeat_failure",
            "heartbeat_timeout_seconds",
            "allow_plaintext",
            "allow_private",
            "metrics_file",
        ],
    ),
    (
        "watch",
        &[
            "acknowledgement",
            "advice",
            "late",
            "cancellation",
            "chases",
            "chase_every",
            "business_hours",
            "remind_days",
        ],
    ),
    (
        "invoicing",
        &[
            "folder",
            "dates",
            "window_days",
            "due_days",
            "tolerance_percent",
            "tolerance_amount",
            "freight_per_order",
            "freight_per_piece",
            "freight_percent",
            "fee_per_order",
            "fee_per_piece",
            "fee_percent",
            "goods_account",
            "freight_account",
            "fees_account",
            "refunds_account",
            "tax_account",
            "refunded_from_account",
        ],
    ),
    (
        "returns",
        &[
            "address",
            "deadline_days",
            "credit_days",
            "waiting_days",
            "credit_restocked",
            "restocking_percent",
        ],
    ),
];

/// The keys of one table; empty for a table that is none.
pub fn of(table: &str) -> &'static [&'static str] {
    TABLES
        .iter()
        .find(|(name, _)| *name == table)
        .map_or(&[], |(_, keys)| keys)
}

/// The table, other than `table`, that knows `key`: for keys written in the wrong place.
pub fn elsewhere(table: &str, key: &str) -> Option<&'static str> {
    TABLES
        .iter()
        .find(|(name, keys)| *name != table && keys.contains(&key))
        .map(|(name, _)| *name)
}

/// Whether values of this key are secrets, which no message may repeat.
pub fn is_secret(key: &str) -> bool {
    ["password", "passphrase", "token", "secret"]
        .iter()
        .any(|word| key.contains(word))
        || ["key", "secret", "heartbeat_url"].contains(&key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::spelling::closest;

    #[test]
    fn the_nearest_is_what_a_person_meant() {
        for (table, typo, meant) in [
            ("site", "timezon", "timezone"),
            ("site", "adminemail", "admin_email"),
            ("", "mailboxes", "mailbox"),
            ("delivery.email", "conections", "connections"),
        ] {
            assert_eq!(closest(typo, of(table).iter().copied()), Some(meant));
        }
        assert_eq!(elsewhere("", "ledger"), Some("site"));
    }
}
