//! Text for a screen of a given width: headings, fields, columns; moments in the site's zone.

use crate::clock::Moment;
use crate::domain::foreign::cut;
use crate::domain::text::{columns, wrap};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

/// What a text for people is made for.
#[derive(Clone, Debug)]
pub struct View {
    /// Columns of the screen.
    pub width: usize,
    /// The site's zone, in which moments are shown.
    pub zone: Tz,
    /// The present moment, for ages.
    pub now: DateTime<Utc>,
    /// How commands to be copied begin: `poms`, with `--config` where that is needed.
    pub poms: String,
}

impl View {
    /// A moment of the ledger to the minute: `2025-06-02 06:05 EDT`.
    pub fn moment(&self, moment: &Moment) -> String {
        self.at(moment.time())
    }

    /// The same of one that stands elsewhere as text, such as in the audit trail: what cannot be read, as
    /// it is.
    pub fn as_written(&self, moment: &str) -> String {
        let known = Moment::parse(moment);
        known.map_or_else(|| moment.to_owned(), |moment| self.moment(&moment))
    }

    /// The same of a moment in memory.
    pub fn at(&self, moment: DateTime<Utc>) -> String {
        let there = moment.with_timezone(&self.zone);
        there.format("%Y-%m-%d %H:%M %Z").to_string()
    }

    /// Only the day of it: `Mon 2025-06-02`.
    pub fn day(&self, moment: DateTime<Utc>) -> String {
        moment
            .with_timezone(&self.zone)
            .format("%a %Y-%m-%d")
            .to_string()
    }

    /// So long before now; the first moment that there is where it is longer than that.
    pub fn before(&self, time: TimeDelta) -> DateTime<Utc> {
        let then = self.now.checked_sub_signed(time);
        then.unwrap_or(DateTime::<Utc>::MIN_UTC)
    }

    /// How long ago, in the largest unit that fits.
    pub fn age(&self, moment: &Moment) -> String {
        span(self.now - moment.time())
    }

    /// How long until then: `in 20 min`, or `now` when it is past.
    pub fn until(&self, moment: &Moment) -> String {
        match moment.time() - self.now {
            left if left.num_seconds() > 0 => format!("in {}", span(left)),
            _ => "now".to_owned(),
        }
    }
}

/// A duration in the unit that a person would use: `5 min`, `3 h`, `2 d`.
pub fn span(time: TimeDelta) -> String {
    match time.num_minutes().max(0) {
        minutes @ 0..60 => format!("{minutes} min"),
        minutes @ 60..2880 => format!("{} h", minutes / 60),
        minutes => format!("{} d", minutes / 1440),
    }
}

/// `1 line`, `3 lines`.
pub fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

pub use crate::domain::text::typed as quoted;

/// Columns between two columns of a table.
const GAP: usize = 2;
/// What fields are indented to.
const FIELD: usize = 11;
/// No column is made narrower than this for the sake of the width.
const NARROWEST: usize = 9;

/// A text that grows from top to bottom.
pub struct TextSheet {
    text: String,
    width: usize,
}

impl TextSheet {
    /// An empty one.
    pub fn new(width: usize) -> TextSheet {
        TextSheet {
            text: String::new(),
            width: width.max(40),
        }
    }

    /// The text.
    pub fn finish(self) -> String {
        self.text
    }

    /// An empty line, a heading.
    pub fn heading(&mut self, text: &str) {
        self.text.push('\n');
        self.line(text);
    }

    /// An empty line.
    pub fn gap(&mut self) {
        self.text.push('\n');
    }

    /// Text from the left edge, wrapped.
    pub fn line(&mut self, text: &str) {
        self.hang(0, "", text);
    }

    /// `Name       value`, wrapped under the value. Nothing when the value is empty.
    pub fn field(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.hang(FIELD, name, value);
        }
    }

    /// An item of a list, indented by two.
    pub fn item(&mut self, text: &str) {
        self.hang(2, "", text);
    }

    /// An item with a mark before it, such as its time or number; wraps under the text.
    pub fn entry(&mut self, mark: &str, text: &str) {
        let mark = format!("  {mark}  ");
        self.hang(columns(&mark), &mark, text);
    }

    /// A line that is to be copied and is therefore never wrapped.
    pub fn command(&mut self, text: &str) {
        self.text.push_str(&format!("    {text}\n"));
    }

    fn hang(&mut self, indent: usize, name: &str, text: &str) {
        let mut first = true;
        for part in text.lines() {
            let clean = cut(part, 4000);
            for line in wrap(&clean, self.width.saturating_sub(indent)) {
                let name = if first { name } else { "" };
                let room = " ".repeat(indent.saturating_sub(columns(name)));
                self.text.push_str(name);
                self.text.push_str(&room);
                self.text.push_str(&line);
                self.text.push('\n');
                first = false;
            }
        }
    }

    /// Columns, indented by two; an empty `header` means none.
    pub fn columns(&mut self, header: &[&str], rows: &[Vec<String>]) {
        let width = self.width.saturating_sub(2);
        for line in table(header, rows, width).lines() {
            self.text.push_str(&format!("  {line}\n"));
        }
    }
}

