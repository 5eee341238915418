//! Which problems an operation may be answered with.

use std::collections::BTreeMap;

use howdah_shared::operation::{Effect, Method};
use howdah_shared::problem::Code;
use howdah_shared::systems::Clusters;

use super::operations::Operation;

/// The codes that an operation may be answered with, by status.
pub(super) fn by_status(operation: &Operation<'_>) -> BTreeMap<u16, Vec<Code>> {
    let mut found: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for code in Code::ALL.iter().filter(|code| applies(**code, operation)) {
        found.entry(code.status()).or_default().push(*code);
    }
    if operation.system.is_some() {
        // The service refuses with a status of its own choice. Its 401 and 403 have codes of their own.
        for (_, codes) in found.iter_mut().filter(|(status, _)| !matches!(status, 401 | 403 | 502)) {
            codes.push(Code::ServiceAnswered);
        }
    }
    found
}

/// Whether it is answered to no operation: what the journal tells, what the browser finds, what is asked at no
/// operation's address.
pub(super) fn never_of_an_operation(code: Code) -> bool {
    code.status() == 0 || code == Code::MethodNotAllowed
}

fn applies(code: Code, operation: &Operation<'_>) -> bool {
    let (spec, of_service) = (&operation.row.spec, operation.system.is_some());
    let change = spec.effect != Effect::Read;
    let by_kind = match code {
        _ if never_of_an_operation(code) => false,
        Code::BadRequest
        | Code::BadPath
        | Code::BadQuery
        | Code::HeadersTooLarge
        | Code::HostNotAllowed
        | Code::CrossSite
        | Code::BadToken
        | Code::TooManySignIns
        | Code::TooManyConnections
        | Code::JournalUnavailable
        | Code::Internal => true,
        Code::SignInRequired | Code::ProxyRefused | Code::TooManyRequests => !operation.signs_in(),
        Code::BadBody | Code::BodyTooLarge | Code::UnsupportedMediaType | Code::RequestTimeout => {
            spec.method != Method::Get
        }
        Code::MaskedValue => operation.row.shapes.body.is_some(),
        Code::NotWatchable => !change,
        Code::TooManyWatches | Code::Stopping => operation.is_watchable(),
        Code::BadIdempotencyKey
        | Code::NotAcceptable
        | Code::NotFound
        | Code::ConnectionNotFound
        | Code::RoleMissing
        | Code::ServiceAnswered
        | Code::ServiceRefused
        | Code::UpstreamRefusedCredential
        | Code::UpstreamFailed
        | Code::UpstreamGarbled
        | Code::UpstreamRedirected
        | Code::UpstreamTooLarge
        | Code::UpstreamUnreachable
        | Code::UpstreamUntrusted
        | Code::UpstreamBroken
        | Code::UpstreamStandby
        | Code::UpstreamTimeout
        | Code::UpstreamPaused => of_service,
        Code::ClusterNotConfigured => operation.system.is_some_and(|system| match system.clusters {
            Clusters::Told => false,
            Clusters::WithKeys => true,
            Clusters::Named { list } => spec.name == list || spec.holes.first() == Some(&"cluster"),
        }),
        Code::ClusterKeyMissing => operation.system.is_some_and(|system| system.clusters == Clusters::WithKeys),
        Code::TenantNotConfigured => operation.system.is_some_and(|system| system.tenant) && !spec.holes.is_empty(),
        Code::ServiceNotConfigured => spec.tail.beside.is_some(),
        Code::IdempotencyKeyReused | Code::OutcomeUnknown | Code::AnswerNotKept | Code::NeverSent => {
            of_service && change
        }
        Code::RequestNotFound
        | Code::TokenNotFound
        | Code::TokenDropped
        | Code::TooManyTokens
        | Code::CannotAdopt
        | Code::RequestIdUsed
        | Code::MethodNotAllowed
        | Code::CutOff
        | Code::NoServiceId
        | Code::Forgotten
        | Code::EndedOtherwise
        | Code::FollowedInVain
        | Code::Offline
        | Code::Unreadable
        | Code::Renewed
        | Code::UnknownCode => false,
    };
    by_kind || spec.tail.codes.contains(&code)
}
