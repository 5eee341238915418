//! `howdah health`: what an image without any other program asks itself.

use super::support::{Howdah, Service};

fn service() -> Service {
    Service::answering(|_| Vec::new())
}

/// Writes the port into the configuration that the program was started with without one.
fn with_port(howdah: &Howdah) {
    let listen = format!("listen = \"{}\"", howdah.address());
    howdah.write("howdah.toml", &howdah.configuration().replace("listen = \"127.0.0.1:0\"", &listen));
}

fn refused(howdah: &Howdah, words: &str) {
    let output = howdah.command(&["health"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains(words), "{said}");
}

#[test]
fn a_program_that_runs_is_ready_and_one_that_does_not_is_not() {
    let service = service();
    let mut howdah = Howdah::before(&service);
    with_port(&howdah);
    let output = howdah.command(&["health"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // It is asked under a name that is not its own.
    let configuration = howdah.configuration();
    howdah.write("howdah.toml", &format!("public_url = \"https://howdah.example/\"\n{}", configuration.trim_start()));
    refused(&howdah, "/readyz answers 421");
    howdah.write("howdah.toml", &configuration);
    howdah.kill();
    refused(&howdah, "refused");
}

#[test]
fn over_tls_it_takes_its_own_certificate_alone() {
    let service = service();
    let mut howdah = Howdah::before(&service);
    let pair = || rcgen::generate_simple_self_signed(["howdah.example".to_owned()]).unwrap();
    let (own, other) = (pair(), pair());
    howdah.write("certificate.pem", &own.cert.pem());
    howdah.write("key.pem", &own.signing_key.serialize_pem());
    howdah.write("other.pem", &other.cert.pem());
    let tls = "[tls]\ncertificate_file = \"certificate.pem\"\nkey_file = \"key.pem\"\n[journal]";
    howdah.start_with(|text| text.replace("[journal]", tls));
    with_port(&howdah);
    let output = howdah.command(&["health"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    howdah.write("howdah.toml", &howdah.configuration().replace("certificate.pem", "other.pem"));
    refused(&howdah, "certificate");
}