/// Columns side by side under an underlined header, at most `width` wide as far as words allow: the
/// widest columns wrap. Columns of figures stand at the right. A line end in a cell begins a new
/// line of it; hidden characters are escaped.
pub fn table(header: &[&str], rows: &[Vec<String>], width: usize) -> String {
    let cells: Vec<Vec<Vec<String>>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| lines_of(cell)).collect())
        .collect();
    let count = cells.iter().map(Vec::len).max().unwrap_or(header.len());
    let natural: Vec<usize> = (0..count)
        .map(|place| {
            let head = header.get(place).map_or(0, |word| columns(word));
            let of = |row: &Vec<Vec<String>>| {
                let cell = row.get(place).map(Vec::as_slice).unwrap_or_default();
                cell.iter().map(|line| columns(line)).max().unwrap_or(0)
            };
            cells.iter().map(of).max().unwrap_or(0).max(head)
        })
        .collect();
    let widths = fit(natural, width);
    let figures: Vec<bool> = (0..count)
        .map(|place| rows.iter().all(|row| is_figure(row.get(place))))
        .collect();
    let mut out = String::new();
    if !header.is_empty() {
        let head: Vec<Vec<String>> = header.iter().map(|word| vec![(*word).to_owned()]).collect();
        put_row(&mut out, &head, &widths, &figures);
        let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
        out.push_str(rule.join(&" ".repeat(GAP)).trim_end());
        out.push('\n');
    }
    for row in &cells {
        put_row(&mut out, row, &widths, &figures);
    }
    out
}

fn lines_of(cell: &str) -> Vec<String> {
    cell.lines().map(|line| cut(line, 1000)).collect()
}

/// Numbers, money and shares: what is read from the right.
fn is_figure(cell: Option<&String>) -> bool {
    cell.is_none_or(|cell| {
        cell.chars()
            .all(|c| c.is_ascii_digit() || "$.,-% ".contains(c))
            && !cell.contains("--")
    })
}

/// Takes from the widest columns until all fit.
fn fit(mut widths: Vec<usize>, width: usize) -> Vec<usize> {
    let gaps = GAP * widths.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > width {
        match widths.iter_mut().max() {
            Some(widest) if *widest > NARROWEST => *widest -= 1,
            _ => break,
        }
    }
    widths
}

fn put_row(out: &mut String, row: &[Vec<String>], widths: &[usize], figures: &[bool]) {
    let wrapped: Vec<Vec<String>> = row
        .iter()
        .zip(widths)
        .map(|(cell, width)| cell.iter().flat_map(|line| wrap(line, *width)).collect())
        .collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
    for line in 0..height {
        let mut text = String::new();
        for (place, cell) in wrapped.iter().enumerate() {
            let part = cell.get(line).map_or("", String::as_str);
            let room = " ".repeat(widths[place].saturating_sub(columns(part)));
            match figures[place] {
                true => text.extend([room.as_str(), part]),
                false => text.extend([part, room.as_str()]),
            }
            text.push_str(&" ".repeat(GAP));
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
        let row = |row: &&[&str]| row.iter().map(|cell| (*cell).to_owned()).collect();
        rows.iter().map(row).collect()
    }

    #[test]
    fn figures_stand_right_and_the_widest_column_wraps() {
        let rows = rows(&[
            &["1", "$5.00", "short"],
            &["12", "$1,234.50", "a text that is too long"],
        ]);
        assert_eq!(
            table(&["ID", "Value", "Reason"], &rows, 28),
            "ID      Value  Reason\n──  ─────────  ─────────────\n 1      $5.00  short\n\
             12  $1,234.50  a text that\n               is too long\n"
        );
    }

    #[test]
    fn a_cell_cannot_forge_a_line() {
        let rows = rows(&[&["a\u{1b}[2Jb\u{202e}", "x\ny"]]);
        assert_eq!(
            table(&[], &rows, 80),
            "a\\u{1b}[2Jb\\u{202e}  x\n                     y\n"
        );
    }

    #[test]
    fn fields_hang_under_their_value() {
        let mut sheet = TextSheet::new(40);
        sheet.field("Why", "one two three four five six seven eight");
        sheet.field("Empty", "");
        assert_eq!(
            sheet.finish(),
            "Why        one two three four five six\n           seven eight\n"
        );
    }

    proptest::proptest! {
        #[test]
        fn no_line_of_a_table_is_too_wide(cells in proptest::collection::vec("\\PC{0,40}", 1..9), width in 60usize..120) {
            let rows: Vec<Vec<String>> = cells.chunks(3).map(<[String]>::to_vec).collect();
            for line in table(&["a", "b", "c"], &rows, width).lines() {
                proptest::prop_assert!(columns(line) <= width, "{line:?}");
            }
        }
    }
}
