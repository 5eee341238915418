//! What there is to tell of a problem, a request or an event: Howdah's own sentences in the viewer's language, and apart
//! from them what the service said, in whatever language it speaks.

use howdah_shared::console::{Event, Request};
use howdah_shared::problem::{Code, Problem};
use leptos::prelude::*;

use crate::i18n::*;
use crate::ui::live::{live, memo};

/// What there is to tell.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Telling {
    code: Option<Code>,
    /// What led to the code, where that is told by itself.
    reason: Option<Code>,
    /// The same in English.
    detail: String,
    /// Whether it is about a change.
    change: bool,
    /// What the service said.
    said: Option<String>,
    /// The status with which it did.
    status: Option<u16>,
}

impl From<&Problem> for Telling {
    fn from(problem: &Problem) -> Telling {
        let service = problem.service.as_ref();
        Telling {
            code: Some(problem.code),
            reason: problem.reason,
            detail: problem.detail.clone(),
            change: problem.request_id.is_some(),
            said: service.map(|service| service.message.clone()).filter(|said| !said.is_empty()),
            status: service.map(|service| service.status),
        }
    }
}

impl From<&Event> for Telling {
    fn from(event: &Event) -> Telling {
        let detail = event.words.clone().unwrap_or_default();
        Telling { code: event.code, detail, change: true, said: event.said.clone(), ..Telling::default() }
    }
}

impl From<&Request> for Telling {
    fn from(request: &Request) -> Telling {
        let detail = request.words.clone().unwrap_or_default();
        Telling { code: request.code, detail, change: true, said: request.said.clone(), ..Telling::default() }
    }
}

impl Telling {
    /// Whether there is nothing to tell.
    pub(crate) fn is_empty(&self) -> bool {
        self.code.is_none() && self.detail.is_empty() && self.said.is_none()
    }

    /// Howdah's own words; in English, and marked so, where the console has none for the code.
    pub(crate) fn own(&self, language: Locale) -> Own {
        let Some(sentence) = self.code.and_then(|code| sentence(language, code)) else {
            return Own { text: self.detail.clone(), english: true };
        };
        let mut text = match (self.code, self.status) {
            (Some(Code::ServiceAnswered), Some(404)) => td_string!(language, problem.service_lacks),
            _ => sentence,
        }
        .to_owned();
        if let Some(reason) = self.reason.and_then(|reason| self::sentence(language, reason)) {
            text = format!("{reason} {text}");
        }
        // Of a read it need not be said.
        if self.change
            && matches!(self.code, Some(Code::UpstreamUnreachable | Code::UpstreamUntrusted | Code::UpstreamPaused))
        {
            text = format!("{text} {}", td_string!(language, problem.nothing_sent));
        }
        Own { text, english: false }
    }

    /// The heading over what the service said, and that.
    fn theirs(&self, language: Locale) -> Option<(String, Option<String>)> {
        let heading = match (self.status, &self.said) {
            (Some(status), Some(_)) => td_string!(language, problem.said_status, status = status).to_string(),
            (Some(status), None) => td_string!(language, problem.said_nothing, status = status).to_string(),
            (None, Some(_)) => td_string!(language, problem.said).to_owned(),
            (None, None) => return None,
        };
        Some((heading, self.said.clone()))
    }
}

/// Howdah's own words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Own {
    /// The words.
    pub(crate) text: String,
    /// Whether they are English whatever the viewer's language is.
    pub(crate) english: bool,
}

/// What Howdah says by itself, and below it, marked as the service's, what the service said.
#[component]
pub(crate) fn Told(
    /// What there is to tell.
    #[prop(into)]
    telling: Signal<Telling>,
) -> impl IntoView {
    let i18n = use_i18n();
    // A problem that comes again is the same to tell: what stands there is not read out anew.
    let told = memo(move || {
        let language = i18n.get_locale();
        telling.with(|telling| (telling.own(language), telling.theirs(language)))
    });
    live(move || {
        let (own, theirs) = told.get();
        let own = (!own.text.is_empty()).then(|| view! { <p lang=own.english.then_some("en")>{own.text}</p> });
        let theirs = theirs.map(|(heading, said)| {
            view! {
                <figure class="said">
                    <figcaption>{heading}</figcaption>
                    {said.map(|said| view! { <blockquote lang="" dir="auto">{said}</blockquote> })}
                </figure>
            }
        });
        view! { <div class="told">{own}{theirs}</div> }.into_any()
    })
}

