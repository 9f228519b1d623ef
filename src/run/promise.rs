//! The stage that asks UPS when goods arrive, after the purchase orders are on their way, and writes
//! the customer's first mail where it waited for the answer.

use super::notices::NoticeTold;
use crate::app::App;
use crate::carriers::ups_api::UpsFault;
use crate::carriers::ups_api::batch::{self, Budget};
use crate::carriers::ups_api::transit::{self, Question};
use crate::domain::lifecycle::OrderState;
use crate::ledger::failures::Failures;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::promises::{CarrierWay, PromiseRow};
use crate::ledger::{Ledger, LedgerError, Tx};
use crate::notices::NoticeKind;
use crate::shipping::apply::days;
use crate::shipping::promise::Journey;
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};

/// Promises that are settled at once.
const BATCH: usize = 200;

/// What the stage did.
#[derive(Debug, Default)]
pub struct SettledPromises {
    /// Mails that were put into the outbox.
    pub mails: usize,
    /// Exceptions that were opened.
    pub opened: usize,
    /// What a person must mend, in a sentence.
    pub failure: Option<String>,
}

/// What UPS said about ways, or why it did not.
type Answers = HashMap<CarrierWay, Result<NaiveDate, String>>;

/// One promise that is still open, with what is asked about it.
struct OpenPromise {
    row: PromiseRow,
    journey: Journey,
    question: Question,
}

/// Settles every promise that waits for UPS: by its answer, else by the table. What one run cannot
/// ask within the budget is estimated, and not asked again.
pub fn settle(
    ledger: &mut Ledger,
    site: &App,
    budget: &mut Budget,
) -> anyhow::Result<SettledPromises> {
    let mut done = SettledPromises::default();
    let mut trouble: Option<UpsFault> = None;
    let mut failures = Failures::of("promises");
    // a promise that failed waits on: it is passed over, and tried again in the next run
    let mut passed = 0;
    loop {
        let (seen, open) = waiting(&ledger.read(), site, passed, &mut failures)?;
        if seen == 0 {
            break;
        }
        let mut answers = remembered(&ledger.read(), &open)?;
        let fresh = ask(
            site,
            budget,
            &open,
            &answers,
            &mut trouble,
            ledger.is_rehearsal(),
        );
        let keep: Vec<CarrierWay> = fresh.keys().cloned().collect();
        answers.extend(fresh);
        let now = site.clock.now();
        ledger.write(now, |tx| {
            for way in &keep {
                if let Some(Ok(day)) = answers.get(way) {
                    tx.put_transit(way, *day)?;
                }
            }
            let part = write(tx, site, &open, &answers, &mut failures)?;
            done.mails += part.mails;
            done.opened += part.opened;
            passed += seen - part.promises;
            Ok::<_, LedgerError>(())
        })?;
    }
    if failures.is_due(&ledger.read())? {
        done.opened += ledger.write(site.clock.now(), |tx| failures.settle(tx))?;
    }
    match trouble {
        Some(fault @ UpsFault::Credentials(_)) => {
            done.failure = Some(format!(
                "promise: {fault}: mend client_id and client_secret in [promise]; dates are estimates until then"
            ));
        }
        Some(fault) => tracing::warn!("promise: {fault}; dates are estimates for now"),
        None => {}
    }
    Ok(done)
}

/// How many promises wait, and of them those that can be asked about.
fn waiting(
    tx: &Tx,
    site: &App,
    passed: usize,
    failures: &mut Failures,
) -> Result<(usize, Vec<OpenPromise>), LedgerError> {
    const WHAT: &str =
        "find out when the customer has the goods of the purchase order with the ledger's number";
    let sound = tx.promises_to_ask(passed, BATCH)?;
    let seen = sound.rows.len() + sound.bad.len();
    let mut open = Vec::new();
    for row in failures.rows("po", WHAT, sound)? {
        let item = (format!("po:{}", row.po_id), format!("{WHAT} {}", row.po_id));
        let asked = about(tx, site, row);
        open.extend(failures.keep(&item.0, &item.1, asked)?);
    }
    Ok((seen, open))
}

fn about(tx: &Tx, site: &App, row: PromiseRow) -> Result<OpenPromise, LedgerError> {
    let (po, order) = (tx.po(row.po_id)?, tx.order(row.order_id)?.order);
    let vendor = tx.vendor(&po.vendor_id)?.ok_or_else(|| {
        LedgerError::NotFound(format!("vendor {} of {} is gone", po.vendor_id, po.number))
    })?;
    let ship_by = row.promise.ship_by;
    let settings = &site.config.promise.settings;
    let zone = site.config.site.timezone;
    let planned = Journey::new(&vendor, &order, po.created.time(), zone, settings);
    let journey = match planned.ship_by == ship_by {
        true => planned,
        false => Journey::leaving(&vendor, &order, ship_by, settings),
    };
    let question = Question {
        origin: vendor.address,
        destination: order.ship_to,
        service: journey.service,
        ship_day: journey.leaves(),
    };
    Ok(OpenPromise {
        row,
        journey,
        question,
    })
}

