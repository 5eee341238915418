//! A template of a cluster from a configuration file, which some plugins can make.

use howdah_shared::operation::Nothing;
use howdah_shared::systems::savanna::{
    ConfigurationFile, ConvertConfig, ConvertConfigAs, ConvertedReply, Dialect, Rule, TenantId,
};
use leptos::prelude::*;

use super::known::{dialect, plugins};
use super::select::select;
use super::words::rule_words;
use crate::address;
use crate::api::{At, bad_path, change};
use crate::components::question::{Pending, Question, off_role};
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::button::Weight;
use crate::ui::field::{Field, Lines};
use crate::ui::live::{live, memo, when};

/// The question.
#[component]
pub(super) fn Convert(
    /// Whether it is asked.
    open: RwSignal<bool>,
    /// The connection's name.
    connection: String,
    /// The tenant.
    tenant: TenantId,
) -> impl IntoView {
    let i18n = use_i18n();
    let [plugin, version, name, file] = [(); 4].map(|()| RwSignal::new(String::new()));
    let known = plugins(&connection, &tenant, memo(|| (String::new(), String::new())));
    let dialect = dialect(&connection);
    let is_today = memo(move || dialect.get() == Dialect::Today);
    let role = off_role(&connection, words!(form.off_role));
    let off = Signal::derive(move || {
        let empty = |text: RwSignal<String>| text.with(|text| text.trim().is_empty());
        let lacks =
            empty(plugin) || empty(version) || empty(file) || (is_today.get() && !dialect.get().is_name(&name.get()));
        role.get().or_else(|| lacks.then(|| t_string!(i18n, templates.convert_off).to_string()))
    });
    let bad = Signal::derive(move || {
        let name = name.get();
        let is_bad = !name.is_empty() && !dialect.get().is_name(&name);
        is_bad.then(|| rule_words(i18n, Rule::Name))
    });
    let at = StoredValue::new((connection, tenant));
    let run = Callback::new(move |key: String| -> Pending {
        let (connection, tenant_id) = at.get_value();
        let [plugin, version, name] = [plugin, version, name].map(|text| text.get_untracked().trim().to_owned());
        let (file, is_today) = (ConfigurationFile(file.get_untracked()), is_today.get_untracked());
        Box::pin(async move {
            let place = At::Connection(&connection);
            let (plugin_name, version) = (plugin.parse().map_err(bad_path)?, version.parse().map_err(bad_path)?);
            let changed = if is_today {
                let template_name = name.parse().map_err(bad_path)?;
                let convert = ConvertConfigAs { tenant_id, plugin_name, version, template_name };
                change(place, &convert, &Nothing {}, &file, Some(&key)).await?
            } else {
                let convert = ConvertConfig { tenant_id, plugin_name, version };
                change(place, &convert, &Nothing {}, &file, Some(&key)).await?
            };
            let ConvertedReply { cluster_template } = changed.reply;
            if let Some(id) = cluster_template.id {
                address::go(&Place::ClusterTemplate(connection, id).href());
            }
            Ok(changed.request_id)
        })
    });
    let versions = move || {
        let plugin = plugin.get();
        known.versions.with(|known| known.iter().find(|(name, _)| *name == plugin).map(|(_, of)| of.clone()))
    };
    let offered = |names: Vec<String>| {
        let names = names.into_iter().map(|name| (name.clone(), Signal::stored(name)));
        std::iter::once((String::new(), words!(form.choose))).chain(names).collect::<Vec<_>>()
    };
    let busy = RwSignal::new(false);
    view! {
        <Question
            open=open
            title=words!(templates.convert_title)
            act=words!(templates.convert_act)
            weight=Weight::Primary
            off=off
            run=run
            done=words!(templates.converted)
        >
            <p>{words!(templates.convert_text)}</p>
            {live(move || {
                let names = known.versions.with(|known| known.iter().map(|(name, _)| name.clone()).collect());
                select("convert-plugin".to_owned(), words!(form.plugin), Signal::stored(None), busy, plugin, offered(names))
            })}
            {live(move || {
                let names = versions().unwrap_or_default();
                select("convert-version".to_owned(), words!(form.version), Signal::stored(None), busy, version, offered(names))
            })}
            {when(move || is_today.get(), move || view! {
                <Field id="convert-name" label=words!(form.name) value=name fault=bad />
            }.into_any())}
            <Lines id="convert-file" label=words!(templates.convert_file) value=file rows="8" />
        </Question>
    }
}
