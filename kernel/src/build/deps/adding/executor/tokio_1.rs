//! The function in which cells run with tokio 1, compiled into the package of a notebook's crates.

#[doc(hidden)]
pub fn within<R>(on_thread_start: fn(), cell: impl FnOnce() -> R) -> R {
    static RUNTIME: std::sync::OnceLock<tokio::runtime::Runtime> = std::sync::OnceLock::new();
    let start = move || {
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .on_thread_start(on_thread_start)
            .thread_keep_alive(std::time::Duration::from_millis(50))
            .build()
    };
    let runtime = RUNTIME.get_or_init(|| start().expect("tokio's runtime starts"));
    let _entered = runtime.enter();
    cell()
}
