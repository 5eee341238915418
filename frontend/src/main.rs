//! Howdah's browser console, as a program of the browser.

fn main() {
    howdah_frontend::begin();
}
