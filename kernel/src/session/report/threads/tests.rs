//! Reports of threads without calls, which need no compiler to be explained.

use woozle::protocol::{Activity, ThreadReport};

use super::{Thread, labels};

fn report(id: i32, name: Option<&str>) -> ThreadReport {
    ThreadReport {
        id,
        name: name.map(str::to_owned),
        cell: 1,
        is_daemon: false,
        activity: Activity::Computes,
        frames: Vec::new(),
    }
}

#[test]
fn threads_without_a_name_have_a_number_if_there_are_several() {
    let one = [
        report(1, None),
        report(2, Some("Pooh")),
        report(3, Some("")),
    ];
    assert_eq!(
        labels(&one),
        ["the cell", "thread `Pooh`", "an unnamed thread"]
    );
    let two = [report(2, Some("")), report(3, Some(""))];
    assert_eq!(labels(&two), ["unnamed thread 1", "unnamed thread 2"]);
}

fn thread(id: i32, label: &str, holder: Option<i32>) -> Thread {
    Thread {
        id,
        label: label.to_owned(),
        who: label.to_owned(),
        what: "waits for a Lock".to_owned(),
        object: (id == 2).then(|| "jar".to_owned()),
        holder,
        place: Some("cell [1]:2:3".to_owned()),
        line: "jar.acquire();".to_owned(),
    }
}

#[test]
fn who_holds_what_is_waited_for_is_named() {
    let all = [
        thread(1, "the cell", Some(2)),
        thread(2, "thread `Pooh`", Some(1)),
        thread(3, "thread `Owl`", Some(3)),
        thread(4, "thread `Roo`", Some(9)),
    ];
    let sentences: Vec<String> = all.iter().map(|thread| thread.sentence(&all)).collect();
    assert_eq!(
        sentences,
        [
            "the cell waits for a Lock, which thread `Pooh` holds",
            "thread `Pooh` waits for a Lock (`jar`), which the cell's own thread holds",
            "thread `Owl` waits for a Lock, which it holds itself",
            "thread `Roo` waits for a Lock, which another thread holds",
        ]
    );
    assert_eq!(
        all[0].line().as_deref(),
        Some("cell [1]:2:3: jar.acquire();")
    );
}
