//! The source of a cell's crate.
//!
//! ```text
//! lib.rs     include!s the items, imports, and the function that runs the statements
//! 2.items    the text of cell 2, blank but for the items compiled again here
//! 5.items    the text of this cell, blank but for its items
//! 5.body     the text of this cell, blank but for its statements; then what keeps the variables
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use crate::compiler::syntax::cell::Parsed;
use crate::compiler::plan::crate_plan::Plan;
use crate::compiler::rustc::invocation::Toolchain;
use crate::compiler::resolve::session_scope::{Scope, Variable};
use crate::compiler::syntax::source::{Part, Source, file_name};
use crate::compiler::rewrite::statics;
use crate::compiler::syntax::tokens::Names;

/// What was found out by compiling, and is done differently the next time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Earlier variables that the cell moves away.
    pub moved: Names,
    /// New variables that cannot be kept.
    pub not_kept: Names,
    /// Of those: the ones that borrow from something that the cell keeps, so that they must end before.
    pub borrowers: Names,
    /// Of those: the ones that have ended before, as the cell has moved them away, say.
    pub gone: Names,
    /// Declarations of imports that lead nowhere: of what a macro call only seemed to define, or of
    /// what a module no longer has.
    pub absent: Names,
    /// Earlier variables whose type cannot be named here.
    pub unusable: Names,
    /// Whether the statements await something that is hidden in a macro.
    pub awaits: bool,
    /// New variables that are kept as another type than their own.
    pub kept_as: BTreeMap<String, KeptAs>,
}

/// How a variable is kept whose type has no name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptAs {
    /// As the type that is given, to which it coerces: a function pointer, an `Arc` of a trait object.
    Pointer(String),
    /// As a boxed trait object; the trait is given, and what is added to it (`+ Send`).
    Boxed(String, &'static str),
    /// As a boxed iterator.
    Iterator,
    /// As a boxed future.
    Future,
    /// As a boxed trait object whose parameters' types rustc is to infer: the trait (`Fn`, `FnMut` or
    /// `FnOnce`), how many parameters it has, and what is added to it.
    Callable(&'static str, usize, &'static str),
}

/// A generated piece whose errors mean something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Glue {
    /// Puts an earlier variable back.
    PutBack(String),
    /// Keeps a new variable.
    Keep(String),
    /// Ends a new variable.
    End(String),
    /// Spells an earlier variable's type.
    Take(String),
    /// Imports what an earlier cell defines; this is the declaration.
    Import(String),
}

/// The source of a crate.
#[derive(Debug, Default)]
pub struct Emitted {
    /// File names (in the crate's folder) with their texts.
    pub files: Vec<(String, String)>,
    /// Files that show as cells: file name, and the name that rustc shows.
    pub cells: Vec<(String, String)>,
    /// The new variables, in the order of their numbers in the MIR.
    pub kept: Vec<String>,
    /// Whether the MIR will be read.
    pub wants_mir: bool,
    /// Glue in `lib.rs`.
    pub root_glue: Vec<(Range<usize>, Glue)>,
    /// Glue in the body, after the user's text.
    pub body_glue: Vec<(Range<usize>, Glue)>,
    /// The keys of the statics in it, and whether it takes them from other crates.
    pub statics: Vec<(String, bool)>,
    /// The crates of earlier cells that the root names.
    pub crates: BTreeSet<u32>,
    /// The function that runs the statements, if there are any.
    pub entry: Option<String>,
}

