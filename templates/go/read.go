package postfixreplies

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// Read returns what a held text says, and who said it; ok is false where nothing of it is
// known.
//
// It takes a line of a log, a bounce, a transcript, a queue listing, what a client threw
// or showed, or a reply. Of several things the first that is a refusal counts. What a
// client chose never counts for more than what Postfix wrote. The time is linear in the
// length.
func Read(held string) (r Reading, ok bool) {
	text := cleared(held)
	if strings.IndexByte(text, '\n') < 0 {
		ok = readLine(text, &r)
		return r, ok
	}
	lines, heads := mendedLines(strings.Trim(text, "\r\n"))
	if isLog(lines, heads) {
		return firstRefusal(readMixed(lines, heads))
	}
	r, ok = firstRefusal(readPlain(strings.Join(lines, "\n")))
	if ok && isWhole(&r) {
		return r, true
	}
	if other, found := firstRefusal(readMixed(lines, heads)); !ok || (found && isWhole(&other)) {
		return other, found
	}
	return r, ok
}

// ReadAll returns all that a held text says: a reading for each line of a log, or
// recipient of a bounce. Lines of a log are read as such, and what stands between them as
// one text.
func ReadAll(held string) []Reading {
	text := strings.Trim(cleared(held), "\r\n")
	if strings.IndexByte(text, '\n') < 0 {
		return each(text, readLine)
	}
	lines, heads := mendedLines(text)
	if found := readMixed(lines, heads); len(found) > 0 {
		return found
	}
	return readPlain(strings.Join(lines, "\n"))
}

// readPlain returns what a text says that has no line of a log, or of which it does not
// matter.
func readPlain(text string) []Reading {
	if strings.IndexByte(text, '\n') < 0 {
		return each(text, readLine)
	}
	if found := readWhole(text); len(found) > 0 {
		return found
	}
	return each(text, readLine)
}

// firstRefusal returns the first of some readings that is a refusal or a reason, else the
// first.
func firstRefusal(readings []Reading) (r Reading, ok bool) {
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
	for _, of := range [...]func(reflect.Value) (Reading, bool){ofTextproto, ofGoSMTP} {
		if r, ok = findIn(err, of); ok {
			return r, true
		}
	}
	return Read(err.Error())
}

// findIn returns what one of the errors in an error says, the outermost first.
func findIn(err error, of func(reflect.Value) (Reading, bool)) (r Reading, ok bool) {
	for err != nil {
		if r, ok = of(reflect.Indirect(reflect.ValueOf(err))); ok {
			return r, true
		}
		if several, ok := err.(interface{ Unwrap() []error }); ok {
			for _, one := range several.Unwrap() {
				if r, ok = findIn(one, of); ok {
					return r, true
				}
			}
			return r, false
		}
		err = errors.Unwrap(err)
	}
	return r, false
}

// ofTextproto returns what an Error of net/textproto says. It is found by its names, since
// that package needs net.
func ofTextproto(of reflect.Value) (r Reading, ok bool) {
	if of.Kind() != reflect.Struct || of.Type().Name() != "Error" || of.Type().PkgPath() != "net/textproto" {
		return r, false
	}
	code, said, ok := codeAndText(of, "Msg")
	if !ok {
		return r, false
	}
	return ofCode(KindClientGoTextproto, code, said), true
}

// ofGoSMTP returns what an SMTPError of go-smtp says: its text with the enhanced status code,
// if it has one, in front.
func ofGoSMTP(of reflect.Value) (r Reading, ok bool) {
	if of.Kind() != reflect.Struct || of.Type().Name() != "SMTPError" || !strings.HasSuffix(of.Type().PkgPath(), "/go-smtp") {
		return r, false
	}
	code, said, ok := codeAndText(of, "Message")
	enhanced := of.FieldByName("EnhancedCode")
	if !ok || enhanced.Kind() != reflect.Array || enhanced.Len() != 3 || enhanced.Type().Elem().Kind() != reflect.Int {
		return r, false
	}
	parts := [...]int64{enhanced.Index(0).Int(), enhanced.Index(1).Int(), enhanced.Index(2).Int()}
	if parts != [...]int64{0, 0, 0} && parts != [...]int64{-1, -1, -1} {
		said = fmt.Sprintf("%d.%d.%d %s", parts[0], parts[1], parts[2], said)
	}
	return ofCode("client_go_smtp", code, said), true
}

