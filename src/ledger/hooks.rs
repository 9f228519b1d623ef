//! How far each hook is in the audit trail, and what happened since.

use super::orders::reference;
use super::outbox::DeliveryRow;
use super::{Result, Tx};
use serde_json::json;

/// A fact of which programs outside are told.
#[derive(Clone, Debug)]
pub struct HookFact {
    /// Its place in the trail.
    pub seq: i64,
    /// When it happened, RFC 3339 UTC.
    pub at: String,
    /// Its word.
    pub kind: String,
    /// What it is about, such as `shipment:7`.
    pub entity: String,
    /// The order.
    pub order_id: Option<i64>,
    /// The order's name in commands: `W200001` or `W200001~2`.
    pub order: Option<String>,
    /// The fact's hash: nothing else in the world has it.
    pub hash: Vec<u8>,
}

impl Tx<'_> {
    /// The place in the trail up to which a hook was told; `None` for one that is new.
    ///
    /// # Errors
    /// SQLite's.
    pub fn hook_place(&self, name: &str) -> Result<Option<i64>> {
        let row = "SELECT seq FROM hook_cursor WHERE name = ?1";
        self.first(row, [name], |row| row.get(0))
    }

    /// Has a hook that is new hear of what happens from now on.
    ///
    /// # Errors
    /// SQLite's.
    pub fn begin_hook(&self, name: &str) -> Result<()> {
        let seq = self.audit_head()?.seq;
        self.insert(
            "INSERT INTO hook_cursor (name, seq, updated) VALUES (?1, ?2, ?3)",
            (name, seq, self.now_text()),
        )?;
        let entity = format!("hook:{name}");
        self.fact("hook.begun", &entity, None, &json!({"after": seq}))
    }

    /// Notes that a hook was told of everything up to this place.
    ///
    /// # Errors
    /// SQLite's.
    pub fn move_hook(&self, name: &str, seq: i64) -> Result<()> {
        self.execute(
            "UPDATE hook_cursor SET seq = ?1, updated = ?2 WHERE name = ?3",
            (seq, self.now_text(), name),
        )?;
        Ok(())
    }

    /// Whether a person is asked already about an event that the same hook refused with the same words.
    ///
    /// # Errors
    /// SQLite's.
    pub fn hook_is_asked_about(&self, event: &DeliveryRow, detail: &str) -> Result<bool> {
        self.value(
            "SELECT EXISTS (SELECT 1 FROM exception e JOIN delivery d ON d.id = e.delivery_id WHERE e.state = 'open' \
             AND d.channel = 'hook' AND d.recipients = ?1 AND d.detail = ?2 AND d.id <> ?3)",
            (json!(event.recipients).to_string(), detail, event.id),
        )
    }

    /// The facts of these kinds behind a place in the trail, oldest first, at most so many. The words are
    /// those of [`crate::domain::event::EVENTS`]. What an order went through before it was adopted is no news.
    ///
    /// # Errors
    /// SQLite's.
    pub fn hook_facts(
        &self,
        after: i64,
        kinds: &[&'static str],
        at_most: usize,
    ) -> Result<Vec<HookFact>> {
        let kinds: Vec<String> = kinds.iter().map(|kind| format!("'{kind}'")).collect();
        let sql = format!(
            "SELECT a.seq, a.at, a.kind, a.entity, a.order_id, o.number, o.copy, a.hash FROM audit a \
             LEFT JOIN orders o ON o.id = a.order_id WHERE a.seq > ?1 AND a.kind IN ({}) \
             AND NOT EXISTS (SELECT 1 FROM audit d WHERE d.order_id = a.order_id AND d.kind = 'order.adopted' AND d.seq > a.seq) ORDER BY a.seq LIMIT ?2",
            kinds.join(", ")
        );
        self.rows(&sql, (after, at_most as i64), |row| {
            let number: Option<String> = row.get(5)?;
            let copy: Option<i64> = row.get(6)?;
            Ok(HookFact {
                seq: row.get(0)?,
                at: row.get(1)?,
                kind: row.get(2)?,
                entity: row.get(3)?,
                order_id: row.get(4)?,
                order: number.map(|number| reference(&number, copy.unwrap_or(1))),
                hash: row.get(7)?,
            })
        })
    }
}
