// fails: a type that gets an impl in a later cell is compiled again, so that Any does not know values made before
// %%
use std::fmt;

enum Expr {
    Num(f64),
    Bin(Box<Expr>, char, Box<Expr>),
}
use Expr::*;

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Num(n) => fmt::Display::fmt(n, f),
            Bin(a, op, b) => write!(f, "({a} {op} {b})"),
        }
    }
}
// %%
fn bin(a: Expr, op: char, b: Expr) -> Expr { Bin(Box::new(a), op, Box::new(b)) }
let e = bin(Num(2.0), '*', bin(Num(3.5), '-', Num(1.0)));
println!("{e}");
let any: Box<dyn std::any::Any> = Box::new(Num(4.25));
// %%
impl Expr {
    fn eval(&self) -> f64 {
        match self {
            Num(n) => *n,
            Bin(a, '+', b) => a.eval() + b.eval(),
            Bin(a, '*', b) => a.eval() * b.eval(),
            Bin(a, _, b) => a.eval() - b.eval(),
        }
    }
}
// %%
println!("{} {:>6.2}|", e.eval(), Num(1.0 / 3.0));
let bigger = bin(e, '+', Num(0.5));
println!("{bigger} = {}", bigger.eval());
println!("{:?}", any.downcast_ref::<Expr>().map(|e| e.eval()));
// expect: (2 * (3.5 - 1))
// expect: 5   0.33|
// expect: ((2 * (3.5 - 1)) + 0.5) = 5.5
// expect: Some(4.25)
