//! The papers of a purchase order as files, for vendors whose system takes them: which, and how they stand in the
//! outbox.

use super::layout::VendorLayout;
use openssl::base64::{decode_block, encode_block};
use serde::{Deserialize, Serialize};

/// What a vendor's drop takes if nothing else is set: the table last, as it is what a system waits for.
pub static USUAL: [PaperKind; 2] = [PaperKind::Pdf, PaperKind::Csv];

/// A form of the purchase order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperKind {
    /// For people.
    Pdf,
    /// A row a line.
    Csv,
    /// All of it, for programs (docs/formats.md).
    Json,
}

impl PaperKind {
    /// Every form.
    pub const ALL: [PaperKind; 3] = [PaperKind::Pdf, PaperKind::Csv, PaperKind::Json];

    /// Its word, which ends its file's name.
    pub fn as_str(self) -> &'static str {
        match self {
            PaperKind::Pdf => "pdf",
            PaperKind::Csv => "csv",
            PaperKind::Json => "json",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<PaperKind> {
        PaperKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            PaperKind::Pdf => "application/pdf",
            PaperKind::Csv => "text/csv; charset=utf-8",
            PaperKind::Json => "application/json",
        }
    }
}

/// The files that one vendor's drop takes, in the order in which they are put there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropPapers {
    /// The vendor's ID.
    pub vendor: String,
    /// Their forms.
    pub kinds: Vec<PaperKind>,
    /// The vendor's own table, in the place of poms'.
    pub layout: Option<VendorLayout>,
}

/// One file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperFile {
    /// Its name: letters, digits, `-`, `_` and `.` alone.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// All of it, in base64.
    #[serde(rename = "base64", with = "in_base64")]
    pub bytes: Vec<u8>,
}

/// What goes to a drop at once, as it stands in the outbox.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropBundle {
    /// By which the receiver knows one that comes a second time.
    pub key: String,
    /// The purchase order's number.
    pub number: String,
    /// The files.
    pub files: Vec<PaperFile>,
}

impl DropBundle {
    /// As the outbox has it.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::json!(self).to_string().into_bytes()
    }

    /// From the outbox; `None` when it is damaged, or a name leads out of its folder.
    pub fn from_bytes(bytes: &[u8]) -> Option<DropBundle> {
        let bundle: DropBundle = serde_json::from_slice(bytes).ok()?;
        let fine = |file: &PaperFile| is_name(&file.name);
        (!bundle.files.is_empty() && bundle.files.iter().all(fine)).then_some(bundle)
    }
}

/// Whether it is one file's name in a folder, which hides nothing.
fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.len() <= 200
        && name.chars().all(plain)
}

mod in_base64 {
    use super::{decode_block, encode_block};
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&encode_block(bytes))
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        decode_block(&text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(name: &str) -> DropBundle {
        DropBundle {
            key: "W1-1.0a".to_owned(),
            number: "W1-1".to_owned(),
            files: vec![PaperFile {
                name: name.to_owned(),
                media_type: "text/csv".to_owned(),
                bytes: vec![0, 255, 10],
            }],
        }
    }

    #[test]
    fn comes_back_as_it_was() {
        for kind in PaperKind::ALL {
            assert_eq!(PaperKind::parse(kind.as_str()), Some(kind));
        }
        let bytes = bundle("PO-W1-1.csv").to_bytes();
        assert!(DropBundle::from_bytes(&bytes) == Some(bundle("PO-W1-1.csv")));
        assert!(DropBundle::from_bytes(&bytes[1..]).is_none());
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        for name in ["../x", "a/b", ".hidden", "", "a b", "-x"] {
            assert!(
                DropBundle::from_bytes(&bundle(name).to_bytes()).is_none(),
                "{name}"
            );
        }
    }
}
