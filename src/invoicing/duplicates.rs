//! Was it billed before? By the vendor's number; and, when it was given another number, by purchase
//! order, amount and date.

use super::consolidated::joined;
use super::matching::normalise_reference;
use crate::domain::codes::Code;
use crate::domain::invoice::{Invoice, InvoiceKind, PoRef, PoRefFrom};
use crate::domain::money::Money;
use crate::domain::variance::{PoFacts, Tolerance, Variance};
use chrono::NaiveDate;
use std::collections::HashMap;

/// Days within which a bill of the same vendor, purchase order and amount is the same bill under
/// another number.
pub const RENUMBERED_DAYS: i64 = 60;

/// An invoice that is on file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownInvoice {
    /// What to call it to people: the ledger's key, or file and line.
    pub id: String,
    /// The vendor's key.
    pub vendor: String,
    /// Bill or credit.
    pub kind: InvoiceKind,
    /// The vendor's number.
    pub number: String,
    /// Its date.
    pub date: NaiveDate,
    /// Its total.
    pub total: Money,
    /// The purchase order that it was tied to; of several their numbers as
    /// [`super::consolidated::joined`] writes them.
    pub po: Option<String>,
    /// Whether `total` is only what was open of it.
    pub open_balance: bool,
    /// The purchase orders that its papers name.
    pub named: Vec<PoRef>,
}

impl KnownInvoice {
    /// Whether the paper names a purchase order and this one another: one of the two has the wrong
    /// number, of the bill or of the purchase order. `pos` are those that the paper is tied to, `others`
    /// those of bills like it that are for other ones.
    fn names_others(&self, invoice: &Invoice, pos: &[&PoFacts], others: &[String]) -> bool {
        let columns = |refs: &[PoRef]| -> Vec<String> {
            let own = refs.iter().filter(|one| one.from == PoRefFrom::Column);
            own.map(|one| normalise_reference(&one.text)).collect()
        };
        let (before, now) = (columns(&self.named), columns(&invoice.po_refs));
        let shared = now.iter().any(|one| before.contains(one));
        if !before.is_empty() && !now.is_empty() {
            return !shared;
        }
        // what a memo names is a purchase order's number where the ledger has one of it
        let all = |refs: &[PoRef]| -> Vec<String> {
            let texts = refs.iter().map(|one| normalise_reference(&one.text));
            texts.collect()
        };
        let (before, now) = (all(&self.named), all(&invoice.po_refs));
        let proved = pos.iter().map(|po| normalise_reference(&po.po));
        let proved: Vec<String> = proved.filter(|po| now.contains(po)).collect();
        let held = match &self.po {
            Some(po) => numbers(po),
            None => others
                .iter()
                .filter(|po| before.contains(po))
                .cloned()
                .collect(),
        };
        let same = |po: &String| held.contains(po) || before.contains(po);
        let named_too = held.iter().any(|po| now.contains(po));
        !proved.is_empty() && !held.is_empty() && !named_too && !proved.iter().any(same)
    }
}

/// The purchase orders of a bill as [`super::consolidated::joined`] writes them.
fn numbers(joined: &str) -> Vec<String> {
    let all = joined.split('+').map(normalise_reference);
    all.filter(|one| !one.is_empty()).collect()
}

/// Whether an invoice is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvoiceStanding {
    /// Not on file.
    New,
    /// The same invoice is on file from an earlier import: nothing to do.
    Again {
        /// Which.
        id: String,
    },
    /// Billed before: do not pay.
    Duplicate(Variance),
}

/// All invoices on file, and which of them the import at hand has met already.
///
/// An invoice that is in every respect one on file is the same, once for each on file: the second
/// row of one file that says the same is a bill entered twice, and a duplicate.
#[derive(Clone, Debug, Default)]
pub struct SeenInvoices {
    all: Vec<(KnownInvoice, bool)>,
    by_number: HashMap<(String, InvoiceKind, String), Vec<usize>>,
    by_po: HashMap<(String, String, Money), Vec<usize>>,
    /// By what is left of the number without separators and leading zeros, and the total.
    by_digits: HashMap<(String, InvoiceKind, String, Money), Vec<usize>>,
}

impl SeenInvoices {
    /// From the invoices on file before this import.
    pub fn new(known: Vec<KnownInvoice>) -> SeenInvoices {
        let mut seen = SeenInvoices::default();
        for invoice in known {
            seen.put(invoice, false);
        }
        seen
    }

    /// Adds an invoice that this import took.
    pub fn add(&mut self, invoice: KnownInvoice) {
        self.put(invoice, true);
    }

