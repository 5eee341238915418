//! The one error body: RFC 9457 problem details with a stable code.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($( $(#[$doc:meta])* $name:ident $code:literal $status:literal $title:literal; )*) => {
        /// Every code that Howdah answers with. A code never changes its meaning and is never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
        pub enum Code {
            $( $(#[$doc])* #[serde(rename = $code)] $name, )*
            /// A code of a newer proxy.
            #[serde(other, rename = "unknown_code")]
            #[cfg_attr(feature = "door", schemars(skip))]
            UnknownCode,
        }

        impl Code {
            /// Every code that the proxy may answer with.
            pub const ALL: &[Code] = &[$(Code::$name),*];

            /// The code as it is written.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code,)* Code::UnknownCode => "unknown_code" }
            }

            /// The HTTP status that it is answered with, where it is ours to choose.
            pub const fn status(self) -> u16 {
                match self { $(Code::$name => $status,)* Code::UnknownCode => 500 }
            }

            /// The code that is written so; [`Code::UnknownCode`] where there is none.
            pub fn named(word: &str) -> Code {
                match word { $($code => Code::$name,)* _ => Code::UnknownCode }
            }

            /// What it means, in a few words of English.
            pub const fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)* Code::UnknownCode => "Unknown" }
            }
        }
    };
}

