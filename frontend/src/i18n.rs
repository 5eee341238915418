//! The texts of `locales/`, typed. Written by the build script.
#![expect(unused_imports, dead_code, reason = "the generated module is made for libraries")]

mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}

pub(crate) use generated::i18n::*;
pub(crate) use leptos_i18n::I18nContext;

use leptos::prelude::Signal;

/// A text without holes, as a signal that follows the viewer's language: `words!(fleet.title)`. Made of a plain
/// function, because each closure in a view costs the browser kilobytes.
macro_rules! words {
    ($($key:tt)+) => {
        $crate::i18n::words(|language| $crate::i18n::td_string!(language, $($key)+))
    };
}

/// What [`words!`](crate::words) makes.
pub(crate) fn words(pick: fn(Locale) -> &'static str) -> Signal<String> {
    let i18n = use_i18n();
    Signal::derive(move || pick(i18n.get_locale()).to_owned())
}
