//! A vendor's mail whose sender is proved: advices and tables in its attachments, else an advice in
//! its text, else an answer in plain words.

use super::advise::{TakenAdvice, advise};
use super::enclosed::{self, Mails};
use super::files::Content;
use super::{
    ProvedPaper, RuleSettings, beside, cancellation, files, heard, own_words, quoted, remit,
    revision, several, subject, tables, unread,
};
use crate::domain::codes::{Code, Severity};
use crate::domain::enclosure;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::PoState;
use crate::domain::text::one_line;
use crate::ledger::exceptions::Subject;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::shipments::Origin;
use crate::ledger::{Result, Tx};
use crate::shipping::mail::{Handled, Trust, VendorMail};
use crate::vendor_docs::advice::{self, Advice, Document};
use crate::vendor_docs::reply;
use crate::vendor_docs::text::{alternatives, quote};
use chrono::{DateTime, NaiveDate, Utc};

/// Acts on the mail; `today` of what it says is the day on which it was written.
pub fn read(tx: &Tx, settings: &RuleSettings, mail: &VendorMail) -> Result<Handled> {
    let mail = &VendorMail {
        text: mail.text.as_deref().map(alternatives::without_leftovers),
        ..mail.clone()
    };
    let mail = match alternatives::flattened(mail.text.as_deref(), mail.html.as_deref()) {
        // the HTML has the columns that the plain text lost
        true => &VendorMail {
            text: None,
            ..mail.clone()
        },
        false => mail,
    };
    match arrived_instead(tx, mail)? {
        None => heard_at(tx, settings, mail, mail.date),
        Some(date) => {
            let counted = VendorMail {
                date,
                ..mail.clone()
            };
            // an older word overrides no newer one all the same
            heard_at(tx, settings, &counted, mail.date)
        }
    }
}

/// When a mail came, for one that says it was written before what it answers was: its clock is wrong,
/// and no day must be counted from it.
fn arrived_instead(tx: &Tx, mail: &VendorMail) -> Result<Option<DateTime<Utc>>> {
    let mut pos = several::asked(tx, mail)?;
    pos.extend(mail.po.map(|id| tx.po(id)).transpose()?);
    let made = pos.iter().map(|po| po.created.time()).max();
    if made.is_none_or(|made| mail.date >= made) {
        return Ok(None);
    }
    let came = tx.message(mail.message_id)?.received;
    Ok(Some(came.time()))
}

fn heard_at(
    tx: &Tx,
    settings: &RuleSettings,
    mail: &VendorMail,
    dated: DateTime<Utc>,
) -> Result<Handled> {
    let source = format!("message:{}", mail.message_id);
    let origin = Origin {
        message: Some(mail.message_id),
        file: None,
        source: &source,
    };
    let po = mail.po.map(|id| tx.po(id)).transpose()?;
    let vendor = match &po {
        Some(po) => Some(po.vendor_id.as_str()),
        None => mail.vendor_id.as_deref(),
    };
    if mail.trust == Trust::None || (vendor.is_none() && mail.trust != Trust::Admin) {
        let text = format!(
            "a mail of {} came without proof of its sender",
            cut(&mail.from, 80)
        );
        let code = Code::UntrustedSender;
        return person(tx, settings, mail, po.as_ref(), code, &text);
    }
    if let Some(text) = too_long(mail, po.as_ref()) {
        return person(tx, settings, mail, po.as_ref(), Code::VendorMail, &text);
    }
    let paper = ProvedPaper {
        origin,
        vendor,
        only_po: match mail.trust {
            Trust::Token { po } => Some(po),
            _ => None,
        },
        about: mail.po,
        sole: false,
        written: match mail.trust {
            Trust::Admin => None,
            _ => Some(dated.min(tx.now())),
        },
        settings,
        released: &[],
    };
    let today = written(tx, mail, vendor)?;
    let handled = match quoted::doubt(tx, po.as_ref(), mail)? {
        Some(text) => person(tx, settings, mail, po.as_ref(), Code::VendorMail, &text)?,
        None => route(tx, &paper, mail, po.as_ref(), today)?,
    };
    if let Some(po) = po.as_ref().filter(|_| handled.accepted) {
        unread::note(tx, mail, po, today)?;
    }
    // whatever came of the rest
    remit::look(tx, settings, mail, vendor, po.as_ref(), today)?;
    Ok(handled)
}

/// Most text of a vendor's mail that is read, in bytes, plain and as HTML: more is nobody's own words, and
/// good orders would wait behind it.
const MOST_TEXT: usize = 256 << 10;
const MOST_HTML: usize = 1 << 20;

