//! `[promise]` and `[notices]`: when customers have their goods, and what they are told.

use super::reader::Section;
use super::safety::Need;
use super::secret::SecretSource;
use crate::domain::promise::{Service, TransitTable};
use crate::domain::question::Unanswered;
use crate::domain::zones::QuietHours;
use crate::http::{Endpoint, Hosts, SettingNames};
use crate::shipping::promise::PromiseSettings;
use chrono::NaiveTime;
use reqwest::Url;
use std::time::Duration;

/// UPS' own hosts: production, and the Customer Integration Environment.
const UPS_HOSTS: [&str; 2] = ["onlinetools.ups.com", "wwwcie.ups.com"];

/// `[promise]`. No `Debug`: a secret may stand in it.
#[derive(Clone)]
pub struct PromiseConfig {
    /// How promises are made.
    pub settings: PromiseSettings,
    /// How UPS is reached; `None` with `kind = "table"`.
    pub ups: Option<UpsConfig>,
    /// What a whole run may spend on asking.
    pub budget: Duration,
    /// Whether UPS is asked where parcels are.
    pub tracking: bool,
    /// Business days without a scan after which a parcel is stuck.
    pub stuck_days: u32,
}

/// How UPS is reached. No `Debug`: a secret may stand in it.
#[derive(Clone)]
pub struct UpsConfig {
    /// Scheme, host and port.
    pub endpoint: Endpoint,
    /// The app's client id.
    pub client_id: String,
    /// The app's secret.
    pub client_secret: SecretSource,
    /// UPS account number; may be empty.
    pub account: String,
}

/// `[notices]`: mails to customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticesConfig {
    /// Hours in the customer's zone in which no mail goes to customers.
    pub quiet_hours: Option<QuietHours>,
    /// Who is told that an order is cancelled.
    pub cancelled: TellCancelled,
    /// Days that customers have to answer a question.
    pub answer_days: u32,
    /// What follows when they do not.
    pub unanswered: Unanswered,
    /// Whether they are told when the day that they were told comes and the goods have not left.
    pub overdue: bool,
}

impl Default for NoticesConfig {
    fn default() -> NoticesConfig {
        NoticesConfig {
            quiet_hours: None,
            cancelled: TellCancelled::default(),
            answer_days: 5,
            unanswered: Unanswered::default(),
            overdue: true,
        }
    }
}

/// Who is told that an order is cancelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TellCancelled {
    /// Customers who were told, or were to be told, that it is placed.
    #[default]
    IfPlaced,
    /// Everyone.
    Always,
    /// Nobody: the shop does it.
    Never,
}

impl Default for PromiseConfig {
    fn default() -> PromiseConfig {
        PromiseConfig {
            settings: PromiseSettings::default(),
            ups: None,
            budget: Duration::from_secs(10),
            tracking: false,
            stuck_days: 5,
        }
    }
}

/// Reads `[promise]`.
pub fn promise(section: &Section<'_>) -> PromiseConfig {
    let by_ups = section.choice("kind", &[("table", false), ("ups", true)], false);
    let ups = if by_ups { ups(section) } else { None };
    let tracking = section.flag("tracking");
    if tracking && !by_ups {
        section.fault("tracking", "asks UPS: it needs kind = \"ups\"");
    }
    let number = |key, range, default: u32| {
        u32::try_from(section.number(key, range, default.into())).unwrap_or(default)
    };
    let usual = TransitTable::default();
    PromiseConfig {
        settings: PromiseSettings {
            ups: by_ups,
            table: TransitTable {
                ground_days: ground_days(section).unwrap_or(usual.ground_days),
                remote_days: number("remote_days", 0..=30, usual.remote_days),
            },
            cutoff: cutoff(section),
            service: service(section),
            hit_rate: section.share("hit_rate", 0.5..=0.99),
        },
        ups,
        budget: Duration::from_secs(number("budget_seconds", 1..=300, 10).into()),
        tracking,
        stuck_days: number("stuck_days", 1..=60, 5),
    }
}

fn ground_days(section: &Section<'_>) -> Option<[u32; 10]> {
    if !section.has("ground_days") {
        return None;
    }
    let words = section.texts("ground_days");
    let days: Vec<u32> = words
        .iter()
        .flat_map(|text| text.split_whitespace())
        .filter_map(|word| word.parse().ok())
        .filter(|days| (1..=30).contains(days))
        .collect();
    let days = <[u32; 10]>::try_from(days).ok();
    if days.is_none() {
        section.fault(
            "ground_days",
            "must be ten whole numbers from 1 to 30 with blanks between them, the business days for \
             the distances 0 to 9 of the ZIP codes' first digits: \"2 3 3 4 4 5 5 5 6 6\"",
        );
    }
    days
}

