//! Shop and ledger side by side: what one has and the other has not is named with its remedy, and what only looks
//! so is not.

mod nightly;
mod report;

use crate::support::desk::{Output, TestDesk};
use crate::support::shop::shopify::{CLIENT, FakeShopify, SECRET, line, order_of, start};
use crate::support::shop::{ShopServer, graphql, schema::Schema};
use poms::shops::shopify::API_VERSION;
use poms::shops::shopify::query::{COMPARED, COMPARED_ONE};
use serde_json::{Value, json};

/// A site whose orders come out of a shop at Shopify.
struct Site {
    desk: TestDesk,
    server: ShopServer<FakeShopify>,
}

/// Two kettles, as the catalogue has them, placed on June 2 at 8:00.
fn order(id: u64, changed: &str) -> Value {
    let mut kettles = line(id * 10, "KT10-00010");
    let money = |amount: &str| json!({"shopMoney": {"amount": amount, "currencyCode": "USD"}});
    kettles["originalUnitPriceSet"] = money("29.90");
    let mut order = order_of(id, changed, vec![kettles]);
    order["createdAt"] = json!("2025-06-02T08:00:00Z");
    order["totalPriceSet"] = money("59.80");
    // one customer orders the same twice
    let email = format!("c{id}@customer.example");
    order["email"] = json!(email);
    order["shippingAddress"]["name"] = json!(format!("Customer {id}"));
    order
}

impl Site {
    fn new(more: &str) -> Site {
        let desk = TestDesk::stocked();
        let server = start();
        desk.file("keys/shopify.secret", SECRET.as_bytes());
        desk.config(&format!(
            "[[source]]\nname = \"webshop\"\nkind = \"shopify\"\nshop = \"west-goods.myshopify.com\"\n\
             base_url = \"{}\"\nclient_id = \"{CLIENT}\"\nclient_secret_file = \"keys/shopify.secret\"\n\
             since = \"2025-06-01\"\n{more}\n",
            server.url()
        ));
        server.with(|shop| {
            let more = ["write_merchant_managed_fulfillment_orders", "write_orders"];
            shop.scopes.extend(more);
            shop.orders = vec![order(1001, "2025-06-02T09:00:00Z")];
        });
        let site = Site { desk, server };
        site.desk.run(&["process"]).ok();
        site
    }

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

    /// Open exceptions of the comparison.
    fn open(&self) -> Vec<Value> {
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

    /// The vendor says that the order's goods left.
    fn ship(&self, number: &str, tracking: &str) {
        let story = self.desk.run(&["order", "show", number, "--json"]).ok();
        let po = story.json()["purchase_orders"][0]["number"].clone();
        let day = self.desk.moment().format("%Y-%m-%d");
        let csv = format!(
            "po,sku,qty,carrier,tracking,ship date\n{},KT10-00010,2,UPS,{tracking},{day}\n",
            po.as_str().expect("a number")
        );
        self.desk.file("advice.csv", csv.as_bytes());
        self.desk.run(&["import-advices", "advice.csv"]).ok();
    }

    fn verify(&self) {
        let done = self.desk.run(&["verify"]);
        assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
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
