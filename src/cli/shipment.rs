//! `poms shipment`: parcels, and what a person says of them.

use super::args::{ShipmentAdd, ShipmentCommand, ShipmentList};
use super::order::no_such_state;
use super::output::Usage;
use super::{Context, exit};
use crate::carriers::names::carrier_by_name;
use crate::desk::shipments::{self, Added, number};
use crate::domain::lifecycle::ShipmentState;
use crate::ledger::shipments::ParcelFilter;
use crate::reports::layout::quoted;
use crate::reports::parcels;
use anyhow::bail;
use chrono::TimeDelta;

/// Runs the command.
pub fn run(context: &Context, command: &ShipmentCommand) -> anyhow::Result<u8> {
    match command {
        ShipmentCommand::List(args) => list(context, args),
        ShipmentCommand::Retrack {
            id,
            tracking,
            carrier,
            parcel,
            as_typed,
            note,
        } => context.act(|tx, site| {
            let command = format!(
                "poms shipment retrack {id} --tracking {} --note \"WHY\"",
                quoted(tracking)
            );
            let number = number(tracking, carrier.as_deref())?.sure(*as_typed, &command)?;
            shipments::retrack(tx, site, (*id, parcel.as_deref()), &number, note)
        }),
        ShipmentCommand::Undo { id, ships, note } => {
            context.act(|tx, site| shipments::undo(tx, site, (*id, *ships), note))
        }
        ShipmentCommand::Add(args) => add(context, args),
    }
}

fn add(context: &Context, args: &ShipmentAdd) -> anyhow::Result<u8> {
    context.act(|tx, site| {
        let tracking = args.tracking.as_deref();
        let command = format!(
            "poms shipment add {} {} --tracking {} --note \"WHY\"",
            quoted(&args.po),
            args.goods.join(" "),
            quoted(tracking.unwrap_or_default())
        );
        let sure = |number: shipments::Number| number.sure(args.as_typed, &command);
        let number = tracking.map(|text| number(text, args.carrier.as_deref()).and_then(sure));
        let number = number.transpose()?;
        let added = Added {
            goods: &args.goods,
            shipment: args.shipment,
            number: number.as_ref(),
            date: args.date,
        };
        shipments::add(tx, site, &args.po, &added, &args.note)
    })
}

fn list(context: &Context, args: &ShipmentList) -> anyhow::Result<u8> {
    let state = args.state.as_deref().map(state).transpose()?;
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let carrier = match &args.carrier {
        None => None,
        Some(words) => match carrier_by_name(words) {
            Some(carrier) => Some(carrier.code.to_owned()),
            None => bail!("poms knows no carrier '{words}'"),
        },
    };
    let tx = ledger.read();
    let today = view.now.with_timezone(&view.zone).date_naive();
    let left_by = args.older.map(|days| {
        today
            .checked_sub_signed(TimeDelta::days(i64::from(days)))
            .unwrap_or_default()
    });
    let filter = ParcelFilter {
        state,
        po: (args.po.as_deref().map(|po| tx.find_po(po)).transpose()?).map(|po| po.id),
        order: (args
            .order
            .as_deref()
            .map(|name| tx.find_order(name))
            .transpose()?)
        .map(|row| row.id),
        vendor: args.vendor.clone(),
        carrier,
        left_by,
        at_most: args.limit.saturating_add(1),
    };
    let rows = tx.listed_parcels(&filter)?;
    let narrowed = ParcelFilter {
        at_most: 0,
        ..filter
    };
    let filtered = narrowed != ParcelFilter::default();
    context.out.answer(
        || parcels::json(&rows, args.limit, today),
        || match (rows.is_empty(), filtered) {
            (true, true) => format!("No parcel fits. Every one: {} shipment list\n", view.poms),
            (true, false) => "Nothing has left yet.\n".to_owned(),
            _ => parcels::text(&rows, args.limit, today, &view),
        },
    );
    Ok(exit::DONE)
}

fn state(word: &str) -> Result<ShipmentState, Usage> {
    let known = ShipmentState::ALL.iter().map(|state| state.as_str());
    ShipmentState::parse(&word.to_lowercase()).ok_or_else(|| no_such_state(word, known))
}
