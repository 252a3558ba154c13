//! What the generated programs are made of: types whose ends are heard, types that borrow, functions and methods that lend.

/// The items, the first cell of each session and the beginning of the whole programs.
pub(super) const ITEMS: &str = r#"
#[derive(Debug)] struct Toy { id: i64, name: String }
impl Drop for Toy { fn drop(&mut self) { println!("drop {} {}", self.id, self.name); } }
impl Toy {
    fn new(id: i64) -> Toy { Toy { id, name: format!("t{id}") } }
    fn name(&self) -> &str { &self.name }
    fn name_mut(&mut self) -> &mut String { &mut self.name }
    fn grow(&mut self) -> i64 { self.id += 1000; self.id }
    fn with(mut self, more: i64) -> Toy { self.id += more; self }
}
#[derive(Debug)] struct Pair { left: Toy, right: Toy, count: i64 }
#[derive(Debug)] struct Nest { pair: Pair, extra: Toy }
#[derive(Debug)] struct View<'a> { of: &'a Toy, at: i64 }
impl<'a> View<'a> {
    fn name(&self) -> &'a str { &self.of.name }
    fn step(&mut self) -> i64 { self.at += 1; self.at }
}
#[derive(Debug)] struct Watch<'a>(&'a Toy);
impl Drop for Watch<'_> { fn drop(&mut self) { println!("unwatch {}", self.0.id); } }
#[derive(Debug)] struct Hold<'a> { of: &'a mut Toy }
fn older<'a>(a: &'a Toy, b: &'a Toy) -> &'a Toy { if a.id > b.id { a } else { b } }
fn both(pair: &mut Pair) -> (&mut Toy, &mut Toy) { (&mut pair.left, &mut pair.right) }
fn eat(toy: Toy) -> i64 { println!("eat {}", toy.id); toy.id }
fn adder<'a>(toy: &'a Toy) -> impl Fn(i64) -> i64 + 'a { move |more| toy.id + more }
"#;

/// How a place is part of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Changed and moved as the whole is.
    Field,
    /// Changed as the whole is, and never moved out of it.
    Inside,
    /// Behind a `&`.
    Shared,
    /// Behind a `&mut`, which need not be `mut` itself.
    Mutable,
}

/// The parts of the types: of which type, how it is written, of which type the part is.
pub(super) const PARTS: &[(&str, &str, &str, Part)] = &[
    ("toy", "{}.id", "num", Part::Inside),
    ("toy", "{}.name", "text", Part::Inside),
    ("pair", "{}.left", "toy", Part::Field),
    ("pair", "{}.right", "toy", Part::Field),
    ("pair", "{}.count", "num", Part::Field),
    ("nest", "{}.pair", "pair", Part::Field),
    ("nest", "{}.extra", "toy", Part::Field),
    ("tuple", "{}.0", "toy", Part::Field),
    ("tuple", "{}.1", "toy", Part::Field),
    ("many", "{}[0]", "toy", Part::Inside),
    ("many", "{}[1]", "toy", Part::Inside),
    ("boxed", "(*{})", "toy", Part::Inside),
    ("shared", "(*{})", "toy", Part::Shared),
    ("ref", "(*{})", "toy", Part::Shared),
    ("refref", "(*{})", "ref", Part::Shared),
    ("refpair", "(*{})", "pair", Part::Shared),
    ("refmany", "(*{})", "many", Part::Shared),
    ("refs", "{}[0]", "ref", Part::Inside),
    ("mut", "(*{})", "toy", Part::Mutable),
    ("mutpair", "(*{})", "pair", Part::Mutable),
    ("mutslice", "{}[0]", "toy", Part::Mutable),
    ("mutname", "(*{})", "text", Part::Mutable),
    ("view", "{}.of", "ref", Part::Inside),
    ("view", "{}.at", "num", Part::Inside),
    ("hold", "(*{}.of)", "toy", Part::Mutable),
    ("watch", "{}.0", "ref", Part::Inside),
    ("guard", "(*{})", "toy", Part::Inside),
    ("read", "(*{})", "toy", Part::Shared),
    ("write", "(*{})", "toy", Part::Inside),
];

/// Types that are copied instead of moved.
pub(super) const COPIED: &[&str] = &[
    "num", "ref", "refref", "refpair", "refmany", "refs", "str", "mayberef",
];

/// Types that borrow and whose end is a use of what they borrow from.
pub(super) const GUARDS: &[&str] = &[
    "guard", "read", "write", "watch", "dyncall", "adder", "callboth",
];

/// Types that have nothing to do at their end.
pub(super) const QUIET: &[&str] = &[
    "num", "text", "ref", "refref", "refpair", "refmany", "refs", "str", "mayberef", "maybemut",
    "mut", "mutpair", "mutslice", "mutname", "view", "hold", "counter", "strs", "iter", "itermut",
    "call", "callmut", "ids",
];

/// Types that are only of use as `mut`.
pub(super) const MUT: &[&str] = &["iter", "itermut", "callmut", "ids"];
