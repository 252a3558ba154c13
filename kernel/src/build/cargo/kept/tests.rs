//! Tests of `kept`.

use super::*;

#[test]
fn a_build_that_is_used_stays_and_one_unused_for_long_goes() {
    let cache = tempfile::tempdir().expect("a folder");
    let build = |name: &str, age: Duration| {
        let folder = cache.path().join(name);
        fs::create_dir(&folder).expect("created");
        let list = fs::File::create(folder.join(LIST)).expect("created");
        list.set_modified(SystemTime::now() - age).expect("dated");
        folder
    };
    let (fresh, used, old) = (
        build("runtime-1", Duration::ZERO),
        build("runtime-2", UNUSED * 2),
        build("deps-3", UNUSED * 2),
    );
    let unfinished = |name: &str, age: Duration| {
        let folder = cache.path().join(name);
        fs::create_dir(&folder).expect("created");
        let opened = fs::File::open(&folder).expect("opened");
        opened.set_modified(SystemTime::now() - age).expect("dated");
        folder
    };
    let (begun, left) = (
        unfinished("deps-4.building", Duration::ZERO),
        unfinished("deps-5.building", UNUSED * 2),
    );
    assert!(read_list(&used).is_some());
    prune(cache.path());
    assert!(fresh.exists() && used.exists() && !old.exists());
    assert!(begun.exists() && !left.exists());
}
