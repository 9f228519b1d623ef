//! What memos say of a bill that is to be paid as it stands: a closed list of phrases, each of which means the
//! same beside any other of them. Marks in angles are the bill's own: its purchase orders `<po>`, itself
//! `<inv>`, the vendor's own order `<so>`, an article `<sku>`, a parcel `<trk>`, days `<day>`, `<left>` and `<due>`,
//! amounts `<amt>`; `<code>` is any other number.

use super::tokens::BillWord;
use regex::Regex;
use std::sync::LazyLock;

macro_rules! phrases {
    ($name:ident, $($part:expr),+ $(,)?) => {
        static $name: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(concat!("^(?:", $($part, "|",)+ "<never>) ")).ok());
    };
}

phrases!(
    PHRASES,
    // its numbers
    r"(?:(?:for|re|ref|reference|regarding|per|against|your|our|customer|cust|web|online|shop|store|retailer|the|on|of|drop|ship|dropship) )*(?:(?:po|pos|purchase order|purchase orders|order|orders|web order|customer po) )+(?:(?:no|nr|num|number|numbers|nos|id|ref) )*<po>(?: (?:, |and |plus )?<po>)*",
    r"(?:(?:for|re|ref|reference|per|your|on|of|job) )*<po>",
    r"(?:(?:vendor|our|supplier|acct|account) )*(?:(?:invoice|inv|bill|doc|document) )+(?:(?:no|nr|num|number|id) )*<inv>",
    r"<inv>",
    r"(?:(?:our|vendor|your) )*(?:(?:so|sales order|order|ref|reference|confirmation) )*(?:(?:no|nr|num|number|id) )*<so>",
    r"(?:our |vendor |supplier )?(?:so|sales order|sls ord|vendor order|factory order|pick ticket|packing slip|packing list|delivery note|our (?:order|ref|reference|job))(?: (?:no|nr|num|number|id))* (?:<code>|\d{3,12})",
    // its days, before what kind of bill it is: "invoice date"
    r"(?:ship|shipping|shipment|delivery|invoice|inv|bill|order|po)(?: date| dated| day)(?: (?:on|of))? (?:<left>|<day>)",
    // what kind of bill
    r"(?:(?:vendor|supplier|purchase|sales|your|our) )?(?:invoice|inv|bill)(?: (?:for|of|on|re|against))?",
    r"(?:web|online|internet|customer|dropship|drop ship|direct ship|retail)(?: (?:order|orders|sale|sales|shipment|shipments))+",
    r"(?:drop ship|drop shipped|drop shipment|dropship|dropshipped|dropshipment|direct ship|direct shipment)(?: (?:order|orders|sale|sales|program|item|items|goods|merchandise))?",
    r"(?:merchandise|goods|inventory|product|products|item|items|purchase|purchases|order|orders|cost of goods sold|cogs|cost of goods|merchandise for resale|inventory purchase|lines?)",
    // how it went
    r"(?:(?:order|goods|items?|all) )?shipped(?: (?:complete|completely|in full))?(?: (?:on|dated))?(?: (?:<left>|<day>))?(?: (?:via|by|with|per))?",
    r"(?:dated|of|on) (?:<day>|<left>)",
    r"(?:<left>|<day>)",
    r"(?:(?:via|by|ship via|carrier) )?(?:ups|fedex|fed ex|usps|dhl|ontrac|lasership|us mail|u s mail)(?: (?:ground|home delivery|express|priority|priority mail|first class|next day air|2 day|2nd day air|overnight|surepost|smartpost|standard|freight))*",
    r"(?:ship via|ground|via ground)",
    r"(?:(?:tracking|trk|track|waybill|awb|pro)(?: (?:no|nr|num|number|id))* )?<trk>(?: (?:, |and )?<trk>)*",
    // how it is paid
    r"(?:(?:payment )?terms )?net \d{1,3}(?: days?)?(?: (?:from|of) (?:invoice|inv|bill)(?: date)?)?",
    r"(?:(?:payment )?terms )?n \d{1,3}",
    r"(?:(?:payment )?terms )?\d{1,2}(?: %)? \d{1,2}(?: ,)? (?:net|n) \d{1,3}(?: days?)?",
    r"(?:(?:payment )?terms )?\d{1,3} days?(?: net)?",
    r"(?:(?:payment )?terms )?(?:payable |payment )?(?:is )?due (?:on|upon|at) receipt",
    r"(?:payment |payable )?due(?: date| by| on| before)* <due>",
    r"(?:invoice |inv |grand )?(?:total|amount|amt|subtotal)(?: (?:due|of|is))* <amt>(?: usd)?",
    r"(?:at|each)? ?<amt>(?: (?:each|ea|per|usd))*",
    r"(?:prepaid freight|freight (?:prepaid|ppd|included)(?: (?:, )?(?:and )?add(?:ed)?)?|(?:incl|including|includes) freight)",
    // courtesy
    r"(?:many |kind )?(?:thank you|thanks|thx|thank u)(?: (?:very|so) much)?(?: again)?(?: (?:and )?(?:for|from) (?:your|the|this)(?: (?:order|orders|business|purchase|purchases|support|trust|continued|prompt))+)?",
    r"(?:we|and) (?:truly |really )?(?:appreciate|value) (?:your|the) (?:business|order|orders)",
    r"please (?:pay (?:from|by) this invoice|(?:reference|include|quote|note) (?:the )?(?:invoice|inv|bill)(?: number| no)? (?:on|with) (?:your )?(?:check|payment|remittance))",
    r"no returns?(?: (?:after|accepted after) \d{1,3} days)?",
    // words between them
    r"(?:for|re|regarding|of|on|the|this|your|our|from|with|by|and|to|att|attn|via|per|as|in)",
);
/// What stands before the name of whoever it is for.
static WHOM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?:(?:(?:drop )?(?:ship|ships|shipped|shipping|shipment|deliver|delivered|delivery|sold|sent|bill|billed|invoiced) to|to|for|attn|attention|(?:your |the |end )?(?:customer|cust|client)|consignee|recipient|name|c o|mr|mrs|ms|dr) )+",
    )
    .ok()
});

