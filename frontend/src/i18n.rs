//! The texts of `locales/`, typed. Written by the build script.
#![expect(unused_imports, dead_code, reason = "the generated module is made for libraries")]

mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}

pub(crate) use generated::i18n::*;
pub(crate) use leptos_i18n::I18nContext;
