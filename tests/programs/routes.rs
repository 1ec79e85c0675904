// SPDX-License-Identifier: Apache-2.0
//! routes - each way in which a Rust program starts processes and threads.
//!
//!     routes ROUTE WHERE LOG
//!
//! Prints what is the same in every run. All of ROUTE is in the function of that name.

use std::ffi::CString;
use std::io::Write;
use std::os::raw::{c_char, c_int};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;

#[link(name = "report")]
extern "C" {
    fn report(log: *const c_char, label: *const c_char, expected: *const c_char, starter: c_int)
        -> c_int;
}

extern "C" {
    fn system(command: *const c_char) -> c_int;
    fn gettid() -> c_int;
    fn getuid() -> u32;
}

fn argument(number: usize) -> String {
    std::env::args().nth(number).expect("usage: routes ROUTE WHERE LOG")
}

fn c_string(text: &str) -> CString {
    CString::new(text).expect("a NUL in it")
}

/// A report of this very thread.
fn report_here(label: &str) {
    let (log, label) = (c_string(&argument(3)), c_string(label));
    // SAFETY: the strings live until it returns.
    let status = unsafe { report(log.as_ptr(), label.as_ptr(), std::ptr::null(), 0) };
    assert_eq!(status, 0);
}

fn line(label: &str) -> String {
    format!("{} {} {}", argument(2), argument(3), label)
}

/// Names its starter, for threads.
fn child(label: &str) -> Command {
    let mut command = Command::new(argument(2));
    // SAFETY: it can't fail.
    let thread = unsafe { gettid() };
    command.args([&argument(3), label, "", &thread.to_string()]);
    command
}

fn clear() {
    for (name, _) in std::env::vars_os() {
        std::env::remove_var(name);
    }
}

fn commands() {
    println!("{}", child("status").status().unwrap());
    println!("{}", child("cleared").env_clear().status().unwrap());
    println!("{}", child("with one").env_clear().env("A", "1").current_dir("/").status().unwrap());
    let output = Command::new("/bin/sh")
        .args(["-c", &format!("{}; echo out; echo err >&2; exit 3", line("output"))])
        .env_clear()
        .output()
        .unwrap();
    println!("{:?}", output);
    let mut piped = Command::new("/bin/sh")
        .args(["-c", &format!("{}; cat", line("piped"))])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    piped.stdin.take().unwrap().write_all(b"in\n").unwrap();
    println!("{:?}", piped.wait_with_output().unwrap());
}

/// What can't be done by posix_spawn: by fork and exec.
fn forks() {
    // SAFETY: it can't fail.
    let user = unsafe { getuid() };
    println!("{}", child("uid").env_clear().uid(user).status().unwrap());
    let mut hooked = child("pre_exec");
    // SAFETY: it does nothing.
    unsafe { hooked.env_clear().pre_exec(|| Ok(())) };
    println!("{}", hooked.status().unwrap());
    println!("{}", child("arg0").env_clear().arg0("other").status().unwrap());
}

fn replaced() {
    report_here("before");
    panic!("{}", child("exec").env_clear().exec());
}

fn emptied() {
    clear();
    println!("{}", child("child").status().unwrap());
    let command = c_string(&(line("system") + "; exit 3"));
    // SAFETY: the string lives until it returns.
    println!("{}", unsafe { system(command.as_ptr()) });
}

fn failures() {
    for name in ["/nowhere/at/all", "no_such_command_here", "/etc/passwd"] {
        println!("{:?}", Command::new(name).env_clear().status().unwrap_err().kind());
    }
    let killed = Command::new("/bin/sh").args(["-c", "kill -TERM $$"]).env_clear().status().unwrap();
    println!("{:?} {:?}", killed.code(), killed.signal());
    let status = Command::new("/bin/sh").args(["-c", "exit 143"]).status().unwrap();
    println!("{:?} {:?}", status.code(), status.signal());
}

fn work(label: &str) -> bool {
    report_here(label);
    child("child of it").env_clear().status().unwrap().success()
}

fn threads() {
    let (sender, receiver) = mpsc::channel();
    for _ in 0..8 {
        let sender = sender.clone();
        thread::spawn(move || sender.send(work("a thread")).unwrap());
    }
    println!("{}", receiver.iter().take(8).filter(|sound| *sound).count());
    let named = thread::Builder::new().name("named".into()).stack_size(1 << 20);
    println!("{}", named.spawn(|| work("another stack")).unwrap().join().unwrap());
    let below = thread::spawn(|| thread::spawn(|| work("below a thread")).join().unwrap());
    println!("{}", below.join().unwrap());
    println!("{}", thread::spawn(|| { if work("one that panics") { std::panic::resume_unwind(Box::new(1)) } })
        .join().is_err());
}

fn main() {
    match argument(1).as_str() {
        "commands" => commands(),
        "forks" => forks(),
        "replaced" => replaced(),
        "emptied" => emptied(),
        "failures" => failures(),
        "threads" => threads(),
        route => panic!("no route {}", route),
    }
}
