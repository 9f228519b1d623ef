//! Who sent a parcel and who took it, as its carrier writes: the purchase order's vendor, and the recipient
//! or a person at the recipient's. A company, a shop, a carrier and a neighbour are none of these, and what
//! cannot be told is for a person.

use super::RowSubject;
use super::own::{NOBODY, Own, tokens};
use super::parties::known;
use crate::domain::places;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};

/// Given names that are frequent in the US (Social Security Administration, names of the last hundred
/// years): a signer with one of them is a person.
const GIVEN: &str = " aaron adam alan albert alex alexander alexis alice amanda amber amy andrea andrew angela \
ann anna anne anthony arthur ashley barbara benjamin betty beverly bill billy bob bobby bradley brandon brenda \
brian brittany bruce bryan carl carol carolyn catherine charles cheryl chris christian christina christine \
christopher cindy cynthia daniel danielle david deborah debra dennis diana diane donald donna dorothy douglas \
dylan edward elizabeth emily emma eric ethan eugene evelyn frances frank gabriel gary george gerald gloria \
gregory hannah harold heather helen henry isabella jack jacob jacqueline james jane janet janice jason jean \
jeff jeffrey jennifer jeremy jerry jesse jessica jim joan joe joel john johnny jonathan jordan jose joseph \
joshua joyce juan judith judy julia julie justin karen katherine kathleen kathryn keith kelly kenneth kevin \
kim kimberly kyle larry laura lauren lawrence linda lisa lori louis madison margaret maria marie marilyn mark \
martha mary matthew megan melissa michael michelle mike nancy natalie nathan nicholas nicole noah olivia \
pamela patricia patrick paul peter philip rachel ralph randy raymond rebecca richard robert roger ronald roy \
russell ruth ryan samantha samuel sandra sara sarah scott sean sharon shirley sophia stephanie stephen steve \
steven susan teresa terry theresa thomas tim timothy tom tony tyler victoria vincent virginia walter wayne \
william zachary ";

/// Last names that are frequent in the US (Census 2010), without those that shops are called by.
const LAST: &str = " smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez \
gonzalez wilson anderson thomas jackson perez thompson harris sanchez clark ramirez lewis robinson allen scott \
torres nguyen flores adams nelson rivera campbell mitchell roberts gomez phillips evans diaz cruz edwards \
collins reyes stewart morris morales murphy rogers gutierrez ortiz morgan peterson bailey howard ramos watson \
chavez bennett mendoza ruiz hughes alvarez castillo sanders patel myers ross foster jimenez ";

/// Words of companies, places, carriers, neighbours and returns: no person's name has them.
const NO_PERSON: &str = " access agency agent and apartment associates at authorized auto bakery bank bar barn \
beauty booth bros brothers building business by cafe care carrier center centre church city clinic club co \
college collection company corp counter courier cvs deli department depot dept desk dhl direct distribution \
door driver drug drugs enterprises express facility farm farms fedex floor foods for freight furniture garden \
gas general goods grocery group hall hardware health home hotel house housewares hub inc industries inn \
insurance international jewelers kiosk lab laundry library llc lobby local locker logistics ltd mail mall \
market mart medical motel motors near neighbor neighbors neighbour neighbours next no not office on opposite \
other outlet paint parts pharmacy pickup pizza place plaza point post postal postmaster product products \
receiving recipient refused restaurant retail return returned returns room route salon school sender service \
services shipper shipping shop shoppe signature solutions son sons spa sport sports station storage store \
stores street studio supplies supply systems tavern the to tools trading trust university unknown upstairs ups \
usa usps vendor wal walgreens walmart warehouse wholesale with wrong ";

fn listed(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|one| one == word)
}

/// Whether it has the form in which carriers write who signed: "J.DOE".
fn is_signature(cell: &str) -> bool {
    let Some((initial, last)) = cell.trim().split_once('.') else {
        return false;
    };
    let letters = |text: &str| text.chars().all(|c| c.is_ascii_uppercase());
    letters(initial)
        && initial.len() == 1
        && last.len() > 1
        && letters(last)
        && !listed(NO_PERSON, &last.to_lowercase())
}