/// The sentence for a code: what happened, what it means, and what can be done. `None` for a code of a newer proxy.
fn sentence(language: Locale, code: Code) -> Option<&'static str> {
    macro_rules! say {
        ($key:ident) => {
            td_string!(language, problem.$key)
        };
    }
    Some(match code {
        // Only a page that is not of this Howdah sends what is not acceptable in these ways.
        Code::BadRequest
        | Code::BadQuery
        | Code::BadBody
        | Code::BadIdempotencyKey
        | Code::UnsupportedMediaType
        | Code::NotAcceptable
        | Code::NotWatchable
        | Code::MethodNotAllowed => say!(not_accepted),
        Code::MaskedValue => say!(masked_value),
        Code::IdempotencyKeyReused => say!(idempotency_key_reused),
        Code::BodyTooLarge => say!(body_too_large),
        Code::HeadersTooLarge => say!(headers_too_large),
        Code::TooManyWatches => say!(too_many_watches),
        Code::TooManyRequests => say!(too_many_requests),
        Code::TooManyConnections => say!(too_many_connections),
        Code::RequestTimeout => say!(request_timeout),
        Code::HostNotAllowed => say!(host_not_allowed),
        Code::CrossSite => say!(cross_site),
        Code::SignInRequired => say!(sign_in_required),
        Code::BadToken => say!(bad_token),
        Code::ProxyRefused => say!(proxy_refused),
        Code::TooManySignIns => say!(too_many_sign_ins),
        Code::RoleMissing => say!(role_missing),
        Code::NotFound | Code::BadPath => say!(not_found),
        Code::ConnectionNotFound => say!(connection_not_found),
        Code::RequestNotFound => say!(request_not_found),
        Code::ClusterNotConfigured => say!(cluster_not_configured),
        Code::TenantNotConfigured => say!(tenant_not_configured),
        Code::ServiceNotConfigured => say!(service_not_configured),
        Code::RequestIdUsed => say!(request_id_used),
        Code::ClusterKeyMissing => say!(cluster_key_missing),
        Code::TokenNotFound => say!(token_not_found),
        Code::TokenDropped => say!(token_dropped),
        Code::TooManyTokens => say!(too_many_tokens),
        Code::CannotAdopt => say!(cannot_adopt),
        Code::ServiceAnswered => say!(service_answered),
        Code::ServiceRefused => say!(service_refused),
        Code::UpstreamRefusedCredential => say!(upstream_refused_credential),
        Code::UpstreamFailed => say!(upstream_failed),
        Code::UpstreamGarbled => say!(upstream_garbled),
        Code::UpstreamRedirected => say!(upstream_redirected),
        Code::UpstreamTooLarge => say!(upstream_too_large),
        Code::UpstreamUnreachable => say!(upstream_unreachable),
        Code::UpstreamUntrusted => say!(upstream_untrusted),
        Code::UpstreamBroken => say!(upstream_broken),
        Code::UpstreamStandby => say!(upstream_standby),
        Code::UpstreamTimeout => say!(upstream_timeout),
        Code::UpstreamPaused => say!(upstream_paused),
        Code::OutcomeUnknown => say!(outcome_unknown),
        Code::AnswerNotKept => say!(answer_not_kept),
        Code::JournalUnavailable => say!(journal_unavailable),
        Code::Stopping => say!(stopping),
        Code::Internal => say!(internal),
        Code::NeverSent => say!(never_sent),
        Code::CutOff => say!(cut_off),
        Code::NoServiceId => say!(no_service_id),
        Code::Forgotten => say!(forgotten),
        Code::EndedOtherwise => say!(ended_otherwise),
        Code::FollowedInVain => say!(followed_in_vain),
        Code::Offline => say!(offline),
        Code::Unreadable => say!(unreadable),
        Code::Renewed => say!(renewed),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use howdah_shared::problem::ServiceWords;

    const LANGUAGES: [Locale; 2] = [Locale::en, Locale::ko];

    #[test]
    fn every_code_has_a_sentence_in_every_language() {
        for language in LANGUAGES {
            let without: Vec<&str> = Code::ALL
                .iter()
                .filter(|code| sentence(language, **code).is_none_or(str::is_empty))
                .map(|code| code.as_str())
                .collect();
            assert!(without.is_empty(), "codes without a sentence in {language:?}: {without:?}");
        }
        let same: Vec<&str> = Code::ALL
            .iter()
            .filter(|code| sentence(Locale::en, **code) == sentence(Locale::ko, **code))
            .map(|code| code.as_str())
            .collect();
        assert!(same.is_empty(), "codes whose sentence is the same in every language: {same:?}");
    }

    #[test]
    fn a_code_of_a_newer_proxy_is_told_in_its_english() {
        let problem = Problem::new(Code::UnknownCode, "The moon is in the way.");
        for language in LANGUAGES {
            let own = Telling::from(&problem).own(language);
            assert_eq!(own, Own { text: "The moon is in the way.".to_owned(), english: true });
        }
    }

    #[test]
    fn what_the_service_said_stays_apart() {
        let service = Some(ServiceWords { status: 400, message: "잘못된 요청입니다.".to_owned() });
        let problem = Problem { service, ..Problem::new(Code::ServiceAnswered, "잘못된 요청입니다.") };
        let telling = Telling::from(&problem);
        assert_eq!(telling.own(Locale::en).text, "The service refused.");
        let theirs = ("The service said, with status 400".to_owned(), Some("잘못된 요청입니다.".to_owned()));
        assert_eq!(telling.theirs(Locale::en), Some(theirs));

        let service = Some(ServiceWords { status: 404, message: String::new() });
        let silent = Telling::from(&Problem { service, ..problem });
        let theirs = ("The status of the service's answer was 404.".to_owned(), None);
        assert_eq!(silent.theirs(Locale::en), Some(theirs));
        assert_eq!(Telling::from(&Problem::new(Code::Offline, "")).theirs(Locale::en), None);
    }

    #[test]
    fn why_an_outcome_is_unknown_comes_first() {
        let problem = Problem {
            reason: Some(Code::UpstreamBroken),
            ..Problem::new(Code::OutcomeUnknown, "It broke. Not known.")
        };
        let text = Telling::from(&problem).own(Locale::en).text;
        assert!(text.starts_with("The connection to the service broke"), "{text}");
        assert!(text.contains("what became of it is not known"), "{text}");
    }

    #[test]
    fn of_a_change_it_is_said_that_nothing_was_sent() {
        let mut problem = Problem::new(Code::UpstreamUnreachable, "");
        assert!(!Telling::from(&problem).own(Locale::en).text.contains("Nothing was sent."));
        problem.request_id = Some("01J".to_owned());
        assert!(Telling::from(&problem).own(Locale::en).text.ends_with("Nothing was sent."));
    }
}
