//! Tables and mails that are attached to a vendor's mail. All act, or none: first everything that the
//! vendor says beside them must be understood, and let the rows stand.

use super::advise::{TakenAdvice, advise};
use super::enclosed::{self, Mails};
use super::files::{self, Content};
use super::letter::{person, spoken_of, summed, two_tongues};
use super::{ProvedPaper, beside, heard, quoted, titles};
use crate::domain::codes::Code;
use crate::domain::text::one_line;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::shipping::mail::{Handled, Trust, VendorMail};
use crate::vendor_docs::advice::{self, Document, Mail};
use crate::vendor_docs::reply::beside::TableWords;
use crate::vendor_docs::text::{alternatives, decode};
use chrono::NaiveDate;

/// What is attached, read and not acted on yet.
enum AttachedSheet<'a> {
    File {
        name: &'a str,
        bytes: &'a [u8],
        content: Content,
    },
    Mail {
        said: Mail<'a>,
        content: Content,
    },
}

impl<'a> AttachedSheet<'a> {
    fn name(&self) -> Option<&'a str> {
        match self {
            AttachedSheet::File { name, .. } => Some(name),
            AttachedSheet::Mail { .. } => None,
        }
    }

    fn content(&self) -> &Content {
        match self {
            AttachedSheet::File { content, .. } | AttachedSheet::Mail { content, .. } => content,
        }
    }
}

/// Acts on what is attached, or puts the mail before a person; `None` when no table is.
pub(super) fn read(
    tx: &Tx,
    paper: &ProvedPaper,
    mail: &VendorMail,
    po: Option<&PoRow>,
    today: NaiveDate,
) -> Result<Option<Handled>> {
    let mut sheets = sheets(mail, today);
    if sheets.is_empty() {
        return Ok(None);
    }
    let about = spoken_of(tx, paper, po, names_one(&sheets))?;
    if let Some(text) = doubt(tx, mail, about.as_ref(), &mut sheets, today)? {
        let handled = person(
            tx,
            paper.settings,
            mail,
            about.as_ref(),
            Code::VendorMail,
            &text,
        )?;
        return Ok(Some(handled));
    }
    let mut taken = TakenAdvice::default();
    let mut said = TableWords {
        good: true,
        ..TableWords::default()
    };
    for sheet in &sheets {
        let more = sheet.content().said();
        said.days.extend(more.days);
        said.good &= more.good;
        let one = match sheet {
            AttachedSheet::File {
                name,
                bytes,
                content,
            } => files::apply(tx, paper, name, bytes, content)?.taken,
            AttachedSheet::Mail {
                content: Content::Advice(found),
                ..
            } => advise(tx, paper, found)?,
            AttachedSheet::Mail { .. } => continue,
        };
        taken.rows += one.rows;
        taken.applied += one.applied;
        taken.repeated += one.repeated;
        taken.held += one.held;
        taken.errors.extend(one.errors);
    }
    let read = beside::table(tx, paper, mail, about.as_ref(), today, said)?;
    Ok(Some(summed(&taken, read)))
}

fn sheets(mail: &VendorMail, today: NaiveDate) -> Vec<AttachedSheet<'_>> {
    let files = mail.attachments.iter().filter_map(|file| {
        Some(AttachedSheet::File {
            name: &file.name,
            bytes: &file.bytes,
            content: files::in_mail(&file.name, &file.bytes, today)?,
        })
    });
    let mails = mail.forwarded.iter().filter_map(|inner| {
        let said = inner.said();
        let found = advice::read(&Document::Mail(said), today).ok()?;
        files::says_that_goods_left(&found).then_some(AttachedSheet::Mail {
            said,
            content: Content::Advice(found),
        })
    });
    files.chain(mails).collect()
}

