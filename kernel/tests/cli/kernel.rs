//! `woozle kernel`: what is wrong with a connection file, or a port.

use std::net::TcpListener;

use crate::home::{Home, assert_fails};
use woozle_kernel::jupyter::connection::Connection;

#[test]
fn kernel_says_what_is_wrong_with_a_connection_file() {
    let home = Home::new();
    home.write("broken.json", "{");
    for name in ["missing.json", "broken.json"] {
        assert_fails(&home.run(&["kernel", "-f", name]), 2, name);
        assert_fails(&home.run(&["kernel", "--connection-file", name]), 2, name);
    }
}

#[test]
fn kernel_says_which_port_is_taken() {
    type Port = fn(&mut Connection) -> &mut u16;
    let home = Home::new();
    let mut connection = Connection::fresh_tcp().expect("there are free ports");
    let own = connection.clone();
    let channels: [(&str, Port); 5] = [
        ("shell", |connection| &mut connection.shell_port),
        ("iopub", |connection| &mut connection.iopub_port),
        ("stdin", |connection| &mut connection.stdin_port),
        ("control", |connection| &mut connection.control_port),
        ("heartbeat", |connection| &mut connection.hb_port),
    ];
    let other = TcpListener::bind((own.ip.as_str(), 0)).expect("a port");
    let taken = other.local_addr().expect("it has one").port();
    for (channel, port) in channels {
        *port(&mut connection) = taken;
        let file = home.path(channel);
        connection.write_new(&file).expect("written");
        let output = home
            .command()
            .args(["kernel", "-f", channel])
            // No cell is compiled.
            .env("RUSTC", "none")
            .output();
        let said = format!("the {channel} channel at tcp://{}:{taken}", own.ip);
        let output = output.expect("woozle starts");
        let log = String::from_utf8_lossy(&output.stderr);
        let error = log.lines().position(|line| line.starts_with("error: "));
        let error: Vec<&str> = log.lines().skip(error.expect("an error")).collect();
        assert_eq!(output.status.code(), Some(3), "{log}");
        assert!(error[0].contains(&said), "{log}");
        assert!(
            error[1].starts_with("help: another program has it"),
            "{log}"
        );
        connection.clone_from(&own);
    }
}
