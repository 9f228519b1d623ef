//! Files as people and spreadsheets make them.

use super::*;
use crate::domain::money::Money;
use crate::domain::vendor::VendorChannel;
use proptest::prelude::*;

const CATALOGUE: &str = "\
sku,description,category,vendor_id,vendor_sku,cost,retail_price,weight,status,max_qty,priority
A-1,\"Lamp, brass\",Lighting,V1,L100,10.00,19.99,2.5,active,5,1
A-1,\"Lamp, brass\",Lighting,V2,77-L,10.50,19.99,2.5,,,
B-2,Łyżka,Kitchen,V1,S1,0.5,1,4 oz,discontinued,,
";

const VENDORS: &str = "\
id,name,email,fax,channel,zip,street1,city,state,country,handling_days,cutoff,timezone,active
V1,Acme,po@acme.example,207-555-0142,email+fax,04101,1 Main St,Portland,me,us,2,9:30,America/New_York,yes
V2,Faxco,,1-859-555-0100 x12,fax,65367-1234,,,,,,,,no
";

/// The error lines of a file.
fn said<T>(read: Result<T, Vec<RowError>>) -> Vec<String> {
    let errors = read.err().unwrap_or_default();
    errors.iter().map(ToString::to_string).collect()
}

#[test]
fn numbers_that_cannot_be_called_and_lost_letters_are_refused() {
    let vendors = |fax: &str, channel: &str, name: &str| {
        let csv =
            format!("id,name,email,fax,channel,zip\nV1,{name},a@b.example,{fax},{channel},04101\n");
        read_vendors(csv.as_bytes())
            .err()
            .map(|faults| faults.iter().map(ToString::to_string).collect::<String>())
    };
    assert_eq!(vendors("207-555-0142", "fax", "Acme"), None);
    assert_eq!(vendors("207-555-014", "email", "Acme"), None);
    for (fax, channel, name, words) in [
        ("207-555-014", "fax", "Acme", "10 digits, this has 9"),
        ("207-155-0142", "email+fax", "Acme", "begins with 0 or 1"),
        ("", "email", "Ac\u{fffd}me", "lost on the way"),
        ("", "email", "?????", "lost on the way"),
    ] {
        let said = vendors(fax, channel, name).unwrap_or_default();
        assert!(said.contains(words), "{fax} {name}: {said}");
    }
}

#[test]
fn a_catalogue_is_read() {
    let rows = read_catalogue(CATALOGUE.as_bytes()).unwrap();
    assert_eq!(rows.len(), 3);
    let first = &rows[0];
    assert_eq!(
        (first.line, first.offer.description.as_str()),
        (2, "Lamp, brass")
    );
    assert_eq!(
        (first.offer.cost, first.offer.retail_price),
        (Money(1000), Money(1999))
    );
    assert_eq!((first.offer.max_qty, first.offer.priority), (Some(5), 1));
    assert!(
        rows[1].offer.priority > first.offer.priority,
        "a named priority goes first"
    );
    assert!(rows[2].offer.discontinued && !first.offer.discontinued);
    assert_eq!(
        (
            rows[2].offer.weight.as_str(),
            rows[2].offer.description.as_str()
        ),
        ("4 oz", "Łyżka")
    );
}

#[test]
fn vendors_are_read() {
    let rows = read_vendors(VENDORS.as_bytes()).unwrap();
    let vendor = &rows[0].vendor;
    assert_eq!(
        (vendor.channel, vendor.handling_days),
        (VendorChannel::EmailAndFax, 2)
    );
    assert_eq!(vendor.cutoff.as_deref(), Some("09:30"));
    assert_eq!(
        (
            vendor.address.state.as_str(),
            vendor.address.country.as_str()
        ),
        ("ME", "US")
    );
    assert_eq!(vendor.address.name, "Acme");
    assert!(vendor.active && !rows[1].vendor.active);
    assert_eq!(
        (
            rows[1].vendor.handling_days,
            rows[1].vendor.address.zip.as_str()
        ),
        (1, "65367-1234")
    );
}

