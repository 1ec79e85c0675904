// SPDX-License-Identifier: Apache-2.0
//! context.rs - the context of a Flyte task in Rust, by dlsym: nothing to link, no crates.
//!
//!     rustc --edition 2021 context.rs && ./context CMD [ARG...]
//!
//! Runs CMD with an empty environment, outside of a scope and inside one.
use std::ffi::{CStr, CString};
use std::io;
use std::os::raw::{c_char, c_int, c_void};
use std::process::Command;

extern "C" {
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
}

#[repr(C)]
struct ActionId {
    name: *const c_char,
    run_name: *const c_char,
    project: *const c_char,
    domain: *const c_char,
    org: *const c_char,
}

/// The beginning of struct flyte_task_context: what is appended later does not move it.
#[repr(C)]
struct TaskContext {
    size: usize,
    action: ActionId,
}

#[repr(C)]
struct Pair {
    key: *const c_char,
    value: *const c_char,
}

/// The functions of the preload.
#[derive(Clone, Copy)]
struct Flyte {
    ctx: unsafe extern "C" fn() -> *const TaskContext,
    get: unsafe extern "C" fn(*const c_char) -> *const c_char,
    enter: unsafe extern "C" fn(*const Pair, usize) -> usize,
    exit: unsafe extern "C" fn(usize) -> c_int,
}

fn symbol(name: &str) -> Option<*mut c_void> {
    let name = CString::new(name).ok()?;
    let address = unsafe { dlsym(std::ptr::null_mut(), name.as_ptr()) }; // NULL: RTLD_DEFAULT
    (!address.is_null()).then_some(address)
}

fn string(text: *const c_char) -> Option<String> {
    (!text.is_null()).then(|| {
        unsafe { CStr::from_ptr(text) }
            .to_string_lossy()
            .into_owned()
    })
}

impl Flyte {
    /// None without the preload.
    fn find() -> Option<Flyte> {
        unsafe {
            Some(Flyte {
                ctx: std::mem::transmute(symbol("flyte_ctx")?),
                get: std::mem::transmute(symbol("flytectx_custom_context_get")?),
                enter: std::mem::transmute(symbol("flytectx_custom_context_enter")?),
                exit: std::mem::transmute(symbol("flytectx_context_exit")?),
            })
        }
    }

    /// The name of the action, or None outside a task. A copy: the context ends with its scope.
    fn action_name(&self) -> Option<String> {
        let context = unsafe { (self.ctx)().as_ref() }?;
        string(context.action.name)
    }

    fn custom_context(&self, key: &str) -> Option<String> {
        let key = CString::new(key).ok()?;
        string(unsafe { (self.get)(key.as_ptr()) })
    }

    fn enter(&self, pairs: &[(&str, &str)]) -> io::Result<Scope> {
        let texts: Vec<(CString, CString)> = pairs
            .iter()
            .map(|(key, value)| Ok((CString::new(*key)?, CString::new(*value)?)))
            .collect::<io::Result<_>>()?;
        let list: Vec<Pair> = texts
            .iter()
            .map(|(key, value)| Pair {
                key: key.as_ptr(),
                value: value.as_ptr(),
            })
            .collect();
        match unsafe { (self.enter)(list.as_ptr(), list.len()) } {
            0 => Err(io::Error::last_os_error()),
            token => Ok(Scope {
                exit: self.exit,
                token,
                on_this_thread: std::marker::PhantomData,
            }),
        }
    }
}

/// Left when it is dropped, by a panic too. The pointer keeps it on its thread: it is not Send.
struct Scope {
    exit: unsafe extern "C" fn(usize) -> c_int,
    token: usize,
    on_this_thread: std::marker::PhantomData<*const ()>,
}

impl Drop for Scope {
    fn drop(&mut self) {
        unsafe { (self.exit)(self.token) };
    }
}

fn child() -> String {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let output = Command::new(&words[0])
        .args(&words[1..])
        .env_clear()
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).trim().to_string()
}

fn show(place: &str, flyte: Flyte) {
    let increment = move || flyte.custom_context("increment").unwrap_or_default();
    let thread = std::thread::spawn(increment).join().unwrap();
    println!(
        "{place}: {}, a thread {thread}, a child {}",
        increment(),
        child()
    );
}

fn main() {
    let (flyte, name) = match Flyte::find().and_then(|flyte| Some((flyte, flyte.action_name()?))) {
        Some(found) => found,
        None => return println!("outside a task"),
    };
    println!("{name}");
    show("outside", flyte);
    let panicked = std::panic::catch_unwind(|| {
        let _scope = flyte
            .enter(&[("increment", "2"), ("team", "genomics")])
            .unwrap();
        show("inside", flyte);
        std::panic::resume_unwind(Box::new("left by a panic"));
    });
    assert!(panicked.is_err());
    show("after", flyte);
    let error = flyte
        .enter(&[("increment", &"x".repeat(100000))])
        .err()
        .unwrap();
    println!("too large: {}", error.raw_os_error().unwrap());
}
