package postfixreplies

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// refusal is an address or nothing, a reply code, and the text of the reply.
type refusal struct {
	address string
	code    string
	said    string
}

const (
	mostLines = 200          // of an error; the trace may be longer
	spots     = 8            // at how many places of a text words alone are looked for
	short     = 4            // characters of a literal that says nothing at the beginning of a line
	layers    = 6            // how deep JSON is looked into
	codeNamed = "(code="     // as aiosmtplib shows a response
	textNamed = ", message=" // the same
)

// readClient returns what a client's error says; ok is false if it is none that is known.
func readClient(text string) (r Reading, ok bool) {
	text = firstLines(text, mostLines)
	values := valuesIn(text)
	first, _, _ := strings.Cut(text, " ")
	if strings.IndexByte(first, '=') >= 0 {
		if r, ok = readFirst(values); ok {
			return r, true
		}
		return readFirst([]string{text})
	}
	if r, ok = readFirst([]string{text}); ok {
		return r, true
	}
	return readFirst(values)
}

// readQuoted returns an error of net/textproto that is the whole text; ok is false if it is
// none.
func readQuoted(text string) (r Reading, ok bool) {
	if len(text) < 5 || text[3:5] != ` "` {
		return r, false
	}
	said, end := literal(text, 4)
	if end < len(text) {
		return r, false
	}
	return ofReply(KindClientGoTextproto, SpeakerServer, joined(text[:3], said), nil, nil), true
}

// readObject returns what an error says of which JSON carries the properties or the texts.
func readObject(carried string) (r Reading, ok bool) {
	var texts []string
	if readProperties(json.RawMessage(carried), &texts, layers, &r) {
		return r, true
	}
	return readFirst(texts)
}

// readProperties finds an error of nodemailer in what JSON carries; the texts there, of two
// words, are added.
func readProperties(carried json.RawMessage, texts *[]string, depth int, r *Reading) bool {
	if carried[0] == '"' {
		if text := stringOf(carried); strings.IndexByte(text, ' ') >= 0 {
			*texts = append(*texts, text)
		}
		return false
	}
	if depth == 0 {
		return false
	}
	inside := membersOf(carried)
	if carried[0] == '{' && readNodemailer(inside, r) {
		return true
	}
	for _, one := range inside {
		if readProperties(one.value, texts, depth-1, r) {
			return true
		}
	}
	return false
}

// readNodemailer finds what an error of nodemailer says of which these are the properties.
func readNodemailer(of []member, r *Reading) bool {
	said := stringOf(valueNamed(of, "response"))
	if valueNamed(of, "responseCode") == nil || !isReply(said) {
		return false
	}
	var fields entries
	if command := valueNamed(of, "command"); isString(command) {
		fields.add("command", stringOf(command))
	}
	*r = ofSaid(KindClientNodemailer, SpeakerServer, said, &fields, nil)
	return true
}

// readFirst returns the first of some texts that shows the codes of a reply, else that has
// its words.
func readFirst(texts []string) (r Reading, ok bool) {
	for _, text := range texts {
		if r, ok = shown(text); ok {
			return r, true
		}
	}
	for _, text := range texts {
		if r, ok = worded(text); ok {
			return r, true
		}
	}
	return r, false
}

// shown returns what a text says that shows the codes of a reply.
func shown(text string) (r Reading, ok bool) {
	if r, ok = readPython(text); ok {
		return r, true
	}
	if r, ok = readException(text); ok {
		return r, true
	}
	if r, ok = readTextproto(text); ok {
		return r, true
	}
	return elsewhere(text)
}

// valuesIn returns the values in quotes among `key=value`, as loggers of Go write it.
func valuesIn(text string) []string {
	var values []string
	at := strings.Index(text, `="`)
	for at >= 0 {
		said, end := literal(text, at+1)
		if end == 0 {
			break
		}
		values = append(values, said)
		at = behind(end, strings.Index(text[end:], `="`))
	}
	return values
}

func firstLines(text string, most int) string {
	end := 0
	for ; most > 0; most-- {
		next := strings.IndexByte(text[end:], '\n')
		if next < 0 {
			return text
		}
		end += next + 1
	}
	return text[:end-1]
}

// readPython returns an exception of smtplib or aiosmtplib: (code, text), one or several.
func readPython(text string) (r Reading, ok bool) {
	named := strings.Contains(text, "SMTP") || strings.Contains(text, "smtp")
	found := []refusal{}
	for _, one := range pythonRefusals(text) {
		if named || strings.IndexByte(one.address, '@') >= 0 || isOfSMTP(joined(one.code, one.said)) {
			found = append(found, one)
		}
	}
	if len(found) == 0 {
		return r, false
	}
	if isAio(text) {
		return ofRefusals(KindClientAiosmtplib, found), true
	}
	return ofRefusals(KindClientSmtplib, found), true
}