#[test]
fn what_spreadsheets_do_is_forgiven() {
    let file = "\u{feff}Vendor ID ,Colour, SKU,description,CATEGORY,vendor-sku,Cost,Retail Price,Weight,\r\n\
                \r\n V1 ,red, A-1 ,x,y,z, 1.00 ,2.00,1,\r\n,,,,,,,,,\r\n";
    let rows = read_catalogue(file.as_bytes()).unwrap();
    assert_eq!((rows.len(), rows[0].line), (1, 3));
    assert_eq!(
        (rows[0].offer.sku.as_str(), rows[0].offer.vendor_id.as_str()),
        ("A-1", "V1")
    );
    assert_eq!(
        serde_json::to_string(&rows[0].extra).unwrap(),
        "{\"Colour\":\"red\"}"
    );
}

#[test]
fn all_errors_of_a_catalogue_are_named_by_line_and_column() {
    let file = CATALOGUE
        .replace("10.50", "10,50")
        .replace(",1,4 oz", ",$1.00,heavy")
        + "A-1,again,x,V1,y,1,1,1,gone,0,x\n,,,,,,,1,,,\n";
    let file = file.replace("10,50", "\"10,50\"");
    assert_eq!(
        said(read_catalogue(file.as_bytes())),
        [
            "line 3, column cost: '10,50' is not an amount: write it as 1234.50, with a point, two digits after it at most, and no sign",
            "line 4, column retail_price: '$1.00' is not an amount: write it as 1234.50, with a point, two digits after it at most, and no sign",
            "line 4, column weight: 'heavy' is not a weight such as 2.5 (pounds) or 12 oz",
            "line 5, column status: 'gone' is none of: active, discontinued",
            "line 5, column max_qty: '0' is not a whole number from 1 to 1000000000",
            "line 5, column priority: 'x' is not a whole number from 0 to 1000000",
            "line 5, column sku: 'A-1' of vendor 'V1' stands on line 2 already",
            "line 6, column sku: is empty",
            "line 6, column vendor_id: is empty",
            "line 6, column cost: is empty: write an amount as 12.34",
            "line 6, column retail_price: is empty: write an amount as 12.34",
        ]
    );
}

/// What is replaced in the vendors' file, by what, and the one error that must come of it.
const WRONG_VENDORS: &[(&str, &str, &str)] = &[
    (
        "po@acme.example",
        "acme",
        "line 2, column email: 'acme' is not one plain e-mail address",
    ),
    (
        "po@acme.example",
        "\"a@b.example, c@d.example\"",
        "not one plain e-mail",
    ),
    (
        "po@acme.example",
        "",
        "line 2, column email: is empty, and the channel needs an address",
    ),
    (
        "1-859-555-0100 x12",
        "",
        "line 3, column fax: is empty, and the channel needs a number",
    ),
    (
        "207-555-0142",
        "call us",
        "column fax: 'call us' is not a fax number",
    ),
    (
        "email+fax",
        "email/fax",
        "'email/fax' is none of: email, fax, email+fax, drop",
    ),
    (",04101", ",4101", "leading zero: 04101"),
    ("65367-1234", "65367-12", "line 3, column zip"),
    (",me,", ",Maine,", "column state: 'MAINE'"),
    (
        "9:30",
        "25:00",
        "column cutoff: '25:00' is not a time of day",
    ),
    (
        "America/New_York",
        "New York",
        "the nearest is America/New_York",
    ),
    (
        ",2,9",
        ",-1,9",
        "column handling_days: '-1' is not a whole number from 0",
    ),
    (
        ",no\n",
        ",perhaps\n",
        "column active: 'perhaps' is none of: true",
    ),
    (
        "V2,",
        "V1,",
        "line 3, column id: 'V1' stands on line 2 already",
    ),
    ("Acme,", ",", "line 2, column name: is empty"),
    (
        "Acme,",
        "\"Ac\nme\",",
        "line 2, column name: 'Ac me' has a line end",
    ),
];

#[test]
fn each_wrong_vendor_is_named() {
    for (from, to, wanted) in WRONG_VENDORS {
        assert!(VENDORS.contains(from), "{from}");
        let errors = said(read_vendors(VENDORS.replacen(from, to, 1).as_bytes()));
        assert!(
            errors.len() == 1 && errors[0].contains(wanted),
            "{to}: {errors:?}"
        );
    }
}

