package postfixreplies

import (
	"encoding/json"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What JSON carries: of a log, of a queue, of a client's error.

const (
	mostBrackets = 500     // of a line of JSON; how deep one may nest differs
	mostNested   = 200     // objects and lists of an error as JSON
	uncounted    = 1 << 53 // from here on not all languages count exactly
)

// member is one of an object or of a list.
type member struct {
	name  string // by which it is in order; empty in a list
	value json.RawMessage
}

// readJSON returns what a line of JSON carries: of the journal, of a container, or of
// postqueue -j.
func readJSON(line string) (r Reading, ok bool) {
	if strings.Count(line, "[")+strings.Count(line, "{") > mostBrackets {
		return r, false
	}
	var carried map[string]json.RawMessage
	if json.Unmarshal([]byte(line), &carried) != nil {
		return r, false
	}
	if isString(carried["log"]) {
		return carrying(stringOf(carried["log"]))
	}
	if isString(carried["SYSLOG_IDENTIFIER"]) && isString(carried["MESSAGE"]) {
		tag, message := stringOf(carried["SYSLOG_IDENTIFIER"]), stringOf(carried["MESSAGE"])
		if daemon := daemonOf(tag); daemon != "" {
			readRecord(tag, daemon, message, &r)
			return r, true
		}
		return carrying(message)
	}
	return queued(carried)
}

// readObjectIn returns what an error of a client says that a line ends with as JSON.
func readObjectIn(line string) (r Reading, ok bool) {
	at := strings.IndexByte(line, '{')
	if at < 0 || line[len(line)-1] != '}' {
		return r, false
	}
	if strings.Count(line[at+1:], "{")+strings.Count(line[at+1:], "[") > mostNested {
		return r, false
	}
	if !json.Valid([]byte(line[at:])) {
		return r, false
	}
	return readObject(line[at:])
}

// carrying returns what a message in JSON says, which is a line itself but no JSON.
func carrying(message string) (r Reading, ok bool) {
	line := strings.TrimRight(message, "\r\n")
	if strings.HasPrefix(line, "{") {
		return r, false
	}
	ok = readLine(line, &r)
	return r, ok
}

// queued returns what postqueue -j says of a message: why its first recipient waits.
func queued(carried map[string]json.RawMessage) (r Reading, ok bool) {
	list := carried["recipients"]
	if !isString(carried["queue_id"]) || !isList(list) {
		return r, false
	}
	fields := listed([]entry{{"queue_id", stringOf(carried["queue_id"])}})
	if isString(carried["queue_name"]) {
		fields.add("queue", stringOf(carried["queue_name"]))
	}
	if isString(carried["sender"]) {
		fields.add("from", stringOf(carried["sender"]))
	}
	if size, ok := sizeOf(carried["message_size"]); ok {
		fields.add("size", size)
	}
	for _, each := range membersOf(list) {
		if each.value[0] != '{' {
			continue
		}
		recipient := membersOf(each.value)
		reason, to := valueNamed(recipient, "delay_reason"), valueNamed(recipient, "address")
		if !isString(reason) {
			continue
		}
		if isString(to) {
			fields.add("to", stringOf(to))
		}
		return ofReason(KindQueueListing, stringOf(reason), fields, nil), true
	}
	return silent(KindQueueListing, "", fields, nil), true
}

// sizeOf returns a whole number that all languages count exactly.
func sizeOf(raw json.RawMessage) (size string, ok bool) {
	if len(raw) == 0 || (raw[0] != '-' && !isDigit(raw[0])) {
		return "", false
	}
	number, _ := strconv.ParseFloat(string(raw), 64)
	if !(number >= 0 && number < uncounted) || number != float64(int64(number)) {
		return "", false
	}
	return strconv.FormatInt(int64(number), 10), true
}

func isString(raw json.RawMessage) bool { return len(raw) > 0 && raw[0] == '"' }

func isList(raw json.RawMessage) bool { return len(raw) > 0 && raw[0] == '[' }

// stringOf returns a string, empty where the value is none.
func stringOf(raw json.RawMessage) (value string) {
	if isString(raw) {
		_ = json.Unmarshal(raw, &value)
	}
	return value
}

// membersOf returns the members of a list, or those of an object by name, of which the last
// of a name counts; nothing of another value. The JSON is known to be valid.
func membersOf(raw json.RawMessage) []member {
	var found []member
	if isList(raw) {
		var values []json.RawMessage
		_ = json.Unmarshal(raw, &values)
		for _, value := range values {
			found = append(found, member{"", value})
		}
		return found
	}
	if raw[0] != '{' {
		return nil
	}
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	_, _ = decoder.Token()
	for decoder.More() {
		start := decoder.InputOffset()
		name, _ := decoder.Token()
		one := member{name: ordered(name, string(raw[start:decoder.InputOffset()]))}
		_ = decoder.Decode(&one.value)
		found = append(found, one)
	}
	return lastOfName(found)
}

// lastOfName sorts members by name, and keeps the last of a name.
func lastOfName(of []member) []member {
	sort.SliceStable(of, func(one, other int) bool { return of[one].name < of[other].name })
	count := 0
	for at, one := range of {
		if at+1 < len(of) && of[at+1].name == one.name {
			continue
		}
		of[count] = one
		count++
	}
	return of[:count]
}

// valueNamed returns the value of a name, nothing where it is not there.
func valueNamed(of []member, name string) json.RawMessage {
	for _, one := range of {
		if one.name == name {
			return one.value
		}
	}
	return nil
}

// ordered returns a name by which members are in order: as it is read, but with lone
// surrogates, which are U+FFFD there, as they are told apart in other languages.
func ordered(name json.Token, raw string) string {
	read, _ := name.(string)
	if !strings.Contains(read, "\ufffd") {
		return read
	}
	made := []byte{}
	raw = raw[strings.IndexByte(raw, '"')+1:]
	for at, next := 0, 0; at < len(raw) && raw[at] != '"'; at = next {
		next = escapeEnd(raw, at)
		var one string
		_ = json.Unmarshal([]byte(`"`+raw[at:next]+`"`), &one)
		if number, err := strconv.ParseUint(raw[min(at+2, next):next], 16, 16); one == "\ufffd" && err == nil {
			one = string([]byte{0xe0 | byte(number>>12), 0x80 | byte(number>>6&0x3f), 0x80 | byte(number&0x3f)})
		}
		made = append(made, one...)
	}
	return string(made)
}

// escapeEnd returns where an escape ends, or a pair of them, or else a character.
func escapeEnd(raw string, at int) int {
	if raw[at] != '\\' {
		_, size := utf8.DecodeRuneInString(raw[at:])
		return at + size
	}
	if raw[at+1] != 'u' {
		return at + 2
	}
	high, _ := strconv.ParseUint(raw[at+2:at+6], 16, 16)
	if end := at + 12; high>>10 == 0xd800>>10 && end <= len(raw) && strings.HasPrefix(raw[at+6:], `\u`) {
		if low, err := strconv.ParseUint(raw[at+8:end], 16, 16); err == nil && low>>10 == 0xdc00>>10 {
			return end
		}
	}
	return at + 6
}
