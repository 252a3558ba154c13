// %%
let rows = [("pi", 3.14159, 7), ("e", 2.71828, 42), ("phi", 1.61803, -1)];
let width = rows.iter().map(|r| r.0.len()).max().unwrap() + 2;
// %%
for (name, x, n) in &rows {
    println!("{name:<width$}|{x:>8.2}|{n:+05}|{n:#06x}", width = width);
}
// %%
let precision = 3;
println!("{:.*} {:.precision$} {:>w$}|", 2, rows[0].1, rows[1].1, "r", w = precision + 1);
println!("{:^12}|{:*^12}|{:-<6}|{:e}", "mid", "star", "l", 1234.5);
// %%
#[derive(Debug)]
struct P { x: i8, tag: Option<&'static str> }
let p = P { x: -4, tag: Some("q\"") };
println!("{p:?}");
println!("{p:#?}");
println!("{0} {1:?} {0:b} {name}", p.x.unsigned_abs(), 'c', name = rows.len());
// expect: pi   |    3.14|+0007|0x0007
// expect: e    |    2.72|+0042|0x002a
// expect: phi  |    1.62|-0001|0xffffffff
// expect: 3.14 2.718    r|
// expect:     mid     |****star****|l-----|1.2345e3
// expect: P { x: -4, tag: Some("q\"") }
// expect: P {
// expect:     x: -4,
// expect:     tag: Some(
// expect:         "q\"",
// expect:     ),
// expect: }
// expect: 4 'c' 100 3
