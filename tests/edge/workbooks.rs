//! Workbooks in place of CSV: the same table does the same, and what is no one table is named.

use crate::support::desk::TestDesk;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

/// A sheet of the rows of a CSV; `numbers` are the columns that hold numbers.
fn fill(sheet: &mut Worksheet, csv: &str, numbers: &[u16]) {
    for (row, line) in csv.lines().enumerate() {
        for (at, cell) in line.split(',').enumerate() {
            let (row, at) = (u32::try_from(row).unwrap(), u16::try_from(at).unwrap());
            match cell.parse::<f64>() {
                Ok(number) if numbers.contains(&at) => sheet.write_number(row, at, number),
                _ => sheet.write_string(row, at, cell),
            }
            .unwrap();
        }
    }
}

fn workbook(sheets: &[(&str, &str, &[u16])]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, csv, numbers) in sheets {
        fill(book.add_worksheet().set_name(*name).unwrap(), csv, numbers);
    }
    book.save_to_buffer().unwrap()
}

const VENDORS: &str =
    "id,name,email,fax,channel,zip\nV7,Echo Co.,orders@echo.example,,email,04101\n";
const CATALOGUE: &str = "sku,description,category,vendor_id,vendor_sku,cost,retail_price,weight\n\
                         4006381333931,Pen,Office,V7,E-1,1.5,2.95,0.1\n";

#[test]
fn vendors_and_catalogue_come_from_a_workbook_as_from_csv() {
    let desk = TestDesk::stocked();
    desk.file("v.xlsx", &workbook(&[("Vendors", VENDORS, &[])]));
    desk.run(&["vendors", "import", "v.xlsx"]).ok();
    let numbers = [0, 5, 6, 7];
    desk.file("c.xlsx", &workbook(&[("Sheet1", CATALOGUE, &numbers)]));
    desk.run(&["catalogue", "import", "c.xlsx"]).ok();
    desk.file("c.csv", CATALOGUE.as_bytes());
    let again = desk.run(&["catalogue", "import", "c.csv", "--json"]).ok();
    assert_eq!(
        again.json()["changed"],
        serde_json::json!([]),
        "{}",
        again.stdout
    );
    let list = desk.run(&["catalogue", "list", "--json"]).ok().stdout;
    assert!(list.contains("\"4006381333931\""), "{list}");
}

#[test]
fn what_is_wrong_in_a_workbook_is_named_by_row_and_column() {
    let desk = TestDesk::stocked();
    let csv = CATALOGUE.replace("E-1,1.5", "E-1,cheap");
    desk.file("c.xlsx", &workbook(&[("Sheet1", &csv, &[0])]));
    let words = ["line 2, column cost", "'cheap'", "nothing was imported"];
    desk.run(&["catalogue", "import", "c.xlsx"])
        .fails(1, &words);
    // a day that Excel made of a vendor's SKU
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    fill(sheet, CATALOGUE, &[]);
    let day = Format::new().set_num_format("d-mmm");
    let date = ExcelDateTime::from_ymd(2026, 3, 5).unwrap();
    sheet.write_datetime_with_format(1, 4, &date, &day).unwrap();
    desk.file("d.xlsx", &book.save_to_buffer().unwrap());
    let words = ["line 2, column vendor_sku", "2026-03-05", "date", "Text"];
    desk.run(&["catalogue", "import", "d.xlsx"])
        .fails(1, &words);
    let two = workbook(&[("May", CATALOGUE, &[]), ("June", CATALOGUE, &[])]);
    desk.file("two.xlsx", &two);
    let words = ["several sheets", "'May', 'June'"];
    desk.run(&["catalogue", "import", "two.xlsx"])
        .fails(1, &words);
    desk.file("protected.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    let words = ["old or protected Excel", "CSV UTF-8"];
    desk.run(&["vendors", "import", "protected.xls"])
        .fails(1, &words);
}

#[test]
fn a_bill_in_a_workbook_is_matched_with_its_day_as_a_day() {
    let desk = crate::books::scenes::site("");
    crate::books::scenes::ship(&desk, 3);
    let head = "vendor,invoice_number,invoice_date,po_number,sku,qty,unit_price,freight,total";
    let row = "Acme Home Goods,I-1,,W200001-1,BF63-12163,3,61.5,0,184.5";
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    fill(sheet, &format!("{head}\n{row}\n"), &[5, 6, 7, 8]);
    let day = Format::new().set_num_format("dd/mm/yy");
    let date = ExcelDateTime::from_ymd(2025, 6, 3).unwrap();
    sheet.write_datetime_with_format(1, 2, &date, &day).unwrap();
    desk.file("bills.xlsx", &book.save_to_buffer().unwrap());
    desk.run(&["import-invoices", "bills.xlsx"]).ok();
    let shown = desk.run(&["invoice", "show", "I-1", "--json"]).ok().json();
    assert_eq!(shown["date"], "2025-06-03", "{shown}");
    assert_eq!(crate::books::scenes::open(&desk), []);
}

/// Article numbers are what the screen shows, other money is refused by its line, and so is a number whose
/// last digits a spreadsheet does not keep.
#[test]
fn a_number_is_what_its_format_shows() {
    let desk = TestDesk::stocked();
    desk.file("v.csv", VENDORS.as_bytes());
    desk.run(&["vendors", "import", "v.csv"]).ok();
    let book = |sku: (f64, &str), cost: (f64, &str)| {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        fill(sheet, CATALOGUE, &[5, 6, 7]);
        for (at, (number, code)) in [(0, sku), (5, cost)] {
            let format = Format::new().set_num_format(code);
            sheet
                .write_number_with_format(1, at, number, &format)
                .unwrap();
        }
        desk.file("c.xlsx", &book.save_to_buffer().unwrap());
        desk.run(&["catalogue", "import", "c.xlsx"])
    };
    let (plain, euro) = ((1.5, "$#,##0.00"), (1.5, "[$€-407]#,##0.00"));
    book((123.0, "00000"), euro).fails(1, &["line 2, column cost", "€ 1.5"]);
    let long = (1_234_567_890_123_456.0, "0");
    let said = book(long, plain).fails(1, &["line 2, column sku", "1234567890123456"]);
    assert!(!said.stderr.contains("E+15"), "{}", said.stderr);
    book((123.0, "00000"), plain).ok();
    let list = desk.run(&["catalogue", "list", "--json"]).ok().stdout;
    assert!(list.contains("\"00123\""), "{list}");
}

#[test]
fn a_bill_in_a_hidden_row_is_not_taken_unseen() {
    let desk = TestDesk::stocked();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    fill(sheet, CATALOGUE, &[5, 6, 7]);
    sheet.set_row_hidden(1).unwrap();
    desk.file("c.xlsx", &book.save_to_buffer().unwrap());
    let words = ["hidden rows or columns", "row 2 of sheet 'Sheet1'"];
    desk.run(&["catalogue", "import", "c.xlsx"])
        .fails(1, &words);
}
