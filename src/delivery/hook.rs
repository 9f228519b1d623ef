//! Events to programs and services outside: the JSON of an event on a program's standard input, or posted
//! and signed as the Standard Webhooks specification (1.0) says.

mod post;
mod program;

use super::channel::{Channel, DeliveryOutcome, OutgoingMessage};
use crate::config::{HookConfig, HookWay};
use crate::http::HttpClient;
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};

/// The receiver's word that it wants no events any more (Standard Webhooks: 410).
const WANTS_NONE: &str = "answered 410: it wants no events any more";
/// How a refusal begins where the hook is gone from the configuration.
const NOT_SET_UP: &str = "the configuration has no";

/// Whether a refusal is about the hook and not about the one event: then one question is enough for all of them.
pub(in crate::delivery) fn is_about_all(detail: &str) -> bool {
    detail == WANTS_NONE || detail.starts_with(NOT_SET_UP)
}

/// The reference of an event on its way to one hook: each hook that wants it has a delivery of its own. Those of
/// an older poms are the id alone.
pub fn hook_reference(event: &str, hook: &str) -> String {
    format!("{event}@{hook}")
}

/// The event's own id, as receivers know it: the same for every hook.
fn event_id(message: &OutgoingMessage) -> &str {
    let reference = message.reference.as_str();
    reference.split_once('@').map_or(reference, |(id, _)| id)
}

/// Failures in a row after which a hook is left alone for this run.
const PATIENCE: u32 = 3;

/// Every hook of the site; one event at a time, in the order in which they happened.
pub struct HookChannel {
    hooks: Vec<HookConfig>,
    now: DateTime<Utc>,
    /// Clients of the services that were asked in this run, by hook.
    clients: HashMap<String, HttpClient>,
    /// Failures in a row and the last one, by hook.
    failures: HashMap<String, (u32, String)>,
    /// Those that said in this run that they want no more.
    gone: HashSet<String>,
}

impl HookChannel {
    /// Starts and opens nothing yet.
    pub fn new(hooks: Vec<HookConfig>, now: DateTime<Utc>) -> HookChannel {
        HookChannel {
            hooks,
            now,
            clients: HashMap::new(),
            failures: HashMap::new(),
            gone: HashSet::new(),
        }
    }

    fn hook(&self, message: &OutgoingMessage) -> Result<HookConfig, DeliveryOutcome> {
        let name = message.to.first().map(String::as_str).unwrap_or_default();
        let found = self.hooks.iter().find(|hook| hook.name == name);
        found.cloned().ok_or_else(|| {
            DeliveryOutcome::refused(format!("{NOT_SET_UP} [[hook]] named '{name}' any more"))
        })
    }

    fn attempt(&mut self, hook: &HookConfig, message: &OutgoingMessage) -> DeliveryOutcome {
        match &hook.way {
            HookWay::Program { program, arguments } => {
                program::tell(program, arguments, hook.timeout, message)
            }
            HookWay::Post(to) => match self.clients.get(&hook.name) {
                Some(client) => post::tell(client, to, self.now, message),
                None => DeliveryOutcome::deferred("the event was not prepared; nothing was sent"),
            },
        }
    }
}

impl Channel for HookChannel {
    fn prepare(&mut self, message: &OutgoingMessage) -> Result<(), DeliveryOutcome> {
        let hook = self.hook(message)?;
        if self.gone.contains(&hook.name) {
            return Err(DeliveryOutcome::refused(WANTS_NONE));
        }
        if let Some((count, why)) = self.failures.get(&hook.name)
            && *count >= PATIENCE
        {
            return Err(DeliveryOutcome::deferred(format!(
                "left alone until the next run: {why}"
            )));
        }
        if let HookWay::Post(to) = &hook.way
            && !self.clients.contains_key(&hook.name)
        {
            match post::client(to, hook.timeout) {
                Ok(client) => drop(self.clients.insert(hook.name.clone(), client)),
                Err(why) => {
                    let why = format!("hook '{}': {why:#}", hook.name);
                    self.failures.insert(hook.name, (PATIENCE, why.clone()));
                    return Err(DeliveryOutcome::deferred(why));
                }
            }
        }
        Ok(())
    }

    fn complete(&mut self, message: &OutgoingMessage) -> DeliveryOutcome {
        let hook = match self.hook(message) {
            Ok(hook) => hook,
            Err(outcome) => return outcome,
        };
        let outcome = self.attempt(&hook, message);
        let failed = !matches!(
            outcome,
            DeliveryOutcome::Accepted { .. } | DeliveryOutcome::Refused { .. }
        );
        if outcome.detail() == WANTS_NONE {
            self.gone.insert(hook.name.clone());
        }
        let before = self
            .failures
            .remove(&hook.name)
            .map_or(0, |(count, _)| count);
        if failed {
            let why = outcome.detail().to_owned();
            self.failures.insert(hook.name, (before + 1, why));
        }
        match outcome {
            // its id tells the receiver what it has already
            DeliveryOutcome::Unknown { detail } if hook.repeats => {
                DeliveryOutcome::deferred(detail)
            }
            other => other,
        }
    }

    fn abandon(&mut self) {}

    fn close(&mut self) {}
}

/// Tries a hook, for `poms check`: whether its program can be run, or its server answers by TLS that is
/// trusted. No event is made up.
///
/// # Errors
/// What is wrong and what to do.
pub fn check(hook: &HookConfig) -> anyhow::Result<String> {
    match &hook.way {
        HookWay::Program { program, .. } => program::check(program),
        HookWay::Post(to) => post::check(to, hook.timeout),
    }
}
