//! Workbooks as programs write them, and as somebody would who means harm.

use super::*;
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::io::Write;
use zip::write::SimpleFileOptions;

fn xlsx(make: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    make(&mut book);
    book.save_to_buffer().unwrap()
}

/// An OpenDocument sheet, as the standard has the least of it.
fn ods(tables: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.3\">\
         <office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    );
    let kind = "application/vnd.oasis.opendocument.spreadsheet";
    let manifest = format!(
        "<?xml version=\"1.0\"?><manifest:manifest \
         xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\">\
         <manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"{kind}\"/></manifest:manifest>"
    );
    zipped(&[
        ("mimetype", kind.as_bytes()),
        ("META-INF/manifest.xml", manifest.as_bytes()),
        ("content.xml", content.as_bytes()),
    ])
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn table(name: &str, rows: &str) -> String {
    format!("<table:table table:name=\"{name}\">{rows}</table:table>")
}

fn cell(text: &str) -> String {
    format!(
        "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
    )
}

#[test]
fn cells_of_every_kind_are_written_as_a_person_reads_them() {
    let bytes = xlsx(|book| {
        let sheet = book.add_worksheet().set_name("Shipped").unwrap();
        let day = Format::new().set_num_format("mm/dd/yyyy");
        sheet.write_string(0, 0, "PO").unwrap();
        sheet.write_string(0, 1, "Notes, all").unwrap();
        sheet.write_string(2, 0, "W200001-1").unwrap();
        sheet
            .write_string(2, 1, "two\nlines and a \" mark")
            .unwrap();
        sheet.write_number(2, 2, 4_006_381_333_931.0).unwrap();
        sheet.write_number(2, 3, 12.30).unwrap();
        sheet.write_number(2, 4, 0.1 + 0.2).unwrap();
        sheet.write_boolean(2, 5, true).unwrap();
        let date = ExcelDateTime::from_ymd(2026, 3, 2).unwrap();
        sheet.write_datetime_with_format(2, 6, &date, &day).unwrap();
        sheet
            .write_number(3, 2, 9_405_511_899_560_000_000_000.0)
            .unwrap();
    });
    assert_eq!(
        text(&bytes).unwrap(),
        "PO,\"Notes, all\"\n\nW200001-1,\"two lines and a \"\" mark\",4006381333931,12.3,0.3,TRUE,2026-03-02\n\
         ,,940551189956000… (a number of more than 15 digits)\n"
    );
}

#[test]
fn an_opendocument_sheet_is_read_with_its_repetitions() {
    let rows = format!(
        "<table:table-row>{}{}</table:table-row>\
         <table:table-row table:number-rows-repeated=\"2\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>\
         <table:table-row>{}<table:table-cell office:value-type=\"float\" office:value=\"3\"><text:p>3</text:p></table:table-cell></table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048572\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>",
        cell("po"),
        cell("qty"),
        cell("W200001-1")
    );
    let bytes = ods(&table("Sheet1", &rows));
    assert_eq!(text(&bytes).unwrap(), "po,qty\n\n\nW200001-1,3\n");
}

#[test]
fn of_several_sheets_nobody_knows_which_is_meant_and_a_hidden_or_empty_one_does_not_count() {
    let two = xlsx(|book| {
        for name in ["May", "June"] {
            let sheet = book.add_worksheet().set_name(name).unwrap();
            sheet.write_string(0, 0, "po").unwrap();
        }
    });
    let told = text(&two).unwrap_err();
    assert_eq!(told, WorkbookFault::Several("'May', 'June'".to_owned()));
    let one = xlsx(|book| {
        book.add_worksheet().write_string(0, 0, "po").unwrap();
        book.add_worksheet();
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "lists").unwrap();
        sheet.set_hidden(true);
    });
    assert_eq!(text(&one).unwrap(), "po\n");
    let none = xlsx(|book| {
        book.add_worksheet();
    });
    assert_eq!(text(&none), Err(WorkbookFault::Empty));
}

