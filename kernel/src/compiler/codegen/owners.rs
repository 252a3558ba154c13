//! What a cell's code has for variables that borrow, and for those that are borrowed from (`BORROWS.md`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;

use super::borrowing::places::{apart, holds, is_field, lifetime, place, written};
use super::borrowing::{Tie, earlier_owners};
use super::emitted::Generated;
use super::parts::copy;
use super::writer::{Writer, add};
use crate::compiler::names;
use crate::compiler::resolve::session_scope::{Loan, Variable, variable_of};
use crate::compiler::types::lifetimes::{given_away, in_box, living_for};

/// What has the type of an earlier variable, if nothing can be written for it: a function that is not called.
/// What borrows does it for a lifetime.
pub(super) fn kind_of(variable: &Variable, lifetime: &str) -> Option<String> {
    let kind = variable.kind?;
    let krate = names::crate_path(kind.serial);
    let function = names::kinds(kind.serial);
    if kind.lifetimes == 0 {
        return Some(format!("|| {krate}::{function}().{}", kind.index));
    }
    let lifetimes = vec![lifetime; kind.lifetimes].join(", ");
    // In a closure rustc would take its result for what lives too long.
    Some(format!(
        "if true {{ ::core::option::Option::None }} else {{ ::core::option::Option::Some({krate}::{function}::<{lifetimes}>().{}) }}",
        kind.index
    ))
}

/// The same for one that stands in place.
fn kind_in_place(variable: &Variable, lifetime: &str) -> Option<String> {
    let kind = kind_of(variable, lifetime)?;
    let is_tied = variable.kind.is_some_and(|kind| kind.lifetimes > 0);
    Some(if is_tied {
        kind
    } else {
        format!("::woozle::borrows::at_any({kind})")
    })
}

impl<'a> Writer<'a> {
    /// The earlier variables that stand in place.
    pub(super) fn in_place(&self) -> BTreeMap<&'a String, &'a Variable> {
        let input = self.input;
        earlier_owners(input.plan, input.scope, &input.findings.borrowing).collect()
    }

    /// A variable's type, living for a lifetime if it borrows.
    pub(super) fn type_for(&self, name: &str, variable: &Variable, lifetime: &str) -> String {
        let ty = self.input.plan.respell(&variable.ty, "crate");
        let is_tied = self.input.findings.borrowing.ties.contains_key(name);
        if variable.borrows.is_none() && !is_tied {
            return ty;
        }
        living_for(&ty, lifetime).unwrap_or(ty)
    }

    /// What each variable, or field, with a lifetime depends on.
    pub(super) fn lifetimes(&self) -> BTreeMap<String, BTreeSet<String>> {
        let (scope, borrowing) = (self.input.scope, &self.input.findings.borrowing);
        let earlier = self.input.plan.reads.iter().filter(|name| {
            let variable = scope.variables.get(*name);
            variable.is_some_and(|variable| variable.borrows.is_some())
        });
        let standing = self.in_place();
        let lent = borrowing.lent();
        let names = standing.into_keys().chain(earlier).chain(&borrowing.owners);
        let names = names.chain(lent.keys());
        let names: BTreeSet<&String> = names.chain(borrowing.ties.keys()).collect();
        let depends = names.iter().map(|name| {
            let tied = borrowing.ties.get(*name).into_iter();
            let tied = tied.flat_map(|tie| tie.owners.keys().chain(&tie.derived));
            let earlier = scope.variables.get(*name);
            let earlier = earlier.and_then(|variable| variable.borrows.as_ref());
            let earlier = earlier.into_iter().flat_map(|loans| loans.keys());
            let all = tied.chain(earlier).filter(|owner| names.contains(owner));
            ((*name).clone(), all.cloned().collect())
        });
        depends.collect()
    }

    /// The lifetimes that the entry function is generic over, and how they depend on each other.
    pub(super) fn generics(&self) -> (String, String) {
        let lifetimes = self.lifetimes();
        if lifetimes.is_empty() {
            return (String::new(), String::new());
        }
        let names: Vec<String> = lifetimes.keys().map(|name| lifetime(name)).collect();
        let own = lifetimes.iter();
        let own = own.flat_map(|(borrower, owners)| owners.iter().map(move |o| (o, borrower)));
        let pairs: Vec<(&String, &String)> = own
            .chain(self.of_one_kind().map(|(from, borrower)| (borrower, from)))
            .collect();
        // One that has no bound could not be written where the function is named.
        let is_bound = |name: &&String| pairs.iter().any(|(a, b)| a == name || b == name);
        let free = lifetimes.keys().filter(|name| !is_bound(name));
        let mut bounds = String::new();
        for (longer, shorter) in pairs.iter().copied().chain(free.map(|name| (name, name))) {
            let _ = write!(bounds, "{}: {}, ", lifetime(longer), lifetime(shorter));
        }
        (
            format!("<{}>", names.join(", ")),
            format!(" where {bounds}"),
        )
    }