/// Words as the lists read them.
fn rendered(words: &[BillWord]) -> String {
    let mut text = String::new();
    for word in words.iter().take(40) {
        text.push_str(&word.is);
        text.push(' ');
    }
    text
}

fn taken(list: &LazyLock<Option<Regex>>, words: &[BillWord]) -> usize {
    let text = rendered(words);
    let found = list.as_ref().and_then(|list| list.find(&text));
    found.map_or(0, |found| found.as_str().split_whitespace().count())
}

/// How many words at the beginning are a phrase of the list; 0 for none.
pub(super) fn phrase(words: &[BillWord]) -> usize {
    taken(&PHRASES, words)
}

/// How many words at the beginning introduce whom the goods or the bill are for, and how many these are with the
/// name, by the words that such names may have; no name, no words.
pub(super) fn whom(words: &[BillWord], is_name: &dyn Fn(&BillWord) -> bool) -> (usize, usize) {
    let intro = taken(&WHOM, words);
    let mut at = intro;
    while words.get(at).is_some_and(is_name) {
        at += 1;
    }
    let named = words.get(intro..at).unwrap_or_default();
    let telling = named.iter().any(|word| word.is.chars().count() > 2);
    if telling { (intro, at) } else { (0, 0) }
}

/// Days of payment in words such as "net 30".
pub(super) fn net(words: &[BillWord]) -> Option<&str> {
    let at = words
        .iter()
        .position(|word| matches!(word.is.as_str(), "net" | "n"))?;
    let days = words.get(at + 1)?;
    days.is
        .bytes()
        .all(|b| b.is_ascii_digit())
        .then_some(days.is.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_compile() {
        assert!(PHRASES.is_some() && WHOM.is_some());
    }
}