/// What UPS said before.
fn remembered(tx: &Tx, open: &[OpenPromise]) -> Result<Answers, LedgerError> {
    let mut known = Answers::new();
    for way in open.iter().filter_map(|one| one.journey.way.as_ref()) {
        if let Some(day) = tx.transit(way)? {
            known.insert(way.clone(), Ok(day));
        }
    }
    Ok(known)
}

fn ask(
    site: &App,
    budget: &mut Budget,
    open: &[OpenPromise],
    known: &Answers,
    trouble: &mut Option<UpsFault>,
    rehearsal: bool,
) -> Answers {
    let Some(ups) = site.ups().filter(|_| !rehearsal && trouble.is_none()) else {
        return Answers::new();
    };
    if budget.is_spent() {
        *trouble = Some(UpsFault::Late);
        return Answers::new();
    }
    let mut ways: Vec<CarrierWay> = Vec::new();
    let mut questions = Vec::new();
    for one in open {
        if let Some(way) = &one.journey.way
            && !known.contains_key(way)
            && !ways.contains(way)
        {
            ways.push(way.clone());
            questions.push(one.question.clone());
        }
    }
    if ways.is_empty() {
        return Answers::new();
    }
    let asked = batch::ask(&ups, site.clock.now(), budget, questions, transit::ask);
    *trouble = asked.trouble;
    let said = asked.answers.into_iter();
    ways.into_iter()
        .zip(said)
        .filter_map(|(way, said)| Some((way, said?.map_err(|fault| fault.to_string()))))
        .collect()
}

/// What came of one batch.
#[derive(Default)]
struct PromiseBatch {
    promises: usize,
    mails: usize,
    opened: usize,
}

/// Writes promises and mails, those of an order together or not at all.
fn write(
    tx: &Tx,
    site: &App,
    open: &[OpenPromise],
    answers: &Answers,
    failures: &mut Failures,
) -> Result<PromiseBatch, LedgerError> {
    let mut part = PromiseBatch::default();
    let mut orders: BTreeMap<i64, Vec<&OpenPromise>> = BTreeMap::new();
    for one in open {
        orders.entry(one.row.order_id).or_default().push(one);
    }
    for (id, of_one) in orders {
        let item = format!("order:{id}");
        let what = format!(
            "promise the customer of the order with the ledger's number {id} when the goods arrive"
        );
        let write = || of_order(tx, site, id, &of_one, answers);
        if let Some(told) = failures.apart(tx, (&item, &what), write)? {
            part.promises += of_one.len();
            part.mails += usize::from(told.put);
            part.opened += told.opened;
        }
    }
    Ok(part)
}

fn of_order(
    tx: &Tx,
    site: &App,
    id: i64,
    open: &[&OpenPromise],
    answers: &Answers,
) -> Result<NoticeTold, LedgerError> {
    let settings = &site.config.promise.settings;
    for one in open {
        let answer = one.journey.way.as_ref().and_then(|way| answers.get(way));
        let promise = match answer {
            Some(Ok(day)) => one.journey.by_ups(*day, tx.now()),
            Some(Err(why)) => one.journey.by_table(settings, Some(tx.now()), why),
            None => {
                let why = "UPS was not asked, or did not answer in time";
                one.journey.by_table(settings, Some(tx.now()), why)
            }
        };
        tx.put_promise(one.row.po_id, &promise)?;
        let po = tx.po(one.row.po_id)?;
        days::recount(tx, &po, &tx.line_states(po.id)?)?;
    }
    let row = tx.order(id)?;
    let promises = tx.promises_of_order(id)?;
    // a batch may end between two purchase orders of one order
    if promises.values().any(|row| row.promise.asked.is_none()) {
        return Ok(NoticeTold::default());
    }
    // an order to which a purchase order was added later: its customer is told of other dates
    let deliveries = tx.deliveries_of_order(id)?;
    let placed = |delivery: &DeliveryRow| delivery.kind == NoticeKind::Placed.delivery();
    if row.state == OrderState::Cancelled || deliveries.iter().any(placed) {
        return Ok(NoticeTold::default());
    }
    super::notices::tell(tx, site, row, NoticeKind::Placed)
}
