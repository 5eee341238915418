//! Requests a page at a time: the newest, followed, and the way to older ones.

use howdah_shared::console::{ListRequests, Request, RequestPage, RequestsQuery};
use howdah_shared::operation::Operation;
use leptos::prelude::*;

use crate::api::{Polled, polled, read};
use crate::ui::button::Button;
use crate::ui::live::{memo, when};

/// A page of requests with the question that it answers.
type Answer = (RequestsQuery, RequestPage);

/// What is known of the requests that were asked for.
#[derive(Clone, Copy)]
pub(crate) struct RequestPages {
    /// The read, for its age and its problem.
    pub(crate) read: Polled<Answer>,
    shown: Memo<Option<RequestPage>>,
    after: RwSignal<String>,
}

/// Follows a page of the requests that `query` finds, from the one after `after` on.
pub(crate) fn request_pages(
    query: impl Fn() -> RequestsQuery + Send + Sync + 'static,
    after: RwSignal<String>,
) -> RequestPages {
    let query = memo(move || RequestsQuery { after: Some(after.get()).filter(|after| !after.is_empty()), ..query() });
    let read = polled(
        ListRequests {}.path(),
        // Older pages cannot be watched: they are asked for again and again.
        move || query.with(|query| serde_html_form::to_string(query).unwrap_or_default()),
        move || {
            let asked = query.get_untracked();
            async move { read(&ListRequests {}, &asked).await.map(|page| page.with(|page| (asked, page))) }
        },
        move |page: Option<&Answer>| match page {
            // The question changed while the answer was on its way.
            Some((asked, _)) if query.with_untracked(|query| query != asked) => 100,
            Some((_, page)) if page.requests.iter().any(|request| request.state.is_open()) => 3_000,
            _ => 10_000,
        },
    );
    // An answer to another question is not shown as the answer to this one.
    let shown = memo(move || {
        let of = |answer: &Answer| query.with(|query| answer.0 == *query).then(|| answer.1.clone());
        read.value.with(|answer| answer.as_ref().and_then(of))
    });
    RequestPages { read, shown, after }
}

impl RequestPages {
    /// The requests of the page; `None` as long as they are not known.
    pub(crate) fn requests(self) -> Option<Vec<Request>> {
        self.shown.with(|page| page.as_ref().map(|page| page.requests.clone()))
    }

    /// Whether there are older ones.
    pub(crate) fn has_more(self) -> bool {
        self.shown.with(|page| page.as_ref().is_some_and(|page| page.next.is_some()))
    }

    /// Whether the page holds none; `None` as long as that is not known.
    pub(crate) fn is_empty(self) -> Option<bool> {
        self.shown.with(|page| page.as_ref().map(|page| page.requests.is_empty()))
    }
}

/// The ways to older requests and back to the newest.
#[component]
pub(crate) fn RequestWays(
    /// The page from which they lead.
    pages: RequestPages,
) -> impl IntoView {
    let RequestPages { shown, after, .. } = pages;
    let next = memo(move || shown.with(|page| page.as_ref().and_then(|page| page.next.clone())));
    view! {
        <div class="listing-ways">
            {when(move || !after.with(String::is_empty), move || view! {
                <Button press=Callback::new(move |()| after.set(String::new()))>{words!(activity.newest)}</Button>
            }.into_any())}
            {when(move || next.with(Option::is_some), move || view! {
                <Button press=Callback::new(move |()| after.set(next.get_untracked().unwrap_or_default()))>
                    {words!(activity.more)}
                </Button>
            }.into_any())}
        </div>
    }
}
