// SPDX-License-Identifier: Apache-2.0

// context - the context of a Flyte task in Go, by cgo.
//
//	CGO_CFLAGS=-IDIRECTORY-OF-FLYTE_CTX.H go build context.go && ./context FLYTECTX
//
// Shows who sees a scope: the thread, other goroutines, children by os/exec and by libc.
package main

/*
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "flyte_ctx.h"

// cgo calls no macros and no variadic functions; for the rest the header's own do.
static flyte_token enter_pair(const char *key, const char *value)
{
	struct flyte_pair pair = { key, value };

	return flyte_custom_context_enter(&pair, 1);
}

// os/exec bypasses libc, and with it the preload. A child that is to have the scope goes this way.
static int run(char *const argv[])
{
	char *const none[] = { NULL };
	int status = -1;
	pid_t pid;

	if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, none) == 0)
		waitpid(pid, &status, 0);
	return status;
}
*/
import "C"

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"unsafe"
)

func customContext(key string) string {
	name := C.CString(key)
	defer C.free(unsafe.Pointer(name))
	value := C.flyte_custom_context_get(name)
	if value == nil {
		return "unset"
	}
	return C.GoString(value)
}

// inScope runs work in a custom context. The scope belongs to the thread, so the goroutine stays
// on it; goroutines that work starts run on other threads, outside of the scope.
func inScope(key, value string, work func()) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cKey, cValue := C.CString(key), C.CString(value)
	defer C.free(unsafe.Pointer(cKey))
	defer C.free(unsafe.Pointer(cValue))
	token, err := C.enter_pair(cKey, cValue)
	if token == 0 {
		return err
	}
	defer C.flyte_context_exit(token)
	work()
	return nil
}

func child(environment []string, words ...string) string {
	command := exec.Command(words[0], words[1:]...)
	command.Env = environment // nil: that of this process
	output, _ := command.Output()
	return strings.TrimSpace(string(output))
}

func onAnotherThread() string {
	seen := make(chan string)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		seen <- customContext("increment")
	}()
	return <-seen
}

func byLibc(words ...string) {
	argv := C.malloc(C.size_t(len(words)+1) * C.size_t(unsafe.Sizeof(uintptr(0))))
	defer C.free(argv)
	list := (*[1 << 10]*C.char)(argv)
	for i, word := range words {
		list[i] = C.CString(word)
		defer C.free(unsafe.Pointer(list[i]))
	}
	list[len(words)] = nil
	C.run((**C.char)(argv))
}

func show(place, flytectx string) {
	get := []string{flytectx, "get", "custom_context.increment"}
	fmt.Printf("%s: %s, another goroutine %s, os/exec %s, with an empty environment %q\n", place,
		customContext("increment"), onAnotherThread(), child(nil, get...),
		child([]string{}, get...))
	byLibc(get...)
}

func main() {
	context := C.flyte_ctx_get()
	if context == nil {
		fmt.Println("outside a task")
		return
	}
	flytectx := os.Args[1]
	fmt.Println(C.GoString(context.action.name))
	show("outside", flytectx)
	err := inScope("increment", "2", func() { show("inside", flytectx) })
	fmt.Println("error:", err)
	show("after", flytectx)
	fmt.Println("too large:", inScope("increment", strings.Repeat("x", 100000), func() {}))
	// Without a scope: flytectx makes the context, inside the one of this process.
	fmt.Println("flytectx run:", child(nil, flytectx, "run", "--custom-context", "increment=3", "--",
		flytectx, "get", "custom_context.increment"))
}
