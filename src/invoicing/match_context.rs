//! The facts of the ledger as the match wants them, and a match's finding as the ledger wants it.

use super::consolidated::InvoicePart;
use super::dated;
use super::duplicates::{KnownInvoice, SeenInvoices};
use super::examine::{self, Facts, Finding, unknown_key};
use super::formats::DateOrder;
use super::matching::{PoIndex, PoRule};
use super::vendors::{VendorBook, VendorName};
use crate::domain::codes::Severity;
use crate::domain::invoice::{Invoice, InvoiceKind, PoRefFrom};
use crate::domain::lifecycle::InvoiceState;
use crate::domain::money::Money;
use crate::domain::rule_settings::RuleSettings;
use crate::domain::terms;
use crate::domain::variance::{Matched, PoFacts, PoLine, Terms, Variance};
use crate::ledger::invoices::{FiledInvoice, Placement, PoBilling};
use crate::ledger::{LedgerError, Tx};
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde_json::json;
use std::collections::HashMap;

/// How bills are matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BookSettings {
    /// Days after the purchase order within which a bill that names none is looked for by amount.
    pub window_days: i64,
    /// What vendors may charge who have no agreement of their own.
    pub terms: Terms,
    /// Day and month of files that do not prove their order themselves.
    pub dates: Option<DateOrder>,
}

impl Default for BookSettings {
    fn default() -> Self {
        BookSettings {
            window_days: examine::WINDOW_DAYS,
            terms: Terms::default(),
            dates: None,
        }
    }
}

/// How this site keeps its books.
#[derive(Clone, Copy)]
pub struct MatchContext<'a> {
    /// How bills are matched.
    pub config: &'a BookSettings,
    /// How much each code weighs.
    pub rules: &'a RuleSettings,
    /// In which the shop's days begin and end.
    pub zone: Tz,
}

/// What the ledger knows, read once for many invoices of one transaction.
pub struct KnownBilling {
    /// Vendors by name.
    pub book: VendorBook,
    /// Agreements by vendor.
    pub terms: HashMap<String, Terms>,
    /// Purchase orders by number.
    pub pos: HashMap<String, PoBilling>,
    /// The shop's day.
    pub today: NaiveDate,
}

impl KnownBilling {
    /// Reads vendors, aliases, agreements and purchase orders.
    pub fn load(tx: &Tx, context: &MatchContext) -> Result<KnownBilling, LedgerError> {
        let (book, terms) = vendors(tx, context)?;
        let pos = tx.all_billing()?;
        Ok(KnownBilling {
            book,
            terms,
            pos: pos.into_iter().map(|po| (po.number.clone(), po)).collect(),
            today: tx.now().with_timezone(&context.zone).date_naive(),
        })
    }

    /// What an examination needs; the invoices `except` count as not on file. They are looked at once
    /// more: what was found to be billed before them is no evidence that they were, or each would
    /// become the duplicate of its duplicate.
    pub fn facts(
        &self,
        tx: &Tx,
        context: &MatchContext,
        except: &[i64],
    ) -> Result<Facts<'_>, LedgerError> {
        let filed = tx.filed_invoices()?.into_iter();
        let filed: Vec<_> = filed
            .filter(|invoice| !except.contains(&invoice.id))
            .collect();
        let pos = self.index(tx, context, &filed)?;
        let counts = |invoice: &FiledInvoice| except.is_empty() || !invoice.duplicate;
        let filed = filed.into_iter().filter(counts);
        let known = filed.map(|invoice| KnownInvoice {
            id: format!("invoice {}", invoice.id),
            vendor: invoice.vendor_key,
            kind: invoice.kind,
            number: invoice.number,
            date: invoice.date,
            total: invoice.total,
            po: invoice.po,
            open_balance: invoice.open_balance,
            named: invoice.named,
        });
        Ok(Facts {
            vendors: &self.book,
            pos,
            seen: SeenInvoices::new(known.collect()),
            window_days: context.config.window_days,
        })
    }

    /// All purchase orders, and what credits may call them.
    fn index(
        &self,
        tx: &Tx,
        context: &MatchContext,
        filed: &[FiledInvoice],
    ) -> Result<PoIndex, LedgerError> {
        let mut pos: Vec<&PoBilling> = self.pos.values().collect();
        pos.sort_by_key(|po| po.id);
        let facts = pos
            .into_iter()
            .map(|po| self.po_facts(po, context))
            .collect();
        let mut index = PoIndex::new(facts);
        for bill in filed.iter().filter(|one| one.kind == InvoiceKind::Bill) {
            if let Some(po) = &bill.po {
                index.claim(&bill.vendor_key, &bill.number, po, None);
            }
        }
        for owed in tx.open_credits(None)? {
            index.claim(
                &owed.vendor_id,
                &owed.reference,
                &owed.po,
                Some(owed.owed()),
            );
        }
        Ok(index)
    }

    fn po_facts(&self, po: &PoBilling, context: &MatchContext) -> PoFacts {
        let terms = self.terms.get(&po.vendor_id);
        po_facts(po, *terms.unwrap_or(&context.config.terms), context.zone)
    }
}

