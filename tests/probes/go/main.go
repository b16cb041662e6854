// Answers for the generated Go package: probe WHAT; see run.py.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"reflect"
	"strings"

	replies "github.com/postfix-replies/postfix-replies/generated/go"
)

// orNull is the JSON null of the other languages, which Go writes as an empty string.
func orNull(value string) any {
	if value == "" {
		return nil
	}
	return value
}

// orNoCode is the JSON null of the other languages, which Go writes as 0.
func orNoCode(code int) any {
	if code == 0 {
		return nil
	}
	return code
}

// told returns the facts of a value by the names that they have in the catalog.
func told(of any, names []string) map[string]any {
	row := map[string]any{}
	for _, name := range names {
		row[name] = plain(name, reflect.ValueOf(of).MethodByName(pascal(name)).Call(nil)[0])
	}
	return row
}

// optional has the names of the facts that may be missing: an empty string is null then.
var optional = map[string]bool{}

// plain returns a value as JSON has it.
func plain(name string, value reflect.Value) any {
	switch value.Kind() {
	case reflect.Slice:
		parts := []any{}
		for at := 0; at < value.Len(); at++ {
			parts = append(parts, plain(name, value.Index(at)))
		}
		return parts
	case reflect.Struct:
		row := map[string]any{}
		for at := 0; at < value.NumField(); at++ {
			field := strings.ToLower(value.Type().Field(at).Name)
			row[field] = plain(field, value.Field(at))
		}
		return row
	case reflect.String:
		if optional[name] {
			return orNull(value.String())
		}
	}
	return value.Interface()
}

func pascal(name string) string {
	words := strings.Split(name, "_")
	for at, word := range words {
		words[at] = strings.ToUpper(word[:1]) + word[1:]
		if word == "dsn" { // which Go writes in capitals
			words[at] = "DSN"
		}
	}
	return strings.Join(words, "")
}

func members[T comparable](known []T, names []string) map[T]any {
	rows := map[T]any{}
	for _, member := range known {
		rows[member] = told(member, names)
	}
	return rows
}

// asked reads the names of the facts of each noun.
func asked() (nouns map[string][]string) {
	must(json.NewDecoder(os.Stdin).Decode(&nouns))
	for _, name := range nouns["optional"] {
		optional[name] = true
	}
	return nouns
}

func reasonFacts(print func(any)) {
	nouns := asked()
	byDSN := map[string][]replies.Reason{}
	pages := []string{}
	for _, reason := range replies.Reasons() {
		if found, ok := replies.ReasonByID(string(reason)); !ok || found != reason {
			panic(reason)
		}
		row := told(reason, nouns["Reason"])
		row["id"] = reason
		print(row)
		pages = append(pages, reason.Page())
		for _, dsn := range reason.DSN() {
			byDSN[dsn] = replies.ByDSN(dsn)
		}
	}
	print(map[string]any{"by_dsn": byDSN, "unknown": len(replies.ByDSN("")), "pages": pages})
}

func facts(print func(any)) {
	nouns := asked()
	for _, reply := range replies.Replies() {
		row := told(reply, nouns["Reply"])
		row["id"] = reply
		print(row)
	}
	print(map[string]any{
		"DeliveryStatus": members(replies.Statuses(), nouns["DeliveryStatus"]),
		"Severity":       members(replies.Severities(), nouns["Severity"]),
		"Category":       members(replies.Categories(), nouns["Category"]),
		"Origin":         members(replies.Origins(), nouns["Origin"]),
		"Verdict":        members(replies.Verdicts(), nouns["Verdict"]),
		"Influence":      members(replies.Everywhere(), nouns["Influence"]),
		"Stage":          members(replies.Stages(), nouns["Stage"]),
		"Party":          members(replies.Parties(), nouns["Party"]),
		"Retry":          members(replies.Retries(), nouns["Retry"]),
		"Kind":           members(replies.Kinds(), nouns["Kind"]),
		"Speaker":        members(replies.Speakers(), nouns["Speaker"]),
		"ReplyCode":      members(replies.ReplyCodes(), nouns["ReplyCode"]),
		"EnhancedCode":   members(replies.EnhancedCodes(), nouns["EnhancedCode"]),
	})
	print(lookups())
}

func lookups() any {
	byCode := map[int][]replies.Reply{}
	byEnhanced := map[string][]replies.Reply{}
	pages := []string{}
	text := ""
	for _, reply := range replies.Replies() {
		if found, ok := replies.ByID(string(reply)); !ok || found != reply {
			panic(reply)
		}
		pages = append(pages, reply.Page())
		for _, variant := range reply.Variants() {
			byCode[variant.Code] = replies.ByCode(variant.Code)
			if variant.Enhanced != "" {
				byEnhanced[variant.Enhanced] = replies.ByEnhanced(variant.Enhanced)
			}
		}
		if text == "" && reply.Words() != "unknown" && !strings.Contains(reply.Text(), "{") {
			text = reply.Text()
		}
	}
	retryable := []bool{}
	for _, code := range []string{"250 ", "354 ", "450 ", "550 "} {
		match, _ := replies.Identify(code + text)
		retryable = append(retryable, match.Retryable)
	}
	registered := []bool{}
	for _, code := range []string{"", "3.1.10", "4.99.1", "4.1.10 ", "X.1.10"} {
		_, ok := replies.LookupEnhanced(code)
		registered = append(registered, ok)
	}
	codes := []int{}
	for code := 200; code < 600; code++ {
		if replies.ReplyCode(code).Meaning() != "" {
			codes = append(codes, code)
		}
	}
	return map[string]any{
		"by_code": byCode, "by_enhanced": byEnhanced, "retryable": retryable,
		"registered": registered, "codes": codes, "pages": pages,
		"unknown": []int{len(replies.ByCode(299)), len(replies.ByEnhanced("5.9.9"))},
	}
}

