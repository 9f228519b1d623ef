//! The whole configuration, typed, and validated whole at start: an unknown key, a value out of
//! range or a file that others can read stops poms before it does anything (exit code 2), and all
//! faults are named at once. `config/poms.toml` explains every key.

mod delivery;
mod drop;
mod fax;
mod hook;
mod invoicing;
pub mod keys;
mod layout;
mod mailbox;
pub mod monitoring;
mod promise;
mod reader;
mod returns;
mod rules;
pub mod safety;
mod secret;
mod site;
mod source;
mod stock_mail;
mod strategy;
mod watch;

#[cfg(test)]
mod tests;

pub use delivery::{DeliveryConfig, EmailConfig, Security, SmtpConfig};
pub use drop::{DropAddress, DropConfig, DropFolder, DropServer, DropWay};
pub use fax::{FaxConfig, FaxWay, GatewayConfig, HylaFaxConfig, SinchConfig};
pub use hook::{HookAddress, HookConfig, HookWay};
pub use invoicing::InvoicingConfig;
pub use mailbox::{ImapConfig, MailboxConfig, MailboxKind, Purpose};
pub use monitoring::{HeartbeatConfig, MonitoringConfig};
pub use promise::{NoticesConfig, PromiseConfig, TellCancelled, UpsConfig};
pub use reader::printable;
pub use rules::{CodeEntry, registry};
pub use safety::harden;
pub use secret::{COMMAND_TIMEOUT, SecretError, SecretSource};
pub use site::{IntakeConfig, Limits, OpenPgpConfig, SiteConfig, nearest_timezone};
pub use source::{
    ComparesShop, FilesConfig, FolderConfig, HttpsConfig, HttpsLogin, SftpConfig, SftpLogin,
    SftpServer, ShopTracking, ShopifyConfig, SourceConfig, SourceKind, TellsShop,
    WooCommerceConfig,
};
pub use stock_mail::StockMail;

use crate::domain::layout::VendorLayout;
use crate::domain::rule_settings::RuleSettings;
use crate::domain::strategy::Strategy;
use crate::returns::ReturnSettings;
use crate::shipping::watch::WatchConfig;
use reader::{Document, Section};
use safety::Need;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The largest configuration that is read, in bytes: ten times one that has every key, with comments.
const LONGEST: u64 = 256 * 1024;

/// Faults that are told of one configuration.
const MOST_FAULTS: usize = 100;

/// The configuration of a site. It has no `Debug`: a secret may stand in it.
#[derive(Clone)]
pub struct Config {
    /// The file that it was read from, absolute.
    pub file: PathBuf,
    /// `[site]`.
    pub site: SiteConfig,
    /// Every `[[mailbox]]`.
    pub mailboxes: Vec<MailboxConfig>,
    /// Every `[[source]]`.
    pub sources: Vec<SourceConfig>,
    /// Every `[[hook]]`.
    pub hooks: Vec<HookConfig>,
    /// Every `[[stock_mail]]`.
    pub stock_mails: Vec<StockMail>,
    /// Every `[[vendor_layout]]`.
    pub layouts: Vec<VendorLayout>,
    /// Every `[[vendor_drop]]`.
    pub drops: Vec<DropConfig>,
    /// Every `[[strategy]]`, in the order in which they are tried.
    pub strategies: Vec<Strategy>,
    /// `[intake]`.
    pub intake: IntakeConfig,
    /// `[openpgp]`.
    pub openpgp: OpenPgpConfig,
    /// `[delivery]`.
    pub delivery: DeliveryConfig,
    /// `[promise]`.
    pub promise: PromiseConfig,
    /// `[notices]`.
    pub notices: NoticesConfig,
    /// `[limits]`.
    pub limits: Limits,
    /// `[monitoring]`.
    pub monitoring: MonitoringConfig,
    /// `[watch]`.
    pub watch: WatchConfig,
    /// `[invoicing]`.
    pub invoicing: InvoicingConfig,
    /// `[returns]`.
    pub returns: ReturnSettings,
    /// `[rules]`.
    pub rules: RuleSettings,
}

/// One thing wrong in a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFault {
    /// The line in the file, from 1.
    pub line: u64,
    /// The key with its table; empty when the message names it.
    pub key: String,
    /// What is written there; never a secret.
    pub value: Option<String>,
    /// What is wrong, and what is allowed.
    pub message: String,
}

impl fmt::Display for ConfigFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.key, &self.value) {
            (key, _) if key.is_empty() => write!(f, "{}", self.message),
            (key, Some(value)) => write!(f, "{key} = {value}: {}", self.message),
            (key, None) => write!(f, "{key}: {}", self.message),
        }
    }
}