#[test]
fn what_is_struck_out_is_not_taken() {
    let struck = xlsx(|book| {
        let line = Format::new().set_font_strikethrough();
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "po").unwrap();
        sheet
            .write_string_with_format(2, 27, "W200001-1", &line)
            .unwrap();
    });
    assert_eq!(text(&struck), Err(WorkbookFault::Struck("AB3".to_owned())));
}

#[test]
fn numbers_are_read_as_the_screen_shows_them() {
    let bytes = xlsx(|book| {
        let sheet = book.add_worksheet();
        let written = [
            (123.0, "00000"),
            (28.0, "\"AC-\"0000"),
            (3.2, "[$€-407]#,##0.00"),
            (3.2, "_($* #,##0.00_);_($* (#,##0.00);_($* \"-\"??_);_(@_)"),
            (1_234_567_890_123_456.0, "0"),
            (0.5, "0%"),
        ];
        for (at, (number, code)) in written.into_iter().enumerate() {
            let format = Format::new().set_num_format(code);
            let column = u16::try_from(at).unwrap();
            sheet
                .write_number_with_format(0, column, number, &format)
                .unwrap();
        }
    });
    assert_eq!(
        text(&bytes).unwrap(),
        "00123,AC-0028,€ 3.2,3.2,1234567890123456 (a number of more than 15 digits),50%\n"
    );
    let odd = xlsx(|book| {
        let format = Format::new().set_num_format("# ?/?");
        let sheet = book.add_worksheet();
        sheet.write_number_with_format(1, 2, 0.5, &format).unwrap();
    });
    let told = WorkbookFault::Drawn("C2".to_owned(), "# ?/?".to_owned());
    assert_eq!(text(&odd), Err(told));
}

#[test]
fn what_nobody_sees_is_not_read_and_named_where_something_stands_in_it() {
    let hidden = |make: fn(&mut rust_xlsxwriter::Worksheet)| {
        xlsx(|book| {
            book.add_worksheet();
            let sheet = book.add_worksheet().set_name("Bills").unwrap();
            for row in 0..4 {
                sheet.write_string(row, 0, "po").unwrap();
                sheet.write_string(row, 2, "sku").unwrap();
            }
            make(sheet);
        })
    };
    let told = |what: &str| Err(WorkbookFault::Hidden(what.to_owned(), "Bills".to_owned()));
    let row = hidden(|sheet| {
        sheet.set_row_hidden(2).unwrap();
    });
    assert_eq!(text(&row), told("row 3"));
    let column = hidden(|sheet| {
        sheet.set_column_hidden(2).unwrap();
    });
    assert_eq!(text(&column), told("column C"));
    // nothing stands in them
    let empty = hidden(|sheet| {
        sheet.set_column_hidden(1).unwrap();
        sheet.set_row_hidden(7).unwrap();
    });
    assert!(text(&empty).is_ok());
    let row = |more: &str| format!("<table:table-row{more}>{}</table:table-row>", cell("po"));
    let folded = row(" table:visibility=\"filter\"");
    let told = Err(WorkbookFault::Hidden("row 3".to_owned(), "a".to_owned()));
    assert_eq!(
        text(&ods(&table("a", &[row(""), row(""), folded].concat()))),
        told
    );
    let column = "<table:table-column/><table:table-column table:visibility=\"collapse\" \
                  table:number-columns-repeated=\"16383\"/>";
    assert!(text(&ods(&table("a", &format!("{column}{}", row(""))))).is_ok());
}

