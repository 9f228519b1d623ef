//! `poms check`: everything that a run needs is tried, one line each, with how to mend it.

mod drops;
mod source;
mod ups;

use super::{Context, exit};
use crate::config::{Config, EmailConfig, MailboxConfig};
use crate::delivery::channels;
use crate::delivery::hook;
use crate::delivery::smtp::SmtpChannel;
use crate::domain::delivery::DeliveryChannel;
use crate::domain::fax_number::e164;
use crate::domain::token;
use crate::domain::vendor::{Fallback, VendorChannel};
use crate::intake::mailbox;

use crate::app;
use crate::notices::Templates;
use crate::purchasing::render::FontLibrary;
use crate::reports::layout::count;
use crate::reports::vendor_mail;
use crate::run::monitoring::{self, heartbeat};
use crate::run::withheld;
use chrono::{DateTime, Utc};
use serde_json::json;
use std::path::Path;
use std::sync::Arc;

/// One thing that was tried.
struct CheckLine {
    what: String,
    result: Result<String, String>,
}

/// Tries everything; exit 1 when something does not work.
pub fn run(context: &Context) -> anyhow::Result<u8> {
    let config = context.config()?;
    let clock = context.clock()?;
    let mut lines = vec![CheckLine {
        what: "configuration".to_owned(),
        result: Ok(config.file.display().to_string()),
    }];
    lines.push(line(
        "templates",
        Templates::load(config.site.templates.as_deref()).map(|_| "compiled".to_owned()),
    ));
    if !config.site.fonts.is_empty() {
        let said = |fonts: FontLibrary| format!("{} for paper", count(fonts.count(), "font"));
        lines.push(line(
            "fonts",
            FontLibrary::load(&config.site.fonts).map(said),
        ));
    }
    if let Some(line) = own_formats(&config) {
        lines.push(line);
    }
    lines.push(line("keys", keys(&config, &clock)));
    lines.push(line("reply addresses", reply_addresses(&config)));
    lines.push(line("ledger", ledger(context, &config)));
    if config.intake.authserv_id.is_some() && config.site.ledger.exists() {
        lines.push(line("vendors' mails", vendor_mails(context, &config)));
    }
    for one in &config.mailboxes {
        let found = waiting(context, one, clock.now());
        lines.push(line(&format!("mailbox {}", one.name), found));
    }
    lines.extend(sources(context, &config, &clock));
    lines.push(line("outgoing mail", outgoing(&config, clock.now())));
    lines.push(line("fax", fax(context, &config)));
    if let Some(folder) = &config.invoicing.folder {
        lines.push(line("bills", bills(folder)));
    }
    drops::check(context, &config, &mut lines);
    let hooks = config.hooks.iter();
    lines.extend(hooks.map(|hook| line(&format!("hook {}", hook.name), hook::check(hook))));
    if config.promise.ups.is_some() {
        lines.push(line("UPS", ups::check(&config, clock.now())));
    }
    if let Some(settings) = &config.monitoring.heartbeat {
        lines.push(line("heartbeat", heartbeat::check(settings)));
    }
    if config.monitoring.metrics_file.is_some() {
        lines.push(line("metrics", monitoring::check_metrics(&config)));
    }
    let fine = lines.iter().all(|line| line.result.is_ok());
    context.out.answer(
        || json!({"ok": fine, "checks": lines.iter().map(as_json).collect::<Vec<_>>()}),
        || lines.iter().map(as_text).collect::<Vec<_>>().join("\n"),
    );
    Ok(if fine { exit::DONE } else { exit::FAILED })
}

/// What brings orders and lists beside mailboxes.
fn sources(context: &Context, config: &Config, clock: &crate::clock::Clock) -> Vec<CheckLine> {
    let sources = config.sources.iter().map(|source| {
        let what = format!("source {}", source.name);
        let checked = source::check(context, config, source, clock.now());
        line(&what, checked)
    });
    let mails = config.stock_mails.iter().map(|mail| {
        let what = format!("lists of {}", mail.feed.vendor_id);
        line(&what, source::stock_mail(context, config, mail))
    });
    sources.chain(mails).collect()
}