/// Vendors by name, and their agreements.
fn vendors(
    tx: &Tx,
    context: &MatchContext,
) -> Result<(VendorBook, HashMap<String, Terms>), LedgerError> {
    let mut aliases: HashMap<String, Vec<String>> = HashMap::new();
    for (vendor, alias) in tx.vendor_aliases()? {
        aliases.entry(vendor).or_default().push(alias);
    }
    let mut names = Vec::new();
    let mut agreements = HashMap::new();
    for (vendor, extra) in tx.vendors()? {
        let terms = terms::of_columns(&extra, &context.config.terms);
        // columns that a file brought before poms knew them may say anything
        agreements.insert(vendor.id.clone(), terms.unwrap_or(context.config.terms));
        names.push(VendorName {
            aliases: aliases.remove(&vendor.id).unwrap_or_default(),
            id: vendor.id,
            name: vendor.name,
        });
    }
    Ok((VendorBook::new(names), agreements))
}

/// The facts of one purchase order, under an agreement.
pub fn po_facts(po: &PoBilling, terms: Terms, zone: Tz) -> PoFacts {
    let placed = po.placed.time();
    let line = |line: &crate::ledger::invoices::LineBilling| PoLine {
        sku: line.sku.clone(),
        vendor_sku: line.vendor_sku.clone(),
        ordered: line.ordered,
        unit_cost: line.unit_cost,
        shipped: line.shipped,
        billed: line.billed,
        returned: line.returned,
        credited: line.credited,
    };
    PoFacts {
        po: po.number.clone(),
        order: po.order.clone(),
        vendor: po.vendor_id.clone(),
        vendor_orders: po.vendor_order.iter().cloned().collect(),
        placed: placed.with_timezone(&zone).date_naive(),
        lines: po.lines.iter().map(line).collect(),
        billed: po.billed,
        credited: po.credited,
        freight_billed: po.freight_billed,
        fees_billed: po.fees_billed,
        terms,
    }
}

/// What becomes of an invoice.
pub struct MatchOutcome {
    /// Where it belongs.
    pub at: Placement,
    /// The state that follows if everything found holds.
    pub state: InvoiceState,
    /// What is wrong.
    pub variances: Vec<Variance>,
    /// Vendors or purchase orders that it may be for.
    pub candidates: Vec<String>,
    /// Its parts, when it is over several purchase orders.
    pub parts: Vec<(Invoice, MatchOutcome)>,
}

/// Examines an invoice; `Err` with its name when it is on file already. `told` are the amounts that a
/// person said are for which purchase order, and what the invoice says that contradicts its own.
pub fn decide(
    invoice: &Invoice,
    id: &str,
    known: &KnownBilling,
    facts: &mut Facts,
    context: &MatchContext,
    told: (&[(String, Money)], Option<&str>),
) -> Result<MatchOutcome, String> {
    let finding = examine::examine_as(invoice, id, facts, told);
    let of = |vendor: &str, po: Option<&str>| place(known, vendor, po);
    Ok(match finding {
        Finding::Again { id, .. } => return Err(id),
        Finding::UnknownVendor { nearest, variance } => {
            let at = Placement {
                vendor_key: unknown_key(&invoice.vendor_name),
                ..Placement::default()
            };
            let candidates = nearest.into_iter().map(|(id, _)| id).collect();
            waiting(at, InvoiceState::Unmatched, variance, candidates)
        }
        Finding::Unmatched {
            vendor,
            candidates,
            variance,
        } => waiting(
            of(&vendor, None),
            InvoiceState::Unmatched,
            variance,
            candidates,
        ),
        Finding::Duplicate {
            vendor,
            po,
            variance,
        } => waiting(
            of(&vendor, po.as_deref()),
            InvoiceState::Duplicate,
            variance,
            Vec::new(),
        ),
        Finding::Matched {
            vendor,
            by,
            matched,
        } => counted(invoice, (&vendor, by), matched, known, context),
        Finding::Split { vendor, parts } => in_parts(&vendor, parts, known, context),
    })
}

