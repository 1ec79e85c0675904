// SPDX-License-Identifier: Apache-2.0

// routes - each way in which a Go program starts processes and threads.
//
//	routes ROUTE WHERE LOG
//
// Prints what is the same in every run. All of ROUTE is in the function of that name. What needs C
// is in routes_cgo.go: without it the program is static.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

var where, log string

var routes = map[string]func(){
	"commands": commands, "goroutines": goroutines, "cleared": cleared, "replaced": replaced,
	"failures": failures,
}

func line(label string) string {
	return where + " " + log + " " + label
}

func commands() {
	fmt.Println(exec.Command(where, log, "Run").Run())
	command := exec.Command(where, log, "Env")
	command.Env = append(os.Environ(), "A=1")
	command.Dir = "/"
	fmt.Println(command.Run())
	shell := exec.Command("sh", "-c", line("shell")+"; cat; echo err >&2; env -i "+line("below")+"; exit 3")
	shell.Stdin = strings.NewReader("in\n")
	output, err := shell.CombinedOutput()
	fmt.Println(string(output), err)
	pid, err := syscall.ForkExec(where, []string{where, log, "ForkExec"},
		&syscall.ProcAttr{Env: os.Environ()})
	if err == nil {
		_, err = syscall.Wait4(pid, nil, 0, nil)
	}
	fmt.Println(err)
}

func goroutines() {
	done := make(chan error)
	for i := 0; i < 20; i++ {
		go func() { done <- exec.Command(where, log, "goroutine").Run() }()
	}
	for i := 0; i < 20; i++ {
		fmt.Println(<-done)
	}
}

// What the child of an emptied environment has: nothing, unless C starts it.
func cleared() {
	command := exec.Command("/bin/sh", "-c", "echo ${FLYTE_CTX:-no carrier}; grep -c libflytectx.so /proc/$$/maps")
	command.Env = []string{}
	output, _ := command.Output()
	fmt.Print(string(output))
}

func replaced() {
	fmt.Println(syscall.Exec(where, []string{where, log, "Exec"}, os.Environ()))
}

func failures() {
	for _, name := range []string{"/nowhere/at/all", "no_such_command_here", "/etc/passwd"} {
		fmt.Println(exec.Command(name).Run())
	}
	fmt.Println(exec.Command("sh", "-c", "kill -TERM $$").Run())
	fmt.Println(exec.Command("sh", "-c", "exit 143").Run())
}

func main() {
	where, log = os.Args[2], os.Args[3]
	routes[os.Args[1]]()
}
