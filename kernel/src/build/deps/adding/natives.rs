//! Libraries in C and the like that crates bring.

use std::fs;
use std::path::Path;

use object::read::archive::ArchiveFile;
use object::{Object, ObjectSymbol};

use crate::build::cargo::artifacts::Script;
use crate::compiler::rustc::toolchain::folder_of;

/// The folders in which a linker finds what build scripts have made, with their kind.
pub(super) fn folders(scripts: &[Script]) -> Vec<String> {
    let mut folders: Vec<String> = scripts
        .iter()
        .flat_map(|script| &script.paths)
        .map(|path| match path.split_once('=') {
            Some(_) => path.clone(),
            None => format!("native={path}"),
        })
        .collect();
    folders.sort();
    folders.dedup();
    folders
}

/// The names of the shared libraries that build scripts say a crate is linked to.
pub(super) fn shared<'a>(scripts: impl Iterator<Item = &'a Script>) -> Vec<String> {
    let libraries = scripts.flat_map(|script| &script.libraries);
    let names = libraries.filter_map(|library| match library.split_once('=') {
        Some((kind, name)) => kind.starts_with("dylib").then(|| name.to_owned()),
        None => Some(library.clone()),
    });
    names.collect()
}

/// Declares all that static libraries define: inline and generic functions of a crate are compiled in cells, and call it
/// from there, while a shared library hides what no crate declares.
pub(super) fn declarations<'a>(scripts: impl Iterator<Item = &'a Script>) -> String {
    let mut text = String::new();
    for script in scripts {
        for library in &script.libraries {
            let Some((kind, name)) = library.split_once('=') else {
                continue;
            };
            let file = format!("lib{name}.a");
            let folders = script.paths.iter();
            let mut files = folders.map(|path| folder_of(path).join(&file));
            let found = files.find(|file| file.is_file());
            if let Some(file) = found.filter(|_| kind.starts_with("static")) {
                let symbols: String = symbols(&file)
                    .into_iter()
                    .map(|symbol| format!(" pub fn {symbol}();"))
                    .collect();
                text.push_str(&format!(
                    "#[link(name = \"{name}\", kind = \"static\", modifiers = \"-bundle,-whole-archive\")]\n\
                     unsafe extern \"C\" {{{symbols} }}\n"
                ));
            }
        }
    }
    text
}

/// What a static library defines, if Rust can name it.
fn symbols(file: &Path) -> Vec<String> {
    let data = fs::read(file).unwrap_or_default();
    let Ok(archive) = ArchiveFile::parse(&*data) else {
        return Vec::new();
    };
    let members = archive.members().filter_map(Result::ok);
    let objects = members.filter_map(|member| object::File::parse(member.data(&*data).ok()?).ok());
    let mut names: Vec<String> = objects
        .flat_map(|object| {
            let symbols = object.symbols();
            let defined = symbols.filter(|symbol| symbol.is_global() && symbol.is_definition());
            defined
                .filter_map(|symbol| symbol.name().ok().map(str::to_owned))
                .collect::<Vec<_>>()
        })
        .filter(|name| syn::parse_str::<syn::Ident>(name).is_ok())
        .collect();
    names.sort();
    names.dedup();
    names
}
