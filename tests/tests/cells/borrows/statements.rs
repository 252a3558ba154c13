//! The kinds of statements, with holes.
//!
//! `$0` and `$1` are new variables, `mut` or not, and `$a` and `$b` are new ones that cannot be `mut`; `$n` is a number that no other
//! statement has. The others are filled with places of a type that the program has:
//!
//! | hole | what becomes of the place |
//! |---|---|
//! | `$r:TYPE` | it is read or borrowed |
//! | `$k:TYPE` | the same, and what is made of it borrows from what the place borrows from, not from the place |
//! | `$c:TYPE` | a whole variable that is read, in a format |
//! | `$m:TYPE` | it is changed or borrowed mutably |
//! | `$v:TYPE` | it is moved |
//! | `$p:TYPE` | its first part is moved |
//! | `$w:TYPE` | it gets a value, which it need not have had |
//! | `$=` | the first of the holes once more |

/// A kind of statement.
#[derive(Debug)]
pub(super) struct Kind {
    /// How often it is drawn.
    pub(super) weight: usize,
    pub(super) text: &'static str,
    /// The types of the new variables, or of the one that gets a value.
    pub(super) gives: &'static [&'static str],
    /// Whether those borrow from the places.
    pub(super) lends: bool,
}

const fn plain(weight: usize, text: &'static str) -> Kind {
    Kind {
        weight,
        text,
        gives: &[],
        lends: false,
    }
}

