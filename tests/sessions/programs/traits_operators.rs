// %%
use std::ops::{Add, AddAssign, Neg, Sub, Not};
use std::iter::Sum;

#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct V2 { x: i32, y: i32 }

impl Add for V2 { type Output = V2; fn add(self, o: V2) -> V2 { V2 { x: self.x + o.x, y: self.y + o.y } } }
impl Neg for V2 { type Output = V2; fn neg(self) -> V2 { V2 { x: -self.x, y: -self.y } } }
// %%
let a = V2 { x: 1, y: 2 };
println!("{:?}", a + -a);
// %%
impl Sub for V2 { type Output = V2; fn sub(self, o: V2) -> V2 { self + -o } }
impl AddAssign for V2 { fn add_assign(&mut self, o: V2) { *self = *self + o } }
impl Sum for V2 { fn sum<I: Iterator<Item = V2>>(it: I) -> V2 { it.fold(V2::default(), Add::add) } }
impl Not for V2 { type Output = bool; fn not(self) -> bool { self == V2::default() } }
// %%
let mut p = a;
p += V2 { x: 10, y: 0 };
let path: V2 = [a, p, -a].into_iter().sum();
println!("{p:?} {path:?}");
// %%
println!("{:?} {} {}", p - a, !(a - a), !p);
// expect: V2 { x: 0, y: 0 }
// expect: V2 { x: 11, y: 2 } V2 { x: 11, y: 2 }
// expect: V2 { x: 10, y: 0 } true false