    fn put(&mut self, invoice: KnownInvoice, met: bool) {
        let place = self.all.len();
        let number = normalise_reference(&invoice.number);
        let key = (invoice.vendor.clone(), invoice.kind, number);
        self.by_number.entry(key).or_default().push(place);
        let bare = without_zeros(&invoice.number);
        if !bare.is_empty() {
            let key = (invoice.vendor.clone(), invoice.kind, bare, invoice.total);
            self.by_digits.entry(key).or_default().push(place);
        }
        if let (Some(po), InvoiceKind::Bill) = (&invoice.po, invoice.kind) {
            let key = (invoice.vendor.clone(), po.clone(), invoice.total);
            self.by_po.entry(key).or_default().push(place);
        }
        self.all.push((invoice, met));
    }

    /// Whether an invoice of a vendor is on file; to be asked once for each invoice of an import,
    /// with the purchase orders that it was tied to, if it was.
    pub fn standing(
        &mut self,
        vendor: &str,
        invoice: &Invoice,
        pos: &[&PoFacts],
    ) -> InvoiceStanding {
        let number = normalise_reference(&invoice.number);
        let key = (vendor.to_owned(), invoice.kind, number.clone());
        let same_number = self.by_number.get(&key).map_or(&[][..], Vec::as_slice);
        let mut others: Vec<String> = Vec::new();
        for &place in same_number {
            let Some((known, met)) = self.all.get_mut(place) else {
                continue;
            };
            let same = known.date == invoice.date && known.total == invoice.total;
            let other = known.names_others(invoice, pos, &others);
            if same && other {
                others.extend(known.po.iter().flat_map(|po| numbers(po)));
            }
            if !*met && same && !other {
                *met = true;
                return InvoiceStanding::Again {
                    id: known.id.clone(),
                };
            }
        }
        let part_paid = part_paid(&self.all, same_number, invoice);
        if let (Some(place), false) = (part_paid, number.is_empty())
            && let Some((known, met)) = self.all.get_mut(place)
        {
            *met = true;
            return InvoiceStanding::Again {
                id: known.id.clone(),
            };
        }
        // without a number it may be the rest of that bill, or another
        let same = match number.is_empty() {
            true => part_paid,
            false => same_number.first().copied(),
        };
        if let Some((known, _)) = same.and_then(|place| self.all.get(place)) {
            return InvoiceStanding::Duplicate(duplicate(invoice, before(invoice, known, pos)));
        }
        if let Some(known) = self.rewritten(vendor, invoice, pos) {
            return InvoiceStanding::Duplicate(duplicate(invoice, before(invoice, known, pos)));
        }
        self.renumbered(vendor, invoice, pos)
    }

    /// The same number but for separators and leading zeros, the same total, and no other purchase
    /// order.
    fn rewritten(
        &self,
        vendor: &str,
        invoice: &Invoice,
        pos: &[&PoFacts],
    ) -> Option<&KnownInvoice> {
        let bare = without_zeros(&invoice.number);
        let key = (vendor.to_owned(), invoice.kind, bare, invoice.total);
        let number = joined(pos.iter().map(|po| po.po.as_str()));
        let mut all = self.by_digits.get(&key)?.iter();
        all.find_map(|place| {
            let (known, _) = self.all.get(*place)?;
            let other = known
                .po
                .as_ref()
                .is_some_and(|po| !pos.is_empty() && *po != number);
            (!other).then_some(known)
        })
    }

    /// The same vendor, purchase order and amount within [`RENUMBERED_DAYS`], unless goods that were
    /// shipped and not yet billed account for it: then it is a second part of the order.
    fn renumbered(&self, vendor: &str, invoice: &Invoice, pos: &[&PoFacts]) -> InvoiceStanding {
        if pos.is_empty() || invoice.kind != InvoiceKind::Bill {
            return InvoiceStanding::New;
        }
        let number = joined(pos.iter().map(|po| po.po.as_str()));
        let sum = |pieces: fn(&PoFacts) -> i64| pos.iter().map(|po| pieces(po)).sum::<i64>();
        let before = Money::sum(pos.iter().filter_map(|po| po.billed_net())).unwrap_or_default();
        let key = (vendor.to_owned(), number.clone(), invoice.total);
        let places = self.by_po.get(&key).map_or(&[][..], Vec::as_slice);
        let near = |known: &&KnownInvoice| {
            let days = invoice.date.signed_duration_since(known.date).num_days();
            days.abs() <= RENUMBERED_DAYS
        };
        let mut candidates = places.iter().filter_map(|place| self.all.get(*place));
        match candidates.find(|(known, _)| near(&known)) {
            Some((known, _)) if !covered(invoice, pos) => {
                let evidence = format!(
                    "{} of {} over {} for {} is {} of {} under another number: the same vendor, \
                     purchase order and amount within {RENUMBERED_DAYS} days; ordered {} pieces, \
                     shipped {}, billed before {}; at stake {}",
                    shown(&invoice.number),
                    invoice.date,
                    invoice.total,
                    number,
                    shown(&known.number),
                    known.date,
                    sum(PoFacts::pieces_ordered),
                    sum(PoFacts::pieces_shipped),
                    before,
                    invoice.total
                );
                InvoiceStanding::Duplicate(duplicate(invoice, evidence))
            }
            _ => InvoiceStanding::New,
        }
    }
}

