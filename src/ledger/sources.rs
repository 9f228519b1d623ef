//! Sources: how far each was read, when it is to be left alone, and what was known of each document that
//! came by one.

use super::{Result, Tx};
use crate::clock::Moment;
use crate::domain::vouched::Vouched;
use chrono::{DateTime, Utc};
use rusqlite::Row;
use serde_json::json;

/// How far a source was read at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRow {
    id: i64,
    /// Where to go on; the beginning where `None`.
    pub cursor: Option<String>,
    /// It asked to be left alone until then.
    pub retry_after: Option<Moment>,
    /// Since when it gave nothing because of that.
    pub put_off: Option<Moment>,
}

/// What was known of a document beside its bytes when it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageDocument {
    /// By what it is believed.
    pub vouched: Vouched,
    /// The place that its source read.
    pub place: String,
    /// Its file name; empty where none was stated.
    pub file_name: String,
    /// Its media type; empty where none was stated.
    pub media_type: String,
}

/// The name of a source in the audit trail: `source:NAME`.
pub fn entity(source: &str) -> String {
    format!("source:{source}")
}

fn source(row: &Row) -> rusqlite::Result<SourceRow> {
    Ok(SourceRow {
        id: row.get(0)?,
        cursor: row.get(1)?,
        retry_after: row.get(2)?,
        put_off: row.get(3)?,
    })
}

impl Tx<'_> {
    /// How far a source was read at a place; `None` when it never was.
    pub fn source(&self, name: &str, place: &str) -> Result<Option<SourceRow>> {
        self.first(
            "SELECT id, cursor, retry_after, put_off FROM source_cursor WHERE name = ?1 AND place = ?2",
            [name, place],
            source,
        )
    }

    /// Keeps how far a source was read: for the transaction that stores all that came before.
    pub fn move_cursor(&self, name: &str, place: &str, cursor: &str) -> Result<()> {
        let id = self.source_row(name, place)?;
        self.execute(
            "UPDATE source_cursor SET cursor = ?1, retry_after = NULL, put_off = NULL, updated = ?2 WHERE id = ?3",
            (cursor, self.now_text(), id),
        )?;
        let payload = json!({"place": place, "cursor": cursor});
        self.fact("source.read", &entity(name), None, &payload)
    }

    /// Puts back how far a source was read, at a person's word.
    pub fn reread_source(&self, name: &str, place: &str, cursor: &str, note: &str) -> Result<()> {
        let id = self.source_row(name, place)?;
        self.execute(
            "UPDATE source_cursor SET cursor = ?1, retry_after = NULL, put_off = NULL, updated = ?2 WHERE id = ?3",
            (cursor, self.now_text(), id),
        )?;
        let payload = json!({"place": place, "cursor": cursor, "note": note});
        self.fact("source.reread", &entity(name), None, &payload)
    }

    /// Has a source left alone until then.
    pub fn put_off_source(
        &self,
        name: &str,
        place: &str,
        until: DateTime<Utc>,
        why: &str,
    ) -> Result<()> {
        let id = self.source_row(name, place)?;
        let until = Moment::from(until).to_string();
        self.execute(
            "UPDATE source_cursor SET retry_after = ?1, put_off = coalesce(put_off, ?2), updated = ?2 WHERE id = ?3",
            (&until, self.now_text(), id),
        )?;
        let payload = json!({"place": place, "until": until, "why": why});
        self.fact("source.put_off", &entity(name), None, &payload)
    }

    /// Notes that a source answered again, although its cursor stays.
    pub fn source_answered(&self, row: &SourceRow, name: &str) -> Result<()> {
        self.execute(
            "UPDATE source_cursor SET retry_after = NULL, put_off = NULL, updated = ?1 WHERE id = ?2",
            (self.now_text(), row.id),
        )?;
        self.fact("source.answered", &entity(name), None, &json!({}))
    }

    fn source_row(&self, name: &str, place: &str) -> Result<i64> {
        match self.source(name, place)? {
            Some(row) => Ok(row.id),
            None => self.insert(
                "INSERT INTO source_cursor (name, place, updated) VALUES (?1, ?2, ?3)",
                (name, place, self.now_text()),
            ),
        }
    }

    /// Keeps what was known of a document that became a message.
    pub(super) fn put_message_document(&self, id: i64, document: &MessageDocument) -> Result<()> {
        self.insert(
            "INSERT INTO message_document (message_id, vouched, place, file_name, media_type) VALUES (?1,?2,?3,?4,?5)",
            (
                id,
                document.vouched.as_str(),
                &document.place,
                &document.file_name,
                &document.media_type,
            ),
        )?;
        Ok(())
    }

    /// What was known of a message when it came by a source; `None` for a mail.
    pub fn message_document(&self, id: i64) -> Result<Option<MessageDocument>> {
        self.first(
            "SELECT vouched, place, file_name, media_type FROM message_document WHERE message_id = ?1",
            [id],
            |row| {
                Ok(MessageDocument {
                    vouched: super::word(row, 0, Vouched::parse)?,
                    place: row.get(1)?,
                    file_name: row.get(2)?,
                    media_type: row.get(3)?,
                })
            },
        )
    }
}
