//! Turns `locales/` into the module of typed texts, so that a missing key does not compile.
//!
//! As `leptos_i18n_build` does, but without the tables of dates and numbers that it brings: eighty crates, which a
//! newcomer would wait for.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use leptos_i18n_codegen::gen_code;
use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    // Without the display form, texts with holes could only become elements, never attributes or titles.
    let options = ParseOptions::new().interpolate_display(true);
    let locales = parse_locales(None, Config::new("en")?.add_locale("ko")?.parse_options(options))?;
    for file in locales.tracked_files.iter().flatten() {
        println!("cargo::rerun-if-changed={file}");
    }
    for warning in locales.diag.warnings().iter() {
        println!("cargo::warning={warning}");
    }
    for error in locales.diag.errors().iter() {
        println!("cargo::error={error}");
    }
    let folder = PathBuf::from(env::var("OUT_DIR")?).join("i18n");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("mod.rs"), gen_code(&locales, None, false, None, true)?.to_string())?;
    Ok(())
}