// isAio tells whether an exception is of aiosmtplib; that of smtplib has bytes, since
// Python 3.
func isAio(text string) bool {
	if strings.Contains(text, "aiosmtplib") || strings.Contains(text, "SMTPRecipientRefused(") {
		return true
	}
	return !strings.Contains(text, "smtplib") && !strings.Contains(text, ", b'") && !strings.Contains(text, `, b"`)
}

// ofRefusals returns a reading of refusals as smtplib keeps them: the first counts, all
// are told.
func ofRefusals(kind Kind, found []refusal) Reading {
	fields := &entries{}
	if found[0].address != "" {
		fields.add("to", found[0].address)
	}
	lines := make([]string, len(found))
	for at, one := range found {
		lines[at] = joined(one.code, one.said)
	}
	r := ofReply(kind, SpeakerServer, lines[0], fields, nil)
	if len(lines) > 1 {
		r.replies = lines
	}
	return r
}

// pythonRefusals returns every `(code, literal` of a text, with the literal before or
// behind it, if one is there.
func pythonRefusals(text string) []refusal {
	var found []refusal
	at := strings.IndexByte(text, '(')
	for at >= 0 {
		if code, start := openedAt(text, at); start < len(text) && isOpener(text[start]) {
			if said, end := literal(text, start); end > 0 {
				found = append(found, refusal{subjectOf(text, at, end), code, said})
				at = end
			}
		}
		if at >= len(text) {
			break
		}
		at = behind(at+1, strings.IndexByte(text[at+1:], '('))
	}
	return found
}

// openedAt returns the code of a `(code, ` that begins at a place, and where the literal
// behind it begins; the end of the text where there is none.
func openedAt(text string, at int) (code string, start int) {
	start, comma := at+1, ", "
	if strings.HasPrefix(text[at:], codeNamed) {
		start, comma = at+len(codeNamed), textNamed
	}
	if codeOf(text[start:]) == 0 || !strings.HasPrefix(text[start+3:], comma) {
		return "", len(text)
	}
	return text[start : start+3], start + 3 + len(comma)
}

// isOpener tells whether a literal can begin with a character.
func isOpener(char byte) bool {
	return char == 'b' || char == 'u' || char == '\'' || char == '"'
}

// subjectOf returns the address of a refusal: the key of a dictionary, or the last
// argument.
func subjectOf(text string, at, end int) string {
	before := strings.TrimSuffix(text[:at], "SMTPResponse")
	at = len(before)
	if at >= 3 && strings.HasSuffix(before, ": ") && (text[at-3] == '\'' || text[at-3] == '"') {
		start := strings.LastIndexByte(text[:at-3], text[at-3])
		return text[start+1 : at-3]
	}
	if strings.HasSuffix(before, "SMTPRecipientRefused") && strings.HasPrefix(text[end:], ", ") {
		subject, _ := literal(text, end+2)
		return subject
	}
	return ""
}

// literal returns the string that a literal of Python, JavaScript or Go is, and where it
// ends; else 0. Literals are code: a wrapper says where one begins, not where it ends.
func literal(text string, at int) (said string, end int) {
	octets := at < len(text) && text[at] == 'b'
	if at < len(text) && (octets || text[at] == 'u') {
		at++
	}
	if at >= len(text) || (text[at] != '\'' && text[at] != '"') {
		return "", 0
	}
	quote := text[at]
	at++
	start := at
	var pieces []byte
	for at < len(text) {
		switch text[at] {
		case quote:
			if pieces == nil {
				return text[start:at], at + 1
			}
			return string(append(pieces, text[start:at]...)), at + 1
		case '\\':
			pieces = append(pieces, text[start:at]...)
			if octets && strings.HasPrefix(text[at:], `\x`) {
				pieces, at = octetsOf(text, at, pieces)
				start = at
				break
			}
			if at+1 < len(text) {
				pieces = append(pieces, unescapedByte(text[at+1]))
			}
			at += 2
			start = at
		default:
			at++
		}
	}
	return "", 0
}

// octetsOf adds what a run of escapes such as `\xc3` says in UTF-8, else the run itself;
// and returns where it ends.
func octetsOf(text string, at int, into []byte) (more []byte, end int) {
	end = at
	from := len(into)
	for strings.HasPrefix(text[end:], `\x`) && end+4 <= len(text) {
		high, low := hexOf(text[end+2]), hexOf(text[end+3])
		if high < 0 || low < 0 {
			break
		}
		into = append(into, byte(high<<4|low))
		end += 4
	}
	if end == at {
		return append(into, `\x`...), at + 2
	}
	if !utf8.Valid(into[from:]) {
		into = append(into[:from], text[at:end]...)
	}
	return into, end
}

