// %%
macro_rules! max_of {
    ($x:expr) => { $x };
    ($x:expr, $($rest:expr),+) => {{ let a = $x; let b = max_of!($($rest),+); if a > b { a } else { b } }};
}
// %%
macro_rules! record {
    ($name:ident { $($field:ident : $ty:ty),* $(,)? }) => {
        #[derive(Debug, Clone)]
        struct $name { $($field: $ty),* }
        impl $name {
            fn fields() -> &'static [&'static str] { &[$(stringify!($field)),*] }
        }
    };
}
record!(Reading { sensor: u8, value: f32 });
// %%
let r = Reading { sensor: 3, value: max_of!(1.5, 9.25, 4.0) };
println!("{r:?} {:?}", Reading::fields());
// %%
macro_rules! count {
    () => { 0usize };
    ($head:tt $($tail:tt)*) => { 1usize + count!($($tail)*) };
}
macro_rules! table { ($($k:literal => $v:expr),*) => { [$(($k, $v)),*] } }
// %%
let t = table!["a" => 1, "b" => max_of!(2, 7)];
println!("{t:?} {}", count!(x y z w));
// expect: Reading { sensor: 3, value: 9.25 } ["sensor", "value"]
// expect: [("a", 1), ("b", 7)] 4
