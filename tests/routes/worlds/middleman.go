// SPDX-License-Identifier: Apache-2.0

// middleman.c, in Go: os/exec starts programs without libc.
package main

import (
	"fmt"
	"os"
	"os/exec"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: middleman passing|dropping|clearing COMMAND...")
		os.Exit(2)
	}
	command := exec.Command(os.Args[2], os.Args[3:]...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	switch os.Args[1] {
	case "dropping":
		os.Unsetenv("LD_PRELOAD")
	case "clearing":
		command.Env = []string{}
	}
	if err := command.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
