//! Pieces ordered, there and later of a row of a table, as a status.

use super::written;
use csv::StringRecord;

/// Where a table counts pieces.
pub(super) struct PieceColumns {
    pub(super) ordered: usize,
    /// Allocated, confirmed, there, or gone.
    pub(super) here: Option<usize>,
    pub(super) later: Option<usize>,
    /// Whether more of them may be there than were ordered.
    pub(super) beyond: bool,
    /// Whether those that are here are gone: how, such a table does not say.
    pub(super) left: bool,
    /// Columns of which the status says all.
    pub(super) spent: Vec<usize>,
}

impl PieceColumns {
    /// What a row says; `None` where it has no figures.
    fn status(&self, record: &StringRecord) -> Option<&'static str> {
        let count = |at: usize| -> Option<i64> {
            let cell = record
                .get(at)?
                .trim()
                .trim_end_matches(".00")
                .trim_end_matches(".0");
            match cell {
                "" => Some(0),
                cell => cell.parse().ok(),
            }
        };
        let late = self.later.map_or(Some(0), count)?;
        let here = self.here.map_or(Some(0), count)?;
        let more = self.beyond && self.later.is_none();
        Some(match (count(self.ordered)?, here, late) {
            (wanted, here, 0) if wanted > 0 && here == wanted && !self.left => "accepted",
            // what they have beyond it is theirs
            (wanted, here, _) if more && wanted > 0 && here > wanted => "accepted",
            (wanted, 0, late) if wanted > 0 && late == wanted => "backordered",
            _ => "partly allocated",
        })
    }
}

/// Whether a row is one of totals.
fn is_total(record: &StringRecord) -> bool {
    let mut cells = record.iter().map(str::trim).filter(|cell| !cell.is_empty());
    let word = cells.next().unwrap_or_default().to_lowercase();
    matches!(
        word.trim_end_matches(':'),
        "total" | "totals" | "grand total"
    )
}

/// All pieces allocated is an acceptance, all on backorder a backorder; what is mixed is left to a person.
pub(super) fn by_pieces(
    headings: &StringRecord,
    records: &[StringRecord],
    columns: &PieceColumns,
    comma: u8,
) -> Option<Vec<u8>> {
    let status = |record: &StringRecord| match is_total(record) {
        true => Some(""),
        false => columns.status(record),
    };
    let all: Option<Vec<&str>> = records.iter().map(status).collect();
    let all = all.filter(|all| all.iter().any(|one| !one.is_empty()))?;
    let spent = |at: &usize| columns.spent.contains(at);
    let kept = (0..headings.len()).filter(|at| !spent(at));
    let kept: Vec<usize> = kept.collect();
    let heading = |at: &usize| match *at == columns.ordered {
        true => "Qty",
        false => headings.get(*at).unwrap_or_default(),
    };
    let mut head: StringRecord = kept.iter().map(heading).collect();
    head.push_field("Status");
    let rows = records.iter().zip(all).map(|(record, word)| {
        let cells = kept.iter().map(|at| record.get(*at).unwrap_or_default());
        let mut row: StringRecord = cells.collect();
        if !word.is_empty() {
            row.push_field(word);
        }
        row
    });
    written(std::iter::once(head).chain(rows), comma)
}