    /// Earlier variables of a kind that borrows, with the new ones that have their references from them alone: such a kind
    /// cannot live for less, so the two live for one time.
    fn of_one_kind(&self) -> impl Iterator<Item = (&'a String, &'a String)> {
        let input = self.input;
        let ties = input.findings.borrowing.ties.iter();
        ties.filter_map(|(borrower, tie)| {
            let mut names = tie.derived.iter();
            let from = names.next().filter(|_| tie.owners.is_empty())?;
            let kind = input.scope.variables.get(from)?.kind?;
            let is_alone = names.next().is_none() && from != borrower;
            (is_alone && kind.lifetimes > 0).then_some((from, borrower))
        })
    }

    /// Begins the statements: what stands in place, what borrows and ends, and that the others go on to borrow.
    pub(super) fn owners(&self) -> Vec<(String, Generated)> {
        let mut pieces = Vec::new();
        let findings = self.input.findings;
        let standing = self.in_place();
        for (name, variable) in &standing {
            let own = lifetime(name);
            let ty = self.type_for(name, variable, &own);
            let from_kind = kind_in_place(variable, &own);
            let (ty, of_kind, kind) = match &from_kind {
                Some(kind) => ("_", "_kind", format!(", {kind}")),
                None => (ty.as_str(), "", String::new()),
            };
            let piece = if findings.moved.contains(*name) {
                let parts = findings.parts.get(*name);
                let copies = parts.map_or_else(String::new, |parts| copy(name, parts));
                format!(
                    "let mut {name}: ::std::boxed::Box<{ty}> = ::woozle::borrows::take_owner{of_kind}({name:?}{kind});{copies} "
                )
            } else {
                let by = if self.is_unique(name, variable) {
                    "mut "
                } else {
                    ""
                };
                let lend = if findings.borrowing.rebound.contains(*name) {
                    "shadow"
                } else {
                    "at"
                };
                format!(
                    "let {name}: &{own} {by}{ty} = ::woozle::borrows::{lend}{of_kind}({name:?}{kind}); "
                )
            };
            pieces.push((piece, Generated::Take((*name).clone())));
        }
        for (number, name) in self.placed().into_iter().enumerate() {
            let held = self.input.before.iter().flat_map(|held| held.bindings());
            if let Some(binding) = held.filter(|binding| binding.name == name).last() {
                let place = place(binding, number, findings);
                pieces.push((place, Generated::Keep(name)));
            }
        }
        for (places, ended) in self.ending(&standing) {
            pieces.extend(self.end(&places, &ended, &standing));
        }
        for (name, variable) in &standing {
            let going_on = self.input.scope.borrowers(name);
            let going_on =
                going_on.filter(|(other, ..)| !findings.borrowing.ended.contains(*other));
            let own = lifetime(name);
            for (place, loan) in apart(going_on.map(|(_, place, loan)| (place, loan))) {
                let (tie, by) = match loan {
                    Loan::Mutable if self.is_unique(name, variable) => ("tie_mut", "mut "),
                    _ => ("tie", ""),
                };
                let place_of = written(place);
                let tie = format!("::woozle::borrows::{tie}::<{own}, _>(&{by}{place_of}); ");
                // A way to a field may lead through a `Deref` of the user's, which is not to run here.
                let piece = if is_field(place) {
                    format!("if false {{ {tie}}} ")
                } else {
                    tie
                };
                pieces.push((piece, Generated::Tie(place.clone(), loan)));
            }
        }
        pieces
    }

    /// Whether a reference to where a variable stands is a unique one.
    fn is_unique(&self, name: &str, variable: &Variable) -> bool {
        let borrowing = &self.input.findings.borrowing;
        let mut borrowers = self.input.scope.borrowers(name);
        variable.mutable
            || variable.ty.replace(' ', "").starts_with("&'staticmut")
            || borrowing.is_mutably_borrowed(name)
            || borrowers.any(|(.., loan)| loan == Loan::Mutable)
    }

