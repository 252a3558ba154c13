// %%
use std::marker::PhantomData;
use std::ops::{Add, Div};

#[derive(Debug, Clone, Copy)]
struct Metre;
#[derive(Debug, Clone, Copy)]
struct Second;
#[derive(Debug, Clone, Copy)]
struct Per<A, B>(PhantomData<(A, B)>);
#[derive(Debug, Clone, Copy)]
struct Qty<U>(f64, PhantomData<U>);

fn qty<U>(v: f64) -> Qty<U> { Qty(v, PhantomData) }
// %%
impl<U> Add for Qty<U> { type Output = Qty<U>; fn add(self, o: Self) -> Self { qty(self.0 + o.0) } }
impl<A, B> Div<Qty<B>> for Qty<A> { type Output = Qty<Per<A, B>>; fn div(self, o: Qty<B>) -> Self::Output { qty(self.0 / o.0) } }
trait Unit { const NAME: &'static str; }
impl Unit for Metre { const NAME: &'static str = "m"; }
impl Unit for Second { const NAME: &'static str = "s"; }
// %%
let way: Qty<Metre> = qty(120.0);
let time = qty(40.0);
// %%
fn show<U: Unit>(q: &Qty<U>) -> String { format!("{} {}", q.0, U::NAME) }
println!("{} {}", show(&(way + qty(30.0))), show::<Second>(&time));
// %%
let speed = way / time;
println!("{}", speed.0);
// expect: 150 m 40 s
// expect: 3