/// Writes the crate `serial` for a cell.
pub fn emit(
    serial: u32,
    source: &Arc<Source>,
    parsed: &Parsed,
    plan: &Plan,
    scope: &Scope,
    findings: &Findings,
    toolchain: &Toolchain,
) -> Emitted {
    let mut emitted = Emitted::default();
    let mut root = attributes(source, parsed);
    root.push_str("#[macro_use(print, println, eprint, eprintln, dbg)] extern crate woozle;\n");
    for bundle in &toolchain.bundles {
        let _ = writeln!(root, "extern crate {bundle} as _;");
    }
    let all = plan.carried.iter().chain(&plan.copies);
    let all = all.map(|live| &*live.item).chain(&plan.own);
    let keys: Vec<&String> = all
        .flat_map(|item| item.statics.iter().map(|own| &own.key))
        .collect();
    let taken = || plan.kept_statics.iter().map(|(key, home)| (key, *home));
    root.push_str(&statics::macros(serial, !keys.is_empty(), taken()));
    emitted.crates.extend(taken().map(|(_, home)| home));
    emitted.statics = keys
        .into_iter()
        .map(|key| (key.clone(), plan.kept_statics.contains_key(key)))
        .collect();
    items(&mut emitted, &mut root, source, parsed, plan);
    imports(&mut emitted, &mut root, plan, scope, findings);
    if !parsed.statements.is_empty() {
        // What is moved away and then assigned has a value again.
        let has_been_moved = |name: &String| {
            let earlier = scope.variables.get(name);
            findings.moved.contains(name) && parsed.assigned.contains(name)
                || earlier.is_some_and(|variable| variable.moved_by.is_some())
        };
        let revived = plan.reads.iter().filter(|name| has_been_moved(name));
        let revived: Vec<&String> = revived.collect();
        body(&mut emitted, source, parsed, &revived, findings);
        entry(
            &mut emitted,
            &mut root,
            serial,
            source,
            parsed,
            plan,
            scope,
            findings,
            toolchain.executor.as_deref(),
        );
    }
    crates_in(&root, &mut emitted.crates);
    emitted.files.push(("lib.rs".into(), root));
    emitted
}

fn attributes(source: &Source, parsed: &Parsed) -> String {
    let mut text = String::new();
    for range in &parsed.attributes {
        let attribute = &source.text[range.clone()];
        if attribute.starts_with("#!") {
            text.push_str(&attribute.replace(['\n', '\r'], " "));
            text.push('\n');
        }
    }
    text
}

fn items(
    emitted: &mut Emitted,
    root: &mut String,
    source: &Arc<Source>,
    parsed: &Parsed,
    plan: &Plan,
) {
    let mut by_source = BTreeMap::new();
    let mut add = |source: &Arc<Source>, range: Range<usize>, cut: &[Range<usize>]| {
        let entry = by_source.entry((source.cell, Arc::as_ptr(source)));
        let (_, ranges) = entry.or_insert_with(|| (Arc::clone(source), Vec::<Range<usize>>::new()));
        ranges.extend(without(range, cut));
    };
    for live in plan.carried.iter().chain(&plan.copies) {
        add(&live.source, live.item.range.clone(), &live.cut);
    }
    for item in &plan.own {
        add(source, item.range.clone(), &[]);
    }
    for range in &parsed.use_ranges {
        add(source, range.clone(), &[]);
    }
    for (n, (source, ranges)) in by_source.into_values().enumerate() {
        let file = format!("{}.{n}.items", source.cell);
        let _ = writeln!(root, "include!({file:?});");
        emitted
            .files
            .push((file.clone(), source.render(Part::Items, &ranges, ' ')));
        emitted
            .cells
            .push((file, file_name(source.cell, Part::Items)));
    }
}

/// A range less some pieces of it.
pub(crate) fn without(range: Range<usize>, cut: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut cut: Vec<_> = cut.to_vec();
    cut.sort_by_key(|piece| piece.start);
    let mut left = Vec::new();
    let mut at = range.start;
    for piece in cut {
        left.push(at..piece.start);
        at = piece.end;
    }
    left.push(at..range.end);
    left
}

