//! Tests of `mir`.

use super::*;

#[test]
fn the_types_of_the_variables_are_read() {
    let cases = [
        (
            "a plain type",
            "_5 = keep_variable::<i32, 0>(const \"x\", move _6) -> [return: bb1, unwind continue];",
            (0, "i32", false),
        ),
        (
            "with a path, and rustc's suffix of the number",
            "_5 = woozle::cell::keep_variable::<Vec<(u8, String)>, 3_usize>(const \"v\", copy _6) -> bb1;",
            (3, "Vec<(u8, String)>", false),
        ),
        (
            "a function pointer",
            "_5 = keep_variable::<for<'a> fn(&'a str) -> Vec<u8>, 1>(move _6) -> bb1;",
            (1, "for<'a> fn(&'a str) -> Vec<u8>", false),
        ),
        (
            "an array",
            "_5 = keep_variable::<[HashMap<u8, [u8; 2]>; 3], 12>(move _6) -> bb1;",
            (12, "[HashMap<u8, [u8; 2]>; 3]", false),
        ),
        (
            "a closure that captures nothing",
            "_5 = keep_variable::<{closure@cell [3]:5:11: 5:28}, 0>(const \"f\", const ZeroSized: {closure@cell [3]:5:11: 5:28}) -> bb1;",
            (0, "{closure@cell [3]:5:11: 5:28}", true),
        ),
        (
            "a closure that does",
            "_5 = keep_variable::<{closure@cell [3]:5:11: 5:28}, 0>(const \"f\", move _4) -> bb1;",
            (0, "{closure@cell [3]:5:11: 5:28}", false),
        ),
        (
            "a function's own type",
            "_5 = keep_variable::<fn(i32) -> i32 {double}, 0>(const \"f\", double) -> bb1;",
            (0, "fn(i32) -> i32 {double}", false),
        ),
        (
            "an iterator's items",
            "_5 = keep_iterator::<Map<std::ops::Range<u8>, {closure@cell [1]:1:1: 1:2}>, (u8, u8), 2>(move _6) -> bb1;",
            (2, "(u8, u8)", false),
        ),
        (
            "a future's output",
            "_5 = keep_future::<{async block@cell [1]:1:1: 1:9}, Result<(), E>, 2>(move _6) -> bb1;",
            (2, "Result<(), E>", false),
        ),
    ];
    for (what, line, (number, ty, captures_nothing)) in cases {
        let expected = Kept {
            number,
            ty: ty.to_owned(),
            parameters: Vec::new(),
            captures_nothing,
        };
        assert_eq!(
            kept(&format!("fn f() {{\n    {line}\n}}\n")),
            [expected],
            "{what}"
        );
    }
}

#[test]
fn what_only_looks_like_a_variable_is_none() {
    for line in [
        "",
        "_5 = keep_variable::<",
        "_5 = keep_variable::<i32, N>(x)",
        "_5 = keep_variable::<i32>(x)",
        "_5 = keep_variable::<Vec<i32, 0>(x",
        "_5 = other::<i32, 0>(x)",
    ] {
        assert_eq!(kept(line), [], "{line}");
    }
}

#[test]
fn a_list_is_split_at_its_own_commas() {
    let cases: [(&str, &[&str]); 6] = [
        ("", &[]),
        ("a", &["a"]),
        ("a, b", &["a", "b"]),
        ("(a, b), [c; 2], D<e, f>", &["(a, b)", "[c; 2]", "D<e, f>"]),
        ("fn(a, b) -> c, d", &["fn(a, b) -> c", "d"]),
        ("Box<dyn Fn(a) -> b>, c", &["Box<dyn Fn(a) -> b>", "c"]),
    ];
    for (list, pieces) in cases {
        assert_eq!(split(list), pieces, "{list}");
    }
}

#[test]
fn a_closures_signature_is_that_of_its_function() {
    const CLOSURE: &str = "{closure@cell [3]:5:11: 5:28}";
    let cases = [
        ("(_1: &{C}, _2: i32) -> i32 {", "Fn(i32) -> i32"),
        ("(_1: &mut {C}) -> () {", "FnMut() -> ()"),
        (
            "(_1: {C}, _2: Vec<u8>, _3: (u8, &str)) -> ! {",
            "FnOnce(Vec<u8>, (u8, &str)) -> !",
        ),
        (
            "(_1: &{C}, _2: fn(u8) -> u8) -> Box<dyn Fn(u8) -> u8> {",
            "Fn(fn(u8) -> u8) -> Box<dyn Fn(u8) -> u8>",
        ),
    ];
    for (head, bound) in cases {
        let head = head.replace("{C}", CLOSURE);
        let mir = format!(
            "fn other(_1: i32) -> i32 {{\n}}\nfn f::{{closure#1}}(_1: &{{closure@cell [3]:6:1: 6:2}}) -> () {{\n}}\n\
             fn f::{{closure#0}}{head}\n    debug x => _2;\n}}\n"
        );
        let signature = signature(&mir, CLOSURE).expect("it is there");
        assert_eq!(signature.bound(), bound);
    }
    assert_eq!(signature("fn f(_1: i32) -> i32 {\n}\n", CLOSURE), None);
    assert_eq!(signature("fn f(_1: ((( {\n", CLOSURE), None);
}

#[test]
fn a_signature_is_also_a_pointers_type() {
    let signature = Signature {
        kind: "Fn",
        parameters: vec!["u8".into(), "&str".into()],
        result: "()".into(),
    };
    assert_eq!(signature.pointer(), "fn(u8, &str) -> ()");
    assert_eq!(signature.bound(), "Fn(u8, &str) -> ()");
}

#[test]
fn what_can_be_called_has_parameters() {
    let line = "_3 = f::keep_callable::<{closure@compose<i32, {closure@cell [7]:1:2: 1:3}>::{closure#0}}, i32, (u8, u8), String, 4>(move _4) -> bb1;";
    let kept = kept(line);
    let [kept] = &kept[..] else {
        panic!("{kept:?}")
    };
    assert_eq!((kept.number, kept.ty.as_str()), (4, "String"));
    assert_eq!(kept.parameters, ["i32", "(u8, u8)"]);
}
