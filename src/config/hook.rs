//! `[[hook]]`: programs and services outside that are told what happens to orders.

use super::monitoring::address;
use super::reader::Section;
use super::safety::Need;
use super::secret::SecretSource;
use crate::domain::event;
use reqwest::Url;
use std::path::PathBuf;
use std::time::Duration;

/// One hook. No `Debug`: a secret may stand in it.
#[derive(Clone)]
pub struct HookConfig {
    /// Its name in the ledger and to people; unique.
    pub name: String,
    /// The events of which it is told ([`event::EVENTS`]).
    pub events: Vec<&'static str>,
    /// How it is told.
    pub way: HookWay,
    /// How long one event may take.
    pub timeout: Duration,
    /// Whether an event goes again of which nobody knows whether it was taken: the receiver knows it by its
    /// id. Else a person decides.
    pub repeats: bool,
}

/// How a hook is told.
#[derive(Clone)]
pub enum HookWay {
    /// A program is run, with the event on its standard input.
    Program {
        /// The program, absolute.
        program: PathBuf,
        /// Its arguments.
        arguments: Vec<String>,
    },
    /// The event is posted.
    Post(Box<HookAddress>),
}

/// Where events are posted.
#[derive(Clone)]
pub struct HookAddress {
    /// https, or http to this machine.
    pub url: Url,
    /// The key of the signature.
    pub secret: SecretSource,
    /// Whether plain `http` to another machine is meant.
    pub allow_plaintext: bool,
    /// Whether the host may be in a private network.
    pub allow_private: bool,
    /// Authorities (PEM) to trust instead of the system's.
    pub ca_file: Option<PathBuf>,
}

/// Reads every `[[hook]]`.
pub fn hooks(sections: &[Section<'_>]) -> Vec<HookConfig> {
    let mut found: Vec<HookConfig> = Vec::new();
    for section in sections {
        let Some(hook) = hook(section) else { continue };
        if found.iter().any(|other| other.name == hook.name) {
            section.fault("name", "is the name of another hook: each needs its own");
        }
        found.push(hook);
    }
    found
}

fn hook(section: &Section<'_>) -> Option<HookConfig> {
    let name = section.required("name", "a short name, such as \"warehouse\"");
    let events = events(section);
    let seconds = section.number("timeout_seconds", 1..=300, 30);
    let once = section.flag("once");
    let way = match (section.has("program"), section.has("url")) {
        (true, false) => program(section),
        (false, true) => post(section),
        (true, true) => {
            section.fault("url", "is there beside program: keep one of them");
            None
        }
        (false, false) => {
            section.fault("url", "is missing: a hook has a url, or a program");
            None
        }
    };
    Some(HookConfig {
        name,
        events,
        way: way?,
        timeout: Duration::from_secs(seconds.unsigned_abs()),
        repeats: !once,
    })
}

fn events(section: &Section<'_>) -> Vec<&'static str> {
    let mut all = Vec::new();
    let wanted = section.texts("on");
    for word in &wanted {
        match event::named(word) {
            Some(found) => all.extend(found),
            None => section.fault(
                "on",
                format!("'{word}' is no event: docs/hooks.md lists them, \"order.*\" is a family, \"*\" is all"),
            ),
        }
    }
    if wanted.is_empty() {
        section.fault(
            "on",
            "is missing: the events, such as [\"order.placed\", \"shipment.*\"]",
        );
    }
    all.sort_unstable();
    all.dedup();
    all
}

fn program(section: &Section<'_>) -> Option<HookWay> {
    let mut words = section.texts("program").into_iter();
    let Some(first) = words.next().filter(|first| first.starts_with('/')) else {
        section.fault(
            "program",
            "must be a program with its arguments, such as [\"/usr/local/bin/tell\", \"orders\"], the program with its whole path",
        );
        return None;
    };
    for key in [
        "secret",
        "secret_file",
        "secret_command",
        "secret_credential",
        "allow_plaintext",
        "allow_private",
        "ca_file",
    ] {
        if section.has(key) {
            section.fault(key, "is for a hook with a url");
        }
    }
    Some(HookWay::Program {
        program: section.named("program", &first, Need::Guarded),
        arguments: words.collect(),
    })
}

fn post(section: &Section<'_>) -> Option<HookWay> {
    let allow_plaintext = section.flag("allow_plaintext");
    let allow_private = section.flag("allow_private");
    let text = section.required("url", "an address such as \"https://example.com/poms\"");
    let url = match address(&text, allow_plaintext) {
        Ok(url) => Some(url),
        Err(why) => {
            section.fault("url", why);
            None
        }
    };
    let secret = section.secret("secret");
    if secret.is_none() {
        section.fault(
            "secret",
            "is missing: with it the receiver proves that an event is ours; make one by `openssl rand -base64 32`, and keep it in secret_file",
        );
    }
    Some(HookWay::Post(Box::new(HookAddress {
        url: url?,
        secret: secret?,
        allow_plaintext,
        allow_private,
        ca_file: section.path("ca_file", Need::Guarded),
    })))
}
