// SPDX-License-Identifier: Apache-2.0
//! What the tasks of a tokio runtime see: of a task-local, in which the SDK for Rust keeps who it is, and
//! of the context. A line `route<TAB>text` for each, where "|" ends the text's lines.

use std::ffi::CStr;
use std::os::raw::c_char;
use tokio::process::Command;

#[link(name = "leaf")]
extern "C" {
    fn describe(into: *mut c_char, size: usize);
    fn enter(increment: *const c_char) -> i32;
}

tokio::task_local! {
    static ACTION: &'static str;
}

fn native() -> String {
    let mut text = vec![0 as c_char; 1 << 16];
    unsafe {
        describe(text.as_mut_ptr(), text.len());
        CStr::from_ptr(text.as_ptr()).to_string_lossy().into_owned()
    }
}

fn task_local() -> String {
    ACTION
        .try_with(|name| name.to_string())
        .unwrap_or("none\n".into())
}

fn say(route: &str, text: String) {
    println!("{route}\t{}", text.replace('\n', "|"));
}

async fn look() {
    say("here", native());
    say(
        "a task-local, by tokio::spawn",
        tokio::spawn(async { task_local() }).await.unwrap(),
    );
    say(
        "C code, by tokio::spawn",
        tokio::spawn(async { native() }).await.unwrap(),
    );
    say(
        "C code, by spawn_blocking",
        tokio::task::spawn_blocking(native).await.unwrap(),
    );
    let leaf = std::env::args().nth(1).expect("the program leaf");
    let child = tokio::spawn(async { Command::new(leaf).env_clear().output().await });
    let output = child.await.unwrap().expect("it can be started");
    say(
        "a program, by tokio::process",
        String::from_utf8(output.stdout).unwrap(),
    );
}

fn main() {
    if unsafe { enter(c"3".as_ptr()) } != 0 {
        panic!("the scope can't be entered");
    }
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(ACTION.scope("a0", look()));
}
