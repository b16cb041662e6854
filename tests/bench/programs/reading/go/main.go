// Reads a log: bench LOG. Prints how many lines had an id.
package main

import (
	"fmt"
	"os"

	replies "github.com/postfix-replies/postfix-replies/generated/go"
)

func main() {
	log, err := os.Open(os.Args[1])
	if err != nil {
		panic(err)
	}
	defer log.Close()
	known := 0
	err = replies.ReadLines(log, func(reading replies.Reading) bool {
		if _, ok := reading.Match(); ok {
			known++
		}
		return true
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(known)
}