/// The site's own formats of orders, if there are any.
fn own_formats(config: &Config) -> Option<CheckLine> {
    let result = app::order_formats(config).map(|formats| {
        let names = formats.own().iter().map(|own| own.name().to_owned());
        names.collect::<Vec<_>>().join(", ")
    });
    let says = result.as_ref().map_or(true, |names| !names.is_empty());
    says.then(|| line("order formats", result))
}

fn line<E: std::fmt::Display>(what: &str, result: Result<String, E>) -> CheckLine {
    CheckLine {
        what: what.to_owned(),
        result: result.map_err(|fault| format!("{fault:#}")),
    }
}

fn as_json(line: &CheckLine) -> serde_json::Value {
    match &line.result {
        Ok(said) => json!({"what": line.what, "ok": true, "message": said}),
        Err(fault) => json!({"what": line.what, "ok": false, "message": fault}),
    }
}

fn as_text(line: &CheckLine) -> String {
    match &line.result {
        Ok(said) => format!("ok    {:<16} {said}", line.what),
        Err(fault) => format!("WRONG {:<16} {fault}", line.what),
    }
}

fn keys(config: &Config, clock: &crate::clock::Clock) -> anyhow::Result<String> {
    let keyring = app::keyring(config, clock)?;
    let mut said = format!(
        "decrypts for {}; {}",
        keyring.our_keys().join(", "),
        match keyring.trusted_signers() {
            none if none.is_empty() =>
                "trusts no signed order, as openpgp.trusted_signers is empty".to_owned(),
            signers => format!("trusts orders signed by {}", signers.join(", ")),
        }
    );
    let vendors = app::vendor_keys(config)?.fingerprints();
    if !vendors.is_empty() {
        said.push_str(&format!(
            "; trusts vendors' mails signed by {}",
            vendors.join(", ")
        ));
    }
    for warning in keyring.warnings() {
        said.push_str(&format!("; {warning}"));
    }
    let signers = keyring.signers_now(clock.now());
    let faults: Vec<String> = signers
        .iter()
        .filter_map(|(name, why)| Some(format!("{name} {}", why.as_ref()?)))
        .collect();
    anyhow::ensure!(
        faults.len() < signers.len() || signers.is_empty(),
        "every order would be refused, as no key in openpgp.trusted_signers can be believed: {}. Ask the web shop for its \
         present public key, compare the fingerprint by telephone, and list it there",
        faults.join("; ")
    );
    if !faults.is_empty() {
        said.push_str(&format!(
            "; no order is believed that is signed by {}",
            faults.join("; by ")
        ));
    }
    Ok(said)
}

fn reply_addresses(config: &Config) -> anyhow::Result<String> {
    let keys = app::tokens(config)?;
    let address = token::address(&config.site.reply_address, "p…");
    let verp = if config.delivery.verp {
        "; bounces go to addresses of the same kind"
    } else {
        ""
    };
    Ok(match keys.count() {
        0 => "off, as site.token_keys is empty: a vendor's answer is held for a person unless a signature proves it".to_owned(),
        1 => format!("vendors answer to {address}: your mail server must deliver such addresses{verp}"),
        count => format!(
            "vendors answer to {address}: your mail server must deliver such addresses; {} older keys still count{verp}",
            count - 1
        ),
    })
}

fn ledger(context: &Context, config: &Config) -> anyhow::Result<String> {
    let ledger = context.write_ledger(config)?;
    ledger.quick_check()?;
    let tx = ledger.read();
    let (vendors, offers) = (tx.vendors()?.len(), tx.catalogue()?.len());
    let hint = match (vendors, offers) {
        (0, _) => "; import your vendors: poms vendors import FILE",
        (_, 0) => "; import your catalogue: poms catalogue import FILE",
        _ => "",
    };
    Ok(format!(
        "{}: sound; {vendors} vendors, {offers} offers{hint}",
        config.site.ledger.display()
    ))
}

/// Vendors whose mails came from another address than the one on file.
fn vendor_mails(context: &Context, config: &Config) -> anyhow::Result<String> {
    let ledger = context.open_ledger(config)?;
    let elsewhere = vendor_mail::elsewhere(&ledger.read())?;
    Ok(match elsewhere.is_empty() {
        true => "believed where the very address on file, or the domain of a row's mail_domain, signed them".to_owned(),
        false => elsewhere.join("; "),
    })
}

