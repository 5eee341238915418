//! The palette: every page, cluster and setting by typing a part of its name; and the list of keys.

use howdah_shared::console::{Cluster, ClustersQuery, Connection, ListClusters};
use howdah_shared::operation::Nothing;
use howdah_shared::systems::savanna;
use leptos::prelude::*;
use serde::Deserialize;

use super::{entries, entry_word};
use crate::address;
use crate::api::{At, call, text};
use crate::components::fleet::use_fleet;
use crate::components::frame::{Over, Overlay, use_overlay};
use crate::components::preferences::{LANGUAGES, Preferences, Theme, use_preferences};
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::dialog::modal;
use crate::ui::live::{effect, live, memo};

/// The most that is shown at once; who seeks more types more.
const SHOWN: usize = 50;

/// What lies over the page, as asked for.
pub(super) fn overlay() -> AnyView {
    let Overlay(over) = use_overlay();
    let asked = memo(move || over.get());
    let label = Signal::derive(move || match asked.get() {
        Some(Over::Keys) => words!(palette.keys).get(),
        _ => words!(palette.title).get(),
    });
    let body = live(move || match asked.get() {
        Some(Over::Palette) => view! { <Palette over=over /> }.into_any(),
        Some(Over::Keys) => view! { <Keys over=over /> }.into_any(),
        None => ().into_any(),
    });
    modal("dialog", label, Signal::stored(false), move || over.set(None), body)
}

/// What an entry does.
#[derive(Clone, Debug, PartialEq)]
enum Act {
    /// Leads there.
    Go(Place),
    /// Speaks that language from now on.
    Speak(Locale),
    /// Looks so from now on.
    Look(Theme),
}

/// One thing to choose.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    word: String,
    /// Where it belongs.
    more: String,
    act: Act,
}

impl Act {
    fn run(&self, preferences: Preferences) {
        match self {
            Act::Go(place) => address::go(&place.href()),
            Act::Speak(language) => preferences.choose_language(*language),
            Act::Look(theme) => preferences.choose_theme(*theme),
        }
    }
}

/// The code of every key that an input method takes.
const COMPOSING: u32 = 229;

#[component]
fn Palette(over: RwSignal<Option<Over>>) -> impl IntoView {
    let i18n = use_i18n();
    let preferences = use_preferences();
    let fleet = use_fleet();
    let connections = memo(move || fleet.value.get().unwrap_or_default());
    let clusters: RwSignal<Vec<(Connection, Vec<Named>)>> = RwSignal::new(Vec::new());
    let learned = StoredValue::new(false);
    effect(move || {
        let connections = connections.get();
        // Once: what they tell besides their names changes all the time.
        if !connections.is_empty() && !learned.get_value() {
            learned.set_value(true);
            learn(connections, clusters);
        }
    });
    let text = RwSignal::new(String::new());
    let all = memo(move || {
        let mut all = everywhere(i18n, &connections.get());
        clusters.with(|clusters| {
            for (connection, clusters) in clusters {
                all.extend(clusters.iter().flat_map(|cluster| of_cluster(i18n, connection, cluster)));
            }
        });
        all.extend(settings(i18n));
        all
    });
    let found = memo(move || text.with(|text| all.with(|all| found(all, text))));
    // By what it is, not by its place: more may come in above it.
    let chosen: RwSignal<Option<Entry>> = RwSignal::new(None);
    let at = memo(move || {
        let place = |found: &Vec<Entry>, entry: &Entry| found.iter().position(|other| other == entry);
        found.with(|found| chosen.with(|chosen| chosen.as_ref().and_then(|entry| place(found, entry)))).unwrap_or(0)
    });
    let mark = move |number: usize| chosen.set(found.with_untracked(|found| found.get(number).cloned()));
    let choose = move |number: usize| {
        if let Some(entry) = found.with_untracked(|found| found.get(number).cloned()) {
            over.set(None);
            entry.act.run(preferences);
        }
    };
    let keys = move |event: web_sys::KeyboardEvent| {
        // The keys that put a syllable together choose nothing. Safari says of the last that the syllable is done, but
        // gives it the code of all of them.
        if event.is_composing() || event.key_code() == COMPOSING {
            return;
        }
        let last = found.with_untracked(Vec::len).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => mark(if at.get_untracked() >= last { 0 } else { at.get_untracked() + 1 }),
            "ArrowUp" => mark(at.get_untracked().checked_sub(1).unwrap_or(last)),
            "Enter" => choose(at.get_untracked()),
            _ => return,
        }
        event.prevent_default();
        reveal(at.get_untracked());
    };
    let line = move |(number, entry): (usize, Entry)| {
        view! {
            <div
                class="palette-entry"
                role="option"
                id=option_id(number)
                aria-selected=move || if at.get() == number { "true" } else { "false" }
                on:pointermove=move |_| if at.get_untracked() != number { mark(number) }
                on:click=move |_| choose(number)
            >
                <span class="palette-word">{entry.word}</span>
                <span class="palette-more">{entry.more}</span>
            </div>
        }
    };
    view! {
        <div class="palette">
            <input
                class="input"
                type="text"
                role="combobox"
                aria-label=words!(palette.title)
                aria-expanded="true"
                aria-controls="palette"
                aria-activedescendant=move || found.with(|found| !found.is_empty()).then(|| option_id(at.get()))
                autocomplete="off"
                spellcheck="false"
                autofocus=true
                placeholder=words!(palette.hint)
                prop:value=move || text.get()
                on:input=move |event| {
                    text.set(event_target_value(&event));
                    chosen.set(None);
                }
                on:keydown=keys
            />
            <div class="palette-list" role="listbox" id="palette" aria-label=words!(palette.found)>
                {live(move || found.get().into_iter().enumerate().map(line).collect_view().into_any())}
            </div>
            <p class="palette-none" role="status">
                {move || found.with(Vec::is_empty).then(|| words!(palette.none))}
            </p>
        </div>
    }
}

