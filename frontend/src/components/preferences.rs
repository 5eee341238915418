//! What the viewer chose: language, theme, and whether the console stands in a portal's frame.

use crate::ui::live::effect;
use leptos::prelude::*;

use crate::address::{self, parameter};
use crate::browser;
use crate::i18n::Locale;

const LANGUAGE: &str = "howdah.lang";
const THEME: &str = "howdah.theme";

/// Light or dark, or as the system says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system says.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    fn read(word: Option<&str>) -> Theme {
        match word {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::System,
        }
    }

    /// As it is stored and written on the root element.
    pub(crate) fn as_str(self) -> Option<&'static str> {
        match self {
            Theme::System => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        }
    }
}

/// The viewer's choices.
#[derive(Clone, Copy)]
pub(crate) struct Preferences {
    /// The language.
    pub(crate) language: RwSignal<Locale>,
    /// The theme.
    pub(crate) theme: RwSignal<Theme>,
    /// Whether the page stands in a portal's frame, without bar and rail; holds until the page is left.
    pub(crate) embedded: bool,
}

/// Reads the choices (address first, then storage, then the browser), provides them, and keeps the root element and
/// the storage in step with them.
pub(crate) fn provide_preferences() -> Preferences {
    let search = search();
    let theme = Theme::read(parameter(&search, "theme").or_else(|| stored(THEME)).as_deref());
    let preferences = Preferences {
        language: RwSignal::new(language()),
        theme: RwSignal::new(theme),
        embedded: parameter(&search, "embed").is_some(),
    };
    effect(move || root_attribute("lang", Some(tag(preferences.language.get()))));
    effect(move || root_attribute("data-theme", preferences.theme.get().as_str()));
    provide_context(preferences);
    preferences
}

/// The language: of the address, else the one that was chosen before, else that of the browser.
pub(crate) fn language() -> Locale {
    let asked = parameter(&search(), "lang").or_else(|| stored(LANGUAGE));
    language_of(asked.as_deref()).unwrap_or_else(browser_language)
}

fn search() -> String {
    address::here().with_untracked(|here| here.search.clone())
}

impl Preferences {
    /// Changes the language and remembers it.
    pub(crate) fn choose_language(self, language: Locale) {
        self.language.set(language);
        store(LANGUAGE, Some(tag(language)));
    }

    /// Changes the theme and remembers it.
    pub(crate) fn choose_theme(self, theme: Theme) {
        self.theme.set(theme);
        store(THEME, theme.as_str());
    }
}

/// The viewer's choices.
pub(crate) fn use_preferences() -> Preferences {
    expect_context()
}

/// The language's tag, as in `<html lang>`.
pub(crate) fn tag(language: Locale) -> &'static str {
    match language {
        Locale::en => "en",
        Locale::ko => "ko",
    }
}

/// Every language with its name in itself.
pub(crate) const LANGUAGES: &[(Locale, &str)] = &[(Locale::en, "English"), (Locale::ko, "한국어")];

fn language_of(word: Option<&str>) -> Option<Locale> {
    let primary = word?.split('-').next()?.to_ascii_lowercase();
    LANGUAGES.iter().map(|(language, _)| *language).find(|language| tag(*language) == primary)
}

fn browser_language() -> Locale {
    let found = browser::languages().iter().find_map(|word| language_of(Some(word)));
    found.unwrap_or(Locale::en)
}

fn storage() -> Option<web_sys::Storage> {
    // Within some frames reading the storage throws.
    browser::window()?.local_storage().ok()?
}

fn stored(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

fn store(key: &str, value: Option<&str>) {
    let Some(storage) = storage() else { return };
    // A full or forbidden storage only forgets the choice.
    let _ = match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    };
}

fn root_attribute(name: &str, value: Option<&str>) {
    let Some(root) = document().document_element() else { return };
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_does_not_hide_the_language() {
        assert_eq!(language_of(Some("ko-KR")), Some(Locale::ko));
        assert_eq!(language_of(Some("EN")), Some(Locale::en));
        assert_eq!(language_of(Some("fr")), None);
        assert_eq!(language_of(None), None);
    }
}
