//! Tests of the connection file.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;

fn temp_file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("connection.json");
    fs::write(&path, text).expect("it can be written");
    (directory, path)
}

#[test]
fn a_file_of_jupyter_is_read() {
    let (_directory, path) = temp_file(
        r#"{"shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4, "hb_port": 5,
            "ip": "127.0.0.1", "key": "k", "transport": "tcp", "signature_scheme": "hmac-sha256",
            "kernel_name": "woozle", "jupyter_session": "a.ipynb"}"#,
    );
    let connection = Connection::read(&path).expect("it is valid");
    assert_eq!(connection.endpoint(connection.hb_port), "tcp://127.0.0.1:5");
}

#[test]
fn errors_name_the_file_and_what_is_wrong() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let missing = directory.path().join("missing.json");
    let error = Connection::read(&missing)
        .expect_err("there is none")
        .to_string();
    assert!(
        error.contains("missing.json") && error.contains("No such file"),
        "{error}"
    );

    let cases = [
        ("", "EOF"),
        ("{\"transport\": \"tcp\"}", "missing field"),
        ("{\"transport\": \"udp\"}", "udp"),
        (
            "{\"transport\": \"tcp\", \"ip\": \"127.0.0.1\", \"shell_port\": 1}",
            "registration_port",
        ),
        ("[1]", "connection.json"),
    ];
    for (text, part) in cases {
        let (_directory, path) = temp_file(text);
        let error = Connection::read(&path).expect_err(text).to_string();
        assert!(
            error.contains("connection.json") && error.contains(part),
            "{error}"
        );
    }
}

#[test]
fn another_signature_scheme_is_refused() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("connection.json");
    let mut connection = Connection::fresh_ipc(directory.path());
    connection.signature_scheme = "hmac-md5".to_owned();
    connection.write_new(&path).expect("it can be written");
    let error = Connection::read(&path)
        .expect_err("an unknown scheme")
        .to_string();
    assert!(error.contains("hmac-md5"), "{error}");
}

#[test]
fn a_fresh_file_is_private_and_comes_back_as_it_was() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for (name, connection) in [
        (
            "tcp",
            Connection::fresh_tcp().expect("there are free ports"),
        ),
        ("ipc", Connection::fresh_ipc(directory.path())),
    ] {
        let path = directory.path().join(name);
        connection.write_new(&path).expect("it can be written");
        let mode = fs::metadata(&path)
            .expect("it is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(Connection::read(&path).expect("it is valid"), connection);
        assert!(matches!(
            connection.write_new(&path),
            Err(ConnectionError::Write { .. })
        ));
    }
}

#[test]
fn endpoints_of_each_kind_of_address() {
    let mut connection = Connection::fresh_ipc(Path::new("/run/w"));
    assert_eq!(connection.endpoint(2), "ipc:///run/w/socket-2");
    connection.transport = Transport::Tcp;
    connection.ip = "::1".to_owned();
    assert_eq!(connection.endpoint(2), "tcp://[::1]:2");
}

#[test]
fn with_a_registration_port_no_other_is_needed() {
    let (_directory, path) =
        temp_file(r#"{"ip": "127.0.0.1", "key": "k", "transport": "tcp", "registration_port": 7}"#);
    let connection = Connection::read(&path).expect("it is valid");
    assert_eq!(connection.registration_port, Some(7));
}
