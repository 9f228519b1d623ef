//! The words by which an order is found beside its numbers: normalised once when its document is
//! written, and in the same way when somebody types one.

use super::order::Order;
use super::spelling::folded;
use std::collections::BTreeSet;

/// Longer words are cut to so many letters, on file and when searched.
const LONGEST: usize = 64;
/// Of one text so many words count, and of one order so many in all: nobody searches for the thousandth.
const OF_A_TEXT: usize = 40;
const OF_AN_ORDER: usize = 2000;

/// What of an order a word is of; those of articles last, as they are left away where there are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SearchField {
    /// A word of the name of the one who receives the goods.
    Recipient,
    /// A word of the customer's name that is not the recipient's.
    Customer,
    /// A word of street, house number, apartment.
    Street,
    /// A word of the city.
    City,
    /// The ZIP, whole.
    Zip,
    /// The payment service's reference, whole.
    Payment,
    /// The domain of the customer's e-mail address.
    Domain,
    /// The last four digits of the customer's telephone number.
    Phone,
    /// The number that the shop gave the order, whole, where poms has it under another.
    ShopNumber,
    /// The shop's article number, whole.
    Sku,
    /// A word of an article's name: the shop's, or the catalogue's where the order has none.
    Article,
}

impl SearchField {
    /// Every field that has words.
    pub const ALL: [SearchField; 11] = [
        SearchField::Recipient,
        SearchField::Customer,
        SearchField::Street,
        SearchField::City,
        SearchField::Zip,
        SearchField::Payment,
        SearchField::Domain,
        SearchField::Phone,
        SearchField::ShopNumber,
        SearchField::Sku,
        SearchField::Article,
    ];

    /// The word for it in the ledger.
    pub fn as_str(self) -> &'static str {
        match self {
            SearchField::Recipient => "recipient",
            SearchField::Customer => "customer",
            SearchField::Street => "street",
            SearchField::City => "city",
            SearchField::Zip => "zip",
            SearchField::Payment => "payment",
            SearchField::Domain => "domain",
            SearchField::Phone => "phone",
            SearchField::ShopNumber => "shop_number",
            SearchField::Sku => "sku",
            SearchField::Article => "article",
        }
    }

    /// The field of this word of the ledger.
    pub fn parse(word: &str) -> Option<SearchField> {
        SearchField::ALL
            .into_iter()
            .find(|field| field.as_str() == word)
    }
}

/// Every word of an order, each once and in one order. `article` are the catalogue's names of articles
/// that have none in the order. Card numbers are masked in an order before it is one (`intake::cards`),
/// so that none can be among them.
pub fn words_of(order: &Order, articles: &[String]) -> Vec<(SearchField, String)> {
    let mut words = BTreeSet::new();
    let recipient: BTreeSet<String> = split(&order.ship_to.name).into_iter().collect();
    let customer = split(&order.customer.name)
        .into_iter()
        .filter(|word| !recipient.contains(word));
    words.extend(customer.map(|word| (SearchField::Customer, word)));
    words.extend(
        recipient
            .iter()
            .map(|word| (SearchField::Recipient, word.clone())),
    );
    for street in [&order.ship_to.street1, &order.ship_to.street2] {
        words.extend(
            split(street)
                .into_iter()
                .map(|word| (SearchField::Street, word)),
        );
    }
    let city = split(&order.ship_to.city).into_iter();
    words.extend(city.map(|word| (SearchField::City, word)));
    let mut whole = |field, text: &str| {
        let word = plain(text);
        if !word.is_empty() {
            words.insert((field, word));
        }
    };
    whole(SearchField::Zip, &order.ship_to.zip);
    let payment = order.payment.as_ref();
    let reference = payment.and_then(|payment| payment.reference.as_deref());
    whole(SearchField::Payment, reference.unwrap_or_default());
    let domain = order.customer.email.rsplit_once('@');
    whole(SearchField::Domain, domain.map_or("", |(_, domain)| domain));
    whole(
        SearchField::Phone,
        &last_four(&order.customer.phone).unwrap_or_default(),
    );
    let own = order.shop_order.order_number.as_str();
    for number in [own, own.trim_start_matches('#')] {
        whole(SearchField::ShopNumber, number);
    }
    for line in &order.lines {
        whole(SearchField::Sku, &line.sku);
    }
    let names = order
        .lines
        .iter()
        .filter_map(|line| line.description.as_deref());
    for name in names.chain(articles.iter().map(String::as_str)) {
        words.extend(
            split(name)
                .into_iter()
                .map(|word| (SearchField::Article, word)),
        );
    }
    words.into_iter().take(OF_AN_ORDER).collect()
}

