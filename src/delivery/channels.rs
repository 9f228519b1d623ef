//! The registry of ways out: each channel's name in the ledger, and how it is opened.

use super::channel::Channel;
use super::directory::DirectoryChannel;
use super::smtp::{Login, Server, SmtpChannel, SmtpSettings, Timeouts};
use crate::config::{Config, EmailConfig, SmtpConfig};
use anyhow::Context;
use secrecy::SecretString;
use std::sync::Arc;

/// The channels in the order in which a run empties them.
pub const CHANNELS: &[&str] = &["email"];

/// Opens the connections of a channel: as many as shall work side by side.
///
/// # Errors
/// When the configuration cannot work: a file or secret that cannot be read.
pub fn open(channel: &str, config: &Config) -> anyhow::Result<Vec<Box<dyn Channel>>> {
    match channel {
        "email" => email(&config.delivery.email),
        other => anyhow::bail!("there is no channel '{other}'"),
    }
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