/// An invoice over several purchase orders: each part counts on its own.
fn in_parts(
    vendor: &str,
    parts: Vec<(InvoicePart, Matched)>,
    known: &KnownBilling,
    context: &MatchContext,
) -> MatchOutcome {
    let counted_part = |(part, matched): (InvoicePart, Matched)| {
        let outcome = counted(&part.invoice, (vendor, part.by), matched, known, context);
        (part.invoice, outcome)
    };
    MatchOutcome {
        at: place(known, vendor, None),
        state: InvoiceState::Split,
        variances: Vec::new(),
        candidates: Vec::new(),
        parts: parts.into_iter().map(counted_part).collect(),
    }
}

/// An invoice that counts nowhere, and waits for a person.
fn waiting(
    at: Placement,
    state: InvoiceState,
    variance: Variance,
    candidates: Vec<String>,
) -> MatchOutcome {
    MatchOutcome {
        at,
        state,
        variances: vec![variance],
        candidates,
        parts: Vec::new(),
    }
}

/// Where an invoice of a known vendor belongs.
fn place(known: &KnownBilling, vendor: &str, po: Option<&str>) -> Placement {
    let po = po.and_then(|number| known.pos.get(number));
    Placement {
        vendor_key: vendor.to_owned(),
        vendor_id: Some(vendor.to_owned()),
        po_id: po.map(|po| po.id),
        ..Placement::default()
    }
}

/// An invoice that counts on its purchase order, with the vendor and how it was found.
fn counted(
    invoice: &Invoice,
    (vendor, by): (&str, PoRule),
    mut matched: Matched,
    known: &KnownBilling,
    context: &MatchContext,
) -> MatchOutcome {
    if let Some(po) = known.pos.get(&matched.po) {
        let placed = po.placed.time();
        let placed = placed.with_timezone(&context.zone).date_naive();
        let limits = dated::limits(context.rules);
        let found = dated::look(invoice, &po.number, (placed, known.today), limits);
        matched.variances.extend(found);
    }
    let terms = known.terms.get(vendor).unwrap_or(&context.config.terms);
    let mut at = place(known, vendor, Some(&matched.po));
    at.matched_by = Some(rule(by).to_owned());
    at.terms = Some(json!(terms));
    if let Some(po) = known.pos.get(&matched.po) {
        let pieces = matched.pieces.iter();
        at.lines = pieces
            .filter_map(|p| Some((p.line, po.lines.get(p.po_line)?.id, p.qty)))
            .collect();
    }
    MatchOutcome {
        at,
        state: state(&matched.variances, context),
        variances: matched.variances,
        candidates: Vec::new(),
        parts: Vec::new(),
    }
}

/// The state of an invoice that counts on its purchase order.
pub fn state(variances: &[Variance], context: &MatchContext) -> InvoiceState {
    let holds = |variance: &Variance| context.rules.severity(variance.code) == Severity::Hold;
    match variances.iter().any(holds) {
        true => InvoiceState::Variance,
        false => InvoiceState::Matched,
    }
}

/// How a purchase order was found, for people.
fn rule(by: PoRule) -> &'static str {
    match by {
        PoRule::Reference(PoRefFrom::Column) => "the number in its purchase order column",
        PoRule::Reference(PoRefFrom::Number) => "its invoice number",
        PoRule::Reference(PoRefFrom::Memo) => "the number in its memo",
        PoRule::VendorOrder => "the vendor's order number",
        PoRule::Claim => "the return or the bill that it names",
        PoRule::Goods => "its articles, pieces and prices",
        PoRule::AmountAndDate => "amount and date",
    }
}

/// Bills before credits of a day, days in their order: as a context would take them.
pub fn order_of_taking(invoice: &Invoice) -> (chrono::NaiveDate, InvoiceKind) {
    (invoice.date, invoice.kind)
}