/// The last four digits of a telephone number, without its extension; `None` where it has fewer.
fn last_four(phone: &str) -> Option<String> {
    let main = phone.split(['x', 'X']).next().unwrap_or_default();
    let digits: Vec<char> = main.chars().filter(char::is_ascii_digit).collect();
    let at = digits.len().checked_sub(4)?;
    Some(digits[at..].iter().collect())
}

/// A text as words are compared: folded, without apostrophes (`obrien` finds O'Brien), not too long.
pub fn plain(text: &str) -> String {
    let folded = folded(text).replace('\'', "");
    folded.chars().take(LONGEST).collect()
}

/// The words of a text, and what stands behind a hyphen or a slash in one; signs around them left away.
pub fn split(text: &str) -> Vec<String> {
    let folded = folded(text).replace('\'', "");
    let mut words = Vec::new();
    for word in folded.split_whitespace().take(OF_A_TEXT) {
        let mut rest = Some(word);
        while let Some(part) = rest {
            let bare = part.trim_matches(|c: char| !c.is_alphanumeric());
            if !bare.is_empty() {
                words.push(bare.chars().take(LONGEST).collect());
            }
            rest = bare.split_once(['-', '/']).map(|(_, behind)| behind);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing;

    fn has(words: &[(SearchField, String)], field: SearchField, word: &str) -> bool {
        words.contains(&(field, word.to_owned()))
    }

    #[test]
    fn an_order_has_the_words_that_people_say_on_the_telephone() {
        let mut order = testing::order();
        order.ship_to.name = "Anna-Łucja O\u{2019}Brien (c/o Weiß)".to_owned();
        order.customer.name = "Jürgen  O'Brien".to_owned();
        order.ship_to.street1 = "49996 Gary Forks, Apt. #388".to_owned();
        order.ship_to.city = "Saint-Étienne du Lac".to_owned();
        order.ship_to.zip = " 65367-0012 ".to_owned();
        order.customer.email = "J@Bücher.Example".to_owned();
        order.customer.phone = "+1 (859) 589-9227 x1234".to_owned();
        order.lines[0].sku = "BF63 -12163".to_owned();
        order.lines[0].description = Some("Spring hinge, 4-1/2\" (pair)".to_owned());
        let words = words_of(&order, &["Brass KNOB".to_owned()]);
        for (field, word) in [
            (SearchField::Recipient, "anna-lucja"),
            (SearchField::Recipient, "lucja"),
            (SearchField::Recipient, "obrien"),
            (SearchField::Recipient, "weiss"),
            (SearchField::Customer, "jurgen"),
            (SearchField::Street, "49996"),
            (SearchField::Street, "forks"),
            (SearchField::Street, "apt"),
            (SearchField::Street, "388"),
            (SearchField::City, "saint-etienne"),
            (SearchField::City, "etienne"),
            (SearchField::City, "lac"),
            (SearchField::Zip, "65367-0012"),
            (SearchField::Domain, "bucher.example"),
            (SearchField::Phone, "9227"),
            (SearchField::Sku, "bf63 -12163"),
            (SearchField::Article, "4-1/2"),
            (SearchField::Article, "pair"),
            (SearchField::Article, "knob"),
        ] {
            assert!(has(&words, field, word), "{field:?} {word}: {words:?}");
        }
        assert!(
            !has(&words, SearchField::Customer, "obrien"),
            "once, as the recipient's: {words:?}"
        );
    }

    #[test]
    fn no_order_is_so_long_that_its_words_fill_the_ledger() {
        let mut order = testing::order();
        let many: Vec<String> = (0..5000).map(|n| format!("word{n}")).collect();
        order.lines[0].description = Some(many.join(" "));
        order.ship_to.name = "x".repeat(100_000);
        let words = words_of(&order, &many);
        assert_eq!(words.len(), OF_AN_ORDER);
        let longest = words.iter().map(|(_, word)| word.chars().count()).max();
        assert_eq!(longest, Some(LONGEST));
        // the first fields come first, so that articles are what is left away
        assert!(words.iter().any(|(field, _)| *field == SearchField::Zip));
    }

    #[test]
    fn what_is_missing_has_no_words() {
        let mut order = testing::order();
        order.customer = Default::default();
        order.ship_to = Default::default();
        order.payment = None;
        order.lines[0].sku = " - ".to_owned();
        order.lines[0].description = None;
        order.lines.truncate(1);
        assert_eq!(
            words_of(&order, &[]),
            [(SearchField::Sku, "-".to_owned())],
            "an article number is kept as it is"
        );
        for phone in ["", "911", "x1234", "tel"] {
            assert_eq!(last_four(phone), None, "{phone}");
        }
        for field in SearchField::ALL {
            assert_eq!(SearchField::parse(field.as_str()), Some(field));
        }
        assert_eq!(SearchField::parse("none"), None);
    }
}
