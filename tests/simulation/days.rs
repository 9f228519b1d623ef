//! The scheduler: what happens on a day, in an order and with faults that the seed gives.

use super::chance::Chance;
use super::checks::{self, Memory};
use super::disk::{End, Fault, Plan};
use super::outside::Mood;
use super::people::{self, Typed};
use super::senders::Asked;
use super::world::{Came, World, acted};
use chrono::TimeDelta;
use openssl::sha::Sha256;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What came of a visitor's act, if the run let them in.
type Answer = Arc<Mutex<Option<Came>>>;

/// A world and its scheduler.
pub struct Life {
    pub world: World,
    pub memory: Memory,
    pub orders: Vec<Value>,
    pub mails: Vec<(&'static str, Vec<u8>)>,
    pub asked: Vec<Asked>,
    /// Mails that customers may answer.
    pub letters: Vec<Asked>,
    /// How much of what was taken vendors have looked at.
    pub seen: usize,
    pub serial: u64,
    /// The order that a mail brings, by the mail's digest.
    pub numbers: BTreeMap<[u8; 32], String>,
}

impl Life {
    pub fn new(seed: u64) -> Life {
        Life {
            world: World::new(seed),
            memory: Memory::default(),
            orders: Vec::new(),
            mails: Vec::new(),
            asked: Vec::new(),
            letters: Vec::new(),
            seen: 0,
            serial: 0,
            numbers: BTreeMap::new(),
        }
    }

    /// All days, and then the quiet ones on which everything comes to its end; the trace's digest.
    pub fn live(&mut self, days: u64) -> [u8; 32] {
        for _ in 0..days {
            self.day();
            checks::proof(&self.world);
        }
        let sound = match self.dice().one_in(3) {
            true => self.lie(),
            false => {
                self.converge();
                true
            }
        };
        let mut trace = std::mem::replace(&mut self.world.trace, Sha256::new());
        if sound {
            checks::trail(&self.world, &mut trace);
        }
        trace.finish()
    }

    pub fn dice(&mut self) -> &mut Chance {
        &mut self.world.chance
    }

    fn day(&mut self) {
        let end = self.world.now + TimeDelta::days(1);
        self.moods();
        let mut orders = self.dice().below(7);
        while self.world.now < end {
            let touched = match self.dice().below(12) {
                0..3 if orders > 0 => {
                    orders -= 1;
                    self.order();
                    false
                }
                0..6 => {
                    self.run();
                    true
                }
                6..8 => {
                    self.person();
                    true
                }
                8..10 => {
                    match self.dice().below(8) {
                        0 => self.bounce(),
                        1 => self.bill(),
                        _ => self.vendor(),
                    }
                    false
                }
                10 => {
                    self.replay();
                    false
                }
                _ => {
                    self.interlude();
                    true
                }
            };
            if touched {
                checks::each(&self.world, &mut self.memory);
            }
            let minutes = 30 + self.dice().below(300);
            self.world.pass(minutes as i64);
        }
    }

    fn moods(&mut self) {
        let mood = match self.dice().below(6) {
            0 => Mood::Down,
            1 | 2 => Mood::Moody,
            _ => Mood::Usual,
        };
        let flaky = self.dice().one_in(4);
        self.world.note(format!(
            "the mail server is {mood:?}, mailboxes are flaky: {flaky}"
        ));
        let mut outside = self.world.door.outside();
        (outside.mood, outside.flaky) = (mood, flaky);
    }

    /// A fault or the machine's end at some step of what comes next, now and then.
    fn plan(&mut self) {
        let dice = self.dice();
        let within = [12, 40, 150, 400][dice.below(4) as usize];
        let step = 1 + dice.below(within);
        let mut plan = Plan::default();
        match dice.below(12) {
            0..2 => plan.end_at = Some(step),
            2 => plan.fault = Some((step, 1 + dice.below(40), Fault::Full)),
            3 => plan.fault = Some((step, 1, Fault::Write)),
            4 => plan.fault = Some((step, 1 + dice.below(2), Fault::Sync)),
            _ => {}
        }
        let mut disk = self.world.disk();
        disk.steps = 0;
        disk.plan = plan;
    }

    /// Ends what was planned: a machine that died starts again, and sometimes one that met a fault.
    fn settle(&mut self, calm: bool, came: &Came) {
        let (dead, met) = {
            let mut disk = self.world.disk();
            disk.plan = Plan::default();
            (disk.dead, std::mem::take(&mut disk.met) > 0)
        };
        let end = match self.dice().one_in(2) {
            true => End::Killed,
            false => End::PowerCut,
        };
        if dead || (met && self.dice().one_in(3)) {
            self.world.restart(end);
            checks::proof(&self.world);
        }
        if calm && let Came::Failed(why) = came {
            panic!("without a fault: {why}");
        }
    }

