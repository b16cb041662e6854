// Times identify of the Go package: bench INPUT.json.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"

	replies "github.com/postfix-replies/postfix-replies/generated/go"
)

type input struct {
	Patterns []string
	Texts    []string
	Sets     map[string][]string
	Against  []string
	Rounds   int
}

var sink int // what it counts is not optimised away

func nsPerLine(run func(string) bool, lines []string) float64 {
	start := time.Now()
	for _, line := range lines {
		if run(line) {
			sink++
		}
	}
	return float64(time.Since(start).Nanoseconds()) / float64(len(lines))
}

func allocationsPerLine(lines []string) float64 {
	all := func() {
		for _, line := range lines {
			replies.Identify(line)
		}
	}
	return testing.AllocsPerRun(1, all) / float64(len(lines))
}

func median(values []float64) float64 {
	sort.Float64s(values)
	return values[len(values)/2]
}

func main() {
	var given input
	raw, err := os.ReadFile(os.Args[1])
	if err == nil {
		err = json.Unmarshal(raw, &given)
	}
	if err != nil {
		panic(err)
	}
	patterns := []*regexp.Regexp{}
	for _, pattern := range given.Patterns {
		patterns = append(patterns, regexp.MustCompile("(?s)^(?:"+pattern+")$"))
	}
	texts := map[string]bool{}
	for _, text := range given.Texts {
		texts[text] = true
	}
	runs := map[string]func(string) bool{
		"identify": func(line string) bool { _, ok := replies.Identify(line); return ok },
		"regexes": func(line string) bool {
			for _, pattern := range patterns {
				if pattern.FindStringSubmatch(line) != nil {
					return true
				}
			}
			return false
		},
		"floor": func(line string) bool {
			parts := strings.SplitN(line, " ", 3)
			return texts[parts[len(parts)-1]]
		},
		"split":  func(line string) bool { return len(strings.SplitN(line, " ", 3)) > 3 },
		"angles": func(line string) bool { return strings.Count(line, ">: ") > 0 },
	}
	against := map[string]bool{}
	for _, name := range given.Against {
		against[name] = true
	}
	ns := map[string]map[string]float64{}
	for name, lines := range given.Sets {
		times := map[string][]float64{}
		for round := 0; round < given.Rounds; round++ {
			for run, call := range runs {
				if run == "identify" || against[name] {
					times[run] = append(times[run], nsPerLine(call, lines))
				}
			}
		}
		ns[name] = map[string]float64{}
		for run, all := range times {
			ns[name][run] = median(all)
		}
		if against[name] {
			ns[name]["allocations"] = allocationsPerLine(lines)
		}
	}
	out, _ := json.Marshal(ns)
	fmt.Println(string(out))
}
