//! One file: attached to a mail, or given by an admin. The same bytes are taken once.

use super::advise::{TakenAdvice, advise};
use super::{ProvedPaper, answer, beside, judge};
use crate::clock::{self, Moment};
use crate::domain::foreign::cut;
use crate::ledger::advices::NewAdviceFile;
use crate::ledger::shipments::Origin;
use crate::ledger::{Result, Tx};
use crate::vendor_docs::advice::{self, Advice, AdviceError, Document};
use crate::vendor_docs::reply::Ack;
use crate::vendor_docs::reply::beside::TableWords;
use crate::vendor_docs::reply::structured::{self, AckRows};
use crate::vendor_docs::stated;
use crate::vendor_docs::text::decode;
use crate::vendor_docs::yearless;
use chrono::NaiveDate;
use openssl::sha::sha256;
use serde::Serialize;
use serde_json::json;

/// Largest file that is read, in bytes.
pub const LARGEST: u64 = 25 << 20;

/// What a file is.
pub enum Content {
    /// Goods left.
    Advice(Advice),
    /// Answers to purchase orders.
    Answers(AckRows),
}

impl Content {
    /// Its rows, those that make no sense included.
    fn rows(&self) -> usize {
        match self {
            Content::Advice(advice) => advice.rows.len() + advice.errors.len(),
            Content::Answers((rows, errors)) => rows.len() + errors.len(),
        }
    }

    /// Its rows that make no sense.
    pub(super) fn errors(&self) -> usize {
        match self {
            Content::Advice(advice) => advice.errors.len(),
            Content::Answers((_, errors)) => errors.len(),
        }
    }

    /// The days that it names, and whether all is well by it.
    pub fn said(&self) -> TableWords {
        let mut said = TableWords {
            good: true,
            ..TableWords::default()
        };
        match self {
            Content::Advice(advice) => {
                let days = advice.rows.iter().filter_map(|row| row.ship_date);
                said.days = days.collect();
            }
            Content::Answers((rows, _)) => {
                for ack in rows.iter().flat_map(|row| &row.acks) {
                    match ack {
                        Ack::ShipDate { date } => said.days.push(*date),
                        Ack::Accepted => {}
                        Ack::Backordered { until } => {
                            said.days.extend(*until);
                            said.good = false;
                        }
                        Ack::Rejected { .. } => said.good = false,
                    }
                }
            }
        }
        said
    }

    /// The line of its first row, from 1.
    pub(super) fn first_line(&self) -> usize {
        let lines: Vec<usize> = match self {
            Content::Advice(advice) => advice.rows.iter().map(|row| row.line).collect(),
            Content::Answers((rows, _)) => rows.iter().map(|row| row.line).collect(),
        };
        lines.into_iter().min().unwrap_or_default()
    }

    /// The SKUs that its rows name, as they write them.
    pub(super) fn skus(&self) -> Vec<&str> {
        let (goods, answers) = match self {
            Content::Advice(advice) => (advice.rows.as_slice(), [].as_slice()),
            Content::Answers((rows, _)) => ([].as_slice(), rows.as_slice()),
        };
        let goods = goods.iter().filter_map(|row| row.sku.as_deref());
        let answers = answers.iter().filter_map(|row| row.sku.as_deref());
        goods.chain(answers).collect()
    }

    /// The purchase order that each row names, as it writes it.
    pub(super) fn numbers(&self) -> Vec<Option<&str>> {
        match self {
            Content::Advice(advice) => {
                let rows = advice.rows.iter();
                rows.map(|row| row.po_number.as_deref()).collect()
            }
            Content::Answers((rows, _)) => {
                rows.iter().map(|row| row.po_number.as_deref()).collect()
            }
        }
    }

    /// The purchase order that all its rows name, as they write it.
    pub fn names_one(&self) -> Option<&str> {
        match self {
            Content::Advice(advice) => names_one(advice),
            Content::Answers((rows, _)) => one_of(rows.iter().map(|row| row.po_number.as_deref())),
        }
    }
}

/// The purchase order that all rows of an advice name, as they write it.
pub(super) fn names_one(advice: &Advice) -> Option<&str> {
    one_of(advice.rows.iter().map(|row| row.po_number.as_deref()))
}

fn one_of<'a>(mut numbers: impl Iterator<Item = Option<&'a str>>) -> Option<&'a str> {
    let first = numbers.next()??;
    numbers.all(|number| number == Some(first)).then_some(first)
}

/// Reads a file as an advice, or as a table of answers.
///
/// # Errors
/// When it is neither.
pub fn read(bytes: &[u8], today: NaiveDate) -> std::result::Result<Content, AdviceError> {
    if is_our_own(bytes) {
        return Err(AdviceError::Unclaimed);
    }
    let dated = yearless::with_years(bytes, today);
    let bytes = dated.as_deref().unwrap_or(bytes);
    if let Some(mut answers) = structured::read(bytes, today) {
        stated::taken_back(bytes, &mut answers);
        return Ok(Content::Answers(answers));
    }
    if let Some(table) = stated::with_status(bytes)
        && let Some(mut answers) = structured::read(&table, today)
    {
        stated::taken_back(&table, &mut answers);
        return Ok(Content::Answers(answers));
    }
    let advice = advice::read(&Document::File(bytes), today)?;
    match says_that_goods_left(&advice) {
        true => Ok(Content::Advice(advice)),
        false => Err(AdviceError::Unclaimed),
    }
}