fn cutoff(section: &Section<'_>) -> NaiveTime {
    let usual = PromiseSettings::default().cutoff;
    let Some(text) = section.text("cutoff") else {
        return usual;
    };
    NaiveTime::parse_from_str(&text, "%H:%M").unwrap_or_else(|_| {
        section.fault("cutoff", "must be a time of day such as \"14:00\"");
        usual
    })
}

fn service(section: &Section<'_>) -> Service {
    let Some(text) = section.text("service") else {
        return Service::Ground;
    };
    Service::by_words(&text).unwrap_or_else(|| {
        section.fault(
            "service",
            "must name a service of UPS, such as \"UPS Ground\" or \"UPS 2nd Day Air\"",
        );
        Service::Ground
    })
}

fn ups(section: &Section<'_>) -> Option<UpsConfig> {
    let client_id = section.required("client_id", "the app's client id at developer.ups.com");
    let secret = section.secret("client_secret");
    if secret.is_none() {
        let what = "is missing: write client_secret_file (or _command, _credential)";
        section.fault_plain("client_secret", what.to_owned());
    }
    let account = section.text("account").unwrap_or_default();
    if !account.bytes().all(|b| b.is_ascii_alphanumeric()) || account.len() > 10 {
        section.fault(
            "account",
            "must be an account number of UPS: letters and digits",
        );
    }
    let allow_other_host = section.flag("allow_other_host");
    let endpoint = Endpoint {
        base: server(section, allow_other_host)?,
        hosts: match allow_other_host {
            true => Hosts::Any,
            false => Hosts::Only(&UPS_HOSTS),
        },
        allow_plaintext: section.flag("allow_plaintext"),
        ca_file: section.path("ca_file", Need::Guarded),
        settings: SettingNames {
            base: "promise.server",
            hosts: "promise.allow_other_host",
        },
    };
    Some(UpsConfig {
        endpoint,
        client_id,
        client_secret: secret?,
        account,
    })
}

/// `production`, `cie`, or an address; https, but to this machine or where it is said twice.
fn server(section: &Section<'_>, allow_other_host: bool) -> Option<Url> {
    let plaintext = section.flag("allow_plaintext");
    let text = section
        .text("server")
        .unwrap_or_else(|| "production".to_owned());
    let address = match text.as_str() {
        "production" => format!("https://{}", UPS_HOSTS[0]),
        "cie" => format!("https://{}", UPS_HOSTS[1]),
        other => other.to_owned(),
    };
    let refuse = |why: &str| {
        section.fault("server", why);
        None
    };
    let url = Url::parse(&address).ok();
    let bare = |url: &Url| {
        matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    };
    let Some(url) = url.filter(bare) else {
        return refuse(
            "must be \"production\", \"cie\", or scheme and host alone, as \"https://onlinetools.ups.com\"",
        );
    };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let local = super::delivery::is_loopback(host);
    match url.scheme() {
        "https" => {}
        "http" if local || plaintext => {}
        "http" => {
            return refuse(
                "would send the secret readable to another machine: use https, or write allow_plaintext = true as well",
            );
        }
        _ => return refuse("must begin with https://"),
    }
    if !local && !UPS_HOSTS.contains(&host) && !allow_other_host {
        return refuse(
            "is none of UPS' hosts (onlinetools.ups.com, wwwcie.ups.com): write allow_other_host = true as well if it is meant",
        );
    }
    Some(url)
}

/// Reads `[notices]`.
pub fn notices(section: &Section<'_>) -> NoticesConfig {
    let quiet = section.text("quiet_hours").filter(|text| !text.is_empty());
    let quiet_hours = quiet.and_then(|text| {
        let parsed = QuietHours::parse(&text);
        if parsed.is_none() {
            section.fault(
                "quiet_hours",
                "must be two times of day such as \"21:00-08:00\", or \"\" for none",
            );
        }
        parsed
    });
    let words = [
        ("if_placed", TellCancelled::IfPlaced),
        ("always", TellCancelled::Always),
        ("never", TellCancelled::Never),
    ];
    NoticesConfig {
        quiet_hours,
        cancelled: section.choice("cancelled", &words, TellCancelled::default()),
        answer_days: u32::try_from(section.number("answer_days", 1..=60, 5)).unwrap_or(5),
        unanswered: section.choice(
            "unanswered",
            &Unanswered::ALL.map(|one| (one.as_str(), one)),
            Unanswered::default(),
        ),
        overdue: section.choice("overdue", &[("tell", true), ("off", false)], true),
    }
}