fn imports(
    emitted: &mut Emitted,
    root: &mut String,
    plan: &Plan,
    scope: &Scope,
    findings: &Findings,
) {
    // For the modules within the crate, which do not see what its root imports.
    for (name, home) in &plan.imports {
        if scope
            .macro_rules(name)
            .is_some_and(|rules| rules.home == *home)
        {
            let _ = writeln!(root, "#[macro_use({name})] extern crate cell_{home} as _;");
        }
    }
    let names = plan.imports.iter();
    let names = names.map(|(name, home)| (format!("use ::cell_{home}::{name};"), Some(*home)));
    let traits = plan.traits.iter();
    let traits =
        traits.map(|(name, home)| (format!("use ::cell_{home}::{name} as _;"), Some(*home)));
    let uses = plan.uses.iter().map(|leaf| (leaf.declaration(), None));
    for (declaration, home) in names.chain(traits).chain(uses) {
        if findings.absent.contains(&declaration) {
            continue;
        }
        let start = root.len();
        let _ = writeln!(root, "{declaration}");
        emitted.crates.extend(home);
        emitted
            .root_glue
            .push((start..root.len(), Glue::Import(declaration)));
    }
}

fn body(
    emitted: &mut Emitted,
    source: &Arc<Source>,
    parsed: &Parsed,
    revived: &[&String],
    findings: &Findings,
) {
    let mut hidden = parsed.not_body.clone();
    hidden.sort_by_key(|range| range.start);
    let visible = without(0..source.text.len(), &hidden);
    let mut text = source.render(Part::Body, &visible, '{');
    let user = text.len();
    text.push_str("\n;\n");
    let bound = parsed
        .statements
        .iter()
        .flat_map(|statement| &statement.binds);
    let bound = bound.map(|binding| &binding.name);
    // A guard, say, whose end would touch what is kept by then.
    for name in bound.clone().rev() {
        if findings.borrowers.contains(name) && !findings.gone.contains(name) {
            let start = text.len();
            let _ = writeln!(text, "{{ let _ended = {name}; }}");
            emitted
                .body_glue
                .push((start..text.len(), Glue::End(name.clone())));
        }
    }
    for name in bound.chain(revived.iter().copied()) {
        if emitted.kept.contains(name) || findings.not_kept.contains(name) {
            continue;
        }
        let n = emitted.kept.len();
        let start = text.len();
        let _ = match findings.kept_as.get(name) {
            None => write!(
                text,
                "::woozle::cell::keep_variable::<_, {n}>({name:?}, {name});"
            ),
            Some(KeptAs::Pointer(ty)) => {
                write!(
                    text,
                    "::woozle::cell::keep_variable::<{ty}, {n}>({name:?}, {name});"
                )
            }
            Some(KeptAs::Boxed(bounds, more)) => write!(
                text,
                "::woozle::cell::keep_variable::<::std::boxed::Box<dyn {bounds}{more}>, {n}>({name:?}, ::std::boxed::Box::new({name}));"
            ),
            Some(KeptAs::Iterator) => {
                write!(
                    text,
                    "::woozle::cell::keep_iterator::<_, _, {n}>({name:?}, {name});"
                )
            }
            Some(KeptAs::Future) => {
                write!(
                    text,
                    "::woozle::cell::keep_future::<_, _, {n}>({name:?}, {name});"
                )
            }
            Some(KeptAs::Callable(kind, arity, more)) => {
                text.push_str(&keep_callable(name, n, kind, *arity, more));
                Ok(())
            }
        };
        emitted
            .body_glue
            .push((start..text.len(), Glue::Keep(name.clone())));
        emitted.kept.push(name.clone());
        text.push('\n');
    }
    text.push_str("::core::result::Result::<(), ::woozle::cell::Failure>::Ok(())}\n");
    crates_in(&text[user..], &mut emitted.crates);
    let file = format!("{}.body", source.cell);
    emitted.files.push((file.clone(), text));
    emitted
        .cells
        .push((file, file_name(source.cell, Part::Body)));
}

