// Answers for the generated Go package: probe facts.
package main

import (
	"bufio"
	"encoding/json"
	"os"

	replies "postfixreplies"
)

// orNull is the JSON null of the other languages, which Go writes as an empty string.
func orNull(value string) any {
	if value == "" {
		return nil
	}
	return value
}

func list[T any](values []T) []T {
	return append([]T{}, values...)
}

func facts(reply replies.Reply) map[string]any {
	variants := [][]any{}
	for _, each := range reply.Variants() {
		variants = append(variants, []any{each.Code, orNull(each.Enhanced), each.When})
	}
	forms := [][]any{}
	for _, each := range reply.Forms() {
		forms = append(forms, []any{each.Form, each.Text, each.Note})
	}
	return map[string]any{
		"id":              reply,
		"code":            reply.Code(),
		"enhanced":        orNull(reply.Enhanced()),
		"text":            reply.Text(),
		"summary":         reply.Summary(),
		"category":        reply.Category(),
		"severity":        reply.Severity(),
		"fault":           reply.Fault(),
		"daemons":         list(reply.Daemons()),
		"stages":          list(reply.Stages()),
		"cause":           reply.Cause(),
		"sender_action":   reply.SenderAction(),
		"operator_action": reply.OperatorAction(),
		"settings":        list(reply.Settings()),
		"until":           orNull(reply.Until()),
		"note":            orNull(reply.Note()),
		"variants":        variants,
		"forms":           forms,
	}
}

func lookups() map[string]any {
	codes := map[int][]replies.Reply{}
	enhanced := map[string][]replies.Reply{}
	for _, reply := range replies.Replies() {
		if found, ok := replies.ByID(string(reply)); !ok || found != reply {
			panic(reply)
		}
		for _, each := range reply.Variants() {
			codes[each.Code] = replies.ByCode(each.Code)
			if each.Enhanced != "" {
				enhanced[each.Enhanced] = replies.ByEnhanced(each.Enhanced)
			}
		}
	}
	unknown := []int{len(replies.ByCode(299)), len(replies.ByEnhanced("5.9.9"))}
	return map[string]any{"by_code": codes, "by_enhanced": enhanced, "unknown": unknown}
}

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	for _, reply := range replies.Replies() {
		if err := lines.Encode(facts(reply)); err != nil {
			panic(err)
		}
	}
	if err := lines.Encode(lookups()); err != nil {
		panic(err)
	}
}
