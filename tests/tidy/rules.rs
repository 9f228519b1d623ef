//! The house's rules as lists.

/// Lines of a file.
pub const LONGEST_FILE: usize = 400;
/// Lines of a function, from `fn` to its closing brace.
pub const LONGEST_FUNCTION: usize = 60;
/// Types in `src/` that may share a name.
pub const MOST_TYPES_OF_A_NAME: usize = 2;

/// Which parts of the house a part may use, beside itself: from the ground up, and each only what
/// stands above it in this list, so that there is no circle. A part that is not here may use nothing.
///
/// Values and arithmetic; the ledger and what reads foreign words; the stages with their adapters
/// (intake, rules, purchasing, delivery, notices, shipping, invoicing, returns); the context that they
/// are given ([`app`](poms::app)); then who acts: mail, people, cron, the command line.
pub const MAY_USE: [(&str, &[&str]); 33] = [
    ("actor", &[]),
    ("clock", &[]),
    ("domain", &[]),
    ("files", &[]),
    ("program", &[]),
    ("net", &["files"]),
    ("http", &["clock", "domain", "files", "net"]),
    ("tabular", &["domain"]),
    ("formats", &["domain", "tabular"]),
    ("ledger", &["clock", "domain", "files"]),
    ("mail", &["clock", "domain", "ledger"]),
    ("rules", &["domain"]),
    ("carriers", &["clock", "domain", "http"]),
    ("vendor_docs", &["carriers", "domain", "tabular"]),
    (
        "shipping",
        &["carriers", "clock", "domain", "ledger", "vendor_docs"],
    ),
    (
        "invoicing",
        &[
            "clock",
            "domain",
            "ledger",
            "shipping",
            "tabular",
            "vendor_docs",
        ],
    ),
    ("returns", &["clock", "domain", "ledger"]),
    // settings are values of the part that they set
    (
        "config",
        &[
            "domain",
            "files",
            "http",
            "invoicing",
            "net",
            "program",
            "returns",
            "rules",
            "shipping",
        ],
    ),
    // a registry opens what is configured
    (
        "intake",
        &[
            "clock", "config", "domain", "formats", "http", "ledger", "net",
        ],
    ),
    // a shop is a source, which intake says what it is
    (
        "shops",
        &["clock", "config", "domain", "http", "intake", "net"],
    ),
    // a vendor's server is spoken to as one that orders come from
    (
        "delivery",
        &[
            "clock", "config", "domain", "files", "http", "intake", "ledger", "mail", "net",
            "program", "shops",
        ],
    ),
    (
        "notices",
        &[
            "carriers", "clock", "domain", "files", "ledger", "mail", "shipping",
        ],
    ),
    (
        "purchasing",
        &[
            "domain", "files", "ledger", "mail", "notices", "rules", "shipping",
        ],
    ),
    (
        "reports",
        &[
            "carriers", "clock", "domain", "intake", "ledger", "returns", "shipping",
        ],
    ),
    ("site", &["clock", "config", "domain", "intake", "tabular"]),
    (
        "app",
        &[
            "carriers",
            "clock",
            "config",
            "delivery",
            "domain",
            "files",
            "formats",
            "intake",
            "invoicing",
            "ledger",
            "notices",
            "purchasing",
            "reports",
            "returns",
            "rules",
            "shipping",
            "shops",
        ],
    ),
    (
        "correspondence",
        &[
            "app",
            "clock",
            "config",
            "delivery",
            "domain",
            "intake",
            "ledger",
            "notices",
            "shipping",
            "vendor_docs",
        ],
    ),
    (
        "desk",
        &[
            "app",
            "carriers",
            "config",
            "correspondence",
            "delivery",
            "domain",
            "formats",
            "intake",
            "invoicing",
            "ledger",
            "mail",
            "notices",
            "purchasing",
            "reports",
            "returns",
            "shipping",
            "vendor_docs",
        ],
    ),
    (
        "run",
        &[
            "actor",
            "app",
            "carriers",
            "clock",
            "config",
            "correspondence",
            "delivery",
            "desk",
            "domain",
            "files",
            "http",
            "intake",
            "invoicing",
            "ledger",
            "mail",
            "net",
            "notices",
            "purchasing",
            "reports",
            "returns",
            "rules",
            "shipping",
            "shops",
            "vendor_docs",
        ],
    ),
    (
        "cli",
        &[
            "actor",
            "app",
            "carriers",
            "clock",
            "config",
            "delivery",
            "desk",
            "domain",
            "files",
            "formats",
            "intake",
            "invoicing",
            "ledger",
            "notices",
            "purchasing",
            "reports",
            "rules",
            "run",
            "shipping",
            "shops",
            "site",
        ],
    ),
    ("main", &[]),
    ("lib", &[]),
    ("ground", &[]),
];

/// Single modules that a file may use beside [`MAY_USE`], and why.
pub const ALSO: &[(&str, &str, &str)] = &[
    // the one file of the rules that is a stage: it gathers the facts
    ("rules/review.rs", "ledger", "the stage"),
    ("rules/review.rs", "ledger::exceptions", "the stage"),
    ("rules/review.rs", "ledger::orders", "the stage"),
];
