//! A purchase order as bytes: PDF for people and faxes, text for the mail's body, CSV for machines.
//! Pure and deterministic: equal documents give equal bytes.

pub mod csv;
pub mod json;
pub mod own;
pub mod pdf;
pub mod text;

#[cfg(test)]
pub(crate) mod sample;

pub use self::csv::csv;
pub use self::json::json;
pub use self::own::{left_out, own_table};
pub use self::pdf::fax::{FaxTo, fax};
pub use self::pdf::library::FontLibrary;
pub use self::pdf::{PdfError, PdfRendering, fax_note, pdf};
pub use self::text::text;
