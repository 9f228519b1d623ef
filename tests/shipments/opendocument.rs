//! Tables in OpenDocument workbooks, as vendors attach them: they act as CSV does, and what is struck out,
//! hidden, noted or written above their cells is seen.

use super::Dock;
use super::voices::ups;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

/// An .ods of one sheet with this table, after it more sheets; `style` is for the cell of the SKU.
struct Book<'a> {
    sheet: &'a str,
    style: &'a str,
    own_style: &'a str,
    in_cell: &'a str,
    after: &'a str,
    pages: &'a str,
}

const PLAIN: Book<'_> = Book {
    sheet: "Sheet1",
    style: "",
    own_style: "",
    in_cell: "",
    after: "",
    pages: "",
};

impl Book<'_> {
    fn bytes(&self, csv: &str) -> Vec<u8> {
        let cell = |text: &str| match text {
            "BF63-12163" => format!(
                "<table:table-cell table:style-name=\"ce1\" office:value-type=\"string\">{}<text:p>{text}</text:p></table:table-cell>",
                self.in_cell
            ),
            _ => format!(
                "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
            ),
        };
        let row = |line: &str| {
            let cells: String = line.split(',').map(cell).collect();
            format!("<table:table-row>{cells}</table:table-row>")
        };
        let rows: String = csv.lines().map(row).collect();
        let names = ["office", "table", "text", "style", "draw"].map(|name| {
            let of = match name {
                "draw" => "drawing",
                name => name,
            };
            format!(" xmlns:{name}=\"urn:oasis:names:tc:opendocument:xmlns:{of}:1.0\"")
        });
        let names = names.concat();
        let content = format!(
            "<?xml version=\"1.0\"?><office:document-content{names} office:version=\"1.3\"><office:automatic-styles>\
             <style:style style:name=\"ta2\" style:family=\"table\"><style:table-properties table:display=\"false\"/></style:style>\
             <style:style style:name=\"ce1\" style:family=\"table-cell\"{}>{}</style:style></office:automatic-styles>\
             <office:body><office:spreadsheet><table:table table:name=\"{}\">{rows}</table:table>{}</office:spreadsheet></office:body>\
             </office:document-content>",
            if self.own_style.is_empty() {
                ""
            } else {
                " style:parent-style-name=\"Gone\""
            },
            self.style,
            self.sheet,
            self.after
        );
        let styles = format!(
            "<?xml version=\"1.0\"?><office:document-styles{names} office:version=\"1.3\"><office:styles>{}</office:styles>\
             <office:master-styles><style:master-page style:name=\"Default\"><style:header><text:p>{}</text:p></style:header>\
             </style:master-page></office:master-styles></office:document-styles>",
            self.own_style, self.pages
        );
        zipped(&content, &styles)
    }
}