/// `INV-0042`, `inv 42` and `INV/00042` are `INV42`.
fn without_zeros(number: &str) -> String {
    let mut bare = String::with_capacity(number.len());
    let mut leads = true;
    for c in number.chars().filter(|c| c.is_alphanumeric()) {
        if c == '0' && leads {
            continue;
        }
        leads = !c.is_ascii_digit();
        bare.extend(c.to_uppercase());
    }
    bare
}

/// The invoice on file of which a report of open balances shows what is left: the same number and
/// date, and not less than that.
fn part_paid(
    all: &[(KnownInvoice, bool)],
    same_number: &[usize],
    invoice: &Invoice,
) -> Option<usize> {
    let fits = |place: &&usize| {
        all.get(**place).is_some_and(|(known, met)| {
            !met && known.date == invoice.date && known.total > invoice.total
        })
    };
    let whole = same_number.iter().filter(fits);
    whole
        .filter(|_| invoice.open_balance)
        .min_by_key(|place| all.get(**place).map(|(known, _)| known.total))
        .copied()
}

/// Why an invoice was billed before, for people.
fn before(invoice: &Invoice, known: &KnownInvoice, pos: &[&PoFacts]) -> String {
    let (kind, number) = (invoice.kind.as_str(), invoice.number.as_str());
    let number = if number.is_empty() {
        "without number"
    } else {
        number
    };
    let (date, total) = (invoice.date, invoice.total);
    let on_file = format!("{} of {} over {}", known.id, known.date, known.total);
    let is_whole = known.open_balance
        && !invoice.open_balance
        && known.date == invoice.date
        && known.total < invoice.total;
    if is_whole {
        return format!(
            "{kind} {number} of {date} over {total} is the whole of {on_file}, which was taken from a report of open balances: \
             release it to count the whole in its place; at stake {total}"
        );
    }
    let open = if invoice.open_balance { " open" } else { "" };
    if known.names_others(invoice, pos, &[]) {
        let names = |refs: &[PoRef], tied: String| {
            let own = refs.iter().filter(|one| one.from == PoRefFrom::Column);
            let own: Vec<&str> = own.map(|one| one.text.as_str()).collect();
            match own.is_empty() {
                true => tied,
                false => own.join(", "),
            }
        };
        let now = joined(pos.iter().map(|po| po.po.as_str())).replace('+', ", ");
        let then = known.po.as_deref().unwrap_or("another");
        let then = then.replace('+', ", ");
        return format!(
            "{kind} {number} of {date} over {total} for {} was billed before for {}: {on_file}: one of the two has the wrong \
             number, of the bill or of the purchase order; at stake {total}",
            names(&invoice.po_refs, now),
            names(&known.named, then)
        );
    }
    format!(
        "{kind} {number} of {date} over {total}{open} was billed before: {on_file}; at stake {total}"
    )
}

fn shown(number: &str) -> &str {
    if number.is_empty() {
        "a bill without number"
    } else {
        number
    }
}

/// Whether goods shipped and not yet billed come to the bill.
fn covered(invoice: &Invoice, pos: &[&PoFacts]) -> bool {
    let of_one = |po: &&PoFacts| {
        let goods = po.shipped_value()?;
        let all = goods.plus(po.terms.charges(po).unwrap_or_default())?;
        all.minus(po.billed_net()?)
    };
    let open = || Money::sum(pos.iter().map(of_one).collect::<Option<Vec<_>>>()?);
    let tolerance = pos.first().map(|po| po.terms.goods).unwrap_or_default();
    open().is_some_and(|open| {
        let over = invoice.total.minus(open).unwrap_or(Money(i64::MAX));
        open > Money::ZERO && tolerance.allows(over.max(Money::ZERO), Tolerance::magnitude(open))
    })
}

fn duplicate(invoice: &Invoice, evidence: String) -> Variance {
    Variance {
        code: Code::InvoiceDuplicate,
        at_stake: match invoice.kind {
            InvoiceKind::Bill => invoice.total,
            InvoiceKind::Credit => Money::ZERO,
        },
        evidence,
        line: invoice.source_line,
    }
}
