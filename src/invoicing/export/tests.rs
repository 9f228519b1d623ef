use super::*;
use crate::domain::invoice::InvoiceLine;

fn invoice(kind: InvoiceKind, memo: &str) -> Invoice {
    Invoice {
        vendor_name: "Birch & Sons, \"The\" LLC".to_owned(),
        kind,
        number: "BS-1".to_owned(),
        date: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
        due: None,
        po_refs: Vec::new(),
        vendor_order_number: None,
        memo: memo.to_owned(),
        total: Money(1250),
        open_balance: false,
        open: None,
        says: Vec::new(),
        lines: vec![InvoiceLine {
            sku: "A".to_owned(),
            description: "lamp".to_owned(),
            qty: Some(2),
            amount: Money(1000),
            ..InvoiceLine::default()
        }],
        freight: Money(200),
        fees: Money(50),
        source_line: 1,
        rows: vec![1],
    }
}

fn options(formula_safe: bool) -> Options {
    let accounts = Accounts {
        goods: "Cost of Goods Sold".to_owned(),
        freight: "Freight".to_owned(),
        fees: "Fees".to_owned(),
        refunds: "Returns".to_owned(),
        tax: "Tax".to_owned(),
        refunded_from: "Bank".to_owned(),
    };
    Options {
        accounts,
        due_days: 30,
        formula_safe,
    }
}

#[test]
fn bills_and_credits_are_two_files_that_come_to_their_totals() {
    let all = [
        invoice(InvoiceKind::Bill, "W1-1"),
        invoice(InvoiceKind::Credit, "W1-1"),
    ];
    let bills = csv(&all, InvoiceKind::Bill, &options(false)).unwrap();
    assert_eq!(
        String::from_utf8(bills.clone()).unwrap(),
        "*BillNo,*Vendor,*BillDate,*DueDate,Terms,Location,Memo,*Account,LineDescription,*LineAmount\n\
         BS-1,\"Birch & Sons, \"\"The\"\" LLC\",03/02/2026,04/01/2026,,,W1-1,Cost of Goods Sold,2 x A lamp,10.00\n\
         BS-1,\"Birch & Sons, \"\"The\"\" LLC\",03/02/2026,04/01/2026,,,W1-1,Freight,Freight,2.00\n\
         BS-1,\"Birch & Sons, \"\"The\"\" LLC\",03/02/2026,04/01/2026,,,W1-1,Fees,Fees,0.50\n"
    );
    let credits = csv(&all, InvoiceKind::Credit, &options(false)).unwrap();
    let text = String::from_utf8(credits).unwrap();
    assert_eq!(text.lines().count(), 4);
    assert!(text.starts_with("*CreditNo,*Vendor,*CreditDate,Terms"));
    assert_eq!(
        csv(&all, InvoiceKind::Bill, &options(false)).unwrap(),
        bills,
        "the same bytes"
    );
}

#[test]
fn lines_that_do_not_come_to_the_total_are_written_as_one() {
    let odd = Invoice {
        total: Money(1300),
        ..invoice(InvoiceKind::Bill, "")
    };
    let text = String::from_utf8(csv(&[odd], InvoiceKind::Bill, &options(false)).unwrap()).unwrap();
    assert!(text.contains(",Goods,10.50\n"), "{text}");
}

#[test]
fn formulas_are_texts_for_people_and_exact_for_quickbooks() {
    let nasty = [invoice(InvoiceKind::Bill, "=HYPERLINK(\"x\")")];
    let read = |formula_safe| {
        let bytes = csv(&nasty, InvoiceKind::Bill, &options(formula_safe)).unwrap();
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let record = reader.records().next().unwrap().unwrap();
        record.get(6).unwrap().to_owned()
    };
    assert_eq!(read(true), "'=HYPERLINK(\"x\")");
    assert_eq!(read(false), "=HYPERLINK(\"x\")");
}

#[test]
fn a_number_that_quickbooks_would_cut_is_refused() {
    let long = Invoice {
        number: "X".repeat(22),
        ..invoice(InvoiceKind::Bill, "")
    };
    let error = csv(&[long], InvoiceKind::Bill, &options(false)).unwrap_err();
    assert!(error.to_string().contains("more than 21 characters"));
}