#[test]
fn a_sheet_that_unfolds_to_more_than_a_table_has_is_refused_before_it_is_read() {
    let far = xlsx(|book| {
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "po").unwrap();
        sheet.write_string(1_048_575, 16_383, "far").unwrap();
    });
    assert_eq!(text(&far), Err(WorkbookFault::TooLarge));
    let zeroes = vec![0_u8; 65 * 1024 * 1024];
    let bomb = zipped(&[("xl/workbook.xml", zeroes.as_slice())]);
    assert!(bomb.len() < 100_000);
    assert_eq!(text(&bomb), Err(WorkbookFault::TooLarge));
    let wide = format!(
        "<table:table-row table:number-rows-repeated=\"1000000\">{}</table:table-row>",
        cell("x").replace(
            "office:value-type",
            "table:number-columns-repeated=\"16384\" office:value-type"
        )
    );
    assert_eq!(text(&ods(&table("a", &wide))), Err(WorkbookFault::TooLarge));
    // stored once, and in every cell
    let said = "x".repeat(30_000);
    let many = xlsx(|book| {
        let sheet = book.add_worksheet();
        for row in 0..2_500 {
            sheet.write_string(row, 0, said.as_str()).unwrap();
        }
    });
    assert!(many.len() < 200_000);
    assert_eq!(text(&many), Err(WorkbookFault::TooLarge));
    let commas = xlsx(|book| {
        let sheet = book.add_worksheet();
        for row in 0..70_000 {
            sheet.write_number(row, 999, 1.0).unwrap();
        }
    });
    assert_eq!(text(&commas), Err(WorkbookFault::TooLarge));
    let styles = vec![b' '; 3 * 1024 * 1024];
    assert_eq!(
        text(&zipped(&[("xl/styles.xml", styles.as_slice())])),
        Err(WorkbookFault::TooLarge)
    );
    assert_eq!(
        text(&zipped(&[("document.txt", b"po,sku")])),
        Err(WorkbookFault::Broken)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_damaged_workbook_is_read_or_refused(at in 0_usize..6000, with: u8, cut in 0_usize..6000) {
        let mut bytes = xlsx(|book| {
            book.add_worksheet().write_string(0, 0, "po").unwrap();
        });
        let place = at % bytes.len();
        bytes[place] = with;
        let _ = text(&bytes);
        bytes.truncate(cut % bytes.len());
        let _ = text(&bytes);
    }

    #[test]
    fn texts_come_back_as_cells(texts in prop::collection::vec("[ -~]{0,12}", 1..6)) {
        let bytes = xlsx(|book| {
            let sheet = book.add_worksheet();
            for (at, text) in texts.iter().enumerate() {
                sheet.write_string(0, u16::try_from(at).unwrap(), text.as_str()).unwrap();
            }
            sheet.write_string(1, 0, "end").unwrap();
        });
        let (rows, broken) = crate::tabular::rows::rows(&text(&bytes).unwrap(), b',');
        prop_assert!(broken.is_empty());
        let cells = if rows.len() == 1 { Vec::new() } else { rows[0].cells.clone() };
        for (at, text) in texts.iter().enumerate() {
            prop_assert_eq!(cells.get(at).map_or("", String::as_str), text.trim());
        }
    }
}

/// Comments, words at the head of a page and a part of a cell that is struck out stand in no cell.
#[test]
fn what_is_said_outside_the_cells_is_named() {
    use rust_xlsxwriter::{Format, Note, Workbook, Worksheet};
    let book = |make: fn(&mut Worksheet)| {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "po").unwrap();
        sheet.write(1, 0, "W1-1").unwrap();
        make(sheet);
        text(&book.save_to_buffer().unwrap())
    };
    let noted = book(|sheet| {
        sheet
            .insert_note(1, 0, &Note::new("VOID, did not ship"))
            .unwrap();
    });
    let told = noted.unwrap_err().to_string();
    assert!(told.contains("a comment on a cell"), "{told}");
    let headed = book(|sheet| {
        sheet.set_header("&CVOID - not shipped");
    });
    let told = headed.unwrap_err().to_string();
    assert!(
        told.contains("head or foot of its pages ('VOID - not shipped')"),
        "{told}"
    );
    let plain = book(|sheet| {
        sheet.set_header("&LAcme Home Goods&CShipments&RPage &P of &N");
    });
    assert_eq!(plain.unwrap(), "po\nW1-1\n");
    let struck = book(|sheet| {
        let line = Format::new().set_font_strikethrough();
        let plain = Format::new();
        sheet
            .write_rich_string(1, 0, &[(&plain, "W1-1 "), (&line, "gone")])
            .unwrap();
    });
    let told = struck.unwrap_err().to_string();
    assert!(told.contains("struck out"), "{told}");
}
