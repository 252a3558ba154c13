//! Tests of the note on numbers.

use super::with_type;

#[test]
fn a_number_gets_the_type_that_is_wanted() {
    let cases = [
        ("0", "i32", "u64", Some("0u64")),
        ("0", "i32", "f32", Some("0f32")),
        ("1.5", "f64", "f32", Some("1.5f32")),
        ("1.", "f64", "f32", Some("1.0f32")),
        ("-1", "i32", "i64", Some("-1i64")),
        ("-1", "i32", "u64", None),
        ("1.5", "f64", "u64", None),
        ("0xff", "i32", "u64", Some("0xffu64")),
        ("0xff", "i32", "f64", None),
        ("0", "f64", "f32", None),
    ];
    for (number, default, wanted, expected) in cases {
        let better = with_type(number, default, wanted);
        assert_eq!(better.as_deref(), expected, "{number} as {wanted}");
    }
}