    /// The variables that borrow and end within the cell, in groups that share what they borrow from.
    fn ending(
        &self,
        standing: &BTreeMap<&'a String, &'a Variable>,
    ) -> Vec<(BTreeMap<&'a String, Loan>, Vec<&'a String>)> {
        let mut groups: Vec<(BTreeMap<&String, Loan>, Vec<&String>)> = Vec::new();
        let borrowing = &self.input.findings.borrowing;
        for name in borrowing.ended.difference(&borrowing.rigid) {
            let Some(variable) = self.input.scope.variables.get(name) else {
                continue;
            };
            let loans = variable.borrows.iter().flatten();
            let is_standing = |place: &String| {
                let mut standing = standing.keys();
                standing.any(|owner| *owner == variable_of(place))
            };
            let loans = loans.filter(|(place, _)| is_standing(place));
            let mut places: BTreeMap<&String, Loan> = loans.map(|(p, loan)| (p, *loan)).collect();
            let mut ended = vec![name];
            let shares = |(others, _): &mut (BTreeMap<&String, Loan>, _)| {
                let mut others = others.keys();
                others.any(|a| places.keys().any(|b| holds(a, b) || holds(b, a)))
            };
            for (others, names) in groups.extract_if(.., shares).collect::<Vec<_>>() {
                places = apart(places.into_iter().chain(others));
                ended.splice(0..0, names);
            }
            groups.push((apart(places), ended));
        }
        groups
    }

