//! The servers of a connection, of which one is active at a time. Which one is found out by asking each of those that
//! are configured what it is; where a server sends us instead is never looked at.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use howdah_shared::door::Row;
use howdah_shared::problem::{Code, Problem};
use http::Uri;
use http_body_util::{BodyExt, Limited};

use super::connection::Connection;
use super::lane::CONNECT_TIMEOUT;
use super::outbound::Outbound;
use crate::fresh::Fresh;

/// For how long it is believed that none is active: however many ask meanwhile, each server is asked once.
const NONE_LASTS: Duration = Duration::from_secs(1);
/// The most of what a server tells of itself.
const LIMIT: usize = 64 * 1024;

/// The addresses of a connection.
pub struct Servers {
    addresses: Vec<Uri>,
    /// The place of the one to ask; `None` where that is to be found out first.
    active: Mutex<Option<usize>>,
    /// One look for all who need to know at the same time.
    look: Fresh<Found>,
}

/// What came of asking each server what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// This one is active.
    Active(usize),
    /// This one answered something that does not tell, which it will tell whoever asks it next.
    Unclear(usize),
    /// Some answered, and are on standby.
    Standby,
    /// None answered.
    None,
}

impl Servers {
    /// The servers at these addresses. A single one is taken for active.
    pub fn new(addresses: Vec<Uri>) -> Servers {
        let active = (addresses.len() == 1).then_some(0);
        Servers { addresses, active: Mutex::new(active), look: Fresh::new(NONE_LASTS) }
    }

    fn active(&self) -> Option<usize> {
        *self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether these are the same servers.
    pub fn is_same(&self, other: &Servers) -> bool {
        self.addresses == other.addresses
    }

    /// The address of a server.
    pub fn address(&self, server: usize) -> &Uri {
        &self.addresses[server.min(self.addresses.len() - 1)]
    }

    /// The address of the active server, as far as that is known; else the first.
    pub fn current(&self) -> &Uri {
        self.address(self.active().unwrap_or(0))
    }

    /// The address of the active one of several, as far as that is known.
    pub fn active_of_several(&self) -> Option<&Uri> {
        self.active().filter(|_| self.addresses.len() > 1).map(|server| self.address(server))
    }

    /// A server did not answer, or said that it is not the active one: whoever comes next looks for that. Gives whether
    /// there are others.
    pub fn lost(&self, server: usize) -> bool {
        if self.addresses.len() == 1 {
            return false;
        }
        let mut active = self.active.lock().unwrap_or_else(PoisonError::into_inner);
        // Another may have been found since.
        if *active == Some(server) {
            *active = None;
            self.look.doubt();
        }
        true
    }

    /// As [`Servers::lost`] of whichever is held for active.
    pub fn doubt(&self) {
        if let Some(server) = self.active() {
            self.lost(server);
        }
    }

    /// Whether it is to be found out which one is active.
    pub fn is_lost(&self) -> bool {
        self.active().is_none()
    }
}

impl Connection {
    /// The server to ask: the only one, or the active one of several.
    ///
    /// # Errors
    /// The problem when none is active.
    pub async fn server(&self) -> Result<usize, Box<Problem>> {
        if let Some(server) = self.servers.active() {
            return Ok(server);
        }
        let found = self.servers.look.get(self.find_active()).await;
        match found {
            Found::Active(server) => {
                let before = self.servers.active.lock().unwrap_or_else(PoisonError::into_inner).replace(server);
                if before != Some(server) {
                    let address = self.servers.address(server).to_string();
                    tracing::info!(connection = self.name, address, "the active server is known");
                }
                Ok(server)
            }
            Found::Unclear(server) => Ok(server),
            Found::Standby => {
                let detail = format!("None of the servers of {} says that it is active. Nothing was sent.", self.title);
                Err(Box::new(Problem::new(Code::UpstreamStandby, detail)))
            }
            Found::None => {
                let detail =
                    format!("No connection to any of the servers of {} could be made. Nothing was sent.", self.title);
                Err(Box::new(Problem::new(Code::UpstreamUnreachable, detail)))
            }
        }
    }

    /// Asks all servers at once what they are; the first that says that it is active is it.
    async fn find_active(&self) -> Found {
        let Some(standby) = &self.system.standby else { return Found::Unclear(0) };
        let Some(row) = self.system.row(standby.operation) else { return Found::Unclear(0) };
        let ask = |server| async move { (server, self.ask_what_it_is(server, row).await) };
        let mut asked: FuturesUnordered<_> = (0..self.servers.addresses.len()).map(ask).collect();
        let mut found = Found::None;
        while let Some((server, answer)) = asked.next().await {
            found = match (found, answer.map(|body| (standby.is_active)(&body))) {
                (_, Some(Some(true))) => return Found::Active(server),
                (Found::None, Some(Some(false))) => Found::Standby,
                (Found::None | Found::Standby, Some(None)) => Found::Unclear(server),
                _ => found,
            };
        }
        found
    }

    async fn ask_what_it_is(&self, server: usize, row: &Row) -> Option<Vec<u8>> {
        let call = row.admit(&[], "", b"").ok()?;
        let lane = &self.polls;
        let counted = lane.calls.begin(row.spec.name);
        let asking = async {
            let outbound = Outbound::to(self, server, row, &call).await.ok()?;
            let response = lane.client.request(outbound.pooled()).await.ok()?;
            let status = response.status().as_u16();
            let body = Limited::new(response.into_body(), LIMIT).collect().await.ok()?;
            Some((status, body.to_bytes().to_vec()))
        };
        let answer = tokio::time::timeout(CONNECT_TIMEOUT, asking).await.ok().flatten();
        match &answer {
            Some((status, _)) => counted.ended(*status, None),
            None => counted.ended(0, Some(Code::UpstreamUnreachable)),
        }
        answer.map(|(_, body)| body)
    }

    /// The problem of a reply that comes from a server which is not the active one; whoever comes next looks for that.
    pub fn turned_away(&self, server: usize, row: &Row, status: u16, body: &[u8]) -> Option<Problem> {
        let standby = self.system.standby.as_ref()?;
        let away = if row.spec.name == standby.operation {
            // Every server answers this. Of a single one it is what was asked for.
            self.servers.addresses.len() > 1 && status == 200 && (standby.is_active)(body) == Some(false)
        } else {
            (standby.turned_away)(status, body)
        };
        if !away {
            return None;
        }
        let authority = self.servers.address(server).authority().map_or("", |authority| authority.as_str());
        let then = if self.servers.lost(server) {
            "Howdah looks for the active one: try again in a moment."
        } else {
            "Add the other servers to the connection as standby_urls."
        };
        let detail = format!("{} at {authority} is on standby and has done nothing. {then}", self.title);
        Some(Problem::new(Code::UpstreamStandby, detail))
    }
}
