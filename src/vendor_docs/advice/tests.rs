use super::*;
use mail_parser::MessageParser;
use proptest::prelude::*;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The day on which the fixtures are read.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 12, 4).unwrap()
}

/// Reads a file as `import-advices` has it, or a mail as intake hands it over: each attachment by
/// itself, and the text.
fn read_file(path: &Path) -> Result<Advice, AdviceError> {
    let bytes = std::fs::read(path).unwrap();
    if path.extension().is_none_or(|extension| extension != "eml") {
        return read(&Document::File(&bytes), today());
    }
    let message = MessageParser::default().parse(&bytes).unwrap();
    let own = |part: Option<&mail_parser::MessagePart<'_>>, html: bool| {
        let part = part?;
        (part.is_text_html() == html).then(|| part.text_contents().map(str::to_owned))?
    };
    let text = own(message.text_part(0), false);
    let html = own(message.html_part(0), true);
    let from = message
        .from()
        .and_then(|a| a.first())
        .and_then(|a| a.address())
        .unwrap_or_default();
    let mail = Mail {
        from,
        subject: message.subject().unwrap_or_default(),
        text: text.as_deref(),
        html: html.as_deref(),
    };
    read(&Document::Mail(mail), today())
}

fn fixtures() -> Vec<(String, PathBuf)> {
    let root = crate::golden::root().join("fixtures/advices");
    let mut found = Vec::new();
    for folder in std::fs::read_dir(root).unwrap() {
        let folder = folder.unwrap();
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let path = file.unwrap().path();
            if !path.to_string_lossy().ends_with(".expected.json") {
                found.push((folder.file_name().to_string_lossy().into_owned(), path));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn golden() {
    let fixtures = fixtures();
    assert!(fixtures.len() >= 25, "{} fixtures", fixtures.len());
    for (folder, path) in &fixtures {
        let result = read_file(path);
        match &result {
            Ok(advice) => assert_eq!(&advice.format, folder, "{}", path.display()),
            Err(_) => assert_eq!(folder, "held", "{}: {result:?}", path.display()),
        }
        let shown = match result {
            Ok(advice) => serde_json::to_string_pretty(&advice).unwrap(),
            Err(error) => serde_json::json!({"held": error.to_string()}).to_string(),
        } + "\n";
        crate::golden::golden(path.with_extension("expected.json"), &shown);
    }
}

#[test]
fn registry_is_whole() {
    let fixtures = fixtures();
    for (place, format) in FORMATS.iter().enumerate() {
        assert!(
            FORMATS
                .iter()
                .skip(place + 1)
                .all(|other| other.name != format.name)
        );
        assert!(
            fixtures.iter().any(|(folder, _)| folder == format.name),
            "{}",
            format.name
        );
        assert!(!format.about.is_empty());
    }
}

/// Headers of practice, parted by bars.
const SPELLINGS: &[(AdviceField, &str)] = &[
    (
        AdviceField::Po,
        "po_number|PO #|PO#|P.O. Number|P.O.|PO|Purchase Order|purchaseOrderNumber|Purchase Order No.|Customer PO|Cust PO#|CustomerPONumber|retailer_po|Retailer PO Number|Merchant PO|Your PO #|Buyer PO|PO Num|PO_NBR|PONumber|*PO Number|PO Number*|PO ID|PURCHASE ORDER NUMBER",
    ),
    (
        AdviceField::Order,
        "order-id|order_id|Order ID|Order Number|Order #|Order|Document Number*|Customer Order|Your Order Number|OrderNo|Web Order #|Order Name",
    ),
    (
        AdviceField::Reference,
        "Reference|Ref|Ref #|Reference Number(s)|Customer Reference|Invoice Number|Invoice #|Cust Ref|Reference Number 1",
    ),
    (
        AdviceField::VendorOrder,
        "salesOrderNumber|Sales Order|SO #|Sales Order #|Vendor Order Number|supplier_po|Our Order #|Supplier Order No|vendor_order_number|Confirmation Number|Vendor Ref",
    ),
    (
        AdviceField::Sku,
        "sku|SKU|item_sku|sku_id|Vendor SKU|Item|Item #|Item Number|Part Number|Part #|Product Code|Vendor Item #|Style #|MPN|UPC|Supplier SKU|Merchant SKU|line_item_sku|Lineitem sku|Manufacturer Part Number|item_id",
    ),
    (
        AdviceField::Qty,
        "qty|Qty|quantity|Quantity Shipped|line_item_quantity|Lineitem quantity|shipped_qty|quantity_shipped|Qty Shipped|ShipQty|Units|QTY SHIPPED|Shipped Quantity|pcs|Pieces",
    ),
    (
        AdviceField::Carrier,
        "carrier|Carrier*|carrier-name|carrier-code|courier|shipping_provider|package_carrier|Ship Via|Shipped Via|Carrier Name|SCAC|Shipping Carrier|Shipping Company|CARRIER CODE",
    ),
    (
        AdviceField::Service,
        "ship-method|shipping_method|package_shipmentMethod|Service|Service Level|Ship Method|UPS Service|SERVICE TYPE|Class",
    ),
    (
        AdviceField::Tracking,
        "tracking_number|Tracking #|Tracking Number*|tracking-number|tracking_code|package_trackingNumber|Tracking No.|TrackingNo|tracking|Tracking ID|Tracking Numbers|PRO Number|PRO #|Waybill|AWB|Carrier Tracking Number|UPS Tracking #|trackingNumber|Track #|Shipment Tracking|Consignment Number",
    ),
    (
        AdviceField::ShipDate,
        "ship_date|ship-date|Ship Date|shipped_at|package_shipmentDate|Date Shipped|Shipped On|Shipment Date|ShipDate|Shipped Date|Dispatch Date|SHIP DT|date|Date of Shipment",
    ),
    (
        AdviceField::Status,
        "Logistics Status|status|Order Status|Line Status",
    ),
    (
        AdviceField::Name,
        "Ship To Name|ShipTo|Recipient|Customer Name|shipTo_name|Consignee",
    ),
    (
        AdviceField::Zip,
        "Ship To Zip|shipTo_postalCode|Zip|Zip Code|Postal Code|ShipToZip",
    ),
    (AdviceField::Void, "Void|VoidIndicator|Voided"),
    (
        AdviceField::PoLine,
        "PO Line|PO Line #|PO Line Number|Merchant Line Number|purchase_order_line",
    ),
    (AdviceField::City, "Ship To City|City|shipTo_city"),
    (AdviceField::State, "State|Ship To State|shipTo_region"),
];

/// Headers of the same files that say nothing an advice needs.
const NOT_NEEDED: &str = "tracking_url|Tracking Link|shipment_id|order-item-id|Line Item ID|origin_country|title|order_path|Merchant|Registered|Acknowledged|Note|Delete|Document Type*|DC Code|Order Date|Estimated Delivery Date|Qty Ordered|Qty Backordered|Return Tracking Number|supplier_provided_sku_cost|supplier_provided_shipping_cost|purchaseOrderShippedInFull|salesOrderShippedInFull|destinationShippedInFull|customerPickup|shipFrom_city|Weight|Freight Amount|PO Date|Description|Lineitem name|Void Date|Line Number|Item Description|retailer_org_uuid||Invoice Date|Delivery Date|Carton Count|customerAccountNumber|qty_backordered|qty_returned|Qty Cancelled|Returned Units|est_ship_date|Planned Ship Date|Requested Ship Date|Ship By Date|Ship On|delivery_date|void_date|return_date|Previous Tracking Number|Old Tracking|substitute_sku|Replacement Item|Cancelled PO|Return Status|Qty Short|Open Qty|Qty To Ship|Picked Qty";

#[test]
fn header_spellings() {
    for (field, headers) in SPELLINGS {
        for header in headers.split('|') {
            assert_eq!(field_of(header).map(|f| f.0), Some(*field), "{header}");
        }
    }
    for header in NOT_NEEDED.split('|') {
        assert_eq!(field_of(header), None, "{header}");
    }
}

#[test]
fn genuine_mails_of_the_specifications() {
    let beside = crate::golden::root()
        .ancestors()
        .map(|dir| dir.join("shared"));
    let dirs = std::env::var_os("POMS_SHARED")
        .map(PathBuf::from)
        .into_iter()
        .chain(beside);
    let Some(dir) = dirs.map(|d| d.join("specs/shipping")).find(|d| d.is_dir()) else {
        // past the harness, which shows nothing of a test that passes
        let what =
            "NOT RUN: genuine carrier mails: ../shared/specs/shipping is not beside the clone";
        let _ = writeln!(std::io::stderr(), "{what}; fixtures/advices is");
        return;
    };
    for (file, format, number, zip, ship_date) in [
        (
            "ups_out_for_delivery.eml",
            "ups-mail",
            "1Z2345YY0678901234",
            "12345",
            None,
        ),
        (
            "fedex_out_for_delivery.eml",
            "fedex-mail",
            "61290912345678912345",
            "12345",
            Some("2021-06-15"),
        ),
        (
            "usps_exception.eml",
            "usps-mail",
            "92748902410637553123456789",
            "",
            None,
        ),
    ] {
        let advice = read_file(&dir.join(file)).unwrap();
        assert_eq!(advice.format, format);
        assert_eq!(
            (advice.rows.len(), advice.errors.len()),
            (1, 0),
            "{advice:#?}"
        );
        let row = &advice.rows[0];
        assert_eq!(row.tracking_number.as_deref(), Some(number), "{advice:#?}");
        assert!(row.further_tracking.is_empty(), "{advice:#?}");
        assert_eq!(row.ship_to.zip, zip, "{advice:#?}");
        assert_eq!(row.ship_date.map(|d| d.to_string()).as_deref(), ship_date);
    }
}

#[test]
fn a_stray_quote_costs_its_line_only() {
    let file = b"po_number,note,qty,tracking_number\nW1-1,\"A,1,1Z999AA10123456784\nW1-2,B,1,1Z999AA10123456784\nW1-3,\"C\nD\",1,1Z999AA10123456784\n";
    let advice = read(&Document::File(file), today()).unwrap();
    let lines: Vec<usize> = advice.rows.iter().map(|row| row.line).collect();
    assert_eq!((lines, advice.errors[0].line), (vec![3, 4], 2));
}

proptest! {
    #[test]
    fn never_panics_on_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&Document::File(&bytes), today());
    }

    #[test]
    fn never_panics_on_tables(rows in "(po|sku|qty|tracking|ship date|,|;|\t|\"|\n|1Z999AA10123456784|1\\.2E\\+17|é|12/3/25|0|=|\\PC){0,60}") {
        let file = format!("po,sku,qty,tracking,ship date,carrier\n{rows}");
        prop_assert!(read(&Document::File(file.as_bytes()), today()).is_ok());
        let _ = read(&Document::File(rows.as_bytes()), today());
    }

    #[test]
    fn never_panics_on_mails(text in "(PO Number: |Tracking #: |1Z999AA10123456784|Qty|SKU|:|#|\n|> |On 1 a wrote:|From: x@ups.com|Ship To|\\PC| ){0,60}", subject in "\\PC{0,40}") {
        let mail = Mail { from: "a@ups.com", subject: &subject, text: Some(&text), html: Some(&text) };
        let _ = read(&Document::Mail(mail), today());
    }
}
