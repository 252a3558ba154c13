//! libc's own functions, where the host has one of that name.

/// The next definition of a symbol after ours. It is looked for once, which takes the loader's lock.
macro_rules! next {
    ($name:literal as $type:ty) => {{
        static NEXT: std::sync::LazyLock<$type> = std::sync::LazyLock::new(|| {
            // SAFETY: the name is a C string; `RTLD_NEXT` asks for libc's own function.
            let address = unsafe { libc::dlsym(libc::RTLD_NEXT, $name.as_ptr()) };
            assert!(!address.is_null());
            // SAFETY: libc's function of that name has this signature.
            unsafe { std::mem::transmute::<*mut std::ffi::c_void, $type>(address) }
        });
        *NEXT
    }};
}
