//! The registry of ways out: each channel's name in the ledger, and how it is opened.

use super::channel::{Channel, DeliveryOutcome, OutgoingMessage};
use super::directory::DirectoryChannel;
use super::drop::DropChannel;
use super::fax::FaxService;
use super::fax_gateway::{Gateway, GatewaySettings};
use super::fax_hylafax::{HylaFax, HylaFaxSettings};
use super::fax_sinch::{Sinch, SinchSettings};
use super::hook::HookChannel;
use super::shop::{ShopChannel, Shops};
use super::smtp::{Login, Server, SmtpChannel, SmtpSettings, Timeouts};
use crate::config::{
    Config, EmailConfig, FaxWay, GatewayConfig, HylaFaxConfig, MailboxConfig, Purpose, SinchConfig,
    SmtpConfig,
};
use crate::domain::delivery::DeliveryChannel;
use crate::shops::settings;
use anyhow::Context;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use std::sync::Arc;

/// Opens the connections of a channel: as many as shall work side by side. `now` dates what the
/// channel itself writes.
///
/// # Errors
/// When the configuration cannot work: a file or secret that cannot be read.
pub fn open(
    channel: &DeliveryChannel,
    config: &Config,
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<Box<dyn Channel>>> {
    match channel {
        DeliveryChannel::Email => email(&config.delivery.email),
        DeliveryChannel::Fax => fax(config, now),
        DeliveryChannel::Hook => {
            let hooks = HookChannel::new(config.hooks.clone(), now);
            Ok(vec![Box::new(hooks)])
        }
        DeliveryChannel::Drop => Ok(vec![Box::new(DropChannel::new(config.drops.clone()))]),
        DeliveryChannel::Shop => Ok(vec![Box::new(ShopChannel::new(shops(config, now)))]),
        DeliveryChannel::Unknown(other) => anyhow::bail!("there is no channel '{other}'"),
    }
}

/// The shops that are told of shipments, by their sources' names.
pub fn shops(config: &Config, now: DateTime<Utc>) -> Shops {
    let all = config.sources.iter();
    all.filter_map(|source| Some((source.name.clone(), settings::told(source, now)?)))
        .collect()
}

/// Whether repeating a mail that was interrupted does no harm: a Maildir knows it by its name.
pub fn email_is_idempotent(config: &Config) -> bool {
    matches!(config.delivery.email, EmailConfig::Maildir { .. })
}

fn email(config: &EmailConfig) -> anyhow::Result<Vec<Box<dyn Channel>>> {
    match config {
        EmailConfig::Maildir { path } => {
            let channel = DirectoryChannel::open(path).context("delivery.email.path")?;
            Ok(vec![Box::new(channel)])
        }
        EmailConfig::Smtp(smtp) => {
            let server = Arc::new(server(smtp)?);
            let connections = (0..smtp.connections.max(1))
                .map(|_| Box::new(SmtpChannel::new(Arc::clone(&server))) as Box<dyn Channel>);
            Ok(connections.collect())
        }
    }
}

/// The faxes' way out, one connection each: services queue by themselves.
fn fax(config: &Config, now: DateTime<Utc>) -> anyhow::Result<Vec<Box<dyn Channel>>> {
    let Some(fax) = &config.delivery.fax else {
        return Ok(vec![Box::new(NoFax)]);
    };
    Ok(match &fax.way {
        FaxWay::Sinch(sinch) => vec![Box::new(self::sinch(config, sinch)?)],
        FaxWay::HylaFax(server) => vec![Box::new(hylafax(config, server))],
        FaxWay::Gateway(gateway) => {
            let settings = Arc::new(self::gateway(config, gateway));
            let wrap =
                |mail| Box::new(Gateway::new(Arc::clone(&settings), mail, now)) as Box<dyn Channel>;
            email(&config.delivery.email)?
                .into_iter()
                .map(wrap)
                .collect()
        }
    })
}

/// The fax service that can be asked what became of faxes, if the site has one.
///
/// # Errors
/// When its key or secret cannot be read.
pub fn fax_service(config: &Config) -> anyhow::Result<Option<Box<dyn FaxService>>> {
    Ok(match config.delivery.fax.as_ref().map(|fax| &fax.way) {
        Some(FaxWay::Sinch(sinch)) => Some(Box::new(self::sinch(config, sinch)?)),
        Some(FaxWay::HylaFax(server)) => Some(Box::new(hylafax(config, server))),
        Some(FaxWay::Gateway(_)) | None => None,
    })
}

/// Tries the fax service, for `poms check`; says what it found.
///
/// # Errors
/// What is wrong and what to do.
pub fn check_fax(config: &Config) -> anyhow::Result<String> {
    let Some(fax) = &config.delivery.fax else {
        return Ok("not set up: no fax leaves".to_owned());
    };
    match &fax.way {
        FaxWay::Sinch(sinch) => {
            self::sinch(config, sinch)?.check()?;
            let host = sinch.endpoint.host();
            Ok(format!("{host} lets us in"))
        }
        FaxWay::HylaFax(server) => {
            hylafax(config, server).check()?;
            Ok(format!(
                "HylaFAX on {} port {} answers",
                server.host, server.port
            ))
        }
        FaxWay::Gateway(gateway) => Ok(gateway_fax(config, gateway)),
    }
}

/// What becomes of faxes by a gateway is told by mail: whether anyone reads it.
fn gateway_fax(config: &Config, gateway: &GatewayConfig) -> String {
    let reads =
        |mailbox: &MailboxConfig| matches!(mailbox.purpose, Purpose::Vendors | Purpose::Any);
    let told = !gateway.report_success.is_empty() || !gateway.report_failure.is_empty();
    let hint = if !config.mailboxes.iter().any(reads) {
        "no mailbox has purpose \"vendors\" or \"any\", so what the gateway writes back is read by nobody"
    } else if !told {
        "what the gateway writes back is only noted: set report_success and report_failure"
    } else if config.site.token_keys.is_empty() && gateway.reports_from.is_empty() {
        "what the gateway writes back counts only where it names our Message-ID: set site.token_keys or reports_from"
    } else {
        "the gateway tells by mail what becomes of a fax"
    };
    format!("by mail to {}; {hint}", gateway.address)
}

fn sinch(config: &Config, sinch: &SinchConfig) -> anyhow::Result<Sinch> {
    let key = sinch.key.read().context("delivery.fax.key")?;
    let secret = sinch.secret.read().context("delivery.fax.secret")?;
    Ok(Sinch::new(SinchSettings {
        endpoint: sinch.endpoint.clone(),
        project: sinch.project.clone(),
        login: (key, secret),
        from: sinch.from.clone(),
        service: sinch.service.clone(),
        header: config.site.name.clone(),
        retries: sinch.retries,
        timeout: sinch.timeout,
    }))
}

fn gateway(config: &Config, gateway: &GatewayConfig) -> GatewaySettings {
    let site = &config.site;
    GatewaySettings {
        address: gateway.address.clone(),
        subject: gateway.subject.clone(),
        text: gateway.text.clone(),
        attachment: gateway.attachment.clone(),
        attachment_type: gateway.attachment_type.clone(),
        sender: gateway.from.clone().unwrap_or_else(|| site.email.clone()),
        site_email: site.email.clone(),
        name: site.name.clone(),
    }
}

fn hylafax(config: &Config, server: &HylaFaxConfig) -> HylaFax {
    HylaFax::new(HylaFaxSettings {
        sendfax: server.sendfax.clone(),
        faxstat: server.faxstat.clone(),
        host: server.host.clone(),
        port: server.port,
        user: server.user.clone(),
        sender: config.site.email.clone(),
        modem: server.modem.clone(),
        number: server.number.clone(),
        options: server.options.clone(),
        timeout: server.timeout,
    })
}

/// Where there is no fax: says so for each one that waits.
struct NoFax;

impl Channel for NoFax {
    fn prepare(&mut self, _: &OutgoingMessage) -> Result<(), DeliveryOutcome> {
        Err(DeliveryOutcome::unreachable(
            "faxes wait and no fax service is set up: add [delivery.fax] to the configuration",
        ))
    }

    fn complete(&mut self, _: &OutgoingMessage) -> DeliveryOutcome {
        DeliveryOutcome::deferred("no fax service is set up; nothing was sent")
    }

    fn abandon(&mut self) {}

    fn close(&mut self) {}
}

/// The mail server that the configuration names.
///
/// # Errors
/// When its password or CA file cannot be read.
pub fn server(config: &SmtpConfig) -> anyhow::Result<Server> {
    let password: Option<SecretString> = config
        .password
        .as_ref()
        .map(|source| source.read())
        .transpose()
        .context("delivery.email.password")?;
    let login = config
        .user
        .clone()
        .zip(password)
        .map(|(user, password)| Login { user, password });
    Ok(Server::new(SmtpSettings {
        host: config.host.clone(),
        port: config.port,
        security: config.security,
        // the configuration was refused already where this is not so
        allow_plaintext: true,
        ca_file: config.ca_file.clone(),
        login,
        hello: config.helo.clone(),
        timeouts: Timeouts {
            connect: config.connect_timeout,
            command: config.timeout,
            final_dot: config.data_timeout,
        },
    })?)
}
