//! A sheet in the making: rows by label, headings, totals, face and footer in the file's style.

use super::style::Style;

/// Footers as they were seen.
const FOOTERS: [&str; 5] = [
    "Accrual Basis Wednesday, September 30, 2026 11:46 AM GMT-05:00",
    "Thursday, October 08, 2026 03:12 PM GMT-04:00",
    "Monday, Mar 02, 2026 12:01:05 PM GMT-8 - Accrual Basis",
    " Cash Basis Friday, October 10, 2025 02:35 PM GMTZ",
    "Friday, October 10, 2025 14:35 GMT+1",
];

/// The sheet.
pub struct Sheet<'a> {
    pub style: &'a Style,
    rows: Vec<Vec<String>>,
    /// Names of the columns, in the order of the file.
    columns: Vec<&'static str>,
    totals: usize,
}

impl<'a> Sheet<'a> {
    pub fn new(style: &'a Style) -> Sheet<'a> {
        Sheet {
            style,
            rows: Vec::new(),
            columns: Vec::new(),
            totals: 0,
        }
    }

    /// Titles and header. Columns by the names that `Style::label` knows.
    pub fn open(&mut self, title: &str, columns: &[&'static str]) {
        self.columns = columns.to_vec();
        if self.style.extra {
            self.columns.push(if self.style.online {
                "Location"
            } else {
                "Class"
            });
        }
        let by = self.style.rotated % self.columns.len();
        self.columns.rotate_left(by);
        let period = "January - December 2026";
        let company = "Marlow Outfitters, LLC";
        let face: &[&str] = match self.style.face {
            0 => &[],
            1 => &[title, company, period],
            2 => &[company, title, period],
            _ => &["5:17 PM", "08/25/26", "Accrual Basis"],
        };
        for text in face {
            let right = self.style.face == 3;
            let width = if right {
                self.columns.len() + self.style.margin
            } else {
                0
            };
            let mut row = vec![String::new(); width];
            row.push((*text).to_owned());
            self.rows.push(row);
        }
        if !face.is_empty() {
            self.rows.push(vec![String::new(), String::new()]);
        }
        self.header();
    }

    fn header(&mut self) {
        let labels: Vec<(&'static str, String)> = self
            .columns
            .iter()
            .map(|name| (*name, self.style.label(name).to_owned()))
            .collect();
        let cells: Vec<(&str, &str)> = labels
            .iter()
            .map(|(name, label)| (*name, label.as_str()))
            .collect();
        self.row(&cells);
    }

    /// A row, by names of columns.
    pub fn row(&mut self, cells: &[(&str, &str)]) {
        let mut row = vec![String::new(); self.style.margin];
        for (at, name) in self.columns.iter().enumerate() {
            if at > 0 && self.style.spaced {
                row.push(String::new());
            }
            let cell = cells.iter().find(|(known, _)| known == name);
            row.push(cell.map_or(String::new(), |(_, text)| (*text).to_owned()));
        }
        self.push(row);
        if self.style.spacers && self.rows.len().is_multiple_of(7) {
            self.rows.push(vec![" ".to_owned(), String::new()]);
        }
        if self.style.repeated_header && self.rows.len() == 30 {
            self.header();
        }
    }

    fn push(&mut self, mut row: Vec<String>) {
        if !self.style.padded {
            while row.len() > 2 && row.last().is_some_and(String::is_empty) {
                row.pop();
            }
        }
        self.rows.push(row);
    }

    /// A vendor over `count` rows: Online puts its telephone number behind its name.
    pub fn vendor(&mut self, name: &str, count: usize) {
        match self.style.phone {
            true => self.labelled(&format!("{name} (406) 555-0142"), &[]),
            false => self.heading(name, count),
        }
    }

    /// A heading over `count` rows.
    pub fn heading(&mut self, name: &str, count: usize) {
        let text = match self.style.counts {
            true => format!("{name} ({count})"),
            false => name.to_owned(),
        };
        self.labelled(&text, &[]);
    }

    /// The total of a heading: amounts in cents by column.
    pub fn total(&mut self, name: &str, sums: &[(&str, i64)]) {
        let word = if self.style.online {
            "Total for "
        } else {
            "Total "
        };
        self.totals += sums.len();
        self.labelled(&format!("{word}{name}"), sums);
    }

    /// The report's own.
    pub fn grand_total(&mut self, sums: &[(&str, i64)]) {
        self.totals += sums.len();
        self.labelled("TOTAL", sums);
    }

    fn labelled(&mut self, label: &str, sums: &[(&str, i64)]) {
        let texts: Vec<(&str, String)> = sums
            .iter()
            .map(|(name, cents)| (*name, self.style.total(*cents)))
            .collect();
        let cells: Vec<(&str, &str)> = texts
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        let at = self.rows.len();
        self.row(&cells);
        self.rows[at][0] = label.to_owned();
    }

    /// Rows and how many totals they state.
    pub fn finish(mut self) -> (Vec<Vec<String>>, usize) {
        if let Some(text) = self
            .style
            .footer
            .checked_sub(1)
            .and_then(|at| FOOTERS.get(at))
        {
            self.rows.push(vec![String::new(), String::new()]);
            self.rows.push(vec![String::new(), String::new()]);
            self.rows.push(vec![(*text).to_owned()]);
        }
        (self.rows, self.totals)
    }
}
