//! Programs of the operating system that some tests need.

use std::path::{Path, PathBuf};

use crate::run::{self, Progress};
use crate::verify::Stop;

/// Something that must be there: any of these programs, or else this package of Debian's.
pub(crate) struct Need {
    what: &'static str,
    programs: &'static [&'static str],
    package: &'static str,
}

/// The browser that Playwright drives.
pub(crate) const CHROMIUM: Need =
    Need { what: "Chromium", programs: &["chromium", "chromium-browser", "google-chrome"], package: "chromium" };
/// What a ResourceManager runs on.
pub(crate) const JAVA: Need = Need { what: "Java 17", programs: &["java"], package: "openjdk-17-jre-headless" };
/// What fetches a ResourceManager.
pub(crate) const MAVEN: Need = Need { what: "Maven", programs: &["mvn"], package: "maven" };
/// What fills a ResourceManager.
pub(crate) const PYTHON: Need = Need { what: "Python", programs: &["python3"], package: "python3" };
/// What installs what is written in Python.
pub(crate) const PIP: Need = Need { what: "pip", programs: &["pip3", "pip"], package: "python3-pip" };
/// What reads units.
pub(crate) const SYSTEMD: Need = Need { what: "systemd", programs: &["systemd-analyze"], package: "systemd" };
/// What asks whether a program is up.
pub(crate) const CURL: Need = Need { what: "curl", programs: &["curl"], package: "curl" };

/// What stands before Howdah and a portal, and what Howdah is measured beside.
pub(crate) const NGINX: Need = Need { what: "nginx", programs: &["nginx"], package: "nginx" };
/// What calls a proxy as often as it can.
pub(crate) const WRK: Need = Need { what: "wrk", programs: &["wrk"], package: "wrk" };
/// What the proxy's feature `kerberos` is built on.
const GSSAPI: Need = Need { what: "the GSSAPI library", programs: &["krb5-config"], package: "libkrb5-dev" };
/// What gives tickets of Kerberos.
const KDC: Need = Need { what: "a Kerberos KDC", programs: &["krb5kdc"], package: "krb5-kdc" };
/// What tells a KDC of whom there is.
const KADMIN: Need = Need { what: "kadmin.local", programs: &["kadmin.local"], package: "krb5-admin-server" };
/// What makes certificates.
pub(crate) const OPENSSL: Need = Need { what: "OpenSSL", programs: &["openssl"], package: "openssl" };
/// What has Chromium trust them.
pub(crate) const CERTUTIL: Need = Need { what: "certutil", programs: &["certutil"], package: "libnss3-tools" };

impl Need {
    /// The program's name, if one is on `PATH`.
    pub(crate) fn program(&self) -> Option<&'static str> {
        self.programs.iter().copied().find(|name| run::on_path(name))
    }

    /// The program's name; installs its package where that can be done without a question.
    pub(crate) fn ensure(&self, progress: &Progress) -> Result<&'static str, Stop> {
        if let Some(program) = self.program() {
            return Ok(program);
        }
        apt_install(progress, self.package);
        let Need { what, programs, package } = self;
        self.program().ok_or_else(|| {
            Stop::Missing(format!("{what} is missing: none of {} is on PATH (Debian: {package})", programs.join(", ")))
        })
    }
}

/// Installs the fonts that Korean needs to be drawn as text rather than boxes, if it can be done without a question.
pub(crate) fn korean_font(progress: &Progress) {
    let drawn = run::output_of(run::program("fc-list", &[]).arg(":lang=ko")).is_some_and(|fonts| !fonts.is_empty());
    if !drawn {
        apt_install(progress, "fonts-noto-cjk");
    }
}

/// Gives the journal's test a PostgreSQL, if it can be done without a question; the test says where it found none.
pub(crate) fn postgres(progress: &Progress) {
    if !std::path::Path::new("/usr/lib/postgresql").is_dir() && !run::on_path("initdb") {
        apt_install(progress, "postgresql");
    }
}

/// What the proxy's feature `kerberos` is built with: the library, and libclang, by which its header is read.
pub(crate) fn gssapi(progress: &Progress) -> Result<(), Stop> {
    GSSAPI.ensure(progress)?;
    if !libclang() {
        apt_install(progress, "libclang-dev");
    }
    if libclang() { Ok(()) } else { Err(Stop::Missing("libclang is missing (Debian: libclang-dev)".to_owned())) }
}

fn libclang() -> bool {
    let entries = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let of_versions = entries(Path::new("/usr/lib")).map(|folder| folder.join("lib"));
    let common = ["/usr/lib", "/usr/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"];
    let named = std::env::var_os("LIBCLANG_PATH").map(PathBuf::from);
    let library =
        |file: PathBuf| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("libclang.so"));
    common.iter().map(PathBuf::from).chain(of_versions).chain(named).any(|folder| entries(&folder).any(library))
}

/// A KDC, and what it is told of its principals with.
pub(crate) fn kdc(progress: &Progress) -> Result<(), Stop> {
    KDC.ensure(progress)?;
    KADMIN.ensure(progress)?;
    Ok(())
}

/// As root on Debian, installs a package. Whether it worked shows in what is there afterwards.
fn apt_install(progress: &Progress, package: &str) {
    let root = run::output_of(run::program("id", &[]).arg("-u")).is_some_and(|id| id == "0");
    if !root || !run::on_path("apt-get") {
        return;
    }
    progress.step(&format!("installing {package}"));
    let apt = |arguments: &[&str]| {
        let mut command = run::program("apt-get", &[]);
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        progress.run("apt-get", &mut command)
    };
    if let Err(error) = apt(&["update", "-qq"]).and_then(|()| apt(&["install", "-y", "-qq", package])) {
        progress.step(&error);
    }
}
