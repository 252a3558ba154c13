//! The model: what is defined, and what it means.

use std::collections::BTreeMap;

use super::terms::{self, Sum, Term};
use crate::support::numbers::Numbers;

const MODULES: [&str; 3] = ["pa", "pb", "gate"];
const IN_MODULES: [&str; 3] = ["ant", "bee", "cow"];
const FUNCTIONS: [&str; 4] = ["ha", "hb", "hc", "hd"];
const RENAMED: [&str; 3] = ["ua", "ub", "uc"];
const CONSTANTS: [&str; 2] = ["CA", "CB"];
const VARIANTS: [&str; 3] = ["Low", "Mid", "High"];

/// What a name of the root stands for.
#[derive(Debug, Clone)]
enum Meaning {
    Function(Sum),
    /// A function of a module.
    Import(String, String),
}

/// A module's own functions, or where it takes them from.
#[derive(Debug, Clone)]
enum Module {
    Own(BTreeMap<String, Sum>),
    /// What it has from another one.
    Facade(String),
}

#[derive(Debug, Default)]
pub(super) struct Notebook {
    /// The names of the root, with the step that gave them their meaning.
    root: BTreeMap<String, (usize, Meaning)>,
    modules: BTreeMap<String, Module>,
    /// Modules whose names are all brought in, with the step.
    globs: BTreeMap<String, usize>,
    constants: BTreeMap<String, i64>,
    macros: BTreeMap<String, Sum>,
    /// Macros by another name.
    renamed_macros: BTreeMap<String, String>,
    default_shout: Sum,
    own_shout: Option<Sum>,
    size: Sum,
    variants: Vec<String>,
    /// How often the functions with a static have been called.
    counted: i64,
    step: usize,
}

impl Notebook {
    /// What every sequence begins with.
    pub(super) fn first_cell(&mut self) -> String {
        self.default_shout = vec![Term::Number(1)];
        self.size = vec![Term::Number(1)];
        self.variants = VARIANTS.map(str::to_owned).to_vec();
        self.constants.insert("CA".into(), 3);
        self.macros.insert("ma".into(), vec![Term::Number(4)]);
        let function = Meaning::Function(vec![Term::Number(2)]);
        self.root.insert("ha".into(), (0, function));
        for module in ["pa", "pb"] {
            let functions = IN_MODULES.map(|name| (name.to_owned(), vec![Term::Number(5)]));
            let own = Module::Own(functions.into());
            self.modules.insert(module.into(), own);
        }
        let modules = ["pa", "pb"]
            .map(|module| self.module(module, None))
            .join("\n");
        format!(
            "const CA: i64 = 3;\nmacro_rules! ma {{ () => {{ 4i64 }} }}\nfn ha() -> i64 {{ 2 }}\n{modules}\n\
             #[derive(Debug)] #[allow(non_snake_case)] struct Jar {{ ha: i64, CA: i64 }}\n\
             impl Jar {{ fn size(&self) -> i64 {{ 1i64 }} }}\n\
             trait Shout {{ fn shout(&self) -> i64 {{ 1i64 }} }}\nimpl Shout for i64 {{}}\n\
             fn louder<ha: Shout>(hb: &ha) -> i64 {{ hb.shout() }}\n\
             enum Level {{ Low, Mid, High }}\nuse Level::*;\n\
             static JARS: std::sync::Mutex<Vec<Jar>> = std::sync::Mutex::new(Vec::new());\n\
             fn count() -> i64 {{ static CALLS: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);\n\
             let hb = ha() - ha(); CALLS.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1 + hb }}\n\
             let jar = Jar {{ ha: 70, CA: 7 }};"
        )
    }

    /// What shows all names, and what it gives.
    pub(super) fn question(&mut self) -> (String, String) {
        self.counted += 1;
        let mut terms: Sum = self
            .macros
            .keys()
            .map(|name| Term::Macro(name.clone()))
            .collect();
        terms.extend(
            self.renamed_macros
                .keys()
                .map(|name| Term::Macro(name.clone())),
        );
        terms.extend(self.visible().into_iter().map(Term::Call));
        terms.extend(
            self.constants
                .keys()
                .map(|name| Term::Constant(name.clone())),
        );
        terms.extend([Term::Shout, Term::Generic, Term::Size]);
        let values: Vec<String> = terms
            .iter()
            .map(|term| self.term(term).to_string())
            .collect();
        let texts: Vec<String> = terms
            .iter()
            .map(|term| terms::text(&vec![term.clone()]))
            .collect();
        let question = format!(
            "JARS.lock().unwrap().push(Jar {{ ha: 0, CA: 0 }});\n(vec![{}], count(), JARS.lock().unwrap().len(), jar.ha, jar.CA)",
            texts.join(", ")
        );
        let counted = self.counted;
        let answer = format!("([{}], {counted}, {counted}, 70, 7)", values.join(", "));
        (question, answer)
    }