fn option_id(number: usize) -> String {
    format!("palette-{number}")
}

fn reveal(number: usize) {
    if let Some(line) = document().get_element_by_id(&option_id(number)) {
        // `nearest`: nothing moves that need not.
        let options = js_sys::Object::new();
        let _ = js_sys::Reflect::set(&options, &"block".into(), &"nearest".into());
        if let Ok(scroll) = js_sys::Reflect::get(&line, &"scrollIntoView".into())
            && let Ok(scroll) = wasm_bindgen::JsCast::dyn_into::<js_sys::Function>(scroll)
        {
            let _ = scroll.call1(&line, &options);
        }
    }
}

/// A cluster as far as it is gone to.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    id: String,
    name: String,
    /// Whether it can be run again.
    #[serde(skip)]
    runs: bool,
}

impl From<&Cluster> for Named {
    fn from(cluster: &Cluster) -> Named {
        Named { id: cluster.id.clone(), name: cluster.name.clone(), runs: cluster.has_key }
    }
}

/// The clusters that a Savanna tells of.
async fn of_tenant(connection: &str, tenant: &str) -> Option<Vec<Named>> {
    #[derive(Deserialize)]
    struct Reply {
        clusters: Vec<Named>,
    }
    let list = savanna::ListClusters { tenant_id: tenant.parse().ok()? };
    let told = text(At::Connection(connection), &list, &savanna::ClustersQuery::default()).await.ok()?;
    serde_json::from_str::<Reply>(&told).ok().map(|reply| reply.clusters)
}

/// Asks for the clusters of each connection that has any, one after the other.
fn learn(connections: Vec<Connection>, clusters: RwSignal<Vec<(Connection, Vec<Named>)>>) {
    leptos::task::spawn_local(async move {
        for connection in connections {
            let Ok(name) = connection.name.parse() else { continue };
            if !entries(&connection.system).iter().any(|entry| entry.segment == "clusters") {
                continue;
            }
            // One that cannot be learned of is found on its own page, which says why.
            let (list, all) = (ListClusters { connection: name }, ClustersQuery::default());
            let list = match &connection.tenant {
                Some(tenant) => of_tenant(&connection.name, tenant).await,
                None => call(At::Howdah, &list, &all, &Nothing {})
                    .await
                    .ok()
                    .map(|list| list.iter().map(Named::from).collect()),
            };
            let Some(list) = list else { continue };
            if clusters.try_update(|clusters| clusters.push((connection, list))).is_none() {
                return;
            }
        }
    });
}

fn everywhere(i18n: I18nContext<Locale>, connections: &[Connection]) -> Vec<Entry> {
    let entry =
        |word: &str, more: &str, place| Entry { word: word.to_owned(), more: more.to_owned(), act: Act::Go(place) };
    let mut all = vec![
        entry(t_string!(i18n, fleet.title), "", Place::Fleet),
        entry(t_string!(i18n, frame.activity), "", Place::Activity),
    ];
    for connection in connections {
        for page in entries(&connection.system) {
            all.push(entry(&entry_word(i18n, *page), &connection.title, (page.place)(connection.name.clone())));
        }
    }
    all
}

