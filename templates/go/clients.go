package postfixreplies

import (
	"strconv"
	"strings"
)

// refusal is an address or nothing, a reply code, and the text of the reply.
type refusal struct {
	address string
	code    string
	said    string
}

const (
	mostLines = 200 // of an error; the trace may be longer
	spots     = 8   // at how many places of a text words alone are looked for
)

// readClient returns what a client's error says; ok is false if it is none that is known.
func readClient(text string) (r Reading, ok bool) {
	text = firstLines(text, mostLines)
	if r, ok = readPython(text); ok {
		return r, true
	}
	if r, ok = readException(text); ok {
		return r, true
	}
	if r, ok = readTextproto(text); ok {
		return r, true
	}
	if r, ok = elsewhere(text); ok {
		return r, true
	}
	return worded(text)
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
	found := pythonRefusals(text)
	if len(found) == 0 {
		return r, false
	}
	kind := KindClientSmtplib
	if strings.Contains(text, "aiosmtplib") || strings.Contains(text, "SMTPRecipientRefused(") {
		kind = KindClientAiosmtplib
	}
	return ofRefusals(kind, found), true
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
		if start := at + 6; start < len(text) && codeOf(text[at+1:]) != 0 && text[at+4:start] == ", " && isOpener(text[start]) {
			if said, end := literal(text, start); end > 0 {
				found = append(found, refusal{subjectOf(text, at, end), text[at+1 : at+4], said})
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

// isOpener tells whether a literal can begin with a character.
func isOpener(char byte) bool {
	return char == 'b' || char == 'u' || char == '\'' || char == '"'
}

// subjectOf returns the address of a refusal: the key of a dictionary, or the last
// argument.
func subjectOf(text string, at, end int) string {
	before := text[:at]
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
	if at < len(text) && (text[at] == 'b' || text[at] == 'u') {
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
		if !isReply(line) {
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
		said, ok := filled(one.gaps, block(text[at:], one.gaps), len(one.lead), fields)
		if !ok {
			continue
		}
		if one.worded {
			return remarked(one.kind, one.speaker, one.words, fields, nil), true
		}
		if said != "" {
			said = withCodes(strings.Trim(said, blank), fields)
			if one.kind == "client_nodemailer" {
				inspected(text, fields)
			}
			return ofSaid(one.kind, one.speaker, said, fields, nil), true
		}
	}
	return r, false
}

// block returns the first line and those of a reply that go on with it, up to the last
// literal of a wrapper there.
func block(text string, gaps []gap) string {
	last := ""
	if len(gaps) > 0 {
		last = gaps[len(gaps)-1].literal
	}
	end := strings.IndexByte(text, '\n')
	for end >= 0 {
		next := behind(end+1, strings.IndexByte(text[end+1:], '\n'))
		line := text[end+1:]
		if next >= 0 {
			line = text[end+1 : next]
		}
		line = strings.ReplaceAll(line, "\r", "")
		if !isReply(line) {
			if last != "" && strings.HasPrefix(line, last) {
				end = next
			}
			break
		}
		end = next
	}
	if end >= 0 {
		text = text[:end]
	}
	text = strings.ReplaceAll(text, "\r", "")
	if last == "" {
		return text
	}
	found := strings.LastIndex(text, last)
	if found < 0 {
		return ""
	}
	return text[:found+len(last)]
}

// withCodes returns what was said, with the codes that the client shows elsewhere; they
// are no fields then.
func withCodes(said string, fields *entries) string {
	code, enhanced := fields.pop("code"), fields.pop("enhanced")
	if code == "" {
		return said
	}
	if enhanced != "" && enhancedEnd(said) == 0 {
		said = enhanced + " " + said
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
			if said, end := literal(text, at+1); end > 0 {
				line := joined(text[at-3:at], said)
				return ofReply(KindClientGoTextproto, SpeakerServer, line, nil, nil), true
			}
		}
		at = behind(at+1, strings.Index(text[at+1:], ` "`))
	}
	return r, false
}

// elsewhere returns a reply somewhere in a line: its codes show it, or its words are
// known.
func elsewhere(text string) (r Reading, ok bool) {
	for more := true; more; {
		var line string
		line, text, more = strings.Cut(text, "\n")
		found := 0
		for at := 0; at < len(line)-4 && found < spots; at++ {
			if (line[at+3] != ' ' && line[at+3] != '-') || codeOf(line[at:]) == 0 || isInside(line, at) {
				continue
			}
			found++
			reply := outside(line, at)
			if isKnown(reply) {
				return ofReply(KindClientOther, SpeakerServer, reply, nil, nil), true
			}
		}
	}
	return r, false
}

// isKnown tells whether the codes of a reply show that it is one, or its words are known.
func isKnown(reply string) bool {
	_, rest, _ := strings.Cut(reply, " ")
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
	end := -1
	if at > 0 {
		switch before := line[at-1]; before {
		case '(':
			end = strings.LastIndexByte(line[at:], ')')
		case '\'', '"':
			end = strings.LastIndexByte(line[at:], before)
		}
	}
	if end >= 0 {
		return strings.Trim(line[at:at+end], blank)
	}
	return strings.Trim(line[at:], blank)
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
