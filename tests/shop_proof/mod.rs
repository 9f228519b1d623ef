//! Shop and ledger side by side: what one has and the other has not is named with its remedy, and what only looks
//! so is not.

mod budget;
mod nightly;
mod report;

use crate::support::desk::Output;
use crate::support::shop::beds::{self, ShopBed};
use crate::support::shop::shopify::FakeShopify;
use crate::support::shop::{Shop, graphql, schema::Schema};
use poms::shops::shopify::API_VERSION;
use poms::shops::shopify::query::{COMPARED, COMPARED_ONE};
use serde_json::{Value, json};

/// A site whose orders come out of a shop at Shopify.
type Site = ShopBed<FakeShopify>;

/// Two kettles for a customer of its own: one customer orders the same twice.
fn order(id: u64, changed: &str) -> Value {
    let mut order = beds::shopify_order(id, changed);
    order["email"] = json!(format!("c{id}@customer.example"));
    order["shippingAddress"]["name"] = json!(format!("Customer {id}"));
    order
}

/// The same at a shop of WooCommerce.
fn woo_order(id: u64, changed: &str) -> Value {
    let mut order = beds::woocommerce_order(id, changed);
    order["billing"]["email"] = json!(format!("c{id}@customer.example"));
    order
}

/// With one order, read.
fn site(more: &str) -> Site {
    let site = ShopBed::shopify(more);
    site.server
        .with(|shop| shop.orders = vec![order(1001, "2025-06-02T09:00:00Z")]);
    site.desk.run(&["process"]).ok();
    site
}

impl<S: Shop> ShopBed<S> {
    /// Open exceptions of the comparison.
    fn unreconciled(&self) -> Vec<Value> {
        let args = [
            "exceptions",
            "list",
            "--code",
            "shop_unreconciled",
            "--json",
        ];
        let list = self.desk.run(&args).ok().json();
        list["exceptions"].as_array().expect("a list").clone()
    }
}

impl Site {
    /// The comparison with the shop, which ends with this code.
    fn compare(&self, code: i32) -> Value {
        let done = self.desk.run(&["report", "shop", "webshop", "--json"]);
        assert_eq!(done.code, code, "{}{}", done.stdout, done.stderr);
        self.server
            .with(|shop| assert_eq!(shop.wrong, Vec::<String>::new()));
        done.json()["shops"][0].clone()
    }

    /// The only difference.
    fn difference(&self) -> Value {
        let proof = self.compare(1);
        let all = proof["differences"].as_array().expect("a list");
        assert_eq!(all.len(), 1, "{proof:#}");
        all[0].clone()
    }

    /// Types a remedy as it is printed.
    fn paste(&self, remedy: &Value) -> Output {
        let remedy = remedy.as_str().expect("a command");
        let words = words(remedy);
        assert_eq!(words[0], "poms", "{remedy}");
        let words: Vec<&str> = words[1..].iter().map(String::as_str).collect();
        self.desk.run(&words).ok()
    }
}

/// The words of a command line, as a shell takes them.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, ' ') => words.push(std::mem::take(&mut word)),
            (_, c) => word.push(c),
        }
    }
    words.push(word);
    words
}

#[test]
fn what_the_comparison_asks_is_in_shopifys_published_schema() {
    let schema = Schema::of(API_VERSION);
    let variables = json!({"first": 20, "after": null, "filter": "x", "fulfilments": 10});
    let one = json!({"id": "gid://shopify/Order/1", "fulfilments": 10});
    for (operation, variables) in [(COMPARED, variables), (COMPARED_ONE, one)] {
        let document = graphql::parse(&operation.document());
        let faults = schema.faults(&document, &variables);
        assert_eq!(faults, Vec::<String>::new(), "{}", operation.name);
    }
}
