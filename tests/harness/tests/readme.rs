//! What the README tells is true of the program: its configuration is accepted, its commands exist. These tests build
//! and run `howdah`, so they are ignored unless `cargo verify readme` asks for them.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// The program, built once.
fn howdah() -> Command {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let program = BUILT.get_or_init(|| {
        let arguments = ["build", "--quiet", "--locked", "--package", "howdah-proxy"];
        assert!(Command::new(env!("CARGO")).args(arguments).current_dir(root()).status().unwrap().success());
        Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("debug").join("howdah")
    });
    Command::new(program)
}

/// The text of the fenced blocks of this language.
fn blocks(language: &str) -> Vec<String> {
    let text = readme();
    let fence = format!("```{language}\n");
    let blocks = text.split(&fence).skip(1);
    blocks.map(|rest| rest.split_once("```").unwrap().0.to_owned()).collect()
}

/// The quoted values of a key that stands in braces: of `env` in `{ env = "NAME" }`.
fn references<'a>(example: &'a str, key: &str) -> Vec<&'a str> {
    let opening = format!("{{ {key} = \"");
    let parts = example.split(&opening).skip(1);
    parts.map(|rest| rest.split_once('"').unwrap().0).collect()
}

/// The example with a free port, in a folder of its own with all that it refers to.
struct Example {
    folder: PathBuf,
    text: String,
}

impl Example {
    fn new(name: &str) -> Example {
        let [example, _] = blocks("toml").try_into().expect("one example, and one of Kerberos");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("readme-{name}"));
        let _ = fs::remove_dir_all(&folder);
        for inner in ["secrets", "console", "tls"] {
            fs::create_dir_all(folder.join(inner)).unwrap();
        }
        fs::write(folder.join("console/index.html"), "<!doctype html><base href=\"/\">").unwrap();
        let made = rcgen::generate_simple_self_signed(["howdah.example".to_owned()]).unwrap();
        let (certificate, key) = (made.cert.pem(), made.signing_key.serialize_pem());
        for (file, text) in
            [("company-ca.pem", &certificate), ("tls/howdah.pem", &certificate), ("tls/howdah.key", &key)]
        {
            fs::write(folder.join(file), text).unwrap();
        }
        for file in references(&example, "file") {
            fs::write(folder.join(file), format!("stand-in for {file}\n")).unwrap();
        }
        let mut text = example.clone();
        for address in ["127.0.0.1:8700", "127.0.0.1:9464", "127.0.0.1:8088"] {
            assert!(text.contains(address), "{address}");
            text = text.replacen(address, "127.0.0.1:0", 1);
        }
        Example { folder, text }
    }

    /// `howdah serve` with this text for a configuration.
    fn serve(&self, text: &str) -> Running {
        let file = self.folder.join("howdah.toml");
        fs::write(&file, text).unwrap();
        let mut command = howdah();
        for name in references(&self.text, "env") {
            command.env(name, format!("stand-in for {name}"));
        }
        command.arg("serve").arg("--config").arg(file).stdout(Stdio::piped()).stderr(Stdio::piped());
        Running(command.spawn().unwrap())
    }

    /// What `howdah serve` says against this text.
    fn refused(&self, text: &str) -> String {
        let mut running = self.serve(text);
        let first = BufReader::new(running.0.stdout.take().unwrap()).lines().next();
        assert!(first.is_none(), "it serves: {text}");
        assert!(!running.0.wait().unwrap().success());
        std::io::read_to_string(running.0.stderr.take().unwrap()).unwrap()
    }
}

/// A process that does not outlive its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
#[ignore = "builds and runs howdah: `cargo verify readme`"]
fn the_example_is_served_and_stops_when_told() {
    let example = Example::new("serve");
    let mut running = example.serve(&example.text);
    let first = BufReader::new(running.0.stdout.take().unwrap()).lines().next();
    let Some(Ok(line)) = first else {
        panic!("{}", std::io::read_to_string(running.0.stderr.take().unwrap()).unwrap());
    };
    assert_eq!(line, "Howdah is at https://howdah.example/");
    for file in ["howdah.db", "howdah.db.lock", "howdah.db.key"] {
        assert!(example.folder.join("journal").join(file).is_file(), "{file}");
    }
    let id = running.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let ended = running.0.wait().unwrap();
    assert!(ended.success(), "{ended}: {}", std::io::read_to_string(running.0.stderr.take().unwrap()).unwrap());
}