/// The parts of an .ods in their archive.
fn zipped(content: &str, styles: &str) -> Vec<u8> {
    let kind = "application/vnd.oasis.opendocument.spreadsheet";
    let manifest = format!(
        "<?xml version=\"1.0\"?><manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\">\
     <manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"{kind}\"/></manifest:manifest>"
    );
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        ("mimetype", kind),
        ("META-INF/manifest.xml", &manifest),
        ("content.xml", content),
        ("styles.xml", styles),
    ] {
        archive
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A mail with the table of one lamp as such a file.
fn sent(dock: &Dock, place: usize, book: &Book, name: &str) -> String {
    let order = format!("W{}", place + 1);
    dock.order(&order, &[("BF63-12163", 1)]);
    let csv = format!(
        "po_number,sku,qty,carrier,tracking_number,ship_date\n{order}-1,BF63-12163,1,UPS,{},2025-06-02\n",
        ups(place + 80)
    );
    dock.mail(
        "Ann <ann@acme.example>",
        "acme.example",
        &format!("{order}-1"),
        "Please see attached.",
        Some(&csv),
    );
    let bytes = openssl::base64::encode_block(&book.bytes(&csv));
    let lines: Vec<_> = bytes
        .as_bytes()
        .chunks(76)
        .map(String::from_utf8_lossy)
        .collect();
    dock.last_mail(|mail| {
        let there = mail.replace(
            "Content-Type: text/csv; name=\"a.csv\"",
            "Content-Type: application/vnd.oasis.opendocument.spreadsheet\r\nContent-Transfer-Encoding: base64",
        );
        let there = there.replace("filename=\"a.csv\"", &format!("filename=\"{name}\""));
        there.replace(&csv.replace('\n', "\r\n"), &lines.join("\r\n"))
    });
    dock.run();
    order
}

const LINE: &str = "<style:text-properties style:text-line-through-style=\"solid\"/>";
const NOTE: &str = "<office:annotation><dc:date>2025-06-02</dc:date><text:p>VOID, did not ship</text:p></office:annotation>";

#[test]
fn an_attached_ods_acts_as_a_csv_does() {
    let dock = Dock::new();
    for (place, name) in ["ship.ods", "Tracking 0602.ods", "shipments.ods"]
        .into_iter()
        .enumerate()
    {
        let order = sent(&dock, place, &PLAIN, name);
        let state = dock.show(&order)["state"].clone();
        assert_eq!(state, "shipped", "{name}: {:?}", dock.open());
    }
    let pages = Book {
        pages: "Acme Home Goods, page 1",
        style: "<style:text-properties style:text-line-through-style=\"none\"/>",
        ..PLAIN
    };
    let order = sent(&dock, 3, &pages, "ship.ods");
    assert_eq!(dock.show(&order)["state"], "shipped", "{:?}", dock.open());
    assert_eq!(dock.open(), Vec::<String>::new());
    dock.verify();
}

#[test]
fn what_an_ods_says_beside_its_cells_stops_it() {
    let note = |text: &str| {
        format!(
            "<table:table table:name=\"N\" table:style-name=\"ta2\"><table:table-row><table:table-cell \
             office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell></table:table-row></table:table>"
        )
    };
    let hidden = note("nothing shipped");
    let gone = format!(
        "<style:style style:name=\"Gone\" style:family=\"table-cell\">{LINE}</style:style>"
    );
    let boxed = "<draw:custom-shape><text:p>CANCELLED</text:p></draw:custom-shape>";
    let dock = Dock::new();
    for (place, book) in [
        Book {
            style: LINE,
            ..PLAIN
        },
        Book {
            own_style: &gone,
            ..PLAIN
        },
        Book {
            in_cell: NOTE,
            ..PLAIN
        },
        Book {
            in_cell: boxed,
            ..PLAIN
        },
        Book {
            after: &hidden,
            ..PLAIN
        },
        Book {
            sheet: "Cancelled",
            ..PLAIN
        },
        Book {
            pages: "VOID - not shipped",
            ..PLAIN
        },
    ]
    .iter()
    .enumerate()
    {
        let order = sent(&dock, place, book, "ship.ods");
        assert_eq!(dock.show(&order)["state"], "placed", "{place}");
        assert_eq!(dock.open().len(), place + 1, "{place}: {:?}", dock.open());
    }
    dock.verify();
}

/// A list of what cells may hold, in a sheet that nobody sees, is no note.
#[test]
fn a_hidden_list_is_no_note() {
    let row = |word: &str| {
        format!(
            "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>{word}</text:p></table:table-cell></table:table-row>"
        )
    };
    let words = [
        "shipped",
        "cancelled",
        "backordered",
        "pending",
        "void",
        "returned",
        "held",
    ];
    let rows: String = words.iter().map(|word| row(word)).collect();
    let list =
        format!("<table:table table:name=\"Lists\" table:style-name=\"ta2\">{rows}</table:table>");
    let dock = Dock::new();
    let book = Book {
        after: &list,
        ..PLAIN
    };
    let order = sent(&dock, 0, &book, "ship.ods");
    assert_eq!(dock.show(&order)["state"], "shipped", "{:?}", dock.open());
}
