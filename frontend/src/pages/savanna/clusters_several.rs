//! Terminating several clusters at once.

use howdah_shared::systems::savanna::TenantId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::cluster_acts::terminate;
use super::cluster_rows::Row;
use crate::api::bad_path;
use crate::components::batch::{Act, ActWords, Choice, Item, Run, Sent};
use crate::components::listing::Listed;
use crate::i18n::*;
use crate::ui::button::Weight;
use crate::ui::field::Field;
use crate::ui::format;
use crate::ui::live::{memo, string};

/// Each is terminated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Terminate {
    tenant: String,
}

impl Terminate {
    /// Those of a tenant.
    pub(super) fn of(tenant: &TenantId) -> Terminate {
        Terminate { tenant: tenant.as_str().to_owned() }
    }
}

impl Act for Terminate {
    type Row = Row;
    const TABLE: &'static str = "clusters";

    fn send(&self, connection: &str, item: &Item) -> Sent {
        let (connection, tenant, item) = (connection.to_owned(), self.tenant.clone(), item.clone());
        Box::pin(async move {
            let tenant = tenant.parse().map_err(bad_path)?;
            Ok((false, terminate(&connection, tenant, &item.id, &item.key).await?))
        })
    }

    fn title(&self, i18n: I18nContext<Locale>, count: usize) -> String {
        match count {
            1 => t_string!(i18n, savanna.terminate_one).to_string(),
            _ => t_string!(i18n, savanna.terminate_several, count = format::count(count as i64)).to_string(),
        }
    }

    fn text(&self) -> Signal<String> {
        words!(savanna.terminate_several_text)
    }

    fn weight(&self) -> Weight {
        Weight::Danger
    }

    /// The name of the one, or the number of the several, is to be typed.
    fn choice(&self, run: Run<Terminate>) -> Option<Choice<Terminate>> {
        let i18n = use_i18n();
        let typed = RwSignal::new(String::new());
        let wanted = memo(move || {
            run.batch.with(|batch| match batch.as_ref().map(|batch| &batch.items[..]).unwrap_or_default() {
                [one] => one.name.clone(),
                several => several.len().to_string(),
            })
        });
        let ask = string(move || t_string!(i18n, savanna.type_it, it = wanted.get()).to_string());
        let act = self.clone();
        Some(Choice {
            view: view! { <Field id="terminate-typed" label=ask value=typed /> }.into_any(),
            off: Signal::derive(move || {
                let same = typed.with(|typed| wanted.with(|wanted| typed.trim() == wanted));
                (!same).then(|| ask.get())
            }),
            act: Callback::new(move |()| act.clone()),
        })
    }

    fn takes(row: &Row) -> bool {
        row.standing() != "Deleting"
    }

    fn name(row: &Row) -> String {
        row.name().to_owned()
    }

    fn words() -> ActWords {
        ActWords {
            list: words!(savanna.clusters),
            off_all: words!(savanna.off_deleting),
            off_role: words!(savanna.terminate_off_role),
            left_out: |i18n, count| t_string!(i18n, savanna.left_out, count = count).to_string(),
            left: |i18n, open, all| t_string!(i18n, savanna.left, open = open, all = all).to_string(),
        }
    }
}