    /// The functions that have a name at the root.
    fn visible(&self) -> Vec<String> {
        let mut names: Vec<String> = self.root.keys().cloned().collect();
        if !self.globs.is_empty() {
            names.extend(IN_MODULES.map(str::to_owned));
        }
        names.sort();
        names.dedup();
        names
    }

    fn sum(&self, sum: &Sum) -> i64 {
        sum.iter().map(|term| self.term(term)).sum()
    }

    fn term(&self, term: &Term) -> i64 {
        match term {
            Term::Number(number) => *number,
            Term::Call(name) => self.call(name),
            Term::Path(module, name) => self.in_module(module, name),
            Term::Constant(name) => self.constants[name],
            Term::Macro(name) => {
                let name = self.renamed_macros.get(name).unwrap_or(name);
                self.sum(&self.macros[name])
            }
            Term::Shout | Term::Generic => {
                self.sum(self.own_shout.as_ref().unwrap_or(&self.default_shout))
            }
            Term::Size => self.sum(&self.size),
            Term::Variant(name) => {
                let place = self.variants.iter().position(|variant| variant == name);
                place.expect("a variant") as i64
            }
        }
    }

    fn call(&self, name: &str) -> i64 {
        let glob = self.globs.iter().max_by_key(|(_, step)| **step);
        let glob = glob.filter(|_| IN_MODULES.contains(&name));
        match (self.root.get(name), glob) {
            (Some((since, _)), Some((module, step))) if step > since => {
                self.in_module(module, name)
            }
            (Some((_, Meaning::Function(sum))), _) => self.sum(sum),
            (Some((_, Meaning::Import(module, function))), _) => self.in_module(module, function),
            (None, Some((module, _))) => self.in_module(module, name),
            (None, None) => unreachable!("nothing has the name {name}"),
        }
    }

    fn in_module(&self, module: &str, name: &str) -> i64 {
        match &self.modules[module] {
            Module::Own(functions) => self.sum(&functions[name]),
            Module::Facade(other) => self.in_module(other, name),
        }
    }

    /// Changes something; gives the cell that does it.
    pub(super) fn change(&mut self, random: &mut Numbers) -> String {
        self.step += 1;
        match random.below(20) {
            0..3 => self.change_module(random),
            3..7 => self.import(random),
            7 => self.import_all(random),
            8 => self.constant(random),
            9 => self.change_macro(random),
            10 => self.rename_macro(random),
            11 => self.change_trait(random),
            12 => self.change_impl(random),
            13 => self.change_size(random),
            14 => self.change_variants(random),
            15 => {
                let name = random.pick(&IN_MODULES);
                self.function(name, random)
            }
            16 => {
                let name = random.pick(&MODULES);
                self.function(name, random)
            }
            _ => {
                let name = random.pick(&FUNCTIONS);
                self.function(name, random)
            }
        }
    }

    /// A sum of what everything may mention.
    fn plain(&self, random: &mut Numbers) -> Sum {
        let constants: Vec<&String> = self.constants.keys().collect();
        let constant = Term::Constant(random.pick(&constants).clone());
        vec![Term::Number(number(random)), constant]
    }

    /// A sum of that and of paths into modules, and the first of the functions.
    fn simple(&self, random: &mut Numbers) -> Sum {
        let modules: Vec<&String> = self.modules.keys().collect();
        let module = random.pick(&modules).clone();
        let path = Term::Path(module, random.pick(&IN_MODULES).to_owned());
        let ha = Term::Call("ha".into());
        vec![Term::Number(number(random)), random.pick(&[path, ha])]
    }

    /// A sum of anything that does not lead back to a function of this name.
    fn sum_for(&self, name: &str, random: &mut Numbers) -> Sum {
        if name == "ha" || !FUNCTIONS.contains(&name) {
            return self.plain(random);
        }
        let is_before =
            |other: &String| !FUNCTIONS.contains(&other.as_str()) || other.as_str() < name;
        let functions: Vec<String> = self.visible().into_iter().filter(is_before).collect();
        let macros = self.macros.keys().chain(self.renamed_macros.keys());
        let macros: Vec<&String> = macros.collect();
        let mut sum = self.simple(random);
        for _ in 0..=random.below(2) {
            sum.push(match random.below(7) {
                0..3 => Term::Call(random.pick(&functions)),
                3 => Term::Macro(random.pick(&macros).clone()),
                4 => Term::Shout,
                5 => random.pick(&[Term::Generic, Term::Size]),
                _ => Term::Variant(random.pick(&VARIANTS).to_owned()),
            });
        }
        sum
    }

    fn function(&mut self, name: &str, random: &mut Numbers) -> String {
        let sum = self.sum_for(name, random);
        let body = terms::body(&sum, random);
        self.root
            .insert(name.into(), (self.step, Meaning::Function(sum)));
        format!("fn {name}() -> i64 {{ {body} }}")
    }