// hexOf returns the number that a digit of an escape is, or -1.
func hexOf(digit byte) int { return strings.IndexByte("0123456789abcdef", digit) }

func unescapedByte(char byte) byte {
	switch char {
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return char
}

// joined returns the lines of a reply, as a server sent them, from its code and its text.
func joined(code, said string) string {
	said = strings.TrimRight(strings.ReplaceAll(said, "\r\n", "\n"), "\n")
	made := strings.Builder{}
	for more := true; more; {
		var line string
		line, said, more = strings.Cut(said, "\n")
		if !isReply(line) || len(line) == 3 {
			line = code + "-" + line
		}
		if more {
			made.WriteString(line)
			made.WriteByte('\n')
			continue
		}
		made.WriteString(line[:3])
		made.WriteByte(' ')
		made.WriteString(line[min(4, len(line)):])
	}
	return strings.TrimRight(made.String(), " ")
}

// readException returns an error with one of the texts of the catalog in it.
func readException(text string) (r Reading, ok bool) {
	for number := range exceptions {
		one := &exceptions[number]
		at := strings.Index(text, one.lead)
		if at < 0 {
			continue
		}
		fields := listed(one.implied)
		said, ok := filled(one.gaps, block(toldOnce(text[at:], one.lead), one.gaps), len(one.lead), fields)
		if !ok {
			continue
		}
		if one.worded {
			return remarked(one.kind, one.speaker, one.words, fields, nil), true
		}
		if said = strings.Trim(said, blank); said != "" && isToldOf(one.lead, said, fields.get(0, "code")) {
			said = withCodes(once(said), fields)
			if one.kind == "client_nodemailer" {
				inspected(text, fields)
			}
			return ofSaid(one.kind, one.speaker, said, fields, nil), true
		}
	}
	return r, false
}

// isToldOf tells whether what stands behind a code is of SMTP, which not every text of the
// catalog says.
func isToldOf(lead, said, code string) bool {
	return code == "" || strings.Contains(lead, "SMTP") || isOfSMTP(joined(code, said))
}

// toldOnce returns a text that begins with a literal up to where that is told again; a name
// without a blank may be of what is said.
func toldOnce(text, lead string) string {
	if !strings.HasSuffix(lead, " ") {
		return text
	}
	if again := strings.Index(text[len(lead):], lead); again >= 0 {
		return text[:len(lead)+again]
	}
	return text
}

// block returns the first line and those that go on with it, up to the last literal of a
// wrapper there.
//
// A line goes on with it that is of a reply, or up to one that begins with a longer literal.
func block(text string, gaps []gap) string {
	last := ""
	if len(gaps) > 0 {
		last = gaps[len(gaps)-1].literal
	}
	lines := strings.Split(strings.ReplaceAll(text, "\r", ""), "\n")
	end := 1
	for end < len(lines) && isReply(lines[end]) {
		end++
	}
	for number := 1; number < len(lines); number++ {
		if continues(lines[number], gaps) {
			end = max(end, number+1)
			break
		}
	}
	joined := strings.Join(lines[:end], "\n")
	if last == "" {
		return joined
	}
	if end < len(lines) && strings.HasPrefix(lines[end], last) {
		return joined + "\n" + last
	}
	found := strings.LastIndex(joined, last)
	if found < 0 {
		return ""
	}
	return joined[:found+len(last)]
}

// continues tells whether a line begins with one of the longer literals of a wrapper.
func continues(line string, gaps []gap) bool {
	for at := range gaps {
		behind := gaps[at].literal
		if len(behind) > short && strings.HasPrefix(line, behind) {
			return true
		}
	}
	return false
}

// once returns what was said, where nodemailer tells it twice: with a colon between.
func once(said string) string {
	half := len(said)/2 - 1
	if len(said)%2 == 0 && half >= 0 && said[half:half+2] == ": " && said[:half] == said[half+2:] {
		return said[:half]
	}
	return said
}

// withCodes returns what was said, with the codes that the client shows elsewhere; they
// are no fields then.
func withCodes(said string, fields *entries) string {
	code, enhanced := fields.pop("code"), fields.pop("enhanced")
	if code == "" {
		return said
	}
	if enhanced != "" && enhancedEnd(said) == 0 {
		said = enhanced + " " + strings.ReplaceAll(said, "\n", "\n"+enhanced+" ")
	}
	return joined(code, said)
}

// pop removes a field, and returns its value.
func (e *entries) pop(name string) string {
	value := e.get(0, name)
	for at := e.place(0, e.count, name); at >= 0; at = e.place(0, e.count, name) {
		e.remove(at, at+1)
	}
	return value
}

// inspected adds the command, where the properties of an error are shown.
func inspected(text string, fields *entries) {
	_, rest, found := strings.Cut(text, "command: '")
	command, _, closed := strings.Cut(rest, "'")
	if found && closed {
		fields.put(0, "command", command)
	}
}

// readTextproto returns an error of net/textproto: a code and a quoted text.
func readTextproto(text string) (r Reading, ok bool) {
	at := strings.Index(text, ` "`)
	for at >= 0 {
		if at >= 3 && codeOf(text[at-3:at]) != 0 && !isInside(text, at-3) {
			said, end := literal(text, at+1)
			if line := joined(text[at-3:at], said); end > 0 && isError(text, at-3, end, line) {
				return ofReply(KindClientGoTextproto, SpeakerServer, line, nil, nil), true
			}
		}
		at = behind(at+1, strings.Index(text[at+1:], ` "`))
	}
	return r, false
}

// isError tells whether a code and a quoted text between two places, a reply, are an error
// of SMTP.
func isError(text string, at, end int, reply string) bool {
	if isBehindCount(text, at) {
		return false
	}
	if isKnown(reply) {
		return true
	}
	return (end == len(text) || strings.IndexByte("\n\r\"')]},.;", text[end]) >= 0) && isOfSMTP(reply)
}

// isBehindCount tells whether a number or a quoted text stands before a place, as web
// servers log both.
func isBehindCount(text string, at int) bool {
	before := at - 1
	if before < 0 || text[before] != ' ' {
		return false
	}
	start := before
	for start > 0 && isDigit(text[start-1]) {
		start--
	}
	if start < before && (start == 0 || text[start-1] == ' ') {
		return true
	}
	return before > 0 && text[before-1] == '"'
}

// isOfSMTP tells whether a code and words are of SMTP: HTTP and databases have such codes
// too, but hardly those about logins and mail, by their second digits.
func isOfSMTP(reply string) bool {
	if second := reply[1]; (second == '3' || second == '5') && strings.IndexByte(reply[min(4, len(reply)):], ' ') >= 0 {
		return true
	}
	return isKnown(reply)
}

// elsewhere returns a reply somewhere in a line: its codes show it, or its words are
// known. It is the first that refuses something, else the first.
func elsewhere(text string) (r Reading, ok bool) {
	found := ""
	for more := true; more; {
		var line string
		line, text, more = strings.Cut(text, "\n")
		tried := 0
		for at := 0; at < len(line)-4 && tried < spots; at++ {
			if (line[at+3] != ' ' && line[at+3] != '-') || codeOf(line[at:]) == 0 || isInside(line, at) {
				continue
			}
			tried++
			reply := outside(line, at)
			refuses := reply[0] >= '4'
			if (!refuses && found != "") || !isKnown(reply) {
				continue
			}
			if refuses {
				return ofReply(KindClientOther, SpeakerServer, reply, nil, nil), true
			}
			found = reply
		}
	}
	if found == "" {
		return r, false
	}
	return ofReply(KindClientOther, SpeakerServer, found, nil, nil), true
}

// isKnown tells whether the codes of a reply show that it is one, or its words are known.
func isKnown(reply string) bool {
	rest := reply[min(4, len(reply)):]
	if enhancedEnd(rest) > 0 && rest[0] == reply[0] {
		return true
	}
	_, ok := Identify(reply)
	return ok
}

// isInside tells whether a word goes on at a place, not begins.
func isInside(text string, at int) bool { return at > 0 && isLetter(text[at-1]) }

// outside returns what begins at a place, without the quotes or brackets that it stands
// in.
func outside(line string, at int) string {
	reply, closing := line[at:], byte(0)
	if at > 0 {
		closing = closingOf(line[at-1])
	}
	if closing == 0 {
		return strings.Trim(reply, blank)
	}
	if end := strings.LastIndexByte(reply, closing); end >= 0 {
		reply = reply[:end]
	}
	if closing != ')' {
		reply = strings.TrimSuffix(strings.TrimSuffix(reply, `\n`), `\r`)
	}
	return strings.Trim(reply, blank)
}

// closingOf returns what closes a quote or bracket, 0 for what is none.
func closingOf(opening byte) byte {
	switch opening {
	case '(':
		return ')'
	case '\'', '"':
		return opening
	}
	return 0
}

// worded returns the words of a reply somewhere in a line, without its codes.
func worded(text string) (r Reading, ok bool) {
	for more := true; more; {
		var words string
		words, text, more = strings.Cut(text, "\n")
		words = strings.Trim(words, blank)
		for tried, found := 0, true; tried < spots && found; tried++ {
			if _, ok := Identify(words); ok {
				return ofSaid(KindClientOther, SpeakerServer, words, nil, nil), true
			}
			_, words, found = strings.Cut(words, ": ")
		}
	}
	return r, false
}

// ofCode returns a reading of an error with a reply code and a text.
func ofCode(kind Kind, code int, said string) Reading {
	return ofRefusals(kind, []refusal{{"", strconv.Itoa(code), said}})
}
