//! The limits of a bucket, drawn so that the one that binds is seen first.

use leptos::prelude::*;

use super::limits::{Binding, Bound, Limit, Limits};
use crate::i18n::*;
use crate::ui::format;
use crate::ui::live::{live, string};
use crate::ui::mark::{Kind, Mark};
use crate::ui::meter::{Meter, Share};

/// What a limit is called.
pub(super) fn limit_word(i18n: I18nContext<Locale>, limit: Limit) -> String {
    match limit {
        Limit::Array => t_string!(i18n, cycle.limit_array),
        Limit::Cluster => t_string!(i18n, cycle.limit_cluster),
        Limit::Group => t_string!(i18n, cycle.limit_group),
        Limit::Family => t_string!(i18n, cycle.limit_family),
        Limit::Region => t_string!(i18n, cycle.limit_region),
        Limit::Quota => t_string!(i18n, cycle.limit_quota),
    }
    .to_string()
}

/// How many more fit, and why not more, in a sentence.
pub(super) fn fits_word(i18n: I18nContext<Locale>, limits: &Limits) -> String {
    let fits = match limits.fits {
        None => t_string!(i18n, cycle.fits_unknown).to_string(),
        Some(0) => t_string!(i18n, cycle.fits_none).to_string(),
        Some(1) => t_string!(i18n, cycle.fits_one).to_string(),
        Some(fits) => t_string!(i18n, cycle.fits, count = format::count(fits)).to_string(),
    };
    let why = match &limits.binding {
        Binding::Invalid(reason) if reason.is_empty() => t_string!(i18n, cycle.binds_invalid).to_string(),
        Binding::Invalid(reason) => {
            t_string!(i18n, cycle.binds_invalid_for, reason = reason_word(i18n, reason)).to_string()
        }
        Binding::Capacity(ago) => {
            let ago = format::ago(i18n.get_locale(), ago * 1000.0);
            t_string!(i18n, cycle.binds_capacity, ago = ago).to_string()
        }
        Binding::Limit(limit) => t_string!(i18n, cycle.binds_limit, limit = limit_word(i18n, *limit)).to_string(),
        Binding::Other => t_string!(i18n, cycle.binds_other).to_string(),
        Binding::Unknown => return fits,
    };
    format!("{fits} {why}")
}

/// Why no node may be made of a bucket: the words of the service that are known, and others as they are.
fn reason_word(i18n: I18nContext<Locale>, reason: &str) -> String {
    match reason {
        "NotActivated" => t_string!(i18n, cycle.reason_not_activated).to_string(),
        "DisabledMachineType" => t_string!(i18n, cycle.reason_disabled).to_string(),
        other => other.to_owned(),
    }
}

/// The limits with what decides.
#[component]
pub(super) fn LimitsView(
    /// What is known of them.
    #[prop(into)]
    limits: Signal<Limits>,
) -> impl IntoView {
    let i18n = use_i18n();
    let kind = Signal::derive(move || {
        limits.with(|limits| match (&limits.binding, limits.fits) {
            (Binding::Unknown, _) | (_, None) => Kind::Unknown,
            (Binding::Invalid(_) | Binding::Capacity(_), _) | (_, Some(0)) => Kind::Caution,
            _ => Kind::Good,
        })
    });
    view! {
        <div class="fits"><Mark kind=kind word=string(move || limits.with(|limits| fits_word(i18n, limits))) /></div>
        {live(move || limits.with(|limits| lines(i18n, limits)))}
    }
}

fn lines(i18n: I18nContext<Locale>, limits: &Limits) -> AnyView {
    if limits.bounds.is_empty() {
        return ().into_any();
    }
    let line = |bound: &Bound| {
        let binds = limits.binding == Binding::Limit(bound.limit);
        let share = Share { used: share(bound), ..Share::default() };
        let (used, most) = (format::count(bound.used), format::count(bound.most));
        let used = match bound.cores {
            true => t_string!(i18n, cycle.used_cores, used = used, most = most).to_string(),
            false => t_string!(i18n, cycle.used_nodes, used = used, most = most).to_string(),
        };
        let room = t_string!(i18n, cycle.room, count = format::count(bound.room)).to_string();
        view! {
            <tr class="limit" class:limit-binds=binds>
                <th scope="row">
                    {limit_word(i18n, bound.limit)}
                    {binds.then(|| view! { " " <span class="limit-mark">{words!(cycle.binds)}</span> })}
                </th>
                <td class="limit-meter"><Meter share=Signal::stored(share) /></td>
                <td class="number">{used}</td>
                <td class="number">{room}</td>
            </tr>
        }
    };
    view! {
        <table class="limits" aria-label=words!(cycle.limits)>
            <thead class="visually-hidden">
                <tr>
                    <th scope="col">{words!(cycle.limit)}</th>
                    <td></td>
                    <th scope="col">{words!(cycle.used)}</th>
                    <th scope="col">{words!(cycle.left)}</th>
                </tr>
            </thead>
            <tbody>{limits.bounds.iter().map(line).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn share(bound: &Bound) -> f64 {
    if bound.most > 0 { bound.used as f64 / bound.most as f64 } else { 1.0 }
}