    fn change_module(&mut self, random: &mut Numbers) -> String {
        let name = random.pick(&MODULES);
        let module = if name == "gate" {
            Module::Facade(random.pick(&["pa", "pb"]).to_owned())
        } else {
            Module::Own(
                IN_MODULES
                    .map(|function| (function.to_owned(), self.plain(random)))
                    .into(),
            )
        };
        self.modules.insert(name.into(), module);
        self.module(name, Some(random))
    }

    /// A module as it is written.
    fn module(&self, name: &str, random: Option<&mut Numbers>) -> String {
        match &self.modules[name] {
            Module::Own(functions) => {
                let function = |(name, sum): (&String, &Sum)| {
                    format!("pub fn {name}() -> i64 {{ {} }}", terms::text(sum))
                };
                let functions: Vec<String> = functions.iter().map(function).collect();
                format!("mod {name} {{ use super::*; {} }}", functions.join(" "))
            }
            Module::Facade(other) => match random.map(|random| random.below(3)) {
                Some(0) => format!("mod {name} {{ pub use super::{other}::*; }}"),
                Some(1) => format!("mod {name} {{ pub use crate::{other}::{{ant, bee, cow}}; }}"),
                _ => format!(
                    "mod {name} {{ use super::{other} as ant_hill; pub use self::ant_hill::ant; pub use super::{other}::bee; \
                     pub fn cow() -> i64 {{ ant_hill::cow() }} }}"
                ),
            },
        }
    }

    fn import(&mut self, random: &mut Numbers) -> String {
        let modules: Vec<String> = self.modules.keys().cloned().collect();
        let (module, function) = (random.pick(&modules), random.pick(&IN_MODULES));
        let mut bring = |name: &str, function: &str| {
            let import = Meaning::Import(module.clone(), function.into());
            self.root.insert(name.into(), (self.step, import));
        };
        if random.below(3) == 0 {
            bring(function, function);
            return format!("use {module}::{function};");
        }
        let name = random.pick(&RENAMED);
        bring(name, function);
        if random.below(2) == 0 {
            return format!("use self::{module}::{function} as {name};");
        }
        bring("bee", "bee");
        format!("use {{{module}::{{{function} as {name}, bee}}}};")
    }

    fn import_all(&mut self, random: &mut Numbers) -> String {
        let modules: Vec<String> = self.modules.keys().cloned().collect();
        let module = random.pick(&modules);
        let text = format!("use {module}::*;");
        self.globs.insert(module, self.step);
        text
    }

    fn constant(&mut self, random: &mut Numbers) -> String {
        let (name, value) = (random.pick(&CONSTANTS), number(random));
        self.constants.insert(name.into(), value);
        format!("const {name}: i64 = {value};")
    }

    fn change_macro(&mut self, random: &mut Numbers) -> String {
        let sum = self.simple(random);
        let text = format!("macro_rules! ma {{ () => {{ {} }} }}", terms::text(&sum));
        self.macros.insert("ma".into(), sum);
        text
    }

    fn rename_macro(&mut self, random: &mut Numbers) -> String {
        if random.below(2) == 0 {
            let sum = self.simple(random);
            let text = format!("macro_rules! mb {{ () => {{ {} }} }}", terms::text(&sum));
            self.macros.insert("mb".into(), sum);
            return text;
        }
        let macros: Vec<String> = self.macros.keys().cloned().collect();
        let other = random.pick(&macros);
        self.renamed_macros.insert("mc".into(), other.clone());
        format!("use {other} as mc;")
    }

    fn change_trait(&mut self, random: &mut Numbers) -> String {
        self.default_shout = self.simple(random);
        let default = terms::text(&self.default_shout);
        let text = format!("trait Shout {{ fn shout(&self) -> i64 {{ {default} }} }}");
        if random.below(2) == 0 {
            return text;
        }
        format!("{text}\n{}", self.change_impl(random))
    }

    fn change_impl(&mut self, random: &mut Numbers) -> String {
        self.own_shout = (random.below(3) > 0).then(|| self.simple(random));
        let own = self.own_shout.iter().map(terms::text);
        let own: String = own
            .map(|sum| format!("fn shout(&self) -> i64 {{ {sum} }}"))
            .collect();
        format!("impl Shout for i64 {{ {own} }}")
    }

    fn change_size(&mut self, random: &mut Numbers) -> String {
        self.size = self.simple(random);
        let size = terms::text(&self.size);
        format!("impl Jar {{ fn size(&self) -> i64 {{ {size} }} }}")
    }

    fn change_variants(&mut self, random: &mut Numbers) -> String {
        let turn = random.below(3);
        self.variants.rotate_left(turn);
        format!("enum Level {{ {} }}", self.variants.join(", "))
    }
}

/// A number that a function adds, say.
fn number(random: &mut Numbers) -> i64 {
    random.below(90) as i64 + 1
}
