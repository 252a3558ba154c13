//! A small disk, which tests can fill.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::link_runtimes;

/// Whether this system lets its users mount disks; else says so.
pub(crate) fn can_mount() -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new("true");
    mount_small_disk(&mut command, folder.path().to_owned());
    let mounts = command.status();
    if let Err(error) = &mounts {
        println!("not run: no disk can be mounted here ({error})");
    }
    mounts.is_ok()
}

/// Gives a kernel a disk of its own, of a few megabytes, with the runtime on it.
pub(crate) fn mount_small_disk(kernel: &mut Command, at: PathBuf) {
    use rustix::mount::{MountFlags, MountPropagationFlags, mount, mount_change};
    use rustix::thread::{UnshareFlags, unshare_unsafe};
    let user = rustix::process::geteuid().as_raw();
    let group = rustix::process::getegid().as_raw();
    let prepare = move || {
        // SAFETY: the process has no other thread, and shares no descriptors.
        let unshare = |flags| unsafe { unshare_unsafe(flags) };
        if unshare(UnshareFlags::NEWUSER | UnshareFlags::NEWNS).is_ok() {
            fs::write("/proc/self/setgroups", "deny")?;
            fs::write("/proc/self/uid_map", format!("{user} {user} 1"))?;
            fs::write("/proc/self/gid_map", format!("{group} {group} 1"))?;
        } else {
            // The system has no user namespaces for everybody; root needs none.
            unshare(UnshareFlags::NEWNS)?;
            mount_change(
                "/",
                MountPropagationFlags::PRIVATE | MountPropagationFlags::REC,
            )?;
        }
        mount(
            "none",
            &at,
            "tmpfs",
            MountFlags::empty(),
            Some(c"size=12m,mode=700"),
        )?;
        link_runtimes(&at);
        Ok(())
    };
    // SAFETY: the test's other threads hold no lock that this needs: it allocates, which glibc allows after `fork`.
    unsafe { std::os::unix::process::CommandExt::pre_exec(kernel, prepare) };
}