/// What a person is told of a mail whose text is too long to be read.
fn too_long(mail: &VendorMail, po: Option<&PoRow>) -> Option<String> {
    let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let (plain, rich) = (length(&mail.text), length(&mail.html));
    let what = match () {
        () if plain > MOST_TEXT => (plain, MOST_TEXT),
        () if rich > MOST_HTML => (rich, MOST_HTML),
        () => return None,
    };
    let begin = mail.text.as_deref().unwrap_or_default();
    Some(format!(
        "{} in a text of {} KiB, and poms reads {} KiB: nothing is taken from it; it begins: {}",
        heard::who(po),
        what.0 >> 10,
        what.1 >> 10,
        cut(&one_line(&cut(begin, 600)), 300)
    ))
}

/// What a person is told of a mail that says one thing to some readers and another to others.
pub(super) fn two_tongues(po: Option<&PoRow>, (plain, rich): &(String, String)) -> String {
    let shown = |text: &str| cut(&one_line(text), 800);
    format!(
        "{}, one thing in plain text and another in HTML, so nothing is taken from it: plain text >>{}<<; HTML >>{}<<",
        heard::who(po),
        shown(plain),
        shown(rich)
    )
}

/// Rows of what is attached, else of the text, else words.
fn route(
    tx: &Tx,
    paper: &ProvedPaper,
    mail: &VendorMail,
    po: Option<&PoRow>,
    today: NaiveDate,
) -> Result<Handled> {
    let many = po.is_none() && !mail.asked.is_empty();
    if many && several::of_several_vendors(tx, paper, mail)? {
        let why = "which are of several vendors, and nobody says who writes";
        return several::person_for_all(tx, paper, mail, &unnamed(mail, why));
    }
    if let Some(handled) = tables::read(tx, paper, mail, po, today)? {
        return Ok(handled);
    }
    if let Some(doubt) = enclosed::doubt(tx, mail, po, Mails::All, today)? {
        let text = enclosed::stops(mail, po, &doubt);
        return match many {
            true => several::person_for_all(tx, paper, mail, &unnamed(mail, &doubt)),
            false => person(tx, paper.settings, mail, po, Code::VendorMail, &text),
        };
    }
    if many && let Some(handled) = several::words(tx, paper, mail, today)? {
        return Ok(handled);
    }
    if let Some(po) = po
        && let Some(handled) = cancellation::answer(tx, paper.settings, mail, po)?
    {
        return Ok(handled);
    }
    if let Some(handled) = advices(tx, paper, mail, po, today)? {
        return Ok(handled);
    }
    if let Some(po) = po
        && let Some(handled) = revision::answer(tx, paper, mail, po, today)?
    {
        return Ok(handled);
    }
    match po {
        Some(po) => own_words::read(tx, paper, mail, po, today),
        None if many => {
            let text = unnamed(mail, UNCERTAIN);
            several::person_for_all(tx, paper, mail, &text)
        }
        None => {
            let text =
                "it names no purchase order, and no table of shipments or answers is attached";
            person(tx, paper.settings, mail, None, Code::VendorMail, text)
        }
    }
}

/// Why an answer to several purchase orders is read by a person.
const UNCERTAIN: &str =
    "and does not say for certain which it means, in words that poms understands";

/// An advice in the text; `None` when there is none.
fn advices(
    tx: &Tx,
    paper: &ProvedPaper,
    mail: &VendorMail,
    po: Option<&PoRow>,
    today: NaiveDate,
) -> Result<Option<Handled>> {
    let said = mail.said();
    let document = Document::Mail(said);
    if let Ok(found) = advice::read(&document, today)
        && (!found.rows.is_empty() || !found.errors.is_empty())
        && files::says_that_goods_left(&found)
    {
        let about = spoken_of(tx, paper, po, files::names_one(&found))?;
        let (found, doubt) = heard::of(tx, &said, about.as_ref(), found, today)?;
        let many = about.is_none() && !mail.asked.is_empty();
        if by_subject(mail, &found) || many && (doubt.is_some() || !all_name_one(&found)) {
            return several::person_for_all(tx, paper, mail, &unnamed(mail, UNCERTAIN)).map(Some);
        }
        let other = match &about {
            Some(po) if heard::is_own(&found) => {
                let own = reply::own_words(mail.text.as_deref(), mail.html.as_deref());
                match quoted::beside_rows(tx, po, mail, &found)? {
                    None => cancellation::complete_in_doubt(tx, po, &own)?,
                    other => other,
                }
            }
            _ => None,
        };
        if let Some(text) = doubt.or(other) {
            return person(
                tx,
                paper.settings,
                mail,
                about.as_ref(),
                Code::VendorMail,
                &text,
            )
            .map(Some);
        }
        let taken = advise(tx, paper, &found)?;
        let read = match heard::is_own(&found) {
            true => beside::keys(tx, paper, mail, po)?,
            // carriers' own mails are full of words; what the vendor wrote above one is the vendor's
            false if heard::forwards(&said) => {
                let said = Content::Advice(found).said();
                beside::table(tx, paper, mail, po, today, said)?
            }
            false => false,
        };
        return Ok(Some(summed(&taken, read)));
    }
    Ok(None)
}

