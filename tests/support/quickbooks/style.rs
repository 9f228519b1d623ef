//! A dress: what settings, versions and spreadsheets do to a report's look.

use super::{Kind, Lot};
use chrono::NaiveDate;

/// Drawn once for a file.
#[derive(Clone, Debug)]
pub struct Style {
    pub online: bool,
    /// Old or new spellings of labels.
    pub spelling: usize,
    pub encoding: &'static str,
    pub crlf: bool,
    pub comma: u8,
    /// Rows are filled with commas to the table's width.
    pub padded: bool,
    /// An empty column between all columns.
    pub spaced: bool,
    /// Empty columns on the left.
    pub margin: usize,
    /// 0 none, 1 title first, 2 company first, 3 Desktop's with print time on the right.
    pub face: usize,
    pub footer: usize,
    pub short_year: bool,
    pub grouped: bool,
    /// 0 to 3: `-1.00`, `(1.00)`, `$(1.00)` or `-$1.00`.
    pub negative: usize,
    pub dollars: bool,
    pub spacers: bool,
    pub phone: bool,
    pub counts: bool,
    pub all_quoted: bool,
    pub repeated_header: bool,
    /// By how many places columns are rotated.
    pub rotated: usize,
    /// A column that nobody asked for.
    pub extra: bool,
}

impl Style {
    pub fn draw(lot: &mut Lot, online: Option<bool>) -> Style {
        let online = online.unwrap_or_else(|| lot.one_in(2));
        let faces: &[usize] = if online { &[0, 1, 2] } else { &[0, 1, 2, 3] };
        Style {
            online,
            spelling: lot.below(3),
            encoding: lot.pick(&["utf-8", "utf-8", "bom", "windows-1252", "utf-16"]),
            crlf: lot.one_in(2),
            comma: lot.pick(b",,,,,\t;"),
            padded: lot.one_in(2),
            spaced: !online && lot.one_in(3),
            margin: if online { 1 } else { 1 + lot.below(2) },
            face: lot.pick(faces),
            footer: if online { lot.below(6) } else { 0 },
            short_year: !online && !lot.one_in(4),
            grouped: lot.one_in(2),
            negative: lot.below(4),
            dollars: lot.one_in(4),
            spacers: lot.one_in(3),
            phone: online && lot.one_in(4),
            counts: online && lot.one_in(4),
            all_quoted: lot.one_in(4),
            repeated_header: lot.one_in(6),
            rotated: lot.below(4),
            extra: lot.one_in(3),
        }
    }

    pub fn date(&self, date: NaiveDate) -> String {
        let form = if self.short_year {
            "%m/%d/%y"
        } else {
            "%m/%d/%Y"
        };
        date.format(form).to_string()
    }

    pub fn money(&self, cents: i64) -> String {
        self.amount(cents, self.dollars)
    }

    /// As it stands in a total.
    pub fn total(&self, cents: i64) -> String {
        self.amount(cents, self.online)
    }

    fn amount(&self, cents: i64, dollars: bool) -> String {
        let positive = cents.abs();
        let plain = format!("{}.{:02}", positive / 100, positive % 100);
        let mut text = match self.grouped {
            true => grouped(&plain),
            false => plain,
        };
        let sign = if dollars { "$" } else { "" };
        if cents >= 0 {
            return format!("{sign}{text}");
        }
        match self.negative {
            0 => format!("-{sign}{text}"),
            1 => format!("({sign}{text})"),
            2 => format!("{sign}({text})"),
            _ => {
                text.insert_str(0, sign);
                format!("-{text}")
            }
        }
    }

    pub fn kind(&self, kind: Kind) -> &'static str {
        match (kind, self.online) {
            (Kind::Bill | Kind::Void, _) => "Bill",
            (Kind::Credit, true) => "Vendor Credit",
            (Kind::Credit, false) => ["Credit", "Bill Credit", "Credit"][self.spelling],
            (Kind::Payment, true) => [
                "Bill Payment (Check)",
                "Bill Payment (Credit Card)",
                "Bill Payment",
            ][self.spelling],
            (Kind::Payment, false) => {
                ["Bill Pmt -Check", "Bill Pmt -CCard", "Bill Pmt -Check"][self.spelling]
            }
            (Kind::Check, true) => ["Expense", "Check", "Cash Expense"][self.spelling],
            (Kind::Check, false) => ["Check", "Credit Card Charge", "Check"][self.spelling],
        }
    }

    /// A label in one of its spellings.
    pub fn label(&self, name: &'static str) -> &'static str {
        let spellings: [&str; 3] = match (name, self.online) {
            ("date", true) => ["Date", "Transaction date", "Transaction Date"],
            ("type", true) => ["Transaction Type", "Transaction type", "Transaction type"],
            ("type", false) => ["Type"; 3],
            ("number", true) => ["Num", "No.", "Num"],
            ("number", false) => ["Num"; 3],
            ("memo", true) => ["Memo/Description", "Description", "Memo"],
            ("memo", false) => ["Memo"; 3],
            ("vendor", true) => ["Vendor", "Name", "Vendor display name"],
            ("vendor", false) => ["Name", "Source Name", "Name"],
            ("account", true) => ["Account", "Account full name", "Account name"],
            ("item", true) => [
                "Product/Service",
                "Product/Service full name",
                "Product/Service",
            ],
            ("item", false) => ["Item"; 3],
            ("quantity", true) => ["Quantity", "Qty", "Quantity"],
            ("quantity", false) => ["Qty"; 3],
            ("price", true) => ["Rate"; 3],
            ("price", false) => ["Cost Price", "Cost Price", "Unit Price"],
            ("amount", true) => ["Amount", "Amount", "Amount (USD)"],
            ("open", _) => ["Open Balance", "Open balance", "Open Balance"],
            ("due", _) => ["Due Date", "Due date", "Due Date"],
            (same, _) => [same; 3],
        };
        match (name, spellings[self.spelling]) {
            ("date", label) if !self.online => [label, "Date"][1],
            (_, label) => label,
        }
    }

    /// The text in its file's bytes.
    pub fn bytes(&self, rows: &[Vec<String>]) -> Vec<u8> {
        let quoting = match self.all_quoted {
            true => csv::QuoteStyle::NonNumeric,
            false => csv::QuoteStyle::Necessary,
        };
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .delimiter(self.comma)
            .quote_style(quoting)
            .from_writer(Vec::new());
        for row in rows {
            writer.write_record(row).unwrap();
        }
        let mut text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        if self.crlf {
            text = text.replace('\n', "\r\n");
        }
        match self.encoding {
            "bom" => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            "windows-1252" => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
            "utf-16" => {
                let wide = text.encode_utf16().flat_map(u16::to_le_bytes);
                b"\xff\xfe".iter().copied().chain(wide).collect()
            }
            _ => text.into_bytes(),
        }
    }
}

fn grouped(plain: &str) -> String {
    let (whole, cents) = plain.split_once('.').unwrap();
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{out}.{cents}")
}
