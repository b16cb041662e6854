// Answers for the generated Go package: probe identify|json|format|facts.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

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
	settings := [][]any{}
	for _, each := range reply.Settings() {
		settings = append(settings, []any{each.Name, each.Moves, each.Default})
	}
	twins := [][]any{}
	for _, each := range reply.Twins() {
		twins = append(twins, []any{each.Reply, each.Difference})
	}
	return map[string]any{
		"id":              reply,
		"code":            reply.Code(),
		"enhanced":        orNull(reply.Enhanced()),
		"text":            reply.Text(),
		"summary":         reply.Summary(),
		"category":        reply.Category(),
		"severity":        reply.Severity(),
		"must_act":        reply.MustAct(),
		"retry":           reply.Retry(),
		"retry_note":      orNull(reply.RetryNote()),
		"closes":          reply.Closes(),
		"multiline":       reply.Multiline(),
		"daemons":         list(reply.Daemons()),
		"stages":          list(reply.Stages()),
		"cause":           reply.Cause(),
		"sender_action":   reply.SenderAction(),
		"operator_action": reply.OperatorAction(),
		"client_action":   reply.ClientAction(),
		"settings":        settings,
		"twins":           twins,
		"since":           reply.Since(),
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
	retryable := []bool{}
	plain := ""
	for _, reply := range replies.Replies() {
		if plain == "" && !strings.Contains(reply.Text(), "{") {
			plain = reply.Text()
		}
	}
	for _, code := range []string{"250 ", "354 ", "450 ", "550 "} {
		match, _ := replies.Identify(code + plain)
		retryable = append(retryable, match.Retryable)
	}
	found := general()
	found["by_code"], found["by_enhanced"] = codes, enhanced
	found["unknown"], found["retryable"] = unknown, retryable
	return found
}

func general() map[string]any {
	categories := map[replies.Category][]any{}
	for _, reply := range replies.Replies() {
		each := reply.Category().Facts()
		categories[reply.Category()] = []any{
			each.Meaning, orNull(each.Sisimai), orNull(each.KumoMTA), orNull(each.SparkPost),
			orNull(each.SES), orNull(each.Enhanced),
		}
	}
	replyCodes := map[int][]string{}
	for number := 200; number < 600; number++ {
		if each := replies.ReplyCode(number); each.Meaning() != "" {
			replyCodes[number] = []string{each.Meaning(), each.Reference()}
		}
	}
	enhancedCodes := map[replies.EnhancedCode][]any{}
	for at := 0; at < 600; at++ {
		if each, ok := replies.LookupEnhanced(fmt.Sprintf("4.%d.%d", at/60, at%60)); ok {
			enhancedCodes[each] = []any{
				each.Name(), each.Meaning(), list(each.ReplyCodes()), each.Reference(),
			}
		}
	}
	unregistered := []bool{}
	for _, each := range []string{"", "3.1.10", "4.99.1", "4.1.10 ", "X.1.10"} {
		_, ok := replies.LookupEnhanced(each)
		unregistered = append(unregistered, !ok)
	}
	return map[string]any{
		"categories": categories, "reply_codes": replyCodes, "enhanced_codes": enhancedCodes,
		"unregistered": unregistered,
	}
}

func identified(line []byte) any {
	var reply string
	must(json.Unmarshal(line, &reply))
	match, ok := replies.Identify(reply)
	if !ok {
		return nil
	}
	return map[string]any{
		"id":       match.Reply,
		"code":     match.Code,
		"enhanced": orNull(match.Enhanced),
		"params":   match.Params(),
		"expected": match.Expected,
		"form":     match.Form,
		"closes":   match.Closes(),
	}
}

func asJSON(line []byte) any {
	var reply string
	must(json.Unmarshal(line, &reply))
	match, ok := replies.Identify(reply)
	if !ok {
		return nil
	}
	encoded := strings.Builder{}
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	must(encoder.Encode(match))
	kept := strings.NewReplacer("\\u2028", "\u2028", "\\u2029", "\u2029").Replace(encoded.String())
	if kept != match.JSON()+"\n" {
		panic(encoded.String())
	}
	return match.JSON()
}

func formatted(line []byte) any {
	var asked struct {
		ID       replies.Reply
		Params   map[string]string
		Code     *int
		Enhanced json.RawMessage
		Form     *string
	}
	must(json.Unmarshal(line, &asked))
	options := []replies.Option{}
	if asked.Code != nil {
		options = append(options, replies.WithCode(*asked.Code))
	}
	if asked.Enhanced != nil {
		var enhanced *string
		must(json.Unmarshal(asked.Enhanced, &enhanced))
		if enhanced == nil {
			options = append(options, replies.WithoutEnhanced())
		} else {
			options = append(options, replies.WithEnhanced(*enhanced))
		}
	}
	if asked.Form != nil {
		options = append(options, replies.WithForm(*asked.Form))
	}
	said, err := asked.ID.Format(asked.Params, options...)
	if err != nil {
		return nil
	}
	return said
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	if os.Args[1] == "facts" {
		for _, reply := range replies.Replies() {
			must(lines.Encode(facts(reply)))
		}
		must(lines.Encode(lookups()))
		return
	}
	answers := map[string]func([]byte) any{
		"identify": identified, "json": asJSON, "format": formatted,
	}
	answer := answers[os.Args[1]]
	in := bufio.NewReader(os.Stdin)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			must(lines.Encode(answer(line)))
		}
		if err != nil {
			return
		}
	}
}
