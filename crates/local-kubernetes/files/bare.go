// The one program of an image that has nothing else: no shell, no files, no users.
//
//	/bare sleep SECONDS    ends after that time. SIGTERM: Go's runtime handles it by raising it again with the
//	                       default action, which does nothing to process 1; it then exits with code 2
//	/bare ignore SECONDS   the same, and SIGTERM does nothing: it takes SIGKILL
//	/bare handle SECONDS   the same; on SIGTERM prints "bye" and exits with code 5
//	/bare print TEXT...    prints the texts
//	/bare cat              copies stdin to stdout
package main

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) < 2 {
		fail("nothing to do: sleep, ignore, handle, print or cat")
	}
	rest := os.Args[2:]
	switch os.Args[1] {
	case "sleep":
		time.Sleep(seconds(rest))
	case "ignore":
		signal.Ignore(syscall.SIGTERM)
		time.Sleep(seconds(rest))
	case "handle":
		terminate := make(chan os.Signal, 1)
		signal.Notify(terminate, syscall.SIGTERM)
		select {
		case <-terminate:
			fmt.Println("bye")
			os.Exit(5)
		case <-time.After(seconds(rest)):
		}
	case "print":
		fmt.Println(strings.Join(rest, " "))
	case "cat":
		if _, err := io.Copy(os.Stdout, os.Stdin); err != nil {
			fail(err.Error())
		}
	default:
		fail("cannot " + os.Args[1])
	}
}

func seconds(arguments []string) time.Duration {
	if len(arguments) != 1 {
		fail("give a number of seconds")
	}
	number, err := strconv.ParseFloat(arguments[0], 64)
	if err != nil {
		fail(err.Error())
	}
	return time.Duration(number * float64(time.Second))
}

func fail(why string) {
	fmt.Fprintln(os.Stderr, "bare: "+why)
	os.Exit(2)
}
