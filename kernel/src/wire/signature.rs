//! Signatures: HMAC-SHA256 over the four JSON parts of a message.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The key of a connection. An empty key means that messages are not signed.
#[derive(Clone)]
pub struct Key(Option<Hmac<Sha256>>);

/// The signature of other parts, or by another key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongSignature;

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

    /// The bytes of `signature` (hexadecimal) if it is the one of these parts, compared in constant
    /// time; nothing if messages are not signed.
    pub fn verify<'a>(
        &self,
        signature: &[u8],
        parts: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Option<[u8; 32]>, WrongSignature> {
        let Some(mac) = self.mac_of(parts) else {
            return Ok(None);
        };
        let mut bytes = [0; 32];
        hex::decode_to_slice(signature, &mut bytes).map_err(|_| WrongSignature)?;
        mac.verify_slice(&bytes).map_err(|_| WrongSignature)?;
        Ok(Some(bytes))
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
mod tests {
    use super::{Key, WrongSignature};

    /// RFC 4231, test case 2.
    const RFC_4231: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    #[test]
    fn signs_the_vector_of_rfc_4231() {
        assert_eq!(
            Key::new(b"Jefe").sign([&b"what do ya want for nothing?"[..]]),
            RFC_4231
        );
    }

    #[test]
    fn the_parts_are_signed_one_after_the_other() {
        let parts = [
            &b"what do "[..],
            &b"ya want "[..],
            &b""[..],
            &b"for nothing?"[..],
        ];
        assert_eq!(Key::new(b"Jefe").sign(parts), RFC_4231);
    }

    #[test]
    fn verifies_only_its_own_signature() {
        let key = Key::new(b"Jefe");
        let parts = [&b"what do ya want for nothing?"[..]];
        let bytes = key
            .verify(RFC_4231.as_bytes(), parts)
            .map(|bytes| bytes.map(hex::encode));
        assert_eq!(bytes, Ok(Some(RFC_4231.to_owned())));
        let other = Key::new(b"Jeff");
        assert_eq!(
            other.verify(RFC_4231.as_bytes(), parts),
            Err(WrongSignature)
        );
        let else_ = [&b"something else"[..]];
        assert_eq!(key.verify(RFC_4231.as_bytes(), else_), Err(WrongSignature));
        for wrong in [
            "",
            "5b",
            "not hexadecimal",
            &RFC_4231[2..],
            &format!("{RFC_4231}00"),
        ] {
            assert_eq!(
                key.verify(wrong.as_bytes(), parts),
                Err(WrongSignature),
                "{wrong:?}"
            );
        }
    }

    #[test]
    fn an_empty_key_signs_nothing_and_accepts_everything() {
        let key = Key::new(b"");
        assert_eq!(key.sign([&b"text"[..]]), "");
        assert_eq!(key.verify(b"", [&b"text"[..]]), Ok(None));
        assert_eq!(key.verify(b"whatever", [&b"text"[..]]), Ok(None));
    }

    #[test]
    fn debug_does_not_show_the_key() {
        assert_eq!(format!("{:?}", Key::new(b"Jefe")), "Key(secret)");
    }
}