const fn makes(weight: usize, text: &'static str, gives: &'static [&'static str]) -> Kind {
    Kind {
        weight,
        text,
        gives,
        lends: false,
    }
}

const fn lends(weight: usize, text: &'static str, gives: &'static [&'static str]) -> Kind {
    Kind {
        weight,
        text,
        gives,
        lends: true,
    }
}

/// How many of the first kinds need nothing that is there already.
pub(super) const FIRST: usize = 13;

/// All kinds.
#[rustfmt::skip]
pub(super) const KINDS: &[Kind] = &[
    makes(6, "let $0 = Toy::new($n);", &["toy"]),
    makes(5, "let $0 = Pair { left: Toy::new($n), right: Toy::new($n), count: $n };", &["pair"]),
    makes(3, "let $0 = Nest { pair: Pair { left: Toy::new($n), right: Toy::new($n), count: $n }, extra: Toy::new($n) };", &["nest"]),
    makes(4, "let $0 = vec![Toy::new($n), Toy::new($n)];", &["many"]),
    makes(2, "let $0 = Some(Toy::new($n));", &["maybe"]),
    makes(2, "let $0 = Box::new(Toy::new($n));", &["boxed"]),
    makes(1, "let $0 = std::rc::Rc::new(Toy::new($n));", &["shared"]),
    makes(3, "let $0 = std::sync::Mutex::new(Toy::new($n));", &["locked"]),
    makes(3, "let $0 = std::cell::RefCell::new(Toy::new($n));", &["celled"]),
    makes(1, "let $0 = std::cell::Cell::new($ni64);", &["counter"]),
    makes(3, "let $0 = (Toy::new($n), Toy::new($n));", &["tuple"]),
    makes(2, "let $0 = $ni64;", &["num"]),
    makes(1, "let $0 = String::from(\"text$n\");", &["text"]),
    // Moves, of wholes and of parts.
    makes(4, "let $0 = $v:toy;", &["toy"]),
    makes(2, "let $0 = $v:pair;", &["pair"]),
    makes(1, "let $0 = Box::new($v:toy);", &["boxed"]),
    makes(1, "let $0 = *$v:boxed;", &["toy"]),
    makes(1, "let $0 = Some($v:toy);", &["maybe"]),
    makes(1, "let $0 = vec![$v:toy, Toy::new($n)];", &["many"]),
    makes(2, "let $0 = Pair { left: $v:toy, right: Toy::new($n), count: $n };", &["pair"]),
    makes(1, "let $0 = Nest { pair: $v:pair, extra: Toy::new($n) };", &["nest"]),
    makes(1, "let $0 = $v:toy.with($n);", &["toy"]),
    makes(2, "let Pair { left: $0, right: $1, .. } = $v:pair;", &["toy", "toy"]),
    makes(2, "let Pair { left: $0, .. } = $p:pair;", &["toy"]),
    makes(2, "let ($0, _) = $p:tuple;", &["toy"]),
    makes(1, "let ($0, $1) = $v:tuple;", &["toy", "toy"]),
    plain(3, "eat($v:toy);"),
    plain(2, "drop($v:toy);"),
    plain(2, "drop($v:pair);"),
    plain(1, "drop($v:many);"),
    plain(1, "drop($v:tuple);"),
    plain(2, "{ let inner = $v:toy; println!(\"inner {}\", inner.id); }"),
    plain(1, "for t in $v:many { println!(\"each {}\", t.id); }"),
    // Values that change.
    plain(5, "$w:toy = Toy::new($n);"),
    plain(2, "$w:toy = $v:toy;"),
    plain(2, "$w:pair = Pair { left: Toy::new($n), right: Toy::new($n), count: $n };"),
    plain(1, "$w:tuple = (Toy::new($n), Toy::new($n));"),
    plain(1, "$w:maybe = Some(Toy::new($n));"),
    plain(1, "$w:num = $n;"),
    plain(3, "$m:toy.grow();"),
    plain(2, "$m:num += 1;"),
    plain(2, "$m:text.push('x');"),
    plain(2, "$m:many.push(Toy::new($n));"),
    plain(1, "let length = $m:many.len() as i64; $=.push(Toy::new(length));"),
    plain(2, "std::mem::swap(&mut $m:toy, &mut $m:toy);"),
    plain(1, "for t in &mut $m:many { t.id += 1; }"),
    plain(1, "$r:counter.set($r:counter.get() + 1);"),
    plain(1, "{ let t = &mut $m:toy; t.id += 1; println!(\"{t:?}\"); }"),
    plain(1, "if $r:num % 2 == 0 { $m:toy.grow(); }"),
    makes(2, "let $0 = std::mem::replace(&mut $m:toy, Toy::new($n));", &["toy"]),
    makes(1, "let $0 = $m:maybe.take();", &["maybe"]),
    makes(1, "let $0 = $r:toy.id;", &["num"]),
    // What is seen of them.
    plain(3, "println!(\"{:?}\", $r:toy);"),
    plain(2, "println!(\"{:?}\", $r:pair);"),
    plain(2, "println!(\"{:?}\", $r:many);"),
    plain(1, "println!(\"{:?}\", $r:nest);"),
    plain(1, "println!(\"{:?} {:?}\", $r:tuple, $r:maybe);"),
    plain(1, "println!(\"{:?} {:?}\", $r:locked, $r:celled);"),
    plain(1, "println!(\"{:?} {:?}\", $r:boxed, $r:shared);"),
    plain(1, "println!(\"{} {:?}\", $r:counter.get(), $r:num);"),
    plain(2, "println!(\"{$c:toy:?}\");"),
    plain(2, "println!(\"{$c:ref:?}\");"),
    plain(1, "println!(\"{$c:pair:?} {$c:num}\");"),
    plain(4, "println!(\"{:?}\", $r:ref);"),
    plain(3, "println!(\"{:?}\", $r:mut);"),
    plain(3, "println!(\"{}\", $r:str);"),
    plain(1, "println!(\"{} {}\", $c:str, $r:text);"),
    plain(2, "println!(\"{:?} {}\", $r:view, $k:view.name());"),
    plain(1, "println!(\"{}\", $m:view.step());"),
    plain(2, "println!(\"{:?}\", $r:watch);"),
    plain(2, "println!(\"{:?}\", $r:hold);"),
    plain(2, "println!(\"{:?} {:?}\", $r:strs, $r:mayberef);"),
    plain(1, "println!(\"{:?}\", $r:mayberef);"),
    plain(1, "println!(\"{:?}\", $r:refs);"),
    plain(1, "println!(\"{:?}\", $r:refref);"),
    plain(1, "println!(\"{:?}\", $r:refpair);"),
    plain(1, "println!(\"{:?}\", $r:refmany);"),
    plain(1, "println!(\"{:?}\", $r:mutslice);"),
    plain(2, "println!(\"{:?}\", $r:guard);"),
    plain(2, "println!(\"{:?}\", $r:read);"),
    plain(2, "println!(\"{:?}\", $r:write);"),
    plain(2, "println!(\"{}\", $r:locked.try_lock().is_ok());"),
    plain(2, "println!(\"{} {}\", $r:celled.try_borrow().is_ok(), $=.try_borrow_mut().is_ok());"),
    plain(2, "if let Ok(mut g) = $r:locked.try_lock() { g.id += 1; }"),
    plain(1, "if let Ok(mut g) = $r:celled.try_borrow_mut() { g.id += 1; }"),
    plain(1, "match &$r:maybe { Some(t) => println!(\"some {}\", t.id), None => println!(\"none\") }"),
    plain(1, "if let Some(t) = $m:maybemut { t.id += 1; }"),
    plain(1, "if let Some(t) = $m:itermut.next() { t.id += 1; }"),
    plain(2, "println!(\"{:?}\", $m:iter.next());"),
    plain(2, "println!(\"{:?}\", $m:ids.next());"),
    plain(3, "println!(\"{}\", $r:call());"),
    plain(3, "println!(\"{}\", $m:callmut());"),
    plain(2, "println!(\"{}\", $r:callown());"),
    plain(1, "println!(\"{}\", $r:dyncall());"),
    plain(1, "println!(\"{}\", $r:callboth());"),
    plain(2, "println!(\"{}\", $r:adder($n));"),
    plain(1, "std::thread::scope(|s| { s.spawn(|| println!(\"thread {}\", $r:toy.id)); });"),
    plain(1, "println!(\"{}\", older(&$r:toy, &Toy::new($n)).id);"),
    plain(1, "println!(\"{}\", Toy::new($n).name().len());"),
    plain(1, "let _ = Toy::new($n);"),
    plain(1, "match Toy::new($n).id { id => println!(\"match {id}\") }"),
    // Borrows.
    lends(6, "let $0 = &$r:toy;", &["ref"]),
    lends(5, "let $0 = &mut $m:toy;", &["mut"]),
    lends(1, "let $0 = &$r:pair;", &["refpair"]),
    lends(2, "let $0 = &mut $m:pair;", &["mutpair"]),
    lends(1, "let $0 = &$r:many;", &["refmany"]),
    lends(1, "let $0 = &$r:ref;", &["refref"]),
    lends(2, "let $0 = $k:ref;", &["ref"]),
    lends(1, "let $0 = $v:mut;", &["mut"]),
    lends(2, "let $0 = $r:toy.name();", &["str"]),
    lends(1, "let $0 = $k:str.trim_start_matches('t');", &["str"]),
    lends(2, "let $0 = $m:toy.name_mut();", &["mutname"]),
    lends(2, "let $0 = older(&$r:toy, &$r:toy);", &["ref"]),
    lends(2, "let ($0, $1) = both(&mut $m:pair);", &["mut", "mut"]),
    lends(1, "let ($0, $1) = $m:many.split_at_mut(1);", &["mutslice", "mutslice"]),
    lends(2, "let $0 = $r:many.first().unwrap();", &["ref"]),
    lends(2, "let $0 = $m:many.last_mut().unwrap();", &["mut"]),
    lends(2, "let $0: Vec<&str> = $r:many.iter().map(|t| t.name()).collect();", &["strs"]),
    lends(1, "let $0 = $r:many.iter().max_by_key(|t| t.id);", &["mayberef"]),
    lends(1, "let $0 = $r:maybe.as_ref();", &["mayberef"]),
    lends(1, "let $0 = $m:maybe.as_mut();", &["maybemut"]),
    lends(2, "let $0 = $r:many.iter();", &["iter"]),
    lends(1, "let $0 = $m:many.iter_mut();", &["itermut"]),
    lends(2, "let $0 = $r:many.iter().map(|t| t.id).filter(|id| *id > 0);", &["ids"]),
    lends(1, "let $0 = [&$r:toy, &$r:toy];", &["refs"]),
    lends(3, "let $0 = View { of: &$r:toy, at: $n };", &["view"]),
    lends(1, "let $0 = View { of: $k:ref, at: $n };", &["view"]),
    lends(1, "let $0 = $k:view.of;", &["ref"]),
    lends(1, "let $0 = $k:view.name();", &["str"]),
    lends(2, "let $0 = Watch(&$r:toy);", &["watch"]),
    lends(2, "let $0 = Hold { of: &mut $m:toy };", &["hold"]),
    lends(1, "let $0 = Hold { of: $v:mut };", &["hold"]),
    lends(1, "let Pair { left: $a, right: $b, .. } = &$r:pair;", &["ref", "ref"]),
    lends(1, "let Pair { left: $a, right: $b, .. } = &mut $m:pair;", &["mut", "mut"]),
    lends(1, "let (ref $a, _) = $r:tuple;", &["ref"]),
    lends(1, "let (_, ref mut $a) = $m:tuple;", &["mut"]),
    lends(2, "let $0 = &Toy::new($n);", &["ref"]),
    lends(1, "let $0 = &mut Toy::new($n);", &["mut"]),
    lends(1, "let $0 = View { of: &Toy::new($n), at: $n };", &["view"]),
    lends(2, "$w:ref = &$r:toy;", &[]),
    lends(1, "$w:str = $r:toy.name();", &[]),
    lends(1, "$w:mut = &mut $m:toy;", &[]),
    lends(1, "$w:view = View { of: &$r:toy, at: $n };", &[]),
    // Guards.
    lends(4, "let $0 = $r:locked.try_lock().unwrap();", &["guard"]),
    lends(3, "let $0 = $r:celled.borrow();", &["read"]),
    lends(3, "let $0 = $r:celled.borrow_mut();", &["write"]),
    lends(1, "let $0 = $v:guard;", &["guard"]),
    plain(2, "drop($v:guard);"),
    plain(1, "drop($v:read);"),
    plain(1, "drop($v:write);"),
    plain(1, "drop($v:watch);"),
    // Closures.
    lends(3, "let $0 = || $r:toy.id + 1;", &["call"]),
    lends(1, "let $0 = || $r:toy.id + $r:num;", &["call"]),
    lends(3, "let $0 = || { $m:toy.id += 1; $=.id };", &["callmut"]),
    lends(1, "let $0 = || { $m:num += 1; $= };", &["callmut"]),
    lends(1, "let $0 = move || $k:ref.id;", &["call"]),
    makes(2, "let $0 = move || $v:toy.name().len();", &["callown"]),
    lends(1, "let $0 = move || $v:toy.name().len() + $k:ref.name.len();", &["callboth"]),
    lends(1, "let $0: Box<dyn Fn() -> i64 + '_> = Box::new(|| $r:toy.id);", &["dyncall"]),
    lends(2, "let $0 = adder(&$r:toy);", &["adder"]),
];
