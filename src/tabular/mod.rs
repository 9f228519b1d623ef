//! Tables as files hold them: bytes → text ([`encoding`]) or a workbook's cells ([`workbook`]) → rows
//! with their lines ([`rows`]) → cells ([`cells`]). What a column means is said by whoever reads the
//! table; how strictly a file is taken is an option with a name.
//!
//! PURE: no ledger, no clock, no files.

pub mod cells;
pub mod encoding;
mod limits;
mod row_error;
pub mod rows;
pub mod workbook;

pub use row_error::RowError;

use encoding::Encodings;
use std::borrow::Cow;
use workbook::WorkbookFault;

/// A table's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableText<'a> {
    /// Its lines, parted by LF. Of a workbook: one for each row of its sheet, with commas between cells.
    pub text: Cow<'a, str>,
    /// Whether it was a workbook.
    pub workbook: bool,
    /// The name of the workbook's sheet.
    pub sheet: Option<String>,
}

impl TableText<'_> {
    /// Refuses a workbook whose sheet has a name that may say that its rows do not count.
    ///
    /// # Errors
    /// [`WorkbookFault::Named`].
    pub fn plainly_named(&self) -> Result<(), NoTable> {
        let odd = self
            .sheet
            .as_deref()
            .filter(|name| !workbook::is_plain_name(name));
        match odd {
            Some(name) => {
                let shown: String = name.chars().take(60).collect();
                Err(WorkbookFault::Named(shown.escape_debug().to_string()).into())
            }
            None => Ok(()),
        }
    }
}

/// Why bytes are no table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTable {
    /// A file of another kind.
    #[error("{0}")]
    Kind(&'static str),
    /// A workbook that cannot be taken as one table.
    #[error(transparent)]
    Workbook(#[from] WorkbookFault),
    /// Zero bytes: no text in any encoding that is known.
    #[error("no text")]
    Zeroes,
    /// 16 bits a character, where only UTF-8 is taken.
    #[error("a text of 16 bits a character (UTF-16)")]
    Wide,
}

impl NoTable {
    /// Whether its words say what to do to the same file.
    fn has_remedy(&self) -> bool {
        use WorkbookFault::{Beside, Drawn, Hidden, Named, Struck};
        matches!(
            self,
            NoTable::Workbook(Struck(_) | Hidden(..) | Drawn(..) | Beside(_) | Named(_))
        )
    }

    /// Its words, and what to do otherwise where they do not say it: "this is …: open it and save it".
    pub fn or(&self, instead: &str) -> String {
        match self.has_remedy() {
            true => self.to_string(),
            false => format!("{self}{instead}"),
        }
    }
}

/// How files begin that people take for a table, and what they are.
const KINDS: [(&[u8], &str); 5] = [
    (b"%PDF-", "a PDF"),
    (
        b"\xd0\xcf\x11\xe0",
        "an old or protected Excel or Word file",
    ),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
];

/// The text of a table's file, whichever of the known kinds it is. In a text that is no workbook, bytes
/// that are no UTF-8 stay for the reader to name where `encodings` is [`Encodings::Utf8`].
///
/// # Errors
/// [`NoTable`]: what the file is instead.
pub fn text(bytes: &[u8], encodings: Encodings) -> Result<TableText<'_>, NoTable> {
    if let Some((_, kind)) = KINDS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(NoTable::Kind(kind));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        let (sheet, text) = workbook::named_text(bytes)?;
        return Ok(TableText {
            text: Cow::Owned(text),
            workbook: true,
            sheet: Some(sheet),
        });
    }
    let text = encoding::decode(bytes, encodings)?;
    Ok(TableText {
        text,
        workbook: false,
        sheet: None,
    })
}