/// Why there is no configuration to work with. Exit code 2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigError {
    /// Nowhere a file.
    NotFound {
        /// Where it was looked for.
        tried: Vec<PathBuf>,
    },
    /// It is there, or was named, and cannot be used.
    Unreadable {
        /// What happened, with the path.
        message: String,
    },
    /// It was read, and this is wrong with it.
    Invalid {
        /// The file.
        file: PathBuf,
        /// All that is wrong, by line.
        faults: Vec<ConfigFault>,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConfigError::NotFound { tried } => {
                let tried: Vec<String> = tried.iter().map(|p| p.display().to_string()).collect();
                write!(
                    f,
                    "no configuration found (looked for {}): name one with --config FILE or POMS_CONFIG, \
                     or make a site with 'poms init' or 'poms demo'",
                    tried.join(" and ")
                )
            }
            ConfigError::Unreadable { message } => write!(f, "configuration: {message}"),
            ConfigError::Invalid { file, faults } => {
                for (place, fault) in faults.iter().enumerate() {
                    let end = if place == 0 { "" } else { "\n" };
                    write!(f, "{end}{}:{}: {fault}", file.display(), fault.line)?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for ConfigError {}

/// Where a configuration is found from every folder.
pub const EVERYWHERE: &str = "/etc/poms/poms.toml";

impl Config {
    /// Finds, reads and checks the configuration: `explicit`, else `$POMS_CONFIG`, else
    /// `./poms.toml`, else `/etc/poms/poms.toml`.
    ///
    /// # Errors
    /// When there is none, or anything in it or in the protection of the files it names is wrong.
    pub fn load(explicit: Option<&Path>) -> Result<Config, ConfigError> {
        Config::read(&locate(explicit, std::env::var_os("POMS_CONFIG"))?)
    }

    /// Reads and checks this file.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn read(file: &Path) -> Result<Config, ConfigError> {
        let unreadable = |message: String| ConfigError::Unreadable { message };
        let file = std::path::absolute(file)
            .map_err(|error| unreadable(format!("{}: {error}", file.display())))?;
        let bytes = safety::read(&file, Need::Guarded, LONGEST).map_err(unreadable)?;
        let text = std::str::from_utf8(&bytes).map_err(|fault| {
            let before = &bytes[..fault.valid_up_to()];
            let line = before.iter().filter(|b| **b == b'\n').count() + 1;
            unreadable(format!("{}:{line}: is not UTF-8 text", file.display()))
        })?;
        Config::parse(text, &file)
    }

    /// Checks a configuration's text as if it stood in `file`.
    ///
    /// # Errors
    /// With every fault that was found, by line.
    pub fn parse(text: &str, file: &Path) -> Result<Config, ConfigError> {
        if text.len() as u64 > LONGEST {
            let message = format!(
                "{} has {} bytes, and {LONGEST} are the most: is it the configuration?",
                file.display(),
                text.len()
            );
            return Err(ConfigError::Unreadable { message });
        }
        // one copy that is wiped: secrets may stand in it
        let text = Zeroizing::new(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned());
        let base = file.parent().unwrap_or(Path::new("/"));
        let document = Document::new(&text, base);
        let invalid = |mut faults: Vec<ConfigFault>| {
            faults.sort_by_key(|fault| fault.line);
            faults.dedup();
            let more = faults.len().saturating_sub(MOST_FAULTS);
            faults.truncate(MOST_FAULTS);
            if let Some(last) = faults.last_mut().filter(|_| more > 0) {
                last.message += &format!("; and {more} more like these: mend them first");
            }
            ConfigError::Invalid {
                file: file.to_owned(),
                faults,
            }
        };
        let (root, errors) = toml::de::DeTable::parse_recoverable(&text);
        if !errors.is_empty() {
            // its own rendering would quote the line, and with it a password
            let faults = errors.iter().map(|error| syntax_fault(&document, error));
            return Err(invalid(faults.collect()));
        }
        let config = build(&document.top(root.get_ref()), file);
        protect(&document, file);
        let faults = document.faults.take();
        match config {
            Some(config) if faults.is_empty() => Ok(config),
            _ => Err(invalid(faults)),
        }
    }
}

fn syntax_fault(document: &Document<'_>, error: &toml::de::Error) -> ConfigFault {
    ConfigFault {
        line: document.line(error.span().map_or(0, |span| span.start)),
        key: String::new(),
        value: None,
        message: format!("is not TOML: {}", error.message().replace('\n', ", ")),
    }
}

/// The first of the contract's four places; one that was named must be there.
fn locate(explicit: Option<&Path>, variable: Option<OsString>) -> Result<PathBuf, ConfigError> {
    if let Some(file) = explicit {
        return Ok(file.to_owned());
    }
    if let Some(file) = variable.filter(|file| !file.is_empty()) {
        return Ok(file.into());
    }
    let tried = vec![PathBuf::from("./poms.toml"), PathBuf::from(EVERYWHERE)];
    match tried.iter().find(|file| file.exists()) {
        Some(file) => Ok(file.clone()),
        None => Err(ConfigError::NotFound { tried }),
    }
}

/// Notes that encrypted orders come, and no key opens them.
fn need_secret_keys(top: &Section<'_>, mailboxes: &[MailboxConfig], openpgp: &OpenPgpConfig) {
    let brings_orders = |mailbox: &&MailboxConfig| mailbox.purpose.brings_orders();
    if let Some(mailbox) = mailboxes.iter().find(brings_orders)
        && openpgp.secret_keys.is_empty()
    {
        let name = &mailbox.name;
        top.fault_plain(
            "openpgp",
            format!(
                "secret_keys is missing or empty: the mailbox '{name}' brings encrypted orders"
            ),
        );
    }
}

/// Reads every table; `None` when so much is missing that there is no configuration.
fn build(top: &Section<'_>, file: &Path) -> Option<Config> {
    let site = required(top, "site", "site").map(|section| site::site(&section));
    let delivery = required(top, "delivery", "delivery").and_then(|s| delivery::delivery(&s));
    let mailboxes = mailbox::mailboxes(&top.sections("mailbox", "mailbox"));
    let openpgp = top.section("openpgp", "openpgp");
    let openpgp = openpgp.map_or_else(OpenPgpConfig::default, |section| site::openpgp(&section));
    need_secret_keys(top, &mailboxes, &openpgp);
    let promise = top.section("promise", "promise");
    let promise = promise.map_or_else(PromiseConfig::default, |s| promise::promise(&s));
    let notices = top.section("notices", "notices");
    let notices = notices.map_or_else(NoticesConfig::default, |s| promise::notices(&s));
    let intake = top.section("intake", "intake");
    let intake = intake.map_or_else(IntakeConfig::default, |section| site::intake(&section));
    if let (Some(site), Some(delivery)) = (&site, &delivery)
        && delivery.verp
        && site.token_keys.is_empty()
    {
        let message = "email.verp needs site.token_keys: without a key nobody could tell our own \
                       addresses from forged ones";
        top.fault_plain("delivery", message.to_owned());
    }
    let limits = top.section("limits", "limits");
    let limits = limits.map_or_else(Limits::default, |section| site::limits(&section));
    let watch = top.section("watch", "watch");
    let watch = watch.map_or_else(WatchConfig::default, |section| watch::watch(&section));
    let invoicing = top.section("invoicing", "invoicing");
    let invoicing = invoicing.map_or_else(InvoicingConfig::default, |section| {
        invoicing::invoicing(&section)
    });
    let returns = top.section("returns", "returns");
    let returns = returns.map_or_else(ReturnSettings::default, |s| returns::returns(&s));
    let layouts = layout::layouts(&top.sections("vendor_layout", "vendor_layout"));
    Some(Config {
        file: file.to_owned(),
        rules: rules::read(top, site.as_ref()),
        sources: source::sources(top, site.as_ref(), &mailboxes, &openpgp),
        watch,
        site: site?,
        mailboxes,
        hooks: hook::hooks(&top.sections("hook", "hook")),
        stock_mails: stock_mail::stock_mails(&top.sections("stock_mail", "stock_mail")),
        drops: drop::drops(&top.sections("vendor_drop", "vendor_drop"), &layouts),
        layouts,
        strategies: strategy::strategies(&top.sections("strategy", "strategy")),
        intake,
        openpgp,
        delivery: delivery?,
        promise,
        notices,
        limits,
        monitoring: monitoring::of(top),
        invoicing,
        returns,
    })
}

fn required<'a>(top: &Section<'a>, key: &str, path: &'static str) -> Option<Section<'a>> {
    if !top.has(key) {
        top.fault(key, format!("is missing: the table [{path}] is required"));
    }
    top.section(key, path)
}

/// Checks every file that the configuration names, and the configuration itself.
fn protect(document: &Document<'_>, file: &Path) {
    let mut faults = document.faults.borrow_mut();
    for named in document.files.borrow().iter() {
        if let Err(message) = safety::check(&named.path, named.need) {
            faults.push(ConfigFault {
                line: named.line,
                key: named.key.clone(),
                value: None,
                message,
            });
        }
    }
    let (need, why) = if document.inline_secret.get() {
        (Need::Private, "a secret stands in this file: ")
    } else {
        (Need::Guarded, "")
    };
    if let Err(message) = safety::check(file, need) {
        faults.push(ConfigFault {
            line: 1,
            key: String::new(),
            value: None,
            message: format!("{why}{message}"),
        });
    }
}
