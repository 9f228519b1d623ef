use super::*;

#[test]
fn where_money_goes() {
    for text in [
        "Please note our new bank account for payments: IBAN DE89370400440532013000.",
        "Our remit-to address has changed.",
        "New ACH details: ABA 021000021",
        "Please send all future payments to our new account.",
        "Make checks payable to Acme Holdings LLC from now on.",
        "Kindly pay into our subsidiary's account until further notice.",
        "Wire instructions attached.",
        "Riverside Capital now collects our invoices; pay them directly.",
        "Payments go to Harbor, GB29 NWBK 6016 1331 9268 19",
        "Our account is frozen.",
        "Our receivables were sold to Fulton Capital.",
        "Our account for payments is now with Barclays.",
        "We have moved to a new lockbox: PO Box 9, Reno NV.",
        "Our accountant asks that you pay Smith & Co. on our behalf.",
        "PayPal us at x@y.example",
        "Send the money to our Delaware office.",
        "Nuestra cuenta bancaria ha cambiado.",
        "Les rogamos pagar en lo sucesivo a la cuenta 1234.",
        "Nos coordonn\u{e9}es bancaires ont chang\u{e9}.",
        "Nos coordonne\u{301}es bancaires ont change\u{301}.",
        "Veuillez noter notre nouveau RIB.",
        "Unsere Bankverbindung hat sich ge\u{e4}ndert.",
        "Bitte \u{fc}berweisen Sie auf unser neues Konto.",
        "Le nostre coordinate bancarie sono cambiate.",
        "Pagamento sul nuovo conto, prego.",
        "A nossa conta banc\u{e1}ria mudou.",
        "Pagamentos por PIX a partir de hoje.",
        "Ons rekeningnummer is gewijzigd.",
        "Let op onze nieuwe bankgegevens.",
    ] {
        let found = passages(text);
        assert!(!found.is_empty(), "{text}");
        assert!(found.iter().all(|one| !one.footer), "{text}");
    }
}

#[test]
fn what_has_nothing_to_do_with_it() {
    for text in [
        "Confirmed. Ships June 6.",
        "Shipped by UPS, 1Z5R89390357567127",
        "New bank holiday hours apply.",
        "Our FedEx account was charged.",
        "Thank you for your business. Call 207-555-0142.",
        "Please send the order again.",
        "The Power Bank 20000 mAh shipped today.",
        "Rib knit blanket, 2 pieces",
        "Wir liefern am Montag.",
        "Le colis part demain, merci.",
        "Gracias, sale el lunes.",
    ] {
        assert_eq!(passages(text), [], "{text}");
    }
    for pattern in [
        &MONEY, &HARMLESS, &STRICT, &HEADING, &FOOTER, &CHANGE, &ACCOUNT, &TONGUES, &HEAD, &PAPERS,
    ] {
        assert!(pattern.is_some());
    }
}

#[test]
fn a_footer_is_one_passage_with_its_address() {
    let text = "Confirmed.\n\nRemit to: Acme Home Goods\nPO Box 8812\nDallas TX 75202\n\nBob";
    let [one] = passages(text).try_into().unwrap();
    assert!(one.footer);
    assert_eq!(
        one.key,
        "remit to acme home goods po box 8812 dallas tx 75202"
    );
    for text in [
        "Remit to: Acme Home Goods, PO Box 8812, Dallas TX 75202",
        "Please remit payment to Acme Home Goods, PO Box 8812, Dallas",
        "REMIT-TO ADDRESS: PO Box 8812, Dallas TX",
        "Make checks payable to Acme Home Goods",
        "Please mail payments to PO Box 8812",
    ] {
        assert!(passages(text)[0].footer, "{text}");
    }
    for text in [
        "We have moved.\nRemit to: PO Box 9, Reno NV",
        "New remit to: PO Box 9, Reno NV",
        "Remit to: First Harbor Bank, routing 011000015, account 55512399",
        "Remit to:\nPO Box 9, Reno NV\n(effective today)",
        "Effective immediately, remit payment to: PO Box 9",
    ] {
        assert!(passages(text).iter().any(|one| !one.footer), "{text}");
    }
}

#[test]
fn subjects_names_and_quotes() {
    for subject in [
        "Re: Purchase order W1-1 - NEW BANK DETAILS",
        "Important: change of payment instructions",
        "Neue Bankverbindung",
    ] {
        assert!(in_subject(subject).is_some(), "{subject}");
    }
    for subject in [
        "Re: Purchase order W1-1 from Fernhill Trading Co.",
        "Shipping notice",
        "Re: Please confirm purchase order W1-1",
    ] {
        assert_eq!(in_subject(subject), None, "{subject}");
    }
    for name in [
        "new-bank-details.pdf",
        "W9.pdf",
        "W-9 signed.pdf",
        "BankLetter2026.PDF",
        "ach_form.pdf",
        "nouveau-RIB.pdf",
        "voided check.jpg",
    ] {
        assert!(in_name(name).is_some(), "{name}");
    }
    for name in [
        "invoice-4711.pdf",
        "ship.csv",
        "power-bank.jpg",
        "PO-W9123-1.pdf",
        "image001.png",
        "packing slip.pdf",
    ] {
        assert_eq!(in_name(name), None, "{name}");
    }
    assert_eq!(in_quote("Please pay to our new account 12345678").len(), 1);
    assert_eq!(in_quote("1 x Gift card holder\nMake a payment"), []);
}

#[test]
fn cells_say_it_plainly_or_not_at_all() {
    for text in [
        "W1-1,KT10,1,Swift Power Bank",
        "memo: bank charges",
        "paid to date",
    ] {
        assert_eq!(in_cells(text), [], "{text}");
    }
    for text in [
        "W1-1,KT10,1,note: remit to PO Box 9",
        "please pay to our new bank",
        "IBAN DE89370400440532013000",
    ] {
        assert_eq!(in_cells(text).len(), 1, "{text}");
    }
    // columns by their headings
    for (text, said) in [
        (
            "po,sku,remit_to\nW1-1,KT10,Bank of X 123456789\nW1-2,KT10,Bank of X 123456789",
            1,
        ),
        // the heading itself, too
        ("po;sku;Bank Account\nW1-1;KT10;12345678\nW1-2;KT10;", 2),
        ("po,sku,remit_to\nW1-1,KT10,\nW1-2,KT10,n/a", 0),
        ("po,sku,Bankers Box\nW1-1,KT10,2", 1),
        ("po,sku,blanket\nW1-1,KT10,2", 0),
    ] {
        assert_eq!(in_cells(text).len(), said, "{text}");
    }
}