// codeAndText returns the reply code of a struct, and its text, which is in a field of a name.
func codeAndText(of reflect.Value, text string) (code int, said string, ok bool) {
	number, message := of.FieldByName("Code"), of.FieldByName(text)
	if number.Kind() != reflect.Int || message.Kind() != reflect.String {
		return 0, "", false
	}
	code = int(number.Int())
	return code, message.String(), code >= 200 && code <= 599
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
	found, ok := readObjectIn(line)
	if !ok {
		found, ok = piece(line)
	}
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
	if last := len(text) - 1; last > 0 && text[0] == '(' && text[last] == ')' && isReason(text[1:last]) {
		var fields entries
		return ofReason(KindQueueListing, text[1:last], &fields, nil), true
	}
	if r, ok = bare(text); ok {
		return r, true
	}
	if readEnd(text, &r) {
		return r, true
	}
	if found := readSession(text); len(found) > 0 {
		return found[0], true
	}
	bounced := readBounce(strings.Trim(strings.TrimPrefix(text, ">"), blank))
	if len(bounced) > 0 {
		if _, ok = bounced[0].ReasonMatch(); ok {
			return bounced[0], true
		}
	}
	if _, ok = Identify(text); ok {
		return ofSaid(KindReply, SpeakerServer, text, nil, nil), true
	}
	if len(bounced) > 0 {
		return bounced[0], true
	}
	return readClient(text)
}

// bare returns what a reason says that nothing stands around, but perhaps the end of what
// did.
func bare(text string) (r Reading, ok bool) {
	open := strings.HasSuffix(text, ")") && strings.Count(text, ")") > strings.Count(text, "(")
	if open || strings.HasSuffix(text, ".") {
		text = text[:len(text)-1]
	}
	if !isReason(text) {
		return r, false
	}
	var fields entries
	return ofReason(KindReason, text, &fields, nil), true
}

// isReason tells whether a text that nothing stands around is a reason of the delivery
// side.
func isReason(text string) bool {
	var unused entries
	_, ok := repeated(text, &unused)
	return ok || isTold(text)
}

func replied(line string) Reading {
	if len(line) > longest {
		return ofSaid(KindReply, SpeakerServer, line, nil, nil)
	}
	if found, ok := readQuoted(line); ok {
		return found
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
	if found := readBounce(text); len(found) > 0 {
		return found
	}
	if found := readQuotedBounce(text); len(found) > 0 {
		return found
	}
	if found := readSession(text); len(found) > 0 {
		return found
	}
	if found := each(text, loggedIn); len(found) > 0 {
		return found
	}
	if r, ok := bare(unwrappedLines(text)); ok {
		return []Reading{r}
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

// readQuotedBounce does the same for one that a mail reader quotes, or parts of it.
func readQuotedBounce(text string) []Reading {
	if !strings.HasPrefix(text, ">") && !strings.Contains(text, "\n>") {
		return nil
	}
	lines := strings.Split(text, "\n")
	for at, line := range lines {
		lines[at] = unmarked(line)
	}
	return readBounce(strings.Join(lines, "\n"))
}

// listing returns what mailq shows: a message, the reason that it waits, its recipients.
func listing(text string) []Reading {
	readings := []Reading{}
	var message []entry
	reason, alone := "", false // whether the reason has no recipient yet
	lines := strings.Split(text, "\n")
	for at := 0; at < len(lines); {
		var line string
		line, at = closedLine(lines, at)
		next, lists := listedIn(line)
		said := strings.Trim(line, blank)
		explains := strings.HasPrefix(said, "(")
		if alone && (lists || explains) {
			readings = append(readings, waiting(message, reason, ""))
			alone = false
		}
		switch {
		case lists:
			message, reason = next, ""
		case message != nil && explains:
			reason, said = reasonIn(said)
			alone = said == ""
			if !alone {
				readings = append(readings, waiting(message, reason, said))
			}
		case reason != "" && said != "" && strings.IndexByte(said, ' ') < 0:
			readings = append(readings, waiting(message, reason, said))
			alone = false
		}
	}
	if alone {
		readings = append(readings, waiting(message, reason, ""))
	}
	return readings
}

// reasonIn returns a reason in brackets, and the recipient behind it, if it stands on the
// same line.
func reasonIn(said string) (reason, recipient string) {
	closed := strings.LastIndexByte(said, ')')
	if closed < 0 {
		return said[1:], ""
	}
	return said[1:closed], strings.Trim(said[closed+1:], blank)
}

// waiting returns a reading of a message that waits.
func waiting(message []entry, reason, recipient string) Reading {
	fields := listed(message)
	if recipient != "" {
		fields.add("to", recipient)
	}
	return ofReason(KindQueueListing, reason, fields, nil)
}

// closedLine returns a line of a listing, and where the next is; a reason that was broken is
// whole up to its last bracket.
func closedLine(lines []string, at int) (line string, end int) {
	line, end = lines[at], at+1
	said := strings.Trim(line, blank)
	if !strings.HasPrefix(said, "(") || openedIn(said) <= 0 {
		return line, end
	}
	for last := end; last < min(end+mostPieces, len(lines)); last++ {
		piece := strings.Trim(lines[last], blank)
		if _, lists := listedIn(piece); lists || piece == "" {
			break
		}
		said += " " + piece
		if openedIn(said) <= 0 {
			return said, last + 1
		}
	}
	return line, end
}

// openedIn returns how many brackets are open at the end of a text.
func openedIn(said string) int { return strings.Count(said, "(") - strings.Count(said, ")") }

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
