// SPDX-License-Identifier: Apache-2.0

// With this file in it the program has libc, and the preload is loaded.
package main

// #include <unistd.h>
import "C"

func init() {
	C.getpid()
}
