//! What all fields of a form share: what is typed, what is known, and what is wrong where.

use howdah_shared::systems::savanna::Dialect;
use leptos::prelude::*;

use super::form::Form;
use super::known::{Others, Plugins};
use super::listed::{Choice, Listed, choices};
use super::members::{FLAVORS, KEY_PAIRS, Member, NETWORKS, POOLS, Typed};
use super::refusal::is_at;
use super::select::select;
use super::words::{Said, hint, member_word, said_word};
use crate::i18n::*;
use crate::ui::field::Field;
use crate::ui::live::string;

/// What all fields of a form share.
#[derive(Clone, Copy)]
pub(super) struct Sheet {
    /// What is typed.
    pub(super) form: Form,
    /// Whose rules the service has.
    pub(super) dialect: Memo<Dialect>,
    /// The plugins.
    pub(super) plugins: Plugins,
    /// What others are made of.
    pub(super) others: RwSignal<Others>,
    /// What the services beside list.
    pub(super) listed: Listed,
    /// What is wrong, at which place.
    pub(super) wrong: Memo<Vec<(String, Said)>>,
    /// The places that somebody has been at.
    pub(super) touched: RwSignal<Vec<String>>,
    /// Whether none can be changed now.
    pub(super) busy: RwSignal<bool>,
}

impl Sheet {
    /// What is to be said of a place. Nothing is wrong yet with what nobody has touched.
    pub(super) fn fault(self, place: String, is_empty: Signal<bool>) -> Signal<Option<String>> {
        let i18n = use_i18n();
        Signal::derive(move || {
            let said = self
                .wrong
                .with(|wrong| wrong.iter().find(|(at, _)| is_at(at, &place)).map(|(_, said)| said.clone()))?;
            let quiet = matches!(said, Said::Rule(_)) && is_empty.get();
            let quiet = quiet && !self.touched.with(|touched| touched.contains(&place));
            (!quiet).then(|| said_word(i18n, &said))
        })
    }

    /// What may be meant, by the id of the list.
    pub(super) fn choices(self, list: &str) -> Vec<Choice> {
        let Listed { flavors, networks, key_pairs, pools } = self.listed;
        let of = |listed: RwSignal<Vec<Choice>>, used: fn(&Others) -> &[String]| {
            listed.with(|listed| self.others.with(|others| choices(listed, used(others))))
        };
        match list {
            FLAVORS => of(flavors, |others| &others.flavors),
            NETWORKS => of(networks, |others| &others.networks),
            KEY_PAIRS => of(key_pairs, |others| &others.key_pairs),
            POOLS => of(pools, |others| &others.pools),
            _ => self.others.with(|others| {
                let images = others.images.iter();
                images.filter_map(|image| Some((image.id.clone()?, image.name.clone().unwrap_or_default()))).collect()
            }),
        }
    }

    /// Somebody has been there.
    pub(super) fn touch(self, place: &str) {
        if !self.touched.with_untracked(|touched| touched.iter().any(|other| other == place)) {
            self.touched.update(|touched| touched.push(place.to_owned()));
        }
    }

    /// The field of a member.
    pub(super) fn field(self, id: String, place: String, member: &'static Member, text: RwSignal<String>) -> AnyView {
        let i18n = use_i18n();
        let label = string(move || member_word(i18n, member.name));
        // Of what is listed the name is said, which tells more than its id.
        let hint = string(move || {
            let chosen = member.list.and_then(|list| {
                self.choices(list).into_iter().find(|(id, name)| text.with(|text| text == id) && !name.is_empty())
            });
            chosen.map_or_else(|| hint(i18n, member.name), |(_, name)| name)
        });
        let fault = self.fault(place.clone(), Signal::derive(move || text.with(|text| text.trim().is_empty())));
        let kind = if member.typed == Typed::Number { "number" } else { "text" };
        let unit = if member.name == "volumes_size" { "GiB" } else { "" };
        let field = match member.typed {
            Typed::Flag => {
                let options = [("", words!(form.as_service)), ("true", words!(form.yes)), ("false", words!(form.no))];
                select(id, label, fault, self.busy, text, options.map(|(value, word)| (value.to_owned(), word)).into())
            }
            _ => view! {
                <Field
                    id=id
                    label=label
                    value=text
                    fault=fault
                    hint=hint
                    kind=kind
                    unit=Signal::stored(unit.to_owned())
                    list=member.list
                    disabled=self.busy
                />
            }
            .into_any(),
        };
        view! { <div on:focusout=move |_| self.touch(&place)>{field}</div> }.into_any()
    }
}
