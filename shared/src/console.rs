//! Howdah's own operations: who am I, connections, clusters, requests.

mod requests;

use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::operation::{Input, Nothing, Role, Rows, Watch};
use crate::problem::{Code, Problem};

pub use requests::{Adoption, Event, Request, RequestPage, RequestState, RequestsQuery};

crate::path_parameters! {
    /// The permanent name of a connection.
    ConnectionName;
    /// The id of a request in the journal.
    RequestId;
    /// The word under which the picture of a subscription is fetched.
    PictureId;
}

crate::operations! {
    /// Who is signed in, and what this Howdah is.
    View Read Get "/api/me" ShowMe {} (Nothing, Nothing) -> Me;
    /// Sign in with a token or a one-time code; sets the session's cookie.
    View Once Post "/api/session" SignIn {} (Nothing, Credentials) -> Me [body_limit: 4096];
    /// Sign out; ends the session.
    View Once Delete "/api/session" SignOut {} (Nothing, Nothing) -> Nothing;
    /// The connections that the caller may see.
    View Read Get "/api/connections" ListConnections {} (Nothing, Nothing) -> Vec<Connection>
        [rows: Some(Rows { list: "", key: "name", volatile: &[], shown: &[] }), watch: WATCH_OWN];
    /// Whether a connection's service is there, by asking it.
    View Read Get "/api/health/{connection}" ShowHealth { connection: ConnectionName }
        (Nothing, Nothing) -> Health [watch: WATCH_HEALTH, codes: &[Code::ConnectionNotFound]];
    /// The clusters that a connection's configuration names, with the last request for each.
    View Read Get "/api/clusters/{connection}" ListClusters { connection: ConnectionName }
        (ClustersQuery, Nothing) -> Vec<Cluster>
        [rows: Some(Rows { list: "", key: "id", volatile: &[], shown: &[] }), watch: WATCH_OWN,
         codes: &[Code::ConnectionNotFound]];
    /// The delegation tokens of the caller that Howdah keeps, newest first; without the tokens themselves.
    View Read Get "/api/tokens/{connection}" ListTokens { connection: ConnectionName } (Nothing, Nothing) -> Vec<KeptToken>
        [rows: Some(Rows { list: "", key: "handle", volatile: &[], shown: &[] }), watch: WATCH_OWN,
         codes: &[Code::ConnectionNotFound]];
    /// Requests of all connections that the caller may see, newest first.
    View Read Get "/api/requests" ListRequests {} (RequestsQuery, Nothing) -> RequestPage
        [rows: Some(Rows { list: "requests", key: "id", volatile: &["checked"], shown: &[] }), watch: WATCH_OWN];
    /// One request with all that was seen of it.
    View Read Get "/api/requests/{request}" ShowRequest { request: RequestId } (Nothing, Nothing) -> Request
        [watch: WATCH_OWN, codes: &[Code::RequestNotFound]];
    /// Take in what was started elsewhere, or settle a request whose outcome is unknown.
    Operate Once Post "/api/requests/adopt" AdoptRequest {} (Nothing, Adoption) -> Request
        [body_limit: 4096, codes: ADOPTING];
    /// What a subscription of the caller watches, as it was last; of YARN's lists what the console reads, without names.
    View Read Get "/api/watch/{picture}" ShowPicture { picture: PictureId } (Nothing, Nothing) -> Value
        [codes: &[Code::NotFound]];
    /// This document.
    View Read Get "/api/openapi.json" ShowDocument {} (Nothing, Nothing) -> Value;
}

/// The service is asked about what is to be taken in.
const ADOPTING: &[Code] = &[
    Code::ConnectionNotFound,
    Code::RoleMissing,
    Code::ClusterNotConfigured,
    Code::ClusterKeyMissing,
    Code::CannotAdopt,
    Code::UpstreamFailed,
    Code::UpstreamTooLarge,
    Code::UpstreamUnreachable,
    Code::UpstreamBroken,
    Code::UpstreamTimeout,
    Code::UpstreamPaused,
];

/// What is Howdah's own is looked at when it has changed; the pauses are for what another process may have written.
const WATCH_OWN: Watch = Watch { slow: 30, fast: 30, windows: &["since", "until", "after"], moving: None };
/// The health that was learned last is told, and asked for where nobody has.
const WATCH_HEALTH: Watch = Watch { slow: 15, fast: 15, windows: &[], moving: None };

/// Instants are milliseconds since the epoch, of Howdah's clock.
pub type Instant = i64;

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// The principal's name.
    pub principal: String,
    /// Whether it is signed in by a session, which can be ended.
    pub session: bool,
    /// Whether this is a sandbox.
    pub sandbox: bool,
    /// The build of the proxy; a page of another build is old.
    pub build: String,
    /// Its clock, to tell ages by.
    pub now: Instant,
}

/// What signs in: one of the two.
#[derive(Clone, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// A configured token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(bytes, min = 1, max = 1024))]
    pub token: Option<String>,
    /// A one-time code from the link that `howdah serve` printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(bytes, min = 1, max = 1024))]
    pub code: Option<String>,
}

impl Input for Credentials {}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(***)")
    }
}

/// A configured system with its address and credentials, as its users may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// The permanent name.
    pub name: String,
    /// The system.
    pub system: String,
    /// What people call it.
    pub title: String,
    /// The caller's role on it.
    pub role: Role,
    /// The tenant that it works for, which stands in the paths of its calls, where the system has tenants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The services beside its own that are asked too, by their kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// The service's address, for "as curl".
    pub url: String,
    /// Requests that are on their way.
    pub running: u64,
    /// Requests whose outcome is unknown or that could not be followed to their end.
    pub unsettled: u64,
    /// The request that failed last, where the newest one for its target is not a success since.
    pub failed: Option<Request>,
}

/// Whether a service is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// When it was asked.
    pub at: Instant,
    /// How long the answer took, in ms.
    pub latency: Option<u64>,
    /// What is wrong with it.
    pub problem: Option<Problem>,
    /// Host and port of the server that is active, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
}

/// The query of [`ListClusters`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct ClustersQuery {
    /// The one of this id alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

impl Input for ClustersQuery {}

/// A configured cluster of a service that cannot list them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    /// The system that its connection speaks.
    pub system: String,
    /// The service's id for it.
    pub id: String,
    /// Its configured name.
    pub name: String,
    /// Whether its Open API key is configured; without one it cannot be asked or run.
    pub has_key: bool,
    /// The newest request for it.
    pub last: Option<Request>,
    /// The newest request for it that the service accepted, by which its settings can be asked for.
    pub last_accepted: Option<Request>,
    /// The median duration of its latest successful runs, in ms, once there are three.
    pub usual: Option<u64>,
    /// Requests for it whose outcome is unknown.
    pub unknown: u64,
}

/// A delegation token that Howdah keeps, as its principal may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct KeptToken {
    /// By what it is named in the place of the token, good until Howdah ends.
    pub handle: String,
    /// Whose it is, in the service's words.
    pub owner: Option<String>,
    /// Who may renew it.
    pub renewer: Option<String>,
    /// Its kind: `RM_DELEGATION_TOKEN`.
    pub kind: Option<String>,
    /// When Howdah was given it.
    pub made: Instant,
    /// When it ends unless it is renewed, by the service's clock.
    pub expires: Option<Instant>,
    /// When it ends even if it is renewed, by the service's clock.
    pub latest: Option<Instant>,
}
