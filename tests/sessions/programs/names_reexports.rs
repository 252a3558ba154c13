// %%
mod geometry {
    pub mod shapes {
        use super::units::Length;
        #[derive(Debug, Clone, Default)]
        pub struct Rect { pub(crate) w: Length, h: Length }
        impl Rect {
            pub fn new(w: f64, h: f64) -> Self { Self { w: Length(w), h: Length(h) } }
            pub fn area(&self) -> f64 { self.w.0 * self.h.0 }
        }
        pub(super) fn secret() -> &'static str { "hush" }
    }
    pub mod units {
        #[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd)]
        pub struct Length(pub f64);
        impl std::ops::Add for Length { type Output = Length; fn add(self, o: Length) -> Length { Length(self.0 + o.0) } }
        impl std::iter::Sum for Length { fn sum<I: Iterator<Item = Self>>(i: I) -> Self { i.fold(Length(0.0), |a, b| a + b) } }
    }
    pub fn whisper() -> String { shapes::secret().repeat(2) }
    pub use self::shapes::Rect as Oblong;
}
// %%
use geometry::{Oblong, units::{self, *}};
// %%
let rects = vec![Oblong::new(1.0, 2.0), Oblong::new(3.0, 4.5)];
println!("{}", geometry::whisper());
// %%
let total: Length = rects.iter().map(|r| r.w).sum();
println!("{total:?} {}", total > units::Length(3.0));
// %%
macro_rules! rect {
    ($w:expr, $h:expr) => { $crate::geometry::shapes::Rect::new($w as f64, $h as f64) };
    ($s:expr) => { rect!($s, $s) };
}
// %%
let square = rect!(3);
println!("{} {:?}", square.area(), rect!(1, 2));
// %%
mod report {
    use super::geometry;
    use std::fmt::Write;
    pub fn lines(rects: &[geometry::Oblong]) -> String {
        let mut s = String::new();
        for r in rects { writeln!(s, "area {:.1}", r.area()).unwrap(); }
        s
    }
    pub const TITLE: &str = "Report";
    pub enum Level { Low = 1, High = 10 }
}
// %%
use report::{lines as report_lines, Level::{self, *}, TITLE};
// %%
let picked = [&rects[0], &square];
print!("{TITLE}\n{}", report_lines(&rects));
// %%
let level = if picked[1].area() > 8.0 { High } else { Low };
println!("{}", level as i32);
// %%
macro_rules! make_enum {
    ($name:ident { $($v:ident),* $(,)? }) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        enum $name { $($v),* }
        impl $name { const ALL: &'static [$name] = &[$($name::$v),*]; fn name(self) -> &'static str { match self { $($name::$v => stringify!($v)),* } } }
    };
}
make_enum!(Season { Spring, Summer, Autumn, Winter });
// %%
let seasons = Season::ALL.iter().rev();
let names: Vec<&str> = seasons.map(|s| s.name()).collect();
// %%
println!("{names:?} {}", Season::Spring < Season::Winter);
impl Season { fn next(self) -> Season { Self::ALL[(self as usize + 1) % Self::ALL.len()] } }
// %%
let s = Season::Winter;
println!("{:?} {:?}", s.next(), s);
// expect: hushhush
// expect: Length(4.0) true
// expect: 9 Rect { w: Length(1.0), h: Length(2.0) }
// expect: Report
// expect: area 2.0
// expect: area 13.5
// expect: 10
// expect: ["Winter", "Autumn", "Summer", "Spring"] true
// expect: Spring Winter
