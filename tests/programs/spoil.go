// Writes to everything that the package returns, from several goroutines, and
// says whether the package still answers as before.
package main

import (
	"fmt"
	"os"
	"reflect"
	"sync"

	replies "github.com/postfix-replies/postfix-replies/generated/go"
)

// spoil sets every element of every slice and map in a value to its zero.
func spoil(value reflect.Value) {
	switch value.Kind() {
	case reflect.Slice:
		for at := 0; at < value.Len(); at++ {
			spoil(value.Index(at))
			value.Index(at).SetZero()
		}
	case reflect.Map:
		for _, key := range value.MapKeys() {
			value.SetMapIndex(key, reflect.Value{})
		}
	case reflect.Struct:
		for at := 0; at < value.NumField(); at++ {
			if value.Type().Field(at).IsExported() {
				spoil(value.Field(at))
			}
		}
	}
}

// answers calls every method of a value that takes nothing, and spoils what each
// returns once it is written down.
func answers(of any) string {
	said := ""
	value := reflect.ValueOf(of)
	for at := 0; at < value.NumMethod(); at++ {
		if method := value.Method(at); method.Type().NumIn() == 0 {
			for _, result := range method.Call(nil) {
				said += fmt.Sprintf("%s %#v\n", value.Type().Method(at).Name, result)
				spoil(result)
			}
		}
	}
	return said
}

func everything() string {
	said := ""
	lists := [][]replies.Reply{replies.Replies()}
	for _, reply := range replies.Replies() {
		said += answers(reply) + answers(reply.Category())
		lists = append(lists, replies.ByCode(reply.Code()), replies.ByEnhanced(reply.Enhanced()))
	}
	reasons := [][]replies.Reason{replies.Reasons()}
	for _, reason := range replies.Reasons() {
		said += answers(reason)
		for _, dsn := range reason.DSN() {
			reasons = append(reasons, replies.ByDSN(dsn))
		}
	}
	for at := 0; at < 600; at++ {
		said += answers(replies.ReplyCode(at))
		if code, ok := replies.LookupEnhanced(fmt.Sprintf("4.%d.%d", at/60, at%60)); ok {
			said += answers(code)
		}
	}
	match, _ := replies.Identify("554 5.7.1 <a@b.c>: Relay access denied")
	said += answers(match)
	reading, _ := replies.Read("host a[192.0.2.1] said: 554 5.7.1 <a@b.c>: Relay access denied (in reply to RCPT TO command)")
	reason, _ := reading.ReasonMatch()
	said += answers(reading) + answers(reason)
	for _, list := range reasons {
		said += fmt.Sprintln(list)
		spoil(reflect.ValueOf(list))
	}
	for _, list := range lists {
		said += fmt.Sprintln(list)
		spoil(reflect.ValueOf(list))
	}
	return said
}

func main() {
	before := everything()
	var all sync.WaitGroup
	for at := 0; at < 4; at++ {
		all.Add(1)
		go func() {
			defer all.Done()
			everything()
		}()
	}
	all.Wait()
	if after := everything(); after != before {
		fmt.Println("changed")
		os.Exit(1)
	}
	fmt.Println("unchanged", len(before) > 100_000)
}
