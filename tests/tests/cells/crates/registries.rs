//! Crates of registries other than crates.io, which the notebook's folder names in its `.cargo/config.toml`.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use super::folder::Crates;

/// The word without which the sparse registry answers nothing.
const TOKEN: &str = "honey";

/// The folders of a registry, below that of a notebook.
const INDEX: &str = "index";
const FILES: &str = "files";

fn run(program: &str, arguments: &[&str], folder: &Path) -> String {
    let mut command = Command::new(program);
    let out = command.args(arguments).current_dir(folder).output();
    let out = out.expect("it starts");
    assert!(out.status.success(), "{program} {arguments:?}: {out:?}");
    String::from_utf8(out.stdout).expect("text")
}

/// Publishes crates with this code in a registry whose files are found by `files`.
fn publish(crates: &Crates, names: &[&str], files: &str, needs_token: bool) {
    let folder = crates.0.path();
    let config = json!({ "dl": format!("{files}/{{crate}}-{{version}}.crate"), "auth-required": needs_token });
    crates.write(INDEX, "config.json", &config.to_string());
    fs::create_dir_all(folder.join(FILES)).expect("made");
    for name in names {
        let package = folder.join(name);
        let options = ["package", "--no-verify", "--allow-dirty", "--offline"];
        run(
            env!("CARGO"),
            &[&options[..], &["--target-dir", "packed"]].concat(),
            &package,
        );
        let file = format!("{name}-0.3.0.crate");
        let place = folder.join(FILES).join(&file);
        fs::copy(package.join("packed/package").join(&file), &place).expect("copied");
        let sum = run("sha256sum", &[&place.to_string_lossy()], folder);
        let sum = sum.split(' ').next().expect("a sum");
        let entry = json!({
            "name": name, "vers": "0.3.0", "deps": [], "cksum": sum, "features": {}, "yanked": false
        });
        let file = format!("{}/{}/{name}", &name[..2], &name[2..4]);
        crates.write(INDEX, &file, &format!("{entry}\n"));
    }
}

/// cargo's usual way to a token.
const USUAL: &str = "\"cargo:token\"";

/// Names a registry to the notebooks of the folder, and what knows its token.
fn configure(crates: &Crates, index: &str, provider: &str) {
    let config =
        format!("[registries.pantry]\nindex = \"{index}\"\ncredential-provider = {provider}\n");
    crates.write(".cargo", "config.toml", &config);
}

/// Serves the files of a folder to those who have the token, until the tests end.
fn serve(folder: PathBuf) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = answer(&stream, &folder);
        }
    });
    address
}

fn answer(mut stream: &TcpStream, folder: &Path) -> std::io::Result<()> {
    let lines = BufReader::new(stream).lines();
    let lines: Vec<String> = lines
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
        .collect();
    let is_known = |line: &String| line.to_lowercase() == format!("authorization: {TOKEN}");
    let path = lines.first().and_then(|line| line.split(' ').nth(1));
    let file = path.and_then(|path| fs::read(folder.join(path.trim_start_matches('/'))).ok());
    let (status, body) = match file {
        _ if !lines.iter().any(is_known) => ("401 Unauthorized", Vec::new()),
        None => ("404 Not Found", Vec::new()),
        Some(file) => ("200 OK", file),
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(&body)
}

#[test]
fn crates_come_from_a_registry_that_wants_a_token() {
    let crates = Crates::new();
    crates.package("jarlid", "pub fn wide() -> u8 { 7 }");
    crates.package("jarful", "pub fn full() -> u8 { 9 }");
    let address = serve(crates.0.path().to_owned());
    publish(
        &crates,
        &["jarlid", "jarful"],
        &format!("http://{address}/{FILES}"),
        true,
    );
    let index = format!("sparse+http://{address}/{INDEX}/");
    configure(&crates, &index, USUAL);
    let line = ":dep jarlid = { version = \"0.3\", registry = \"pantry\" }";
    let mut session = crates.session();
    session.run("let n = 4;").ok();
    let cell = session.run(line);
    cell.fails_with(&[
        "the registry `pantry` wants a token, and cargo has none",
        "CARGO_REGISTRIES_PANTRY_TOKEN",
        "cargo said:",
    ]);
    session.run("n").gives("4");
    // One that is wrong.
    session
        .run(&format!(
            ":build_env CARGO_REGISTRIES_PANTRY_TOKEN=jam\n{line}"
        ))
        .fails_with(&["`pantry` does not take the token", "cargo said:"]);
    session
        .run(&format!(
            ":build_env CARGO_REGISTRIES_PANTRY_TOKEN={TOKEN}\n{line}\n(jarlid::wide(), n)"
        ))
        .gives("(7, 4)");
    // Or a program says it.
    let file = crates.0.path().join("token");
    fs::write(&file, TOKEN).expect("written");
    let provider = format!("[\"cargo:token-from-stdout\", \"cat\", {file:?}]");
    configure(&crates, &index, &provider);
    let mut session = crates.session();
    session
        .run(":dep jarful = { version = \"0.3\", registry = \"pantry\" }\njarful::full()")
        .gives("9");
}

#[test]
fn crates_come_from_a_registry_with_a_git_index() {
    let crates = Crates::new();
    crates.package("potlid", "pub fn wide() -> u8 { 8 }");
    let folder = crates.0.path();
    let files = format!("file://{}", folder.join(FILES).display());
    publish(&crates, &["potlid"], &files, false);
    let index = folder.join(INDEX);
    run("git", &["init", "--quiet"], &index);
    run("git", &["add", "."], &index);
    let who = ["-c", "user.name=Pooh", "-c", "user.email=pooh@example.org"];
    run(
        "git",
        &[&who[..], &["commit", "--quiet", "--message=Jars"]].concat(),
        &index,
    );
    configure(&crates, &format!("file://{}", index.display()), USUAL);
    let mut session = crates.session();
    session
        .run(":dep potlid = { version = \"0.3\", registry = \"pantry\" }\npotlid::wide()")
        .gives("8");
    session
        .run(":dep potless = { version = \"0.3\", registry = \"pantry\" }")
        .fails_with(&["there is no crate `potless` in the registry `pantry`"]);
    session
        .run(":dep potlid = { version = \"0.3\", registry = \"cellar\" }")
        .fails_with(&["`cellar`", ".cargo/config.toml", "cargo said:"]);
    session.run("potlid::wide()").gives("8");
}
