//! `poms order route`: who can get the goods of an order, and why whom.

use crate::app::orders::route_settings;
use crate::cli::args::OrderRoute;
use crate::cli::output::Usage;
use crate::cli::{Context, exit};
use crate::config::Config;
use crate::domain::choose::purchasable;
use crate::domain::lifecycle::OrderState;
use crate::domain::spelling::nearest;
use crate::ledger::Tx;
use crate::ledger::orders::OrderRow;
use crate::purchasing::routing::{self, Forced, RouteFigures, RouteLine, Routing};
use crate::reports::layout::{TextSheet, View, count};
use crate::rules::review::Catalogue;
use serde_json::{Value, json};
use std::collections::HashSet;

/// Runs the command.
pub fn route(context: &Context, args: &OrderRoute) -> anyhow::Result<u8> {
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let shown = ledger.snapshot_at(view.now, |tx| Ok(gather(tx, &config, args, &view)))??;
    context.out.answer(|| shown.json(), || shown.text(&view));
    Ok(exit::DONE)
}

/// An order with where its goods would go now.
struct ShownRoute {
    row: OrderRow,
    now: Routing,
    /// What a person tries.
    tried: Option<Routing>,
    /// Articles that nobody can be asked for.
    nobody: Vec<String>,
    /// Offers that cannot be bought, and why: article, vendor, reason.
    closed: Vec<(String, String, &'static str)>,
    /// Whether the site has strategies.
    by_strategy: bool,
}

fn gather(tx: &Tx, config: &Config, args: &OrderRoute, view: &View) -> anyhow::Result<ShownRoute> {
    let row = tx.find_order(&args.order)?;
    // as a run would look at it now
    let mut catalogue = Catalogue::of(&config.rules);
    catalogue.look_up(tx, &row)?;
    let settings = route_settings(config);
    let now = routing::route(tx, &row, &settings, &mut catalogue, &Forced::new())?;
    let tried = match args.with.is_empty() {
        true => None,
        false => {
            let forced = forced(&args.with, &row, &catalogue, view)?;
            Some(routing::route(
                tx,
                &row,
                &settings,
                &mut catalogue,
                &forced,
            )?)
        }
    };
    let (mut nobody, mut closed, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    for line in &row.order.lines {
        let sku = line.sku.trim();
        if !seen.insert(sku) {
            continue;
        }
        if now.of_sku(sku).is_empty() {
            nobody.push(sku.to_owned());
        }
        let offers = catalogue.offers().get(sku).into_iter().flatten();
        for offer in offers.filter(|offer| !purchasable(offer, catalogue.vendors())) {
            let why = match (
                offer.discontinued,
                catalogue.vendors().get(&offer.vendor_id),
            ) {
                (true, _) => "discontinued",
                (_, Some(_)) => "inactive",
                _ => "not on file",
            };
            closed.push((sku.to_owned(), offer.vendor_id.clone(), why));
        }
    }
    Ok(ShownRoute {
        by_strategy: !config.strategies.is_empty(),
        row,
        now,
        tried,
        nobody,
        closed,
    })
}

/// What a person tries: a vendor for all that it offers, or for one article.
fn forced(
    with: &[String],
    row: &OrderRow,
    catalogue: &Catalogue,
    view: &View,
) -> anyhow::Result<Forced> {
    let mut forced = Forced::new();
    let mut skus: Vec<&str> = row.order.lines.iter().map(|line| line.sku.trim()).collect();
    skus.dedup();
    for word in with {
        let (only, vendor) = match word.rsplit_once('=') {
            Some((sku, vendor)) if !sku.trim().eq_ignore_ascii_case("vendor") => {
                (Some(sku.trim()), vendor.trim())
            }
            Some((_, vendor)) => (None, vendor.trim()),
            None => (None, word.trim()),
        };
        let meant: Vec<&str> = match only {
            Some(only) => match skus.iter().find(|sku| sku.eq_ignore_ascii_case(only)) {
                Some(sku) => vec![sku],
                None => return Err(no_such("article of the order", only, &skus)),
            },
            None => skus.clone(),
        };
        let offers = meant
            .iter()
            .flat_map(|sku| catalogue.offers().get(*sku).into_iter().flatten());
        let all: Vec<_> = offers
            .filter(|offer| purchasable(offer, catalogue.vendors()))
            .collect();
        let theirs: Vec<_> = all
            .iter()
            .filter(|offer| offer.vendor_id.eq_ignore_ascii_case(vendor))
            .collect();
        if theirs.is_empty() {
            let mut ids: Vec<&str> = all.iter().map(|offer| offer.vendor_id.as_str()).collect();
            ids.sort_unstable();
            ids.dedup();
            if ids.is_empty() {
                let text = format!(
                    "nobody can be asked for {}: {} order route {} without --with says why",
                    meant.join(", "),
                    view.poms,
                    row.reference()
                );
                return Err(Usage(text).into());
            }
            return Err(no_such("vendor of it that can be asked", vendor, &ids));
        }
        for offer in theirs {
            forced.insert(offer.sku.clone(), offer.vendor_id.clone());
        }
    }
    Ok(forced)
}

fn no_such(what: &str, word: &str, known: &[&str]) -> anyhow::Error {
    let near = nearest(word, known.iter().copied());
    let near = near.map_or_else(|| ".".to_owned(), |near| format!(": did you mean {near}?"));
    Usage(format!(
        "'{word}' is no {what}{near} There are {}",
        known.join(", ")
    ))
    .into()
}

impl ShownRoute {
    fn json(&self) -> Value {
        let lines = |routing: &Routing| {
            let lines = routing.lines();
            json!(lines.iter().map(RouteLine::json).collect::<Vec<_>>())
        };
        let closed = self
            .closed
            .iter()
            .map(|(sku, vendor, why)| json!({"sku": sku, "vendor_id": vendor, "why": why}));
        json!({
            "order": self.row.order.order_number, "reference": self.row.reference(), "state": self.row.state,
            "lines": lines(&self.now), "with": self.tried.as_ref().map(lines), "nobody": self.nobody,
            "closed": closed.collect::<Vec<_>>(), "comparison": self.compared().map(|(words, _)| words),
        })
    }

    /// What decides between the choice and what is tried, and whether it is the same.
    fn compared(&self) -> Option<(Vec<String>, bool)> {
        let tried = self.tried.as_ref()?;
        let words = tried.against(&self.now);
        let same = words.is_empty();
        Some((words, same))
    }

    fn text(&self, view: &View) -> String {
        let mut sheet = TextSheet::new(view.width);
        let state = self.row.state;
        sheet.line(&format!("Order {} is {state}", self.row.reference()));
        let gone = !matches!(
            state,
            OrderState::Received | OrderState::Held | OrderState::Ready
        );
        if gone {
            sheet.line("Its purchase orders stay as they are: so its goods would go if they were ordered now.");
        }
        if !self.by_strategy {
            sheet
                .line("The site has no [[strategy]]: who has the goods, then the lowest priority.");
        }
        each(&mut sheet, &self.now);
        for sku in &self.nobody {
            sheet.heading(&format!("{sku}: nobody can be asked for it"));
        }
        for (sku, vendor, why) in &self.closed {
            sheet.item(&format!("{sku} from {vendor}: {why}"));
        }
        if let (Some(tried), Some((words, same))) = (&self.tried, self.compared()) {
            sheet.heading("As you try it");
            each(&mut sheet, tried);
            sheet.gap();
            match same {
                true => sheet.line("That weighs the same as the choice."),
                false => words.iter().for_each(|words| sheet.line(words)),
            }
        }
        sheet.finish()
    }
}

/// Columns that are there only where their key is weighed.
const WEIGHED: [(&str, &str); 3] = [
    ("Landed", "landed_cost"),
    ("There on", "promised_day"),
    ("Asked", "performance"),
];

fn each(sheet: &mut TextSheet, routing: &Routing) {
    for line in routing.lines() {
        let missing = match line.missing {
            true => ", and nobody has it",
            false => "",
        };
        let keys = line.keys();
        sheet.heading(&format!(
            "{}: {}, strategy '{}' ({}){missing}",
            line.sku,
            count(usize::try_from(line.qty).unwrap_or_default(), "piece"),
            line.strategy,
            keys.join(", ")
        ));
        let mut heads = vec!["", "Vendor", "Cost", "Priority", "Has"];
        let more = WEIGHED.iter().filter(|(_, key)| keys.contains(key));
        heads.extend(more.map(|(head, _)| *head));
        let candidates = line.candidates();
        let rows: Vec<Vec<String>> = candidates
            .iter()
            .map(|one| cells(&line, one, &keys))
            .collect();
        sheet.columns(&heads, &rows);
        sheet.item(&line.why());
    }
}

fn cells(line: &RouteLine, one: &RouteFigures, keys: &[&str]) -> Vec<String> {
    let mut from = line.from.iter();
    let gets = from.find(|(vendor, _, _)| *vendor == one.vendor);
    let unknown = || "?".to_owned();
    let has = one.available.map_or_else(unknown, |has| has.to_string());
    let mut cells = vec![
        gets.map_or_else(String::new, |(_, qty, _)| format!("{qty} from")),
        one.vendor.to_owned(),
        one.cost.to_string(),
        one.priority.to_string(),
        if one.short {
            format!("{has}: short")
        } else {
            has
        },
    ];
    let asked = one.asked.map(|asked| format!("{asked} %"));
    let weighed = [&one.landed, &one.day, &asked];
    for ((_, key), cell) in WEIGHED.iter().zip(weighed) {
        if keys.contains(key) {
            cells.push(cell.clone().unwrap_or_else(unknown));
        }
    }
    cells
}