/// Whether it is the table that poms attaches to a purchase order, sent back as it was: it has
/// orders, SKUs, quantities and a date, and says nothing. With a tracking number added it does.
fn is_our_own(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    let head = String::from_utf8_lossy(head).to_lowercase();
    let header = head.lines().next().unwrap_or_default();
    let has = |word: &str| header.contains(word);
    has("possible_duplicate") && has("unit_cost") && !has("track")
}

/// Whether any row has a tracking number or a ship date: a purchase order that the vendor sends
/// back has orders, SKUs, quantities and a carrier, too.
pub(super) fn says_that_goods_left(advice: &Advice) -> bool {
    let mut rows = advice.rows.iter();
    rows.any(|row| row.tracking_number.is_some() || row.ship_date.is_some())
        || (advice.rows.is_empty() && !advice.errors.is_empty())
}

/// What came of a file by hand (`poms import-advices`).
#[derive(Clone, Debug, Serialize)]
pub struct FileReport {
    /// Its name as it was given.
    pub file: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// When the same bytes were taken before, if they were.
    pub taken_before: Option<Moment>,
    /// What came of its rows.
    #[serde(flatten)]
    pub taken: TakenAdvice,
}

/// Reads a file in a mail; `None` when it is neither advice nor answer. One that could be two things
/// is an advice whose one row says so.
pub(super) fn in_mail(name: &str, bytes: &[u8], today: NaiveDate) -> Option<Content> {
    match read(bytes, today) {
        Ok(content) => Some(content),
        Err(AdviceError::Ambiguous(which)) => Some(Content::Advice(Advice {
            format: "unknown".to_owned(),
            rows: Vec::new(),
            errors: vec![advice::RowError::at(
                0,
                format!(
                    "the file {} could be {which}: poms does not guess",
                    cut(name, 60)
                ),
            )],
        })),
        Err(_) => None,
    }
}

/// Acts on a file that was read.
pub fn apply(
    tx: &Tx,
    paper: &ProvedPaper,
    name: &str,
    bytes: &[u8],
    content: &Content,
) -> Result<FileReport> {
    let sha256 = sha256(bytes);
    let report = |taken, taken_before| FileReport {
        file: name.to_owned(),
        sha256: clock::hex(&sha256),
        taken_before,
        taken,
    };
    let rows = content.rows();
    let known = tx.advice_file(&sha256, paper.vendor)?;
    // a vendor that takes its answer back, and back again, attaches the first one once more: as that mail
    // has a date of its own, it is the newest word and no repetition
    let said_anew = matches!(content, Content::Answers(_)) && paper.written.is_some();
    let done = known.as_ref().filter(|known| known.complete && !said_anew);
    if let Some(before) = done
        && !undone_since(tx, paper, content)?
    {
        let taken = TakenAdvice {
            rows,
            repeated: rows,
            ..TakenAdvice::default()
        };
        return Ok(report(taken, Some(before.taken)));
    }
    let id = match &known {
        Some(known) => known.id,
        None => record(tx, paper, name, sha256, content)?,
    };
    let source = match paper.origin.message {
        Some(_) => paper.origin.source.to_owned(),
        None => format!("file:{id}"),
    };
    let paper = ProvedPaper {
        origin: Origin {
            file: Some(id),
            source: &source,
            ..paper.origin
        },
        ..*paper
    };
    let taken = match content {
        Content::Advice(advice) => advise(tx, &paper, advice)?,
        Content::Answers((rows, errors)) => answer::table(tx, &paper, rows, errors)?,
    };
    let summary = json!({
        "rows": taken.rows, "applied": taken.applied, "repeated": taken.repeated,
        "held": taken.held, "overflow": taken.overflow,
    });
    if let Ok(text) = decode::text(bytes) {
        beside::lines(tx, &paper, &text)?;
    }
    tx.sum_up_advice_file(id, &summary, taken.held == 0)?;
    Ok(report(taken, known.map(|known| known.taken)))
}

/// Whether a person took back since what a row of the file says: the same bytes are looked at then.
fn undone_since(tx: &Tx, paper: &ProvedPaper, content: &Content) -> Result<bool> {
    let Content::Advice(advice) = content else {
        return Ok(false);
    };
    for row in &advice.rows {
        if judge::undone_since(tx, paper, row)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn record(
    tx: &Tx,
    paper: &ProvedPaper,
    name: &str,
    sha256: [u8; 32],
    content: &Content,
) -> Result<i64> {
    tx.insert_advice_file(&NewAdviceFile {
        sha256,
        name: &cut(name, 200),
        message: paper.origin.message,
        vendor: paper.vendor,
        format: match content {
            Content::Advice(advice) => &advice.format,
            Content::Answers(_) => "answers",
        },
    })
}
