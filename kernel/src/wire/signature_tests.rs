//! Tests of the signatures.

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
