//! The two commands of the checkout: `cargo console` runs Howdah with its sandbox, `cargo verify` runs every test.
//! Both set up what they need first, see [`tools`].

mod bench;
mod chunks;
mod console;
mod daemon;
mod deploy;
mod dist;
mod loader;
mod node;
mod parts;
mod peers;
mod run;
mod stages;
mod styles;
mod system;
mod tools;
mod verify;
mod workspace;

use std::process::ExitCode;

const USAGE: &str = "\
cargo console [-- SANDBOX ARGUMENTS]      build Howdah, start its sandbox and print the address
cargo verify [--keep-going] [STAGE...]    run every test, or the named stages; --list names them";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((command, rest)) if command == "console" => console::main(rest),
        Some((command, rest)) if command == "verify" => verify::main(rest),
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}
