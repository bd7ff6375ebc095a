// What the images of the scenarios hold: a program that does what a smoke command may do.
package main

import (
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

func main() {
	what := "version"
	if len(os.Args) > 1 {
		what = os.Args[1]
	}
	switch what {
	case "version":
		fmt.Println("probe 1.0.0", strings.Join(os.Args[1:], "|"))
	case "fail":
		fmt.Fprintln(os.Stderr, "probe: no configuration")
		os.Exit(7)
	case "hang":
		fmt.Println("probe: waiting")
		time.Sleep(time.Hour)
	case "connect":
		connection, err := net.DialTimeout("tcp", os.Args[2], 5*time.Second)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Fprintln(connection, "probe was here")
	case "memory":
		var held [][]byte
		for at := 0; at < 4000; at++ {
			block := make([]byte, 1<<20)
			for i := range block {
				block[i] = 1
			}
			held = append(held, block)
		}
		fmt.Println("probe: held", len(held))
	case "shm":
		// What is in /dev/shm is memory, though no process has it.
		file, err := os.Create("/dev/shm/" + os.Args[2])
		for at := 0; err == nil && at < 400; at++ {
			_, err = file.Write(make([]byte, 1<<20))
		}
		fmt.Println("probe: wrote", err)
		time.Sleep(5 * time.Second)
	case "who":
		status, _ := os.ReadFile("/proc/self/status")
		for _, line := range strings.Split(string(status), "\n") {
			if strings.HasPrefix(line, "Uid") || strings.HasPrefix(line, "CapEff") || strings.HasPrefix(line, "CapPrm") {
				fmt.Println(strings.Join(strings.Fields(line), " "))
			}
		}
		processes, _ := os.ReadDir("/proc")
		fmt.Println("secret", os.Getenv("SLUICE_SECRET"), len(processes) > 0)
	}
}
