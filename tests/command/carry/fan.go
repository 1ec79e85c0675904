// SPDX-License-Identifier: Apache-2.0

// fan - 8 goroutines that each start a program 150 times with an empty environment; says how many
// of them failed.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
)

func main() {
	var all sync.WaitGroup
	var bad, count int64
	for i := 0; i < 8; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for n := 0; n < 150; n++ {
				command := exec.Command(os.Args[1], os.Args[2:]...)
				command.Env = []string{}
				atomic.AddInt64(&count, 1)
				if command.Run() != nil {
					atomic.AddInt64(&bad, 1)
				}
			}
		}()
	}
	all.Wait()
	fmt.Printf("bad %d of %d\n", bad, count)
	if bad != 0 {
		os.Exit(1)
	}
}
