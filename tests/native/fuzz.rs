//! The bytes kept in `tests/fuzz/corpus`, those that once broke something among them, through the fuzz targets.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[path = "../fuzz/targets.rs"]
mod targets;

#[test]
fn nothing_that_was_kept_breaks_a_reader() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz");
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).expect("the package of the targets");
    let entries = |path: &Path| fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path());
    let folders: BTreeSet<_> = entries(&folder.join("corpus")).collect();
    let expected: BTreeSet<_> = targets::TARGETS.iter().map(|(name, _)| folder.join("corpus").join(name)).collect();
    assert_eq!(folders, expected, "each target has a corpus, and each corpus a target");
    for (name, target) in targets::TARGETS {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} has no program");
        let files: Vec<_> = entries(&folder.join("corpus").join(name)).collect();
        assert!(!files.is_empty(), "{name} has no corpus");
        for file in files {
            // The last one named is the one that breaks it.
            println!("{}", file.display());
            target(&fs::read(&file).expect("a file"));
        }
    }
}