/// The purchase order that a mail is about: the one that it is known to answer, else the one that all
/// its rows name, if it is the vendor's.
pub(super) fn spoken_of(
    tx: &Tx,
    paper: &ProvedPaper,
    po: Option<&PoRow>,
    named: Option<&str>,
) -> Result<Option<PoRow>> {
    let (None, Some(number)) = (po, named) else {
        return Ok(po.cloned());
    };
    let found = tx.po_numbered(number)?;
    Ok(found.filter(|found| paper.vendor.is_none_or(|id| found.vendor_id == id)))
}

/// The day on which the vendor wrote, by the vendor's own calendar.
fn written(tx: &Tx, mail: &VendorMail, vendor: Option<&str>) -> Result<NaiveDate> {
    let vendor = vendor.map(|id| tx.vendor(id)).transpose()?.flatten();
    let zone = vendor.and_then(|vendor| vendor.timezone?.parse::<chrono_tz::Tz>().ok());
    // a clock that runs ahead would make days of the past
    let at = mail.date.min(tx.now());
    Ok(at
        .with_timezone(&zone.unwrap_or(chrono_tz::Tz::America__New_York))
        .date_naive())
}

/// What came of the rows of a mail; `read` says that a person reads its words.
pub(super) fn summed(taken: &TakenAdvice, read: bool) -> Handled {
    Handled {
        accepted: true,
        summary: format!(
            "{} {}: {} acted on, {} known already, {} held for a person{}",
            taken.rows,
            if taken.rows == 1 { "row" } else { "rows" },
            taken.applied,
            taken.repeated,
            taken.held,
            if read {
                "; a person reads the words beside them"
            } else {
                ""
            }
        ),
    }
}

/// Whether a mail to the addresses of several purchase orders has the number of its rows in the subject
/// alone, which is that of the mail that was answered.
fn by_subject(mail: &VendorMail, found: &Advice) -> bool {
    let own = reply::own_words(mail.text.as_deref(), mail.html.as_deref()).to_uppercase();
    let mut numbers = found.rows.iter().filter_map(|row| row.po_number.as_deref());
    matches!(mail.trust, Trust::Addresses { .. })
        && numbers.any(|number| !own.contains(&number.to_uppercase()))
}

/// Whether every row of an advice names a purchase order.
fn all_name_one(found: &Advice) -> bool {
    let mut rows = found.rows.iter();
    rows.all(|row| row.po_number.is_some() || row.reference.is_some())
}

/// Why a person reads a mail about several purchase orders, with its words.
fn unnamed(mail: &VendorMail, why: &str) -> String {
    let own = quote::own_words(mail.text.as_deref(), mail.html.as_deref());
    let own = own.unwrap_or_else(|| "(no words of its own)".to_owned());
    let own = own.lines().map(one_line).collect::<Vec<_>>().join(" / ");
    format!("{why}, and nothing of it is taken: {own}")
}

/// Whether a bare yes can only mean the purchase order as it was sent: nothing left, and no line was
/// answered otherwise.
pub(super) fn may_nod(po: &PoRow, lines: &[LineState]) -> bool {
    let open = |line: &&LineState| line.pieces.open() > 0;
    let plain = |line: &LineState| line.shares.backordered + line.shares.rejected == 0;
    let untouched = |line: &LineState| line.pieces.open() == line.pieces.ordered;
    let over = matches!(po.state, PoState::Cancelled | PoState::Closed);
    over || lines.iter().filter(open).all(plain) && lines.iter().all(untouched)
}

/// Shows the mail to a person.
pub(super) fn person(
    tx: &Tx,
    settings: &RuleSettings,
    mail: &VendorMail,
    po: Option<&PoRow>,
    code: Code,
    text: &str,
) -> Result<Handled> {
    let severity = settings.severity(code);
    if severity == Severity::Off {
        return Ok(Handled {
            accepted: true,
            summary: format!("not shown to anybody, as {code} is off"),
        });
    }
    let about = match po {
        Some(po) => subject(po, Some(mail.message_id)),
        None => Subject {
            message: Some(mail.message_id),
            ..Subject::default()
        },
    };
    let entity = format!("message:{}", mail.message_id);
    let unread = unread::tables(mail, tx.now().date_naive());
    let text = unread.map_or_else(
        || text.to_owned(),
        |why| format!("{}; {why}", cut(text, 1_400)),
    );
    let files = mail.attachments.iter();
    let files = files.map(|file| (&*file.name, &*file.mime, file.bytes.len()));
    let text = match enclosure::sentence(files) {
        Some(files) => format!("{}; attached: {files}", cut(&text, 1_800)),
        None => text,
    };
    let text = cut(&text, 2_500);
    tx.open_exception(code, severity, &entity, about, &text)?;
    Ok(Handled {
        accepted: false,
        summary: cut(&text, 200),
    })
}