/// What keeps a value that can be called. It is generic over the parameters' types, so that rustc infers
/// them and they appear in the MIR.
fn keep_callable(name: &str, n: usize, kind: &str, arity: usize, more: &str) -> String {
    let parameters: Vec<String> = (0..arity).map(|i| format!("A{i}")).collect();
    let object = format!("{kind}({}) -> R{more}", parameters.join(", "));
    let declared: String = parameters
        .iter()
        .map(|p| format!("{p}: 'static, "))
        .collect();
    let inferred = "_, ".repeat(arity + 2);
    format!(
        "{{ fn keep_callable<F: {object} + 'static, {declared}R: 'static, const N: usize>(name: &str, value: F) \
         {{ ::woozle::cell::keep_boxed::<::std::boxed::Box<dyn {object}>>(name, ::std::boxed::Box::new(value)); }} \
         keep_callable::<{inferred}{n}>({name:?}, {name}); }}"
    )
}

#[allow(clippy::too_many_arguments)]
fn entry(
    emitted: &mut Emitted,
    root: &mut String,
    serial: u32,
    source: &Source,
    parsed: &Parsed,
    plan: &Plan,
    scope: &Scope,
    findings: &Findings,
    executor: Option<&str>,
) {
    let name = format!("woozle_cell_{serial}");
    let _ = writeln!(
        root,
        "#[allow(unreachable_code)] // ours, where a last expression panics\n#[unsafe(no_mangle)]\npub fn {name}() {{"
    );
    let reads: Vec<(&String, &Variable)> = plan
        .reads
        .iter()
        .filter(|name| !findings.unusable.contains(*name))
        .filter_map(|name| scope.variables.get_key_value(name))
        .collect();
    let mut moved_before = String::new();
    for (name, variable) in &reads {
        let binding = if variable.mutable { "mut " } else { "" };
        let ty = plan.respell(&variable.ty, "crate");
        let start = root.len();
        if variable.moved_by.is_some() {
            let _ = writeln!(
                moved_before,
                "let {binding}{name}: {}; if false {{ {name} = ::woozle::cell::moved(); ::core::mem::drop({name}); }}",
                ty
            );
            continue;
        }
        let _ = writeln!(
            root,
            "let {binding}{name}: {} = ::woozle::cell::take({name:?});",
            ty
        );
        emitted
            .root_glue
            .push((start..root.len(), Glue::Take((*name).clone())));
    }
    let include = format!("include!(\"{}.body\")", source.cell);
    let run = if parsed.awaits || findings.awaits {
        format!("::woozle::cell::block_on(async {{ {moved_before}{include} }})")
    } else {
        format!("{moved_before}{include}")
    };
    let run = match executor {
        Some(bundle) => format!(
            "::{bundle}::within(::woozle::cell::works_for_whoever_runs, || -> ::woozle::cell::Result {{ {run} }})"
        ),
        None => run,
    };
    let _ = writeln!(
        root,
        "let woozle_completed = {{ let mut woozle_body = ::core::option::Option::Some(|| -> ::woozle::cell::Result {{ {run} }});\n\
         ::woozle::cell::run(&mut || (woozle_body.take().unwrap())()) }};"
    );
    let bound: BTreeSet<&String> = parsed
        .statements
        .iter()
        .flat_map(|s| &s.binds)
        .map(|binding| &binding.name)
        .collect();
    for (name, variable) in &reads {
        if findings.moved.contains(*name) || variable.moved_by.is_some() {
            continue;
        }
        let start = root.len();
        // a variable whose name the cell binds anew lives on only if the cell did not get there
        let unless = if bound.contains(name) {
            "if !woozle_completed "
        } else {
            ""
        };
        let _ = writeln!(
            root,
            "{unless}{{ ::woozle::cell::put_back({name:?}, {name}); }}"
        );
        emitted
            .root_glue
            .push((start..root.len(), Glue::PutBack((*name).clone())));
    }
    root.push_str("}\n");
    emitted.entry = Some(name);
}

/// Notes the crates of cells that generated text names.
fn crates_in(text: &str, crates: &mut BTreeSet<u32>) {
    for piece in text.split("::cell_").skip(1) {
        let digits = piece
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(piece.len());
        crates.extend(piece[..digits].parse::<u32>());
    }
}

#[cfg(test)]
mod tests;