/// Whether who took a parcel is its recipient, by name, last name or initials, or can be told for a person.
pub(super) fn is_receiver(own: &Own, po: &PoRow, cell: &str) -> bool {
    if is_signature(cell) {
        return true;
    }
    let said = tokens(cell);
    let mut names = own.label.iter().take(2).enumerate();
    let digits = |line: &str| line.bytes().any(|b| b.is_ascii_digit());
    let of_name = |(at, line): (usize, &String)| match at == 0 || !digits(line) {
        true => tokens(line),
        false => Vec::new(),
    };
    let name: Vec<String> = names.by_ref().flat_map(of_name).collect();
    let first = own
        .label
        .first()
        .map(|line| tokens(line))
        .unwrap_or_default();
    let initial = |word: &String| first.iter().any(|own| own.starts_with(word.as_str()));
    let is_own = |word: &String| {
        let whole = name.contains(word) && !NOBODY.contains(&word.as_str());
        whole || word.chars().count() == 1 && initial(word)
    };
    if said.is_empty() {
        return false;
    }
    // "JS", "JSMITH"
    let initials: String = first
        .iter()
        .filter_map(|word| word.chars().next())
        .collect();
    let short = match first.as_slice() {
        [given, .., last] => format!("{}{last}", &given.chars().take(1).collect::<String>()),
        _ => String::new(),
    };
    let one = said.concat();
    if said.iter().all(is_own) || one.len() > 1 && (one == initials || one == short) {
        return true;
    }
    let vendor = tokens(&po.vendor_name);
    let no_person = |word: &String| {
        listed(NO_PERSON, word) || vendor.contains(word) || !word.chars().all(char::is_alphabetic)
    };
    if said.len() > 3 || said.iter().any(no_person) || digits(cell) {
        return false;
    }
    // "MARY ALDER" at Alder's, "MARY POTTS", and "M JONES"
    let last = said.last();
    let own = name.last().is_some_and(|name| last == Some(name));
    let frequent = last.is_some_and(|word| listed(LAST, word));
    own || frequent || said.len() > 1 && listed(GIVEN, &said[0])
}

/// Why a sender is not the vendor: another name, or a place in another state.
pub(super) fn sender(tx: &Tx, about: &RowSubject, cell: &str) -> Result<Option<String>> {
    let said = tokens(cell);
    let telling = said.iter().find(|word| {
        let name = word.chars().all(char::is_alphabetic) && word.chars().count() > 2;
        name && !NOBODY.contains(&word.as_str())
    });
    let known = known(tx, about)?;
    let is_vendors = |word: &String| known.iter().any(|one| one == word);
    if telling.is_none_or(is_vendors) && !said.is_empty() || is_place_of_vendor(tx, about, cell)? {
        return Ok(None);
    }
    Ok(Some(format!("and this is {}'s", about.po.vendor_name)))
}

/// Whether a text is a place alone, and the vendor's: its city where that is on file, and its state.
fn is_place_of_vendor(tx: &Tx, about: &RowSubject, cell: &str) -> Result<bool> {
    let text = cell.trim().trim_end_matches(", US").trim_end_matches(" US");
    let zip = |c: char| c.is_ascii_digit() || matches!(c, '-' | ' ');
    let Some((city, state)) = text.trim_end_matches(zip).rsplit_once(',') else {
        return Ok(false);
    };
    let (Some(state), Some(vendor)) = (places::state(state), tx.vendor(&about.po.vendor_id)?)
    else {
        return Ok(false);
    };
    let address = &vendor.address;
    let prefix = address
        .zip
        .trim()
        .get(..3)
        .and_then(|first| first.parse().ok());
    let within = |(low, high): &(u16, u16)| prefix.is_some_and(|at| (*low..=*high).contains(&at));
    let same = match places::state(&address.state) {
        Some(own) => own.code == state.code,
        None => state.prefixes.iter().any(within),
    };
    let city = tokens(city);
    let own = tokens(&address.city);
    Ok(same && !city.is_empty() && city.len() < 4 && (own.is_empty() || own == city))
}
