//! Sending: the outbox, channel by channel. Of many orders the first leave by e-mail while the mail behind
//! them is decided on.

use super::{Run, ending};
use crate::app::App;
use crate::delivery::engine::{Dispatch, LookAhead};
use crate::delivery::journal::SendingJournal;
use crate::delivery::outbox::{Outbox, OutboxState};
use crate::domain::delivery::DeliveryChannel;
use crate::ledger::Ledger;
use std::sync::Arc;

/// Commits of sending behind each portion of mail that is decided on.
const COMMITS: usize = 4;

/// E-mail that leaves while mail is decided on.
#[derive(Default)]
pub(super) enum Underway {
    /// Nothing of which more is behind was decided on yet.
    #[default]
    NotBegun,
    /// Connections at work, and how far they are.
    Sending(Box<(Dispatch, OutboxState)>),
    /// Not in this run: the stage that sends does it, and says what is in the way.
    Over,
}

impl Run<'_> {
    /// Whether documents leave between portions of mail that is decided on.
    pub(super) fn is_underway(&self) -> bool {
        matches!(self.underway, Underway::Sending(..))
    }

    /// A few commits of sending between two portions of mail.
    pub(super) fn send_meanwhile(&mut self) -> anyhow::Result<()> {
        if self.ledger.is_rehearsal() || self.stopping() {
            return Ok(());
        }
        let (dispatch, state) = match std::mem::replace(&mut self.underway, Underway::Over) {
            Underway::Over => return Ok(()),
            Underway::Sending(both) => *both,
            Underway::NotBegun => match self.begin_sending()? {
                Some(begun) => begun,
                None => return Ok(()),
            },
        };
        self.act(dispatch, state, |dispatch, outbox| {
            dispatch.step(outbox, COMMITS)
        })
    }

    /// Before a mailbox is asked for more, which may take long: what was sent is recorded.
    pub(super) fn rest_from_sending(&mut self) -> anyhow::Result<()> {
        match std::mem::replace(&mut self.underway, Underway::Over) {
            Underway::Sending(both) => {
                let (dispatch, state) = *both;
                self.act(dispatch, state, |dispatch, outbox| dispatch.rest(outbox))
            }
            other => {
                self.underway = other;
                Ok(())
            }
        }
    }

    fn act(
        &mut self,
        dispatch: Dispatch,
        mut state: OutboxState,
        act: impl FnOnce(Dispatch, &mut Outbox) -> anyhow::Result<Dispatch>,
    ) -> anyhow::Result<()> {
        let mut outbox = outbox(self.site, &mut self.ledger, &mut state);
        let stepped = self.watches.send.time(|| act(dispatch, &mut outbox));
        ending::sending(stepped.as_ref().is_ok_and(Dispatch::is_sending));
        match stepped {
            Ok(dispatch) => {
                self.underway = Underway::Sending(Box::new((dispatch, state)));
                Ok(())
            }
            Err(fault) => {
                self.count(&state);
                Err(fault)
            }
        }
    }

    /// Connections for e-mail, where any is due and the server can be reached: for what this run made alone.
    /// What waited before it leaves when all mail is read, as a shop may have changed or cancelled it since.
    fn begin_sending(&mut self) -> anyhow::Result<Option<(Dispatch, OutboxState)>> {
        let (site, channel) = (self.site, DeliveryChannel::Email);
        let mut state = OutboxState::behind(channel.clone(), self.left_before);
        if outbox(site, &mut self.ledger, &mut state).is_empty()? {
            self.underway = Underway::NotBegun;
            return Ok(None);
        }
        let connections = (site.ways.channel)(&channel, &site.config, site.clock.now());
        let Ok(connections) = connections else {
            return Ok(None);
        };
        let (ahead, journal) = self.look_ahead(&channel)?;
        let dispatch = Dispatch::start(connections, site.ways.share, ahead)?;
        Ok(Some((dispatch, state.with_journal(journal))))
    }

    /// How many documents may be marked before it is their turn, and where each step of theirs is noted: of
    /// mails only, as a fax service takes its time.
    fn look_ahead(
        &mut self,
        channel: &DeliveryChannel,
    ) -> anyhow::Result<(LookAhead, Option<Arc<SendingJournal>>)> {
        let most = self.site.ways.ahead;
        if most == 0 || *channel != DeliveryChannel::Email {
            return Ok((LookAhead::default(), None));
        }
        if self.journal.is_none() {
            let path = self.ledger.path();
            let head = self.ledger.read().audit_head()?;
            // without it mail leaves all the same, each mark in its turn
            let Ok(begun) = SendingJournal::begin(path, &head) else {
                return Ok((LookAhead::default(), None));
            };
            self.journal = Some(Arc::new(begun));
        }
        let journal = self.journal.clone();
        let ahead = LookAhead {
            most,
            journal: journal.clone(),
        };
        Ok((ahead, journal))
    }

    /// Empties the outbox as far as the other side lets it.
    pub(super) fn send(&mut self) -> anyhow::Result<()> {
        if self.ledger.is_rehearsal() {
            return Ok(());
        }
        let gave_up = match std::mem::replace(&mut self.underway, Underway::Over) {
            Underway::Sending(both) => self.end(both.0, both.1)?,
            Underway::NotBegun | Underway::Over => false,
        };
        for channel in DeliveryChannel::ALL {
            // a server that was left alone is asked again by the next run
            if self.stopping() || gave_up && channel == DeliveryChannel::Email {
                continue;
            }
            let last = self.ledger.read().last_delivery()?;
            self.empty(OutboxState::new(channel.clone()))?;
            // what followed from that: orders of which all has left are closed in their shop
            if channel == DeliveryChannel::Shop && !self.stopping() {
                self.empty(OutboxState::behind(channel, last))?;
            }
        }
        Ok(())
    }

    /// Empties the outbox of one channel.
    fn empty(&mut self, mut state: OutboxState) -> anyhow::Result<()> {
        let site = self.site;
        if outbox(site, &mut self.ledger, &mut state).is_empty()? {
            return Ok(());
        }
        let channel = state.channel().clone();
        match (site.ways.channel)(&channel, &site.config, site.clock.now()) {
            Ok(connections) => {
                let (ahead, journal) = self.look_ahead(&channel)?;
                let dispatch = Dispatch::start(connections, site.ways.share, ahead)?;
                self.end(dispatch, state.with_journal(journal))?;
            }
            // the other channels' documents leave all the same
            Err(fault) => self.report.add_failures([format!("{fault:#}")]),
        }
        Ok(())
    }

    /// Sends what is due of a channel; whether its server was left alone before the end.
    fn end(&mut self, dispatch: Dispatch, mut state: OutboxState) -> anyhow::Result<bool> {
        let mut outbox = outbox(self.site, &mut self.ledger, &mut state);
        let stop = self.stop;
        ending::sending(true);
        let done = self.watches.send.time(|| dispatch.end(&mut outbox, stop));
        ending::sending(false);
        self.count(&state);
        Ok(done?.gave_up.is_some())
    }

    /// A run that cannot go on: what is past its point of no return is waited for, and recorded if it can be.
    pub(super) fn stop_sending(&mut self, fault: anyhow::Error) -> anyhow::Error {
        let Underway::Sending(both) = std::mem::replace(&mut self.underway, Underway::Over) else {
            return fault;
        };
        let (dispatch, mut state) = *both;
        let mut outbox = outbox(self.site, &mut self.ledger, &mut state);
        dispatch.fail(&mut outbox, fault)
    }

    fn count(&mut self, state: &OutboxState) {
        self.report.add_deliveries(&state.sums);
        self.report
            .add_failures(state.sums.unreachable.iter().cloned());
    }
}

/// The outbox of a site, as far as `state` says.
fn outbox<'a>(site: &'a App, ledger: &'a mut Ledger, state: &'a mut OutboxState) -> Outbox<'a> {
    Outbox {
        ledger,
        clock: &site.clock,
        backoff: &site.config.delivery.backoff,
        envelopes: site.envelopes(),
        anchor: &site.config.site.anchor,
        state,
    }
}
