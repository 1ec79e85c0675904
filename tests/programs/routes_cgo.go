// SPDX-License-Identifier: Apache-2.0

package main

// #cgo LDFLAGS: -lreport
// #include <stdlib.h>
// #include "report.h"
import "C"

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"unsafe"
)

func init() {
	routes["emptied"] = emptied
	routes["threads"] = threads
}

// reportHere is a report of this very thread.
func reportHere(label string) int {
	name, text := C.CString(log), C.CString(label)
	defer C.free(unsafe.Pointer(name))
	defer C.free(unsafe.Pointer(text))
	return int(C.report(name, text, nil, 0))
}

// By C, which sees what Go has made of the environment.
func emptied() {
	os.Clearenv()
	command := C.CString(line("system") + "; exit 3")
	defer C.free(unsafe.Pointer(command))
	fmt.Println(C.system(command))
}

// Goroutines on threads of their own, all at the same time.
func threads() {
	const count = 8
	var here, done sync.WaitGroup
	here.Add(count)
	done.Add(count)
	sum := make(chan int, count)
	for i := 0; i < count; i++ {
		go func() {
			runtime.LockOSThread()
			here.Done()
			here.Wait()
			sum <- reportHere("a goroutine")
			done.Done()
		}()
	}
	done.Wait()
	for i := 0; i < count; i++ {
		fmt.Println(<-sum)
	}
}
