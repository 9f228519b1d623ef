//! What a token is good for, and what not.

use super::*;
use proptest::prelude::*;

fn keys(names: &[u8]) -> TokenKeys {
    TokenKeys::new(names.iter().map(|n| Zeroizing::new(vec![*n; 32])).collect())
}

const PO: TokenSubject = TokenSubject::PurchaseOrder {
    id: 17,
    number: "W200001-1",
    vendor: "ACME",
};

#[test]
fn a_token_comes_back_in_any_case_and_wrapping() {
    let keys = keys(b"k");
    let text = keys.make(&PO).unwrap();
    assert_eq!(text.len(), LENGTH);
    for address in [
        format!("orders+{text}@shop.example"),
        format!("PO-{}@SHOP.EXAMPLE", text.to_uppercase()),
        format!("SRS0=HHH=TT=shop.example=orders+{text}@relay.example"),
        format!("prvs=12345abcde=orders+{text}@shop.example"),
        text.clone(),
    ] {
        let token = keys.find(&address).unwrap();
        assert_eq!((token.kind, token.id), (TokenKind::PurchaseOrder, 17));
        assert!(keys.fits(&token, &PO), "{address}");
    }
}

#[test]
fn a_token_counts_for_nothing_else() {
    let keys = keys(b"k");
    let token = keys.find(&keys.make(&PO).unwrap()).unwrap();
    for other in [
        TokenSubject::PurchaseOrder {
            id: 17,
            number: "W200001-2",
            vendor: "ACME",
        },
        TokenSubject::PurchaseOrder {
            id: 17,
            number: "W200001-1",
            vendor: "BLUE",
        },
        TokenSubject::PurchaseOrder {
            id: 17,
            number: "W200001-1A",
            vendor: "CME",
        },
        TokenSubject::PurchaseOrder {
            id: 18,
            number: "W200001-1",
            vendor: "ACME",
        },
        TokenSubject::Delivery {
            id: 17,
            reference: "W200001-1",
        },
    ] {
        assert!(!keys.fits(&token, &other), "{other:?}");
    }
    let text = keys.make(&PO).unwrap();
    assert_eq!(keys.find(&format!("d{}", &text[1..])), None);
}

#[test]
fn old_keys_verify_and_only_the_first_makes() {
    let old = keys(b"o").make(&PO).unwrap();
    let rolled = keys(b"no");
    assert!(rolled.fits(&rolled.find(&old).unwrap(), &PO));
    assert_ne!(rolled.make(&PO).unwrap(), old);
    assert_eq!(keys(b"n").find(&old), None, "the old key is gone");
    assert_eq!(TokenKeys::default().make(&PO), None);
    assert_eq!(TokenKeys::default().find(&old), None);
}

proptest! {
    #[test]
    fn no_changed_token_is_good(place in 0..LENGTH, with in "[a-z2-7]") {
        let keys = keys(b"k");
        let text = keys.make(&PO).unwrap();
        let mut other = text.clone();
        other.replace_range(place..=place, &with);
        prop_assert_eq!(keys.find(&other).is_some(), other == text);
    }

    #[test]
    fn any_text_is_read_without_a_panic(text: String, id in 0_i64..1 << 40) {
        let keys = keys(b"k");
        prop_assert_eq!(keys.find(&text), None);
        let what = TokenSubject::Delivery { id, reference: &text };
        let token = keys.find(&keys.make(&what).unwrap()).unwrap();
        prop_assert!(token.id == id && keys.fits(&token, &what));
    }
}
