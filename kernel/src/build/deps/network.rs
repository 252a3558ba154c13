//! What cargo says where the network does not answer.

/// The lines that say so.
pub(super) fn no_answer(said: &str) -> impl Iterator<Item = &str> {
    const SIGNS: [&str; 10] = [
        "Could not resolve host",
        "Couldn't resolve host",
        "failed to resolve address",
        "failed to connect to",
        "Could not connect",
        "Couldn't connect",
        "network failure",
        "Timeout was reached",
        "SSL connect error",
        "failed to download from",
    ];
    let lines = said.lines();
    lines.filter(|line| SIGNS.iter().any(|sign| line.contains(sign)))
}
