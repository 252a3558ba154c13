//! Signatures: HMAC-SHA256 over the four JSON parts of a message.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The key of a connection. An empty key means that messages are not signed.
#[derive(Clone)]
pub struct Key(Option<Hmac<Sha256>>);

impl Key {
    pub fn new(key: &[u8]) -> Self {
        if key.is_empty() {
            return Self(None);
        }
        // HMAC takes a key of any length, so the error does not occur; unsigned would be the wrong answer to it.
        let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key);
        Self(Some(mac.expect("HMAC takes a key of any length")))
    }

    /// The signature of these parts in hexadecimal, empty if the key is empty.
    pub fn sign<'a>(&self, parts: impl IntoIterator<Item = &'a [u8]>) -> String {
        match self.mac_of(parts) {
            Some(mac) => hex::encode(mac.finalize().into_bytes()),
            None => String::new(),
        }
    }

    /// Whether `signature` (hexadecimal) is the one of these parts; compared in constant time.
    pub fn verify<'a>(&self, signature: &[u8], parts: impl IntoIterator<Item = &'a [u8]>) -> bool {
        match self.mac_of(parts) {
            Some(mac) => hex::decode(signature).is_ok_and(|bytes| mac.verify_slice(&bytes).is_ok()),
            None => true,
        }
    }

    fn mac_of<'a>(&self, parts: impl IntoIterator<Item = &'a [u8]>) -> Option<Hmac<Sha256>> {
        let mut mac = self.0.clone()?;
        for part in parts {
            mac.update(part);
        }
        Some(mac)
    }
}

impl fmt::Debug for Key {
    /// Shows no part of the key: it would end up in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.0.is_some() { "secret" } else { "none" };
        write!(f, "Key({kind})")
    }
}

#[cfg(test)]
#[path = "signature_tests.rs"]
mod tests;