    fn run(&mut self) {
        let mut back = TimeDelta::zero();
        if self.dice().one_in(12) {
            back = TimeDelta::minutes(1 + self.dice().below(20) as i64);
            self.world.now -= back;
        }
        self.world.set_clock();
        let visit = self.visitor();
        self.plan();
        let calm = checks::calm(&self.world.disk());
        let came = self.world.run();
        self.world.now += back;
        if let Some((name, typed, came)) = visit {
            let came = came.lock().expect("an answer").take();
            self.world.note(format!("meanwhile {typed:?}: {came:?}"));
            if let Some(came) = came {
                self.count(name, &typed, &came);
            }
        }
        let steps = self.world.disk().steps;
        self.world.note(format!("run, {steps} steps: {came:?}"));
        let trouble = {
            let outside = self.world.door.outside();
            outside.flaky || outside.mood != Mood::Usual
        };
        self.settle(calm, &came);
        if calm && !trouble {
            checks::settled(&self.world);
        }
        self.look_at_what_left();
    }

    /// A person who types something while the run reads its mailboxes.
    fn visitor(&mut self) -> Option<(Option<String>, Typed, Answer)> {
        if !self.dice().one_in(4) {
            return None;
        }
        let typed = self.chosen()?;
        let name = self.name_of(&typed);
        let came = Arc::new(Mutex::new(None));
        let (site, now) = (Arc::downgrade(&self.world.site), self.world.now);
        let (what, answer) = (typed.clone(), Arc::clone(&came));
        self.world.door.outside().visitor = Some(Box::new(move || {
            let Some(site) = site.upgrade() else { return };
            let came = acted(&site, now, |tx, site| people::types(tx, site, &what));
            *answer.lock().expect("room") = Some(came);
        }));
        Some((name, typed, came))
    }

    fn chosen(&mut self) -> Option<Typed> {
        let mut dice = Chance::new(self.dice().next());
        self.world.look(|ledger| people::choose(ledger, &mut dice))
    }

    fn person(&mut self) {
        let Some(typed) = self.chosen() else {
            return;
        };
        let name = self.name_of(&typed);
        self.plan();
        let calm = checks::calm(&self.world.disk());
        let came = self.types(name, &typed);
        self.settle(calm, &came);
    }

    pub fn types(&mut self, name: Option<String>, typed: &Typed) -> Came {
        let came = self.world.act(&format!("{typed:?}"), |tx, site| {
            people::types(tx, site, typed)
        });
        self.count(name, typed, &came);
        came
    }

    fn count(&mut self, name: Option<String>, typed: &Typed, came: &Came) {
        if people::sends_again(typed, came)
            && let Some(name) = name
        {
            *self.memory.again.entry(name).or_default() += 1;
        }
    }

    /// The purchase order, or the reference of another document, that an act may send again.
    pub fn name_of(&self, typed: &Typed) -> Option<String> {
        if !people::may_send_again(typed) {
            return None;
        }
        let conn = checks::connection(&self.world);
        let of = |sql: &str, id: &i64| {
            conn.query_row(sql, [id], |row| row.get::<_, String>(0))
                .ok()
        };
        let name = "coalesce((SELECT number FROM purchase_order WHERE id = d.po_id AND d.kind = 'purchase_order'), d.reference)";
        match typed {
            Typed::Resend(po) => Some(po.clone()),
            Typed::Retry(id) => of(&format!("SELECT {name} FROM delivery d WHERE id = ?1"), id),
            Typed::Resolve(id, _) => of(
                &format!(
                    "SELECT {name} FROM exception e JOIN delivery d ON d.id = e.delivery_id WHERE e.id = ?1"
                ),
                id,
            ),
            _ => None,
        }
    }

    /// The machine starts again in peace; or its clock is hours behind, and nothing may happen.
    fn interlude(&mut self) {
        if self.dice().one_in(2) {
            let end = [End::Killed, End::PowerCut][self.dice().below(2) as usize];
            self.world.restart(end);
            return checks::proof(&self.world);
        }
        let before = self.world.door.outside().taken.len();
        let now = self.world.now;
        let last =
            checks::connection(&self.world).query_row("SELECT max(at) FROM audit", [], |row| {
                row.get::<_, String>(0)
            });
        let last: chrono::DateTime<chrono::Utc> = last.expect("a time").parse().expect("a time");
        self.world.now = last - TimeDelta::minutes(61 + self.dice().below(300) as i64);
        self.world.set_clock();
        let came = self.world.run();
        self.world.now = now;
        assert!(
            matches!(came, Came::Failed(_)),
            "a clock that is behind: {came:?}"
        );
        assert_eq!(self.world.door.outside().taken.len(), before);
    }
}
