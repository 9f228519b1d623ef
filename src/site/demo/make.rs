//! Makes the demo's site: keys, catalogue, vendors, and a morning's mail in a Maildir.

use super::{CATALOGUE, CONFIG, Envelope, VENDORS, orders};
use crate::intake::openpgp::make::{KeyKind, KeyPair, encrypt, json_entity, pgp_mime, seal};
use crate::site::init::{TOKEN_KEY, folder, maildir, private_file, token_key};
use anyhow::{Context, bail};
use chrono::{DateTime, TimeDelta, Utc};
use std::path::{Path, PathBuf};

/// The folder in which the demo keeps its mails, to deliver them a second time.
const MAILS: &str = "samples";

/// What was made or found.
pub struct Made {
    /// The configuration's file.
    pub config: PathBuf,
    /// Whether the site was there from an earlier demo.
    pub again: bool,
    /// Mails that now lie in the Maildir.
    pub mails: usize,
}

/// Makes a site in `dir`, or finds the one that an earlier demo made there, and delivers the
/// morning's mail: the second time the very same mails once more.
///
/// # Errors
/// When `dir` holds something else, or cannot be written.
pub fn make(dir: &Path, now: DateTime<Utc>) -> anyhow::Result<Made> {
    let config = dir.join("poms.toml");
    let again = dir.join(MAILS).is_dir() && config.is_file();
    if !again {
        if dir.exists() && !dir.is_dir() {
            bail!("{} is no folder: name one, `poms demo DIR`", dir.display());
        }
        if dir.exists() && std::fs::read_dir(dir)?.next().is_some() {
            bail!(
                "{} holds something else than a demo: name another folder, `poms demo DIR`",
                dir.display()
            );
        }
        build(dir, now)
            .with_context(|| format!("the demo's site cannot be made in {}", dir.display()))?;
    }
    let mails = deliver(dir, again)?;
    Ok(Made {
        config,
        again,
        mails,
    })
}

fn build(dir: &Path, now: DateTime<Utc>) -> anyhow::Result<()> {
    let mut made = Vec::new();
    for name in ["", "keys", "mail", MAILS] {
        folder(&dir.join(name), &mut made)?;
    }
    maildir(&dir.join("mail/orders"), &mut made)?;
    let made_at = now - TimeDelta::days(30);
    let key = |user| KeyPair::generate(user, KeyKind::Cv25519, made_at);
    let shop = key("Fernhill Trading Co. <orders@fernhill.example>")?;
    let webshop = key("Fernhill web shop <webshop@fernhill.example>")?;
    let stranger = key("Fernhill web shop <webshop@fernhill.example>")?;
    private_file(&dir.join(TOKEN_KEY), &token_key())?;
    private_file(&dir.join("keys/shop.sec.asc"), &shop.secret_armoured(None)?)?;
    private_file(
        &dir.join("keys/webshop.pub.asc"),
        &webshop.public_armoured()?,
    )?;
    private_file(&dir.join("catalogue.csv"), CATALOGUE.as_bytes())?;
    private_file(&dir.join("vendors.csv"), VENDORS.as_bytes())?;
    for (number, order) in orders(now).iter().enumerate() {
        let entity = json_entity(&order.order.to_string());
        let sealed = match order.envelope {
            Envelope::Unsigned => encrypt(&entity, &[&shop], now)?,
            Envelope::Forged => seal(&entity, &stranger, &[&shop], now)?,
            _ => seal(&entity, &webshop, &[&shop], now)?,
        };
        let sealed = if order.envelope == Envelope::Garbled {
            garbled(sealed)
        } else {
            sealed
        };
        let id = format!("<demo-{number}@fernhill.example>");
        let mail = pgp_mime(
            "webshop@fernhill.example",
            "orders@fernhill.example",
            "New order",
            now,
            &id,
            &sealed,
        )?;
        private_file(&dir.join(MAILS).join(format!("{number:02}.eml")), &mail)?;
        if order.envelope == Envelope::Twice {
            private_file(
                &dir.join(MAILS).join(format!("{number:02}-again.eml")),
                &mail,
            )?;
        }
    }
    // last: its presence says that the site is whole
    private_file(&dir.join("poms.toml"), CONFIG.as_bytes())?;
    Ok(())
}

/// A sealed message with letters changed in its middle, as a broken gateway does.
fn garbled(mut sealed: Vec<u8>) -> Vec<u8> {
    let middle = sealed.len() / 2;
    for byte in sealed
        .iter_mut()
        .skip(middle)
        .filter(|byte| byte.is_ascii_alphanumeric())
        .take(20)
    {
        *byte = if *byte == b'A' { b'B' } else { b'A' };
    }
    sealed
}

/// Copies the sample mails into the Maildir, under names that sort in their order.
fn deliver(dir: &Path, again: bool) -> anyhow::Result<usize> {
    let mut names: Vec<PathBuf> = std::fs::read_dir(dir.join(MAILS))?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    names.sort();
    let batch = if again {
        crate::clock::hex(&crate::clock::random::<4>())
    } else {
        "00000000".to_owned()
    };
    for (number, sample) in names.iter().enumerate() {
        let target = dir
            .join("mail/orders/new")
            .join(format!("1.{batch}.{number:03}.demo"));
        private_file(&target, &std::fs::read(sample)?)?;
    }
    Ok(names.len())
}
