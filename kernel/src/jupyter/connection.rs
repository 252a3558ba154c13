//! The connection file: where the kernel's sockets are, and the key that signs messages.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::system::files;
use crate::wire::Key;

/// The contents of a connection file. Fields that it may have besides are ignored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    pub transport: Transport,
    /// The address, or with `ipc` what the sockets' paths begin with.
    pub ip: String,
    #[serde(default)]
    pub shell_port: u16,
    #[serde(default)]
    pub iopub_port: u16,
    #[serde(default)]
    pub stdin_port: u16,
    #[serde(default)]
    pub control_port: u16,
    #[serde(default)]
    pub hb_port: u16,
    /// Where a client waits to be told the ports, which the kernel then chooses itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration_port: Option<u16>,
    #[serde(default)]
    pub key: String,
    #[serde(default = "hmac_sha256")]
    pub signature_scheme: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    Tcp,
    Ipc,
}

#[derive(Debug, Error)]
pub enum ConnectionError {
    #[error("cannot read the connection file {path}: {source}", path = path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("the connection file {path} is not valid: {source}", path = path.display())]
    Parse {
        path: PathBuf,
        source: serde_json::Error,
    },
    #[error(
        "the connection file {path} asks for the signature scheme {scheme:?}; only {SCHEME} is supported",
        path = path.display()
    )]
    Scheme { path: PathBuf, scheme: String },
    #[error(
        "the connection file {path} has neither all five ports nor a `registration_port`",
        path = path.display()
    )]
    NoPorts { path: PathBuf },
    #[error("cannot write the connection file {path}: {source}", path = path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("cannot find a free TCP port: {0}")]
    NoPort(io::Error),
}

const SCHEME: &str = "hmac-sha256";

fn hmac_sha256() -> String {
    SCHEME.to_owned()
}

impl Connection {
    pub fn read(path: &Path) -> Result<Self, ConnectionError> {
        let text = files::read(path, files::SMALL).map_err(|source| ConnectionError::Read {
            path: path.to_owned(),
            source,
        })?;
        let connection: Self =
            serde_json::from_slice(&text).map_err(|source| ConnectionError::Parse {
                path: path.to_owned(),
                source,
            })?;
        // Without a key nothing is signed, and clients then leave the scheme empty.
        if !connection.key.is_empty() && connection.signature_scheme != SCHEME {
            return Err(ConnectionError::Scheme {
                path: path.to_owned(),
                scheme: connection.signature_scheme,
            });
        }
        if connection.registration_port.is_none() && connection.ports().contains(&0) {
            let path = path.to_owned();
            return Err(ConnectionError::NoPorts { path });
        }
        Ok(connection)
    }

    fn ports(&self) -> [u16; 5] {
        [
            self.shell_port,
            self.iopub_port,
            self.stdin_port,
            self.control_port,
            self.hb_port,
        ]
    }

    /// Writes a new file that only its owner can read, because it holds the key.
    pub fn write_new(&self, path: &Path) -> Result<(), ConnectionError> {
        let write = || -> io::Result<()> {
            // `create_new`: a file that is there already could have been opened by somebody else.
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)?;
            file.write_all(&serde_json::to_vec_pretty(self)?)
        };
        write().map_err(|source| ConnectionError::Write {
            path: path.to_owned(),
            source,
        })
    }

    /// A connection over Unix sockets in `directory`, which only the owner should be able to enter.
    ///
    /// To be preferred over TCP where kernel and client share a machine: no port can be taken meanwhile.
    pub fn fresh_ipc(directory: &Path) -> Self {
        let prefix = directory.join("socket").to_string_lossy().into_owned();
        Self::fresh(Transport::Ipc, prefix, [1, 2, 3, 4, 5])
    }

    /// A connection over TCP on this machine, on ports that are free at present.
    ///
    /// The address is one of this machine's that nobody else has drawn, since another program could take the ports
    /// before the kernel has them.
    pub fn fresh_tcp() -> Result<Self, ConnectionError> {
        let [second, third, fourth, ..] = *uuid::Uuid::new_v4().as_bytes();
        let address = IpAddr::from(Ipv4Addr::new(127, second, third, fourth.clamp(2, 254)));
        // All are held at once, so that no port is found twice.
        let mut held = Vec::new();
        let mut ports = [0; 5];
        for port in &mut ports {
            let listener = TcpListener::bind((address, 0)).map_err(ConnectionError::NoPort)?;
            *port = listener
                .local_addr()
                .map_err(ConnectionError::NoPort)?
                .port();
            held.push(listener);
        }
        Ok(Self::fresh(Transport::Tcp, address.to_string(), ports))
    }

    fn fresh(transport: Transport, ip: String, ports: [u16; 5]) -> Self {
        let [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports;
        Self {
            transport,
            ip,
            shell_port,
            iopub_port,
            stdin_port,
            control_port,
            hb_port,
            registration_port: None,
            key: uuid::Uuid::new_v4().to_string(),
            signature_scheme: hmac_sha256(),
        }
    }

    pub fn key(&self) -> Key {
        Key::new(self.key.as_bytes())
    }

    /// The ZeroMQ endpoint of the socket with this port, such as `self.endpoint(self.shell_port)`.
    pub fn endpoint(&self, port: u16) -> String {
        match self.transport {
            Transport::Tcp if self.ip.contains(':') => format!("tcp://[{}]:{port}", self.ip),
            Transport::Tcp => format!("tcp://{}:{port}", self.ip),
            Transport::Ipc => format!("ipc://{}-{port}", self.ip),
        }
    }
}

#[cfg(test)]
mod tests {
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
        let (_directory, path) = temp_file(
            r#"{"ip": "127.0.0.1", "key": "k", "transport": "tcp", "registration_port": 7}"#,
        );
        let connection = Connection::read(&path).expect("it is valid");
        assert_eq!(connection.registration_port, Some(7));
    }
}