fn of_cluster(i18n: I18nContext<Locale>, connection: &Connection, cluster: &Named) -> Vec<Entry> {
    let (at, id) = (connection.name.clone(), cluster.id.clone());
    let again = t_string!(i18n, run_again.title, name = cluster.name.clone()).to_string();
    let entry = |word, place| Entry { word, more: connection.title.clone(), act: Act::Go(place) };
    let mut all = vec![entry(cluster.name.clone(), Place::Cluster(at.clone(), id.clone()))];
    if cluster.runs {
        all.push(entry(again, Place::RunAgain(at, id)));
    }
    all
}

fn settings(i18n: I18nContext<Locale>) -> Vec<Entry> {
    let (language, theme) = (t_string!(i18n, frame.language).to_owned(), t_string!(i18n, frame.theme).to_owned());
    let themes = [
        (Theme::System, t_string!(i18n, frame.theme_system)),
        (Theme::Light, t_string!(i18n, frame.theme_light)),
        (Theme::Dark, t_string!(i18n, frame.theme_dark)),
    ];
    let languages = LANGUAGES.iter().map(|(tag, name)| Entry {
        word: (*name).to_owned(),
        more: language.clone(),
        act: Act::Speak(*tag),
    });
    let themes = themes.map(|(look, name)| Entry { word: name.to_owned(), more: theme.clone(), act: Act::Look(look) });
    languages.chain(themes).collect()
}

/// Those in which every typed word is found: first where a name begins so, then where it holds it, then the others.
fn found(all: &[Entry], text: &str) -> Vec<Entry> {
    let text = text.trim().to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut ranked: Vec<(u8, &Entry)> = all
        .iter()
        .filter_map(|entry| {
            let word = entry.word.to_lowercase();
            let whole = format!("{word} {}", entry.more.to_lowercase());
            let fits = words.iter().all(|part| whole.contains(part));
            let rank = if word.starts_with(&text) { 0 } else { u8::from(!word.contains(&text)) + 1 };
            fits.then_some((rank, entry))
        })
        .collect();
    // Stable: within a rank the order is that of the pages.
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().take(SHOWN).map(|(_, entry)| entry.clone()).collect()
}

#[component]
fn Keys(over: RwSignal<Option<Over>>) -> impl IntoView {
    let keys = [
        ("Ctrl K · ⌘ K", words!(palette.key_palette)),
        ("?", words!(palette.key_keys)),
        ("Tab · Shift Tab", words!(palette.key_tab)),
        ("↑ ↓ PgUp PgDn Home End", words!(palette.key_rows)),
        ("Enter", words!(palette.key_enter)),
        ("Esc", words!(palette.key_escape)),
    ];
    view! {
        <div class="palette">
            <h2>{words!(palette.keys)}</h2>
            <dl class="keys">
                {keys.into_iter().map(|(key, does)| view! { <dt><kbd>{key}</kbd></dt><dd>{does}</dd> }).collect_view()}
            </dl>
            <div>
                <button class="button" type="button" autofocus=true on:click=move |_| over.set(None)>
                    {words!(palette.close)}
                </button>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(word: &str, more: &str) -> Entry {
        Entry { word: word.to_owned(), more: more.to_owned(), act: Act::Go(Place::Fleet) }
    }

    fn words(text: &str) -> Vec<String> {
        let all = [
            entry("Run nightly-etl again", "Hadoop Eco"),
            entry("Clusters", "Hadoop Eco"),
            entry("nightly-etl", "Hadoop Eco"),
            entry("Applications", "Analytics"),
            entry("정산-검증", "Hadoop Eco"),
        ];
        found(&all, text).into_iter().map(|entry| entry.word).collect()
    }

    #[test]
    fn names_that_begin_so_come_first() {
        assert_eq!(words("night"), ["nightly-etl", "Run nightly-etl again"]);
        assert_eq!(words("검증"), ["정산-검증"]);
    }

    #[test]
    fn every_word_has_to_be_there() {
        assert_eq!(words("hadoop clus"), ["Clusters"]);
        assert_eq!(words("  ANALYTICS app "), ["Applications"]);
        assert!(words("yarn").is_empty());
        assert_eq!(words("").len(), 5);
    }
}
