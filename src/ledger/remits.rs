//! What vendors' papers say of where money goes, so that the same footer is not told twice.

use super::exceptions::Subject;
use super::{Result, Tx};
use crate::domain::codes::Severity;
use crate::domain::foreign::cut;
use crate::domain::remit::{CODE, Passage};
use crate::domain::text::one_line;
use serde_json::json;

/// A paper that speaks of where money goes.
#[derive(Clone, Copy)]
pub struct RemitPaper<'a> {
    /// Whose it is; without one nothing is remembered.
    pub vendor: Option<&'a str>,
    /// The site's severity of such papers.
    pub severity: Severity,
    /// What the exception is about.
    pub entity: &'a str,
    /// What else it belongs to.
    pub about: Subject,
    /// Who says it, and how: "Acme writes".
    pub who: &'a str,
}

/// Where a passage stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RemitState {
    /// The vendor's footer as it was before, or accepted by a person.
    Standing,
    /// A person is asked; the alarm is open.
    Open,
    /// A person was asked and did not accept it.
    Refused,
}

impl Tx<'_> {
    /// The open exception about where a vendor's money goes: until a person has decided it, nothing of that
    /// vendor's is to be paid.
    pub fn remit_asked(&self, vendor: &str) -> Result<Option<i64>> {
        self.first(
            "SELECT r.exception_id FROM remit r JOIN exception e ON e.id = r.exception_id \
             WHERE r.vendor_id = ?1 AND e.state = 'open' ORDER BY r.exception_id LIMIT 1",
            [vendor],
            |row| row.get(0),
        )
    }

    /// Opens the exception about what a paper says of where money goes, and returns its number. No
    /// alarm is what stood in the vendor's papers before or was accepted, what a person is being
    /// asked about already, and the first footer of a vendor of whom nothing is known: that is
    /// kept to compare with.
    pub fn tell_remits(&self, paper: &RemitPaper, passages: &[Passage]) -> Result<Option<i64>> {
        if paper.severity == Severity::Off {
            return Ok(None);
        }
        let mut told: Vec<&Passage> = Vec::new();
        for one in passages {
            if told.iter().any(|other| other.key == one.key) {
                continue;
            }
            let Some(vendor) = paper.vendor else {
                told.push(one);
                continue;
            };
            match self.remit(vendor, &one.key)? {
                Some(RemitState::Standing | RemitState::Open) => {}
                None if one.footer && !self.knows_remit(vendor)? => {
                    self.keep_remit(vendor, (&one.key, &one.shown), paper.entity, None)?;
                }
                None | Some(RemitState::Refused) => told.push(one),
            }
        }
        if told.is_empty() {
            return Ok(None);
        }
        let shown: Vec<String> = told.iter().map(|one| one_line(&one.shown)).collect();
        let text = format!("{} about where to pay: {}", paper.who, shown.join("; "));
        let text = cut(&text, 2_000);
        let id = self.open_exception(CODE, paper.severity, paper.entity, paper.about, &text)?;
        if let Some(vendor) = paper.vendor {
            for one in &told {
                self.keep_remit(vendor, (&one.key, &one.shown), paper.entity, Some(id))?;
            }
        }
        Ok(Some(id))
    }

    /// Looks up what is known of a vendor's passage.
    fn remit(&self, vendor: &str, words: &str) -> Result<Option<RemitState>> {
        let found = self.first(
            "SELECT r.state = 'standing', coalesce(e.state = 'open', 0) FROM remit r \
             LEFT JOIN exception e ON e.id = r.exception_id WHERE r.vendor_id = ?1 AND r.words = ?2",
            (vendor, words),
            |row| Ok((row.get::<_, bool>(0)?, row.get::<_, bool>(1)?)),
        )?;
        Ok(found.map(|state| match state {
            (true, _) => RemitState::Standing,
            (false, true) => RemitState::Open,
            (false, false) => RemitState::Refused,
        }))
    }

    /// Whether a passage is a vendor's footer as it was before, or accepted by a person.
    pub fn remit_stands(&self, vendor: &str, words: &str) -> Result<bool> {
        Ok(self.remit(vendor, words)? == Some(RemitState::Standing))
    }

    /// Whether anything is on file of where a vendor's money goes.
    fn knows_remit(&self, vendor: &str) -> Result<bool> {
        let found = self.first(
            "SELECT 1 FROM remit WHERE vendor_id = ?1 AND state = 'standing' LIMIT 1",
            [vendor],
            |row| row.get::<_, i64>(0),
        )?;
        Ok(found.is_some())
    }

    /// Keeps a passage as the vendor's footer, or with the exception that asks about it.
    fn keep_remit(
        &self,
        vendor: &str,
        (words, shown): (&str, &str),
        source: &str,
        exception: Option<i64>,
    ) -> Result<()> {
        let state = match exception {
            None => "standing",
            Some(_) => "asked",
        };
        self.execute(
            "INSERT INTO remit (vendor_id, words, shown, source, seen, state, exception_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
             ON CONFLICT (vendor_id, words) DO UPDATE SET source = excluded.source, seen = excluded.seen, \
             state = excluded.state, exception_id = excluded.exception_id",
            (vendor, words, shown, source, self.now_text(), state, exception),
        )?;
        let payload = json!({"words": shown, "source": source, "exception": exception});
        let kind = match exception {
            None => "vendor.remit_seen",
            Some(_) => "vendor.remit_asked",
        };
        self.fact(kind, &format!("vendor:{vendor}"), None, &payload)?;
        Ok(())
    }

    /// A person confirmed what an exception asks about: it is the vendor's from now on. Returns the
    /// passages.
    pub fn accept_remits(&self, exception: i64, note: &str) -> Result<Vec<String>> {
        let asked: Vec<(i64, String, String)> = self.rows(
            "SELECT id, vendor_id, shown FROM remit WHERE exception_id = ?1 AND state = 'asked' ORDER BY id",
            [exception],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        for (id, vendor, shown) in &asked {
            self.execute("UPDATE remit SET state = 'standing' WHERE id = ?1", [id])?;
            let payload = json!({"words": shown, "exception": exception, "note": note});
            self.fact(
                "vendor.remit_accepted",
                &format!("vendor:{vendor}"),
                None,
                &payload,
            )?;
        }
        Ok(asked.into_iter().map(|(.., shown)| shown).collect())
    }
}