fn waiting(
    context: &Context,
    mailbox: &MailboxConfig,
    now: DateTime<Utc>,
) -> anyhow::Result<String> {
    let found = mailbox::open(mailbox)?.check()?;
    let ends = ending(found.certificate_ends, now);
    // a ledger that cannot be opened has its own line
    if let Ok(ledger) = context.read_ledger() {
        let kept = ledger.read().withheld(&mailbox.name)?;
        anyhow::ensure!(
            kept.is_empty(),
            "{}{ends}; {}; look at them with a mail client, and move what is damaged away",
            wait(found.waiting, "message"),
            withheld::sentence(&mailbox.name, &kept)
        );
    }
    Ok(format!("{}{ends}", wait(found.waiting, "message")))
}

/// `1 message waits`, `2 messages wait`.
fn wait(number: usize, what: &str) -> String {
    let verb = if number == 1 { "waits" } else { "wait" };
    format!("{} {verb}", count(number, what))
}

/// How many days before a server's certificate ends that is said.
const CERTIFICATE_DAYS: i64 = 14;

/// What to do about a server's certificate that ends soon.
fn ending(ends: Option<DateTime<Utc>>, now: DateTime<Utc>) -> String {
    let left = ends.map(|ends| (ends, (ends - now).num_days()));
    match left {
        Some((ends, days)) if days < CERTIFICATE_DAYS => format!(
            "; its certificate ends on {}, in {}: have it renewed, for poms refuses the server from then on",
            ends.format("%Y-%m-%d"),
            count(usize::try_from(days).unwrap_or_default(), "day")
        ),
        _ => String::new(),
    }
}

/// The folder that bills are taken from: read, and written, as what was read is moved in it.
fn bills(folder: &Path) -> anyhow::Result<String> {
    use nix::unistd::{AccessFlags, access};
    let path = folder.display();
    let wrong = |fault: String| {
        anyhow::anyhow!(
            "{path} cannot be used: {fault}; make it, and let the user of poms read and write it (invoicing.folder)"
        )
    };
    let files = std::fs::read_dir(folder).map_err(|fault| wrong(fault.to_string()))?;
    access(folder, AccessFlags::W_OK).map_err(|errno| wrong(errno.desc().to_owned()))?;
    let files = files.flatten().filter(|entry| entry.path().is_file());
    Ok(format!("{} in {path}", wait(files.count(), "file")))
}

/// The service, and every vendor whose number cannot be called.
fn fax(context: &Context, config: &Config) -> anyhow::Result<String> {
    let said = channels::check_fax(config)?;
    if !config.site.ledger.exists() {
        return Ok(said);
    }
    let ledger = context.open_ledger(config)?;
    let mut wrong = Vec::new();
    for (vendor, _) in ledger.read().vendors()? {
        let faxed = matches!(
            vendor.channel,
            VendorChannel::Fax | VendorChannel::EmailAndFax
        ) || vendor.fallback == Some(Fallback::Fax);
        if !faxed || !vendor.active {
            continue;
        }
        if config.delivery.fax.is_none() && vendor.channel == VendorChannel::Fax {
            wrong.push(format!(
                "vendor {} takes faxes only: add [delivery.fax]",
                vendor.id
            ));
        } else if let Err(fault) = e164(&vendor.fax) {
            wrong.push(format!("vendor {}: {fault}", vendor.id));
        }
    }
    anyhow::ensure!(wrong.is_empty(), "{said}; {}", wrong.join("; "));
    Ok(said)
}

fn outgoing(config: &Config, now: DateTime<Utc>) -> anyhow::Result<String> {
    match &config.delivery.email {
        EmailConfig::Maildir { path } => {
            channels::open(&DeliveryChannel::Email, config, now)?;
            Ok(format!("goes into the Maildir {}", path.display()))
        }
        EmailConfig::Smtp(smtp) => {
            let server = channels::server(smtp)?;
            let ends = SmtpChannel::new(Arc::new(server))
                .check()
                .map_err(anyhow::Error::msg)?;
            Ok(format!(
                "{} port {} takes mail from us{}",
                smtp.host,
                smtp.port,
                ending(ends, now)
            ))
        }
    }
}