/// What it says to a program that is built with the feature is a test of the configuration's own.
#[test]
#[ignore = "builds and runs howdah: `cargo verify readme`"]
fn kerberos_takes_a_program_that_is_built_for_it() {
    let example = Example::new("kerberos");
    let said = example.refused(&format!("{}\n{}", example.text, blocks("toml")[1]));
    assert!(said.contains("connections.kerberized: ") && said.contains("--features kerberos"), "{said}");
}

/// Each table gets a key that nobody knows; the refusal then lists those that are known, and so tells whether the
/// README leaves one out.
#[test]
#[ignore = "builds and runs howdah: `cargo verify readme`"]
fn an_unknown_key_is_refused_with_its_line_and_no_known_one_is_left_out() {
    let example = Example::new("refuse");
    let readme = readme();
    let described: BTreeSet<&str> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .filter_map(|(key, _)| key.rsplit('.').next())
        .collect();
    let lines: Vec<&str> = example.text.lines().collect();
    let tables = (0..lines.len()).filter(|at| lines[*at].starts_with('[') && !lines[*at].ends_with(".credentials]"));
    let places: Vec<usize> = std::iter::once(0).chain(tables.map(|at| at + 1)).collect();
    assert!(places.len() > 7, "{places:?}");
    for at in places {
        let mut changed = lines.clone();
        changed.insert(at, "nobody_knows = 1");
        let said = example.refused(&changed.join("\n"));
        assert!(said.contains(&format!("line {}: unknown field `nobody_knows`", at + 1)), "{said}");
        let known: Vec<&str> = said.split('`').skip(3).step_by(2).collect();
        assert!(!known.is_empty(), "{said}");
        for key in known {
            let used =
                lines.iter().any(|line| line.starts_with(&format!("{key} =")) || line.contains(&format!("[{key}")));
            let nested = lines.iter().any(|line| line.starts_with('[') && line.contains(&format!(".{key}]")));
            assert!(used || nested, "the example lacks {key}");
            let table = readme.contains(&format!("| `{key}.")) || readme.contains(&format!(".{key}."));
            assert!(described.contains(key) || table, "the table lacks {key}");
        }
    }
}

#[test]
#[ignore = "builds and runs howdah: `cargo verify readme`"]
fn every_command_exists() {
    let output = |command: &mut Command| String::from_utf8(command.output().unwrap().stdout).unwrap();
    let subcommands = output(howdah().arg("--help"));
    let cargo = output(Command::new(env!("CARGO")).arg("--list").current_dir(root()));
    let listed = |list: &str, name: &str| list.lines().any(|line| line.split_whitespace().next() == Some(name));
    let text = readme();
    let shell = blocks("sh");
    // Outside of the blocks, what stands between backticks on one line.
    let inline =
        text.lines().filter(|line| !line.starts_with("```")).flat_map(|line| line.split('`').skip(1).step_by(2));
    let mut seen = 0;
    for command in inline.chain(shell.iter().flat_map(|block| block.lines())) {
        let words: Vec<&str> = command.split_whitespace().collect();
        match words[..] {
            ["howdah", name, ref rest @ ..] => {
                assert!(listed(&subcommands, name), "{command}");
                let help = output(howdah().args([name, "--help"]));
                for flag in rest.iter().filter(|word| word.starts_with("--")) {
                    assert!(listed(&help, flag), "{command}: {flag}");
                }
                seen += 1;
            }
            ["cargo", name, ..] => {
                assert!(listed(&cargo, name), "{command}");
                seen += 1;
            }
            _ => {}
        }
    }
    assert!(seen >= 8, "{seen}");
}
