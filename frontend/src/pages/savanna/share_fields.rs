//! The fields of the shared file systems that nodes mount.

use leptos::prelude::*;

use super::select::select;
use super::shares::{READS, Share, Shares, WRITES};
use super::sheet::Sheet;
use super::words::said_word;
use crate::i18n::*;
use crate::ui::button::Button;
use crate::ui::field::Field;
use crate::ui::live::{live, memo, string};

/// Those of a body or of a group.
#[component]
pub(super) fn ShareFields(
    /// The form.
    sheet: Sheet,
    /// The member of the body that holds them, with its place.
    place: String,
    /// What is typed.
    shares: Shares,
) -> impl IntoView {
    let i18n = use_i18n();
    let Shares(list) = shares;
    let at = StoredValue::new(place);
    // What is said of one of them is said at its field.
    let whole = Signal::derive(move || {
        let is_whole = |place: &str| at.with_value(|at| place == at);
        sheet.wrong.with(|wrong| wrong.iter().find(|(place, _)| is_whole(place)).map(|(_, said)| said_word(i18n, said)))
    });
    let add = Callback::new(move |()| list.update(|list| list.push(Share::new())));
    let one = move |share: Share| view! { <One sheet=sheet place=at list=list share=share /> };
    view! {
        <fieldset class="field choice-field">
            <legend class="field-label">{words!(form.shares)}</legend>
            <p class="field-hint">{words!(form.shares_text)}</p>
            <For each=move || list.get() key=|share| share.number children=one />
            <div><Button press=add>{words!(form.add_share)}</Button></div>
            <p class="field-fault" role="status" hidden=move || whole.with(Option::is_none)>
                {string(move || whole.get().unwrap_or_default())}
            </p>
        </fieldset>
    }
}

#[component]
fn One(sheet: Sheet, place: StoredValue<String>, list: RwSignal<Vec<Share>>, share: Share) -> impl IntoView {
    let i18n = use_i18n();
    // Where it stands may change: its place is that of the share of its number.
    let at = memo(move || list.with(|list| list.iter().position(|other| other.number == share.number)));
    let title = string(move || t_string!(i18n, form.share, number = at.get().unwrap_or_default() + 1).to_string());
    let remove = Callback::new(move |()| list.update(|list| list.retain(|other| other.number != share.number)));
    let fields = live(move || {
        let Some(at) = at.get() else { return ().into_any() };
        let id = |name: &str| format!("share-{}-{name}", share.number);
        let of = |name: &str| place.with_value(|place| format!("{place}[{at}].{name}"));
        let (id_at, path_at) = (of("id"), of("path"));
        let (of_id, of_path) = (id_at.clone(), path_at.clone());
        let empty = |text: RwSignal<String>| Signal::derive(move || text.with(|text| text.trim().is_empty()));
        let ways = [(WRITES, words!(form.share_writes)), (READS, words!(form.share_reads))];
        let ways = ways.map(|(value, word)| (value.to_owned(), word)).into();
        let access_fault = sheet.fault(of("access_level"), Signal::stored(false));
        view! {
            <div on:focusout=move |_| sheet.touch(&of_id)>
                <Field id=id("id") label=words!(form.share_id) value=share.id
                    fault=sheet.fault(id_at.clone(), empty(share.id)) disabled=sheet.busy />
            </div>
            <div on:focusout=move |_| sheet.touch(&of_path)>
                <Field id=id("path") label=words!(form.share_path) value=share.path hint=words!(form.hint_share_path)
                    fault=sheet.fault(path_at.clone(), empty(share.path)) disabled=sheet.busy />
            </div>
            {select(id("access"), words!(form.share_access), access_fault, sheet.busy, share.access, ways)}
        }
        .into_any()
    });
    view! {
        <div class="share" role="group" aria-label=title>
            {fields}
            <Button press=remove>{words!(form.remove_share)}</Button>
        </div>
    }
}
