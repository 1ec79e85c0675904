// SPDX-License-Identifier: Apache-2.0

// static - runs a command with the environment that it has itself. Built without cgo it is a static
// program: the preload is not in it, and the context passes through.
package main

import (
	"os"
	"os/exec"
)

func main() {
	command := exec.Command(os.Args[1], os.Args[2:]...)
	command.Stdout = os.Stdout
	if command.Run() != nil {
		os.Exit(1)
	}
}