codes! {
    // What the caller sent.
    /// The request line, the headers or the framing are not acceptable.
    BadRequest "bad_request" 400 "The request is not acceptable";
    /// A path parameter is not acceptable.
    BadPath "bad_path" 400 "The path is not acceptable";
    /// A query parameter is unknown or not acceptable.
    BadQuery "bad_query" 400 "The query is not acceptable";
    /// A member of the body is unknown or not acceptable.
    BadBody "bad_body" 400 "The body is not acceptable";
    /// The body holds a value that Howdah had masked.
    MaskedValue "masked_value" 400 "The body holds a masked value";
    /// The idempotency key is not one.
    BadIdempotencyKey "bad_idempotency_key" 400 "The idempotency key is not acceptable";
    /// The idempotency key was used for another call.
    IdempotencyKeyReused "idempotency_key_reused" 422 "The idempotency key was used for another call";
    /// The body is larger than the operation allows.
    BodyTooLarge "body_too_large" 413 "The body is too large";
    /// The headers are too many or too long.
    HeadersTooLarge "headers_too_large" 431 "The headers are too large";
    /// The body is not of a type that the operation reads.
    UnsupportedMediaType "unsupported_media_type" 415 "The body must be application/json";
    /// No representation that the caller accepts.
    NotAcceptable "not_acceptable" 406 "Only application/json is available";
    /// The query makes this a window of time, which is another list at each look.
    NotWatchable "not_watchable" 406 "This cannot be watched";
    /// The principal watches as much as it may.
    TooManyWatches "too_many_watches" 429 "Too much is watched at once";
    /// The principal asks more often than it may.
    TooManyRequests "too_many_requests" 429 "Too much is asked at once";
    /// All connections that Howdah holds are taken.
    TooManyConnections "too_many_connections" 503 "Howdah has no connection left";
    /// The body did not arrive in time.
    RequestTimeout "request_timeout" 408 "The request did not arrive in time";
    /// The name of this host is not one of ours.
    HostNotAllowed "host_not_allowed" 421 "This host name is not served here";
    /// A page of another origin asked for a change.
    CrossSite "cross_site" 403 "Refused because another site asked for it";

    // Who the caller is.
    /// Nobody is signed in.
    SignInRequired "sign_in_required" 401 "Sign in first";
    /// The token or code is wrong or no longer valid.
    BadToken "bad_token" 401 "The token is not valid";
    /// The portal's proxy names a user in a way that is not believed.
    ProxyRefused "proxy_refused" 401 "The name that the proxy gives is not accepted";
    /// Too many wrong tokens.
    TooManySignIns "too_many_sign_ins" 429 "Too many attempts to sign in";
    /// The principal lacks the role.
    RoleMissing "role_missing" 403 "Your role does not allow this";

    // What was asked for.
    /// There is no such operation, page or file.
    NotFound "not_found" 404 "There is nothing at this address";
    /// The path exists with other methods.
    MethodNotAllowed "method_not_allowed" 405 "This address has other methods";
    /// No such connection, or none that the principal may see.
    ConnectionNotFound "connection_not_found" 404 "There is no such connection";
    /// No such request, or none that the principal may see.
    RequestNotFound "request_not_found" 404 "There is no such request";
    /// The cluster does not stand in the configuration of the connection.
    ClusterNotConfigured "cluster_not_configured" 404 "This cluster is not configured";
    /// The path names another tenant than the connection's.
    TenantNotConfigured "tenant_not_configured" 404 "This tenant is not configured";
    /// The service beside it that would answer does not stand in the configuration of the connection.
    ServiceNotConfigured "service_not_configured" 404 "This service is not configured";
    /// No API key is configured for the cluster.
    ClusterKeyMissing "cluster_key_missing" 409 "This cluster has no Open API key here";
    /// No delegation token is kept under this handle, or none of the principal's.
    TokenNotFound "token_not_found" 404 "There is no such delegation token";
    /// The delegation token was kept in memory before Howdah was started again.
    TokenDropped "token_dropped" 410 "This delegation token is not kept any more";
    /// As many delegation tokens are kept as may be.
    TooManyTokens "too_many_tokens" 429 "Too many delegation tokens are kept";
    /// The service has taken another call under the same request id.
    RequestIdUsed "request_id_used" 409 "The service has seen this request id before";
    /// The request cannot be settled in that way.
    CannotAdopt "cannot_adopt" 409 "This cannot be taken in";

    // What the service did.
    /// The service refused, with its own 400, 404, 409 or another status that it means for the caller.
    ServiceAnswered "service_answered" 502 "The service refused";
    /// The service says that its user may not do this.
    ServiceRefused "service_refused" 403 "The service does not allow this";
    /// The service refused the credentials that Howdah sent.
    UpstreamRefusedCredential "upstream_refused_credential" 502 "The service refused Howdah's credentials";
    /// The service answered with an error of its own.
    UpstreamFailed "upstream_failed" 502 "The service failed";
    /// The service answered with something that is not what the operation promises.
    UpstreamGarbled "upstream_garbled" 502 "The service's reply cannot be read";
    /// The service answered with a redirect, which is never followed.
    UpstreamRedirected "upstream_redirected" 502 "The service sent us elsewhere";
    /// The service's reply is larger than the operation allows.
    UpstreamTooLarge "upstream_too_large" 502 "The service's reply is too large";
    /// No connection to the service could be made; nothing was sent.
    UpstreamUnreachable "upstream_unreachable" 503 "The service cannot be reached";
    /// The service does not show a certificate that is trusted; nothing was sent.
    UpstreamUntrusted "upstream_untrusted" 502 "The service's certificate is not trusted";
    /// The server that answered is on standby, or none of several is active; nothing was done.
    UpstreamStandby "upstream_standby" 503 "No active server answered";
    /// The connection broke before the reply was complete.
    UpstreamBroken "upstream_broken" 502 "The connection to the service broke";
    /// The service did not answer in time.
    UpstreamTimeout "upstream_timeout" 504 "The service did not answer in time";
    /// Calls to the service are paused after failures; nothing was sent.
    UpstreamPaused "upstream_paused" 503 "Calls to the service are paused";
    /// What became of a change is not known.
    OutcomeUnknown "outcome_unknown" 502 "It is not known what became of this";
    /// The same change under the same key was made before; its answer was larger than 64 KiB or has been forgotten.
    AnswerNotKept "answer_not_kept" 410 "The answer to this is not kept";

    // What Howdah itself cannot do.
    /// The journal cannot be written, so no change is sent.
    JournalUnavailable "journal_unavailable" 503 "The journal cannot be written";
    /// Howdah is stopping.
    Stopping "stopping" 503 "Howdah is stopping";
    /// A fault of Howdah's own.
    Internal "internal" 500 "A fault of Howdah's own";

    // Why a request stands as it does: the journal says so, and a problem about it.
    /// Howdah stopped before the change was sent.
    NeverSent "never_sent" 503 "Howdah stopped before this was sent";
    /// Howdah stopped after the change may have been sent and before the service answered.
    CutOff "cut_off" 0 "Howdah stopped before the service answered";
    /// The service said that it did this, or that it was at it already, and gave no id to follow it by.
    NoServiceId "no_service_id" 0 "The service gave no id to follow this by";
    /// The service does not know any more what it had accepted.
    Forgotten "forgotten" 0 "The service does not know this any more";
    /// The service says that it has ended, in a word that is neither success nor failure.
    EndedOtherwise "ended_otherwise" 0 "This ended in a way that Howdah does not know";
    /// It was followed for as long as Howdah follows anything, and did not end.
    FollowedInVain "followed_in_vain" 0 "This was followed without an end";

    // What only the browser's side can find.
    /// The proxy could not be reached from the browser.
    Offline "offline" 0 "Howdah cannot be reached";
    /// The proxy's reply is not what the console expects.
    Unreadable "unreadable" 0 "Howdah's reply cannot be read";
    /// The page is of another build than the proxy; it sends no change.
    Renewed "renewed" 0 "Howdah has been updated";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The media type of [`Problem`].
pub const MEDIA_TYPE: &str = "application/problem+json";

/// An error as Howdah answers it: RFC 9457 problem details (`type` is always `about:blank` and left out).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The stable code.
    pub code: Code,
    /// The HTTP status of the reply that carries it.
    pub status: u16,
    /// The code's meaning in a few words.
    pub title: String,
    /// A sentence for people: what happened and what can be done.
    pub detail: String,
    /// Of a change whose outcome is not known the reason for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Code>,
    /// The trace id of the exchange; log lines carry it too.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub trace_id: String,
    /// The journal's id of the change that this is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The methods that the address has, as the header `Allow` names them too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<String>,
    /// In how many seconds it is worth another try, as the header `Retry-After` says too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// What is wrong with the path, the query or the body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldFault>,
    /// What the service said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceWords>,
}

/// One thing that is wrong with what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
pub struct FieldFault {
    /// Which part of the request.
    pub place: Place,
    /// The path to the field, with dots and brackets; empty for the whole.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

/// A part of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// A path parameter.
    Path,
    /// A query parameter.
    Query,
    /// A header.
    Header,
    /// A member of the body.
    Body,
}

/// What a service answered, cut and with every key taken out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
pub struct ServiceWords {
    /// Its HTTP status.
    pub status: u16,
    /// The sentence in its body, or the body itself as text.
    pub message: String,
}

impl Problem {
    /// A problem with its code's own status and title.
    pub fn new(code: Code, detail: impl Into<String>) -> Problem {
        Problem {
            code,
            status: code.status(),
            title: code.title().to_owned(),
            detail: detail.into(),
            reason: None,
            trace_id: String::new(),
            request_id: None,
            allow: Vec::new(),
            retry_after: None,
            errors: Vec::new(),
            service: None,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl std::error::Error for Problem {}
