//! Events to programs and services outside: the JSON of an event on a program's standard input, or posted
//! and signed as the Standard Webhooks specification (1.0) says.

mod post;
mod program;

use super::channel::{Channel, DeliveryOutcome, OutgoingMessage};
use crate::config::{HookConfig, HookWay};
use crate::http::HttpClient;
use chrono::{DateTime, Utc};
use std::collections::HashMap;

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
}

impl HookChannel {
    /// Starts and opens nothing yet.
    pub fn new(hooks: Vec<HookConfig>, now: DateTime<Utc>) -> HookChannel {
        HookChannel {
            hooks,
            now,
            clients: HashMap::new(),
            failures: HashMap::new(),
        }
    }

    fn hook(&self, message: &OutgoingMessage) -> Result<HookConfig, DeliveryOutcome> {
        let name = message.to.first().map(String::as_str).unwrap_or_default();
        let found = self.hooks.iter().find(|hook| hook.name == name);
        found.cloned().ok_or_else(|| {
            DeliveryOutcome::refused(format!(
                "the configuration has no [[hook]] named '{name}' any more"
            ))
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