/// The purchase order that all of it names, if it names one.
fn names_one<'a>(sheets: &'a [AttachedSheet<'_>]) -> Option<&'a str> {
    let mut all = sheets.iter().map(|sheet| sheet.content().names_one());
    let first = all.next()??;
    all.all(|one| one == Some(first)).then_some(first)
}

/// Why nothing of it must act, in a sentence with what is not understood marked.
fn doubt(
    tx: &Tx,
    mail: &VendorMail,
    about: Option<&PoRow>,
    sheets: &mut [AttachedSheet<'_>],
    today: NaiveDate,
) -> Result<Option<String>> {
    let contents: Vec<&Content> = sheets.iter().map(AttachedSheet::content).collect();
    if let Some(text) = below(tx, mail, about, &contents)? {
        return Ok(Some(text));
    }
    if matches!(mail.trust, Trust::Addresses { .. })
        && let Some(number) = outside(tx, mail, &contents)?
    {
        let text = format!("its rows name {number}, to whose address it was not sent");
        return Ok(Some(told(about, &text)));
    }
    // a mail that is attached beside its files is a covering letter, too
    let inner = mail.forwarded.iter().filter(|inner| {
        let taken = |sheet: &AttachedSheet| matches!(sheet, AttachedSheet::Mail { said, .. } if said.text == inner.text.as_deref() && said.subject == inner.subject);
        !sheets.iter().any(taken) && advice::carrier_of(&inner.from).is_none()
    });
    for inner in &mail.forwarded {
        if advice::carrier_of(&inner.from).is_none()
            && let Some(both) = alternatives::differ(inner.text.as_deref(), inner.html.as_deref())
        {
            return Ok(Some(two_tongues(about, &both)));
        }
    }
    // "bo.csv" of backorders says what its rows say
    let says_so: Vec<&str> = sheets
        .iter()
        .filter(|sheet| !sheet.content().said().good)
        .filter_map(AttachedSheet::name)
        .collect();
    let names = mail.attachments.iter().map(|file| &*file.name);
    let names: Vec<&str> = names.filter(|name| !says_so.contains(name)).collect();
    let letters = std::iter::once(mail.said()).chain(inner.map(|inner| inner.said()));
    for letter in letters {
        if let Some(shown) = heard::cover(tx, &letter, about, &contents, today)? {
            return Ok(Some(told(about, &shown)));
        }
    }
    let tables = sheets.iter().filter_map(AttachedSheet::name);
    let tables: Vec<&str> = tables.filter(|name| !says_so.contains(name)).collect();
    if let Some(shown) = titles::of_files(&names, &tables, about) {
        return Ok(Some(told(about, &shown)));
    }
    if let Some(text) = enclosed::doubt(tx, mail, about, Mails::Taken, today)? {
        return Ok(Some(told(about, &text)));
    }
    for sheet in sheets {
        if let Some(text) = own_words(tx, about, sheet, today)? {
            return Ok(Some(text));
        }
    }
    Ok(None)
}

/// What is quoted below a mail that names no purchase order but in its rows.
fn below(
    tx: &Tx,
    mail: &VendorMail,
    about: Option<&PoRow>,
    contents: &[&Content],
) -> Result<Option<String>> {
    let mut numbers = contents.iter().flat_map(|one| one.numbers()).flatten();
    let first = numbers.next().map(|number| tx.po_numbered(number));
    let first = first.transpose()?.flatten();
    quoted::of_rows(tx, about.or(first.as_ref()), mail)
}

/// A purchase order that rows name, or that they leave out, of a mail to the addresses of others.
fn outside(tx: &Tx, mail: &VendorMail, contents: &[&Content]) -> Result<Option<String>> {
    for number in contents.iter().flat_map(|one| one.numbers()) {
        let Some(number) = number else {
            return Ok(Some("no purchase order".to_owned()));
        };
        let meant = tx.po_numbered(number)?;
        if meant.is_none_or(|po| !mail.asked.contains(&po.number)) {
            return Ok(Some(one_line(number)));
        }
    }
    Ok(None)
}

/// What is said of a mail whose table waits for a person.
pub const UNTAKEN: &str = "with a table attached, of which nothing is taken";

fn told(about: Option<&PoRow>, shown: &str) -> String {
    format!(
        "{}, {UNTAKEN}: {shown} (if its rows are right all the same: write \
         the file out, and poms import-advices takes it)",
        heard::who(about)
    )
}

/// What a sheet says beside its own rows that puts them in doubt.
fn own_words(
    tx: &Tx,
    about: Option<&PoRow>,
    sheet: &mut AttachedSheet<'_>,
    today: NaiveDate,
) -> Result<Option<String>> {
    let (said, content) = match sheet {
        AttachedSheet::Mail { said, content } => (*said, content),
        AttachedSheet::File { bytes, content, .. } => {
            let Ok(text) = decode::text(bytes) else {
                return Ok(None);
            };
            if !matches!(content, Content::Advice(found) if found.format == "key-value") {
                let line = beside::taken_back(&text).or_else(|| beside::headed(&text, content));
                let line = match line {
                    None => titles::of_table(tx, bytes, content, about, today)?,
                    line => line,
                };
                return Ok(line.map(|line| told(about, &line)));
            }
            return running(tx, about, text_alone(&text), content, today);
        }
    };
    running(tx, about, said, content, today)
}

fn text_alone(text: &str) -> Mail<'_> {
    Mail {
        text: Some(text),
        ..Mail::default()
    }
}

/// Running text that has tracking numbers, heard like that of the mail itself.
fn running(
    tx: &Tx,
    about: Option<&PoRow>,
    said: Mail<'_>,
    content: &mut Content,
    today: NaiveDate,
) -> Result<Option<String>> {
    let Content::Advice(found) = content else {
        return Ok(None);
    };
    let named = files::names_one(found).map(str::to_owned);
    let po = match (about, named) {
        (None, Some(number)) => tx.po_numbered(&number)?,
        (about, _) => about.cloned(),
    };
    let (heard, doubt) = heard::of(tx, &said, po.as_ref(), found.clone(), today)?;
    *found = heard;
    Ok(doubt)
}
