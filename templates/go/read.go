package postfixreplies

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"reflect"
	"strings"
)

const largest = 1 << 53 // what all languages count exactly

// Read returns what a held text says, and who said it; ok is false where nothing of it is
// known.
//
// It takes a line of a log, a bounce, a transcript, a queue listing, what a client threw
// or showed, or a reply. Of several things the first that is a refusal counts. What a
// client chose never counts for more than what Postfix wrote. The time is linear in the
// length.
func Read(held string) (r Reading, ok bool) {
	if strings.IndexByte(held, '\n') < 0 {
		ok = readLine(held, &r)
		return r, ok
	}
	readings := ReadAll(held)
	for _, one := range readings {
		if one.Line != "" || one.HasWords {
			return one, true
		}
	}
	if len(readings) == 0 {
		return r, false
	}
	return readings[0], true
}

// ReadAll returns all that a held text says: a reading for each line of a log, or
// recipient of a bounce.
func ReadAll(held string) []Reading {
	text := strings.Trim(held, "\r\n")
	if strings.IndexByte(text, '\n') < 0 {
		return each(text, readLine)
	}
	if found := readWhole(text); len(found) > 0 {
		return found
	}
	return each(text, readLine)
}

// ReadLines gives a reading for each line that is one of a log of Postfix, as they come:
// for whole logs. It stops when each returns false.
func ReadLines(r io.Reader, each func(Reading) bool) error {
	lines := bufio.NewReaderSize(r, 2*longest)
	for {
		line, err := lines.ReadSlice('\n')
		if err == nil || err == io.EOF {
			var reading Reading
			if loggedIn(string(line), &reading) && !each(reading) {
				return nil
			}
		}
		for err == bufio.ErrBufferFull { // no line of Postfix is so long
			_, err = lines.ReadSlice('\n')
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// ReadError returns what an error of net/smtp or of go-smtp carries; else what its text
// says.
func ReadError(err error) (r Reading, ok bool) {
	if err == nil {
		return r, false
	}
	var failed *textproto.Error
	if errors.As(err, &failed) && failed != nil && isCode(failed.Code) {
		return ofCode(KindClientGoTextproto, failed.Code, failed.Msg), true
	}
	if code, said, ok := smtpError(err); ok {
		return ofCode("client_go_smtp", code, said), true
	}
	return Read(err.Error())
}

func isCode(code int) bool { return code >= 200 && code <= 599 }

// smtpError returns the code and the text of an SMTPError of go-smtp in an error.
func smtpError(err error) (code int, said string, ok bool) {
	for err != nil {
		if code, said, ok = smtpFields(reflect.ValueOf(err)); ok {
			return code, said, true
		}
		if several, ok := err.(interface{ Unwrap() []error }); ok {
			for _, one := range several.Unwrap() {
				if code, said, ok = smtpError(one); ok {
					return code, said, true
				}
			}
			return 0, "", false
		}
		err = errors.Unwrap(err)
	}
	return 0, "", false
}

// smtpFields returns what the fields of an SMTPError hold: its text with the enhanced
// status code, if it has one, in front.
func smtpFields(of reflect.Value) (code int, said string, ok bool) {
	if of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct || of.Type().Name() != "SMTPError" {
		return 0, "", false
	}
	number, enhanced, message := of.FieldByName("Code"), of.FieldByName("EnhancedCode"), of.FieldByName("Message")
	if !number.IsValid() || number.Kind() != reflect.Int || !isCode(int(number.Int())) {
		return 0, "", false
	}
	if !message.IsValid() || message.Kind() != reflect.String {
		return 0, "", false
	}
	if !enhanced.IsValid() || enhanced.Kind() != reflect.Array || enhanced.Len() != 3 || enhanced.Type().Elem().Kind() != reflect.Int {
		return 0, "", false
	}
	said = message.String()
	parts := [...]int64{enhanced.Index(0).Int(), enhanced.Index(1).Int(), enhanced.Index(2).Int()}
	if parts != [...]int64{0, 0, 0} && parts != [...]int64{-1, -1, -1} {
		said = fmt.Sprintf("%d.%d.%d %s", parts[0], parts[1], parts[2], said)
	}
	return int(number.Int()), said, true
}

// readLine finds what one line says.
func readLine(line string, r *Reading) bool {
	line = strings.TrimSuffix(line, "\r")
	if isReply(line) {
		*r = replied(line)
		return true
	}
	if len(line) > longest {
		return false
	}
	if logged(line, r) {
		return true
	}
	found, ok := piece(line)
	*r = found
	return ok
}

// logged finds what a line says that is one of a log, or JSON that carries one.
func logged(line string, r *Reading) bool {
	if len(line) > longest {
		return false
	}
	if strings.HasPrefix(line, "{") {
		if found, ok := readJSON(line); ok {
			*r = found
			return true
		}
	}
	return readLog(line, r)
}

// loggedIn does the same with a line that has its end.
func loggedIn(line string, r *Reading) bool {
	return logged(strings.TrimRight(line, "\r\n"), r)
}

// piece returns what a text says that is no line of a log.
func piece(text string) (r Reading, ok bool) {
	text = strings.Trim(text, blank)
	if isReply(text) {
		return replied(text), true
	}
	var fields entries
	if last := len(text) - 1; last > 0 && text[0] == '(' && text[last] == ')' {
		if _, ok = repeated(text[1:last], &fields); ok {
			return ofReason(KindQueueListing, text[1:last], &fields, nil), true
		}
	}
	if _, ok = repeated(text, &fields); ok {
		return ofReason(KindReason, text, &fields, nil), true
	}
	if found := readSession(text); len(found) > 0 {
		return found[0], true
	}
	if _, ok = Identify(text); ok {
		return ofSaid(KindReply, SpeakerServer, text, nil, nil), true
	}
	if found := readBounce(unmarked(text)); len(found) > 0 {
		return found[0], true
	}
	return readClient(text)
}

func replied(line string) Reading {
	if len(line) > longest {
		return ofSaid(KindReply, SpeakerServer, line, nil, nil)
	}
	var fields entries
	said, unsure := cutClient(line, "", &fields)
	return ofSaid(KindReply, SpeakerServer, said, &fields, unsure)
}

// readWhole returns what a text of several lines says as a whole; nothing where its lines
// stand for themselves.
func readWhole(text string) []Reading {
	if found := listing(text); len(found) > 0 {
		return found
	}
	if found := readBounce(unmarked(text)); len(found) > 0 {
		return found
	}
	if found := readSession(text); len(found) > 0 {
		return found
	}
	if found := each(text, loggedIn); len(found) > 0 {
		return found
	}
	if r, ok := readClient(text); ok {
		return []Reading{r}
	}
	return nil
}

// each returns what the lines of a text say.
func each(text string, read func(string, *Reading) bool) []Reading {
	found := []Reading{}
	for more := true; more; {
		var line string
		line, text, more = strings.Cut(text, "\n")
		var r Reading
		if read(line, &r) {
			found = append(found, r)
		}
	}
	return found
}

// unmarked returns a text without the marks of a mail reader that quotes it.
func unmarked(text string) string {
	lines := strings.Split(text, "\n")
	for _, line := range lines {
		if line != "" && line[0] != '>' {
			return text
		}
	}
	for at, line := range lines {
		lines[at] = strings.Trim(strings.TrimPrefix(line, ">"), blank)
	}
	return strings.Join(lines, "\n")
}

// listing returns what mailq shows: a message, the reason that it waits, its recipients.
func listing(text string) []Reading {
	readings := []Reading{}
	var fields []entry
	for more := true; more; {
		var line string
		line, text, more = strings.Cut(text, "\n")
		if message, ok := listedIn(line); ok {
			fields = message
			continue
		}
		line = strings.TrimLeft(line, " ")
		if fields == nil || !strings.HasPrefix(line, "(") {
			continue
		}
		line = line[1:]
		closed := strings.LastIndexByte(line, ')')
		reason, recipient := "", strings.Trim(line[closed+1:], blank)
		if closed >= 0 {
			reason = line[:closed]
		}
		if recipient != "" {
			fields = append(fields[:3:3], entry{"to", recipient})
		}
		readings = append(readings, ofReason(KindQueueListing, reason, listed(fields), nil))
	}
	return readings
}

// listedIn returns the message that a line of mailq lists.
func listedIn(line string) (fields []entry, ok bool) {
	var column [7]string
	count := 0
	for line != "" {
		end := strings.IndexAny(line, " \t")
		if end < 0 {
			end = len(line)
		}
		if end > 0 {
			if count == len(column) {
				return nil, false
			}
			column[count] = line[:end]
			count++
		}
		line = line[min(end+1, len(line)):]
	}
	id := strings.TrimRight(column[0], "*!#")
	if count < len(column) || !isQueueID(id) || !isDigits(column[1]) {
		return nil, false
	}
	return []entry{{"queue_id", id}, {"size", column[1]}, {"from", column[6]}}, true
}

// readJSON returns what a line of JSON carries: of the journal, of a container, or of
// postqueue -j.
func readJSON(line string) (r Reading, ok bool) {
	var carried map[string]json.RawMessage
	if json.Unmarshal([]byte(line), &carried) != nil {
		return r, false
	}
	if log, ok := stringIn(carried, "log"); ok {
		return carrying(log)
	}
	tag, tagged := stringIn(carried, "SYSLOG_IDENTIFIER")
	message, ok := stringIn(carried, "MESSAGE")
	if tagged && ok {
		if daemon := daemonOf(tag); daemon != "" {
			readRecord(tag, daemon, message, &r)
			return r, true
		}
		return carrying(message)
	}
	return queued(carried)
}

// stringIn returns a string of an object; ok is false where it has none of that name.
func stringIn(object map[string]json.RawMessage, name string) (value string, ok bool) {
	raw := object[name]
	if len(raw) == 0 || raw[0] != '"' {
		return "", false
	}
	return value, json.Unmarshal(raw, &value) == nil
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
	id, ok := stringIn(carried, "queue_id")
	list := carried["recipients"]
	if !ok || len(list) == 0 || list[0] != '[' {
		return r, false
	}
	fields := listed([]entry{{"queue_id", id}})
	if queue, ok := stringIn(carried, "queue_name"); ok {
		fields.add("queue", queue)
	}
	if sender, ok := stringIn(carried, "sender"); ok {
		fields.add("from", sender)
	}
	if size, ok := sizeIn(carried["message_size"]); ok {
		fields.add("size", size)
	}
	var recipients []json.RawMessage
	if json.Unmarshal(list, &recipients) != nil {
		return r, false
	}
	for _, each := range recipients {
		var recipient map[string]json.RawMessage
		if len(each) == 0 || each[0] != '{' || json.Unmarshal(each, &recipient) != nil {
			continue
		}
		if reason, ok := stringIn(recipient, "delay_reason"); ok {
			if to, ok := stringIn(recipient, "address"); ok {
				fields.add("to", to)
			}
			return ofReason(KindQueueListing, reason, fields, nil), true
		}
	}
	return silent(KindQueueListing, "", fields, nil), true
}

// sizeIn returns a whole number that all languages count exactly.
func sizeIn(raw json.RawMessage) (size string, ok bool) {
	if string(raw) == "-0" {
		return "0", true
	}
	var number int64
	if !isDigits(string(raw)) || json.Unmarshal(raw, &number) != nil {
		return "", false
	}
	return string(raw), number < largest
}