func identify(line []byte) (replies.Match, bool) {
	if line[0] == '[' {
		var code int
		var text string
		must(json.Unmarshal(line, &[]any{&code, &text}))
		return replies.IdentifyReply(code, text)
	}
	var reply string
	must(json.Unmarshal(line, &reply))
	return replies.Identify(reply)
}

func identified(line []byte) any {
	match, ok := identify(line)
	if !ok {
		return nil
	}
	return map[string]any{
		"id":       match.Reply,
		"code":     orNoCode(match.Code),
		"enhanced": orNull(match.Enhanced),
		"params":   match.Params(),
		"expected": match.Expected,
		"form":     match.Form,
		"closes":   match.Closes(),
		"tail":     match.Tail,
		"repairs":  match.Repairs(),
		"verdict":  verdictOf(match),
		"must_act": match.MustAct(),
		"retry":    match.Retry(),
	}
}

func verdictOf(match replies.Match) any {
	if verdict, ok := match.Verdict(); ok {
		return verdict
	}
	return nil
}

// readBack returns the JSON of a value, which must be read back as it was.
func readBack[T interface{ JSON() string }](of T) string {
	written := of.JSON()
	var again T
	must(json.Unmarshal([]byte(written), &again))
	if again.JSON() != written {
		panic(written + " is read back as " + again.JSON())
	}
	return written
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
	return readBack(match)
}

func reasonFormatted(line []byte) any {
	var asked struct {
		ID     string
		Params map[string]string
		Form   *string
	}
	must(json.Unmarshal(line, &asked))
	options := []replies.Option{}
	if asked.Form != nil {
		options = append(options, replies.WithForm(*asked.Form))
	}
	said, err := replies.Reason(asked.ID).Format(asked.Params, options...)
	if err != nil {
		return nil
	}
	return said
}

func formatted(line []byte) any {
	var asked struct {
		ID       string
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
	said, err := replies.Reply(asked.ID).Format(asked.Params, options...)
	if err != nil {
		return nil
	}
	return said
}

// asRead returns the JSON of a reading, or null.
func asRead(held string) string {
	reading, ok := replies.Read(held)
	if !ok {
		return "null"
	}
	return readBack(reading)
}

// asAll returns the JSON of all readings.
func asAll(held string) string {
	told := []string{}
	for _, reading := range replies.ReadAll(held) {
		told = append(told, readBack(reading))
	}
	return "[" + strings.Join(told, ",") + "]"
}

// asReason returns the JSON of a match of words of the delivery side, or null.
func asReason(words string) string {
	match, ok := replies.IdentifyReason(words)
	if !ok {
		return "null"
	}
	return readBack(match)
}

// acts returns who must act and whether to wait, as the reading of a text has it, as its
// reason alone has it, and the same of what it repeats.
func acts(line []byte) any {
	var held string
	must(json.Unmarshal(line, &held))
	return actsOf(replies.Read(held))
}

func actsOf(reading replies.Reading, ok bool) any {
	if !ok {
		return nil
	}
	party, _ := reading.MustAct()
	retry, _ := reading.Retry()
	reason, _ := reading.Reason()
	return map[string]any{
		"must_act": orNull(string(party)),
		"retry":    orNull(string(retry)),
		"reason":   orNull(string(reason)),
		"alone":    alone(reading.ReasonMatch()),
		"inner":    actsOf(reading.Inner()),
	}
}

func alone(match replies.ReasonMatch, ok bool) any {
	if !ok {
		return nil
	}
	verdict, _ := match.Verdict()
	return []any{orNull(string(verdict)), orNull(string(match.MustAct())), match.Retry()}
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
	tellers := map[string]func(func(any)){"facts": facts, "reason_facts": reasonFacts}
	if tell := tellers[os.Args[1]]; tell != nil {
		tell(func(row any) { must(lines.Encode(row)) })
		return
	}
	answers := map[string]func([]byte) any{
		"identify": identified, "json": asJSON, "format": formatted, "acts": acts,
		"reason_format": reasonFormatted,
	}
	readers := map[string]func(string) string{
		"read": asRead, "read_all": asAll, "reason": asReason,
	}
	answer := answers[os.Args[1]]
	read := readers[os.Args[1]]
	in := bufio.NewReader(os.Stdin)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 && read != nil {
			var held string
			must(json.Unmarshal(line, &held))
			must(print(out, read(held)))
		} else if len(line) > 0 {
			must(lines.Encode(answer(line)))
		}
		if err != nil {
			return
		}
	}
}

func print(out *bufio.Writer, line string) error {
	_, err := out.WriteString(line + "\n")
	return err
}