#[test]
fn a_wrong_header_is_named_once() {
    for (file, wanted) in [
        ("", "line 1: the file is empty"),
        ("\n\n,,\n", "the file is empty"),
        (
            "id,nme,e-mail,fax,channel\nx,x,x,x,x\n",
            "line 1: missing in the header: name (the nearest header is 'nme'), email (the nearest header is 'e_mail'), zip",
        ),
        ("id;name;email;fax;channel;zip\n", "separated by ';'"),
        (
            "id,name,email,fax,channel,zip,ZIP\n",
            "line 1, column ZIP: stands twice",
        ),
        (
            "id,name,email,fax,channel,zip\nV1,a,b\n",
            "line 2: has 3 columns, the header 6",
        ),
        (
            "id,name,email,fax,channel,zip\nV1,\"a,b\n\n,c\n",
            "line 2: a quotation mark is not closed",
        ),
    ] {
        let errors = said(read_vendors(file.as_bytes()));
        assert!(
            errors.len() == 1 && errors[0].contains(wanted),
            "{file}: {errors:?}"
        );
    }
    let latin = [
        b"id,name,email,fax,channel,zip\nV1,Caf\xe9,a@b.example,,email,04101\n".as_slice(),
        b"V2,",
    ]
    .concat();
    let errors = said(read_vendors(&latin));
    assert!(
        errors[0].starts_with("line 2, column name: 'Caf") && errors[0].contains("CSV UTF-8"),
        "{errors:?}"
    );
    assert_eq!(errors.len(), 2);
}

#[test]
fn a_file_of_another_kind_ends_early() {
    let file = "id,name,email,fax,channel,zip\n".to_owned() + &"x\n".repeat(50_000);
    let errors = said(read_vendors(file.as_bytes()));
    assert_eq!(errors.len(), MOST_ERRORS + 1);
    assert!(errors.last().is_some_and(|e| e.contains("stopped reading")));
}

#[test]
fn a_second_import_changes_nothing_and_a_first_adds_all() {
    let rows = read_catalogue(CATALOGUE.as_bytes()).unwrap();
    assert_eq!(
        diff(&[], &rows).added,
        ["A-1 of V1", "A-1 of V2", "B-2 of V1"]
    );
    let again = diff(&rows, &rows);
    assert!(again.is_empty() && again.gone.is_empty() && again.unchanged == 3);
}

#[test]
fn a_difference_names_key_field_and_both_values() {
    let old = read_catalogue(CATALOGUE.as_bytes()).unwrap();
    let file = "colour,".to_owned()
        + &CATALOGUE
            .replace("A-1", "red,A-1")
            .replace("19.99,2.5,active", "21.00,2.5,active");
    let mut new = read_catalogue(file.replace("B-2,", ",C-3,").as_bytes()).unwrap();
    new.remove(1);
    let found = diff(&old, &new);
    let change = |field: &str, from: &str, to: &str| Change {
        key: "A-1 of V1".into(),
        field: field.into(),
        from: from.into(),
        to: to.into(),
    };
    assert_eq!(
        found.changed,
        [
            change("retail_price", "19.99", "21.00"),
            change("colour", "", "red")
        ]
    );
    assert_eq!(
        (found.added, found.gone),
        (
            vec!["C-3 of V1".to_owned()],
            vec!["A-1 of V2".to_owned(), "B-2 of V1".to_owned()]
        )
    );
    assert_eq!(found.unchanged, 0);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        let _ = (read_catalogue(&bytes), read_vendors(&bytes));
    }

    #[test]
    fn any_cells_are_read_or_refused_by_line(
        cells in prop::collection::vec(prop::collection::vec(prop_oneof!["[^\"]{0,8}", "-?[0-9.]{0,25}", "\\PC{0,90}"], 14), 0..4)
    ) {
        let mut writer = csv::Writer::from_writer(VENDORS.lines().next().unwrap_or_default().as_bytes().to_vec());
        let mut file = VENDORS.lines().next().unwrap_or_default().to_owned() + "\n";
        for row in &cells {
            writer.write_record(row).unwrap();
        }
        let all = writer.into_inner().unwrap();
        file += &String::from_utf8_lossy(&all[VENDORS.lines().next().unwrap_or_default().len()..]);
        if let Err(errors) = read_vendors(file.as_bytes()) {
            prop_assert!(errors.iter().all(|e| e.line >= 2));
        }
        let catalogue = CATALOGUE.lines().next().unwrap_or_default().to_owned() + "\n" + file.split_once('\n').map_or("", |(_, rest)| rest);
        let _ = read_catalogue(catalogue.as_bytes());
    }
}