    /// Takes variables whose lifetime is one of the cell's own, so that rustc tells when it ends.
    fn end(
        &self,
        places: &BTreeMap<&'a String, Loan>,
        ended: &[&'a String],
        standing: &BTreeMap<&'a String, &'a Variable>,
    ) -> Vec<(String, Generated)> {
        let scope = self.input.scope;
        let (mut parameters, mut arguments) = (String::new(), String::new());
        let mut generics = String::from("'x");
        let mut fields = String::new();
        for (number, (place, loan)) in places.iter().enumerate() {
            let by = if *loan == Loan::Mutable { "mut " } else { "" };
            let _ = write!(arguments, "&{by}{}, ", written(place));
            let with_type = standing.get(*place);
            let Some(variable) = with_type.filter(|variable| variable.kind.is_none()) else {
                let _ = write!(fields, ", P{number}: ?Sized + 'x");
                let _ = write!(parameters, "_: &'x {by}P{number}, ");
                continue;
            };
            // What it borrows itself has another lifetime: behind a `&'x mut` it can be no shorter than it is.
            let own = format!("'o{number}");
            let _ = write!(generics, ", {own}: 'x");
            let ty = self.type_for(place, variable, &own);
            let _ = write!(parameters, "_: &'x {by}{ty}, ");
        }
        generics.push_str(&fields);
        let (mut types, mut takes, mut names) = (String::new(), String::new(), String::new());
        for (number, name) in ended.iter().enumerate() {
            let variable = &scope.variables[*name];
            let binding = if variable.mutable { "mut " } else { "" };
            let _ = write!(names, "{binding}{name}, ");
            if let Some(kind) = kind_of(variable, "'_") {
                let _ = write!(generics, ", K{number}: 'x");
                let of_kind = format!("::woozle::borrows::Tied<'x, K{number}>");
                let _ = write!(parameters, "k{number}: ::core::option::Option<{of_kind}>, ");
                let _ = write!(arguments, "{kind}, ");
                let take = format!("::woozle::borrows::take_ended_kind({name:?}, k{number})");
                if self.input.findings.borrowing.leaked.contains(*name) {
                    let _ = write!(types, "&'x mut K{number}, ");
                    let _ = write!(
                        takes,
                        "::std::boxed::Box::leak(::std::boxed::Box::new({take})), "
                    );
                } else {
                    let _ = write!(types, "K{number}, ");
                    let _ = write!(takes, "{take}, ");
                }
                continue;
            }
            let boxed = self.type_for(name, variable, "'x");
            let take = format!("::woozle::borrows::take_ended::<{boxed}>({name:?})");
            let leaked = &self.input.findings.borrowing.leaked;
            let object = leaked.contains(*name).then(|| in_box(&boxed));
            if let Some(object) = object.flatten() {
                let _ = write!(types, "&'x mut ({object}), ");
                let _ = write!(takes, "::std::boxed::Box::leak({take}), ");
            } else {
                let _ = write!(types, "{boxed}, ");
                let _ = write!(takes, "{take}, ");
            }
        }
        let piece = format!(
            "let ({names}) = {{ fn ended<{generics}>({parameters}) -> ({types}) {{ ({takes}) }} ended({arguments}) }}; "
        );
        vec![(
            piece,
            Generated::Ended(ended.iter().map(|name| (*name).clone()).collect()),
        )]
    }

    /// Items by which rustc refuses variables whose type cannot live for less than it did.
    pub(super) fn covariance(&mut self) {
        let (plan, scope) = (self.input.plan, self.input.scope);
        let ended = &self.input.findings.borrowing.ended;
        let names: BTreeSet<&String> = plan.reads.iter().chain(ended).collect();
        let rigid = &self.input.findings.borrowing.rigid;
        for name in names.into_iter().filter(|name| !rigid.contains(*name)) {
            let variable = scope.variables.get(name);
            let borrows = |variable: &&Variable| variable.borrows.is_some() && !variable.is_exact;
            let Some(variable) = variable.filter(borrows) else {
                continue;
            };
            let ty = given_away(&plan.respell(&variable.ty, "crate"));
            let (Some(long), Some(short)) = (living_for(&ty, "'long"), living_for(&ty, "'short"))
            else {
                continue;
            };
            let piece = format!(
                "const _: () = {{ fn lives_shorter<'short, 'long: 'short>(value: {long}) -> {short} {{ value }} }};\n"
            );
            self.add_to_root(&piece, Generated::Shorter(name.clone()));
        }
    }

    /// At the end of the statements: whether what is borrowed from may be read, and what of it is new is kept. `is_here` says
    /// of which variables that is to be asked here.
    pub(super) fn owners_end(
        &mut self,
        text: &mut String,
        pieces: &mut Vec<(Range<usize>, Generated)>,
        is_here: &dyn Fn(&String) -> bool,
    ) {
        let borrowing = &self.input.findings.borrowing;
        let owners = borrowing.ties.values().flat_map(|tie| tie.owners.keys());
        let owners: BTreeSet<&String> = owners.filter(|place| !is_field(place)).collect();
        for owner in owners.into_iter().filter(|owner| is_here(owner)) {
            let mut loans = borrowing.ties.values().map(|tie| tie.owners.get(owner));
            if !loans.any(|loan| loan == Some(&Loan::Mutable)) {
                let probe = format!("::woozle::borrows::shared(&*{owner});\n");
                add(text, pieces, &probe, Generated::Probe(owner.clone()));
            }
        }
        for name in self.placed().into_iter().filter(is_here) {
            let keep = format!(
                "::woozle::borrows::keep_placed({name:?}, {});\n",
                self.names_of_owners(&name)
            );
            add(text, pieces, &keep, Generated::Keep(name.clone()));
        }
    }

    /// What rustc refuses unless the type of a new variable lives exactly as long as the variable.
    pub(super) fn exactly(&self, name: &str) -> Option<String> {
        let borrowing = &self.input.findings.borrowing;
        let is_tied = borrowing.ties.contains_key(name) && !borrowing.owners.contains(name);
        let (ty, own) = borrowing.exact.get(name).filter(|_| is_tied)?;
        let ty = living_for(&own.among(ty)?, &lifetime(name))?;
        Some(format!("let {name}: {ty} = {name}; "))
    }

    /// The new variables that stand in place, in the order of their numbers.
    pub(super) fn placed(&self) -> Vec<String> {
        let all = 0..self.input.parsed.statements.len();
        let bound: BTreeSet<&String> = self.input.bound_by(all).collect();
        let owners = self.input.findings.borrowing.owners.iter();
        owners
            .filter(|name| bound.contains(name))
            .cloned()
            .collect()
    }

    /// The list of what a variable of the cell has come to borrow from, as an argument.
    pub(super) fn names_of_owners(&self, name: &str) -> String {
        let tie = self.input.findings.borrowing.ties.get(name);
        let names = tie.map(Tie::names).into_iter().flatten();
        // What has no name any more belongs to all that the cell keeps.
        let rebound = &self.input.findings.borrowing.rebound;
        let names: Vec<&str> = names.filter(|name| !rebound.contains(*name)).collect();
        format!("&{names:?}")
    }
}
