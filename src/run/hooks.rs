//! What happened since the last run goes into the outbox for each `[[hook]]` that wants to hear of it.

use super::Run;
use crate::clock;
use crate::config::HookConfig;
use crate::delivery::hook::hook_reference;
use crate::domain::delivery::{DeliveryChannel, DeliveryKind};
use crate::ledger::hooks::HookFact;
use crate::ledger::outbox::NewDelivery;
use crate::ledger::{LedgerError, Tx};
use serde_json::{Value, json};

/// Events of one commit.
const BATCH: usize = 256;
/// Facts without an event among them after which the place is noted all the same, so that no run looks
/// through the trail of years.
const FAR: i64 = 2_000;

impl Run<'_> {
    /// A hook that is new hears of what happens from this run on.
    pub(super) fn begin_hooks(&mut self) -> anyhow::Result<()> {
        for hook in &self.site.config.hooks {
            if self.ledger.read().hook_place(&hook.name)?.is_none() {
                let now = self.site.clock.now();
                self.ledger.write(now, |tx| tx.begin_hook(&hook.name))?;
            }
        }
        Ok(())
    }

    /// Puts what happened into the outbox, and sends it.
    pub(super) fn tell_hooks(&mut self) -> anyhow::Result<()> {
        let mut told = 0;
        for hook in &self.site.config.hooks {
            while !self.stopping() {
                let now = self.site.clock.now();
                let found = self.ledger.write(now, |tx| tell(tx, hook))?;
                told += found;
                if found < BATCH {
                    break;
                }
            }
        }
        if told > 0 { self.send() } else { Ok(()) }
    }
}

/// Tells one hook of the next events; how many there were.
fn tell(tx: &Tx, hook: &HookConfig) -> Result<usize, LedgerError> {
    let Some(after) = tx.hook_place(&hook.name)? else {
        return Ok(0);
    };
    let head = tx.audit_head()?.seq;
    let facts = tx.hook_facts(after, &hook.events, BATCH)?;
    for fact in &facts {
        if !is_about_a_hook(tx, fact)? {
            enqueue(tx, hook, fact)?;
        }
    }
    let to = match facts.last() {
        Some(last) if facts.len() == BATCH => last.seq,
        _ => head,
    };
    if !facts.is_empty() || head - after > FAR {
        tx.move_hook(&hook.name, to)?;
    }
    Ok(facts.len())
}

/// Whether a fact is about an event that did not arrive: told as an event it would make another one, without
/// end.
fn is_about_a_hook(tx: &Tx, fact: &HookFact) -> Result<bool, LedgerError> {
    let id = fact.entity.strip_prefix("delivery:");
    let Some(id) = id.and_then(|id| id.parse().ok()) else {
        return Ok(false);
    };
    Ok(tx.delivery(id)?.channel == DeliveryChannel::Hook)
}

fn enqueue(tx: &Tx, hook: &HookConfig, fact: &HookFact) -> Result<(), LedgerError> {
    let id = id(fact);
    let about = fact.order.as_deref().unwrap_or(&fact.entity);
    tx.enqueue(&NewDelivery {
        kind: DeliveryKind::Event,
        channel: DeliveryChannel::Hook,
        once: &format!("event:{}:{}", hook.name, fact.seq),
        reference: &hook_reference(&id, &hook.name),
        sender: "",
        recipients: std::slice::from_ref(&hook.name),
        subject: &format!("{} of {about}", fact.kind),
        order_id: fact.order_id,
        po_id: None,
        content: event(fact, &id).to_string().as_bytes(),
    })?;
    Ok(())
}

/// The event's id: the same for every hook and every attempt, and no other event's in any ledger.
fn id(fact: &HookFact) -> String {
    let hash = clock::hex(&fact.hash);
    format!("evt_{}", hash.get(..32).unwrap_or(&hash))
}

/// The event as programs read it (docs/hooks.md).
fn event(fact: &HookFact, id: &str) -> Value {
    let show = match (fact.entity.split_once(':'), &fact.order) {
        (Some(("po", number)), _) => Some(json!(["po", "show", number])),
        (_, Some(order)) => Some(json!(["order", "show", order])),
        _ => None,
    };
    json!({
        "id": id,
        "event": fact.kind,
        "at": fact.at,
        "sequence": fact.seq,
        "entity": fact.entity,
        "order": fact.order,
        "show": show,
    })
}
