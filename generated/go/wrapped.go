package postfixreplies

import "strings"

// wrapping is a text with gaps that stands around what somebody said.
type wrapping struct {
	lead    string // its first literal
	gaps    []gap
	kind    Kind
	speaker Speaker
	tail    string   // what stands behind it
	own     []string // the words that are smtpd's own
	words   string   // what is said, where the wrapper itself says it
	worded  bool     // whether it does
	implied []entry
}

// gap is a field in a wrapper, its type, and the literal behind it.
type gap struct {
	name    string
	of      gapKind
	literal string
}

type gapKind uint8

const (
	textGap gapKind = iota
	wordGap
	numberGap
	codeGap
	clientGap
	runGap
	restGap
	whyGap // said, but others go on behind it as behind a field
	saidGap
	lineGap
	replyGap  // of a reason: said, and kept too
	reasonGap // the same
)

// mark is what a transcript puts before a line.
type mark struct {
	text   string
	sentBy string
	kind   Kind
}

const blank = " \t\r\n"

// filled returns what is said in a wrapper whose first literal ends at a place; ok is
// false where it is not it.
//
// It is empty where nothing is said. The fields are added to those given.
func filled(gaps []gap, text string, at int, into *entries) (said string, ok bool) {
	start := into.count
	end := endOf(gaps, text)
	for number := range gaps {
		one := &gaps[number]
		stop := end
		if number < len(gaps)-1 {
			stop = stopOf(gaps[number:], text, at, end)
		}
		if stop < at || !one.keeps(text[at:stop], start, into) {
			into.count = start
			return "", false
		}
		if one.of >= whyGap {
			said = text[at:stop]
		}
		at = stop + len(one.literal)
	}
	if at != len(text) {
		into.count = start
		return "", false
	}
	return said, true
}

// endOf returns where the last gap ends, -1 where the text does not end as the wrapper
// does.
func endOf(gaps []gap, text string) int {
	if len(gaps) == 0 {
		return len(text)
	}
	last := gaps[len(gaps)-1].literal
	if !strings.HasSuffix(text, last) {
		return -1
	}
	return len(text) - len(last)
}

// stopOf returns where the first of some gaps ends, which is not the last, -1 where it does
// not; the last one ends at a place.
func stopOf(gaps []gap, text string, at, end int) int {
	if at > end {
		return -1
	}
	one := &gaps[0]
	if one.of >= saidGap {
		return lastOf(gaps, text, at, end)
	}
	stop := behind(at, strings.Index(text[at:end], one.literal))
	if !strings.HasPrefix(one.literal, ">") {
		return stop
	}
	// An address in brackets, which Postfix quotes, but did not before 3.5.
	closed := addressEnd(text, at)
	if closed < 0 {
		return stop
	}
	if strings.HasPrefix(text[closed:], one.literal) {
		return closed
	}
	return -1
}

// lastOf returns where a gap ends behind which every literal is taken where it last occurs.
func lastOf(gaps []gap, text string, at, end int) int {
	for number := len(gaps) - 2; number >= 0 && end >= 0; number-- {
		end = behind(at, strings.LastIndex(text[at:end], gaps[number].literal))
	}
	return end
}

// behind returns the place in a text of what was found in the part of it that begins at
// another place, or -1.
func behind(at, found int) int {
	if found < 0 {
		return -1
	}
	return at + found
}

// keeps tells whether a value is of the type of a gap; if so it is added.
func (g *gap) keeps(value string, start int, into *entries) bool {
	switch g.of {
	case whyGap, saidGap, restGap:
		return true
	case lineGap:
		return isReply(value)
	case clientGap:
		return clients(value, start, into)
	case runGap:
		pairs(value, into)
		return true
	case wordGap, numberGap, codeGap:
		if value == "" || strings.IndexByte(value, ' ') >= 0 {
			return false
		}
		if g.of == numberGap && !isDigits(value) {
			return false
		}
		if g.of == codeGap && (len(value) != 3 || codeOf(value) == 0) {
			return false
		}
	}
	into.put(start, g.name, value)
	return true
}

// pairs adds the fields of name=value, name=value. A login name can look like more of
// them, so what is there already stays as it is.
func pairs(run string, into *entries) {
	for more := true; more; {
		var pair string
		pair, run, more = strings.Cut(run, ", ")
		equals := strings.IndexByte(pair, '=')
		if equals >= 0 && isName(pair[:equals]) && !into.has(0, pair[:equals]) {
			into.add(pair[:equals], pair[equals+1:])
		}
	}
}

// clients tells whether a value is name[address], name[address]:port or [address]:port;
// adds the three.
func clients(value string, start int, into *entries) bool {
	opened := strings.IndexByte(value, '[')
	if opened < 0 || strings.IndexByte(value, ' ') >= 0 {
		return false
	}
	closed := strings.IndexByte(value[opened:], ']') + opened
	if closed < opened {
		return false
	}
	if port := value[closed+1:]; port != "" {
		if port[0] != ':' || !isDigits(port[1:]) {
			return false
		}
		into.put(start, "client_port", port[1:])
	}
	if opened > 0 {
		into.put(start, "client_name", value[:opened])
	}
	into.put(start, "client_address", value[opened+1:closed])
	return true
}

// lowered returns an ASCII text in lower case; others are left as they are, in all
// languages alike.
func lowered(text string) string {
	if !isASCII(text) {
		return text
	}
	return strings.ToLower(text)
}

func isASCII(text string) bool {
	for at := 0; at < len(text); at++ {
		if text[at] >= 0x80 {
			return false
		}
	}
	return true
}

// isDigits tells whether a text is one or more digits.
func isDigits(text string) bool {
	for at := 0; at < len(text); at++ {
		if text[at] < '0' || text[at] > '9' {
			return false
		}
	}
	return text != ""
}

// isReply tells whether a text begins with a reply code.
func isReply(said string) bool {
	return codeOf(said) != 0 && (len(said) == 3 || said[3] == ' ' || said[3] == '-')
}

// goesOnBehind tells whether the line of a reply says that another one follows.
func goesOnBehind(line string) bool { return len(line) > 3 && line[3] == '-' }

// firstOf returns the first line of a reply, however what holds it has joined its lines.
func firstOf(reply string) string {
	if !goesOnBehind(reply) {
		first, _, _ := strings.Cut(reply, "\n")
		return strings.TrimRight(first, "\r")
	}
	code := reply[:3]
	for at := 1; ; at++ {
		found := strings.Index(reply[at:], code)
		if found < 0 {
			return ended(reply)
		}
		at += found
		if begins := len(reply) > at+3 && (reply[at+3] == '-' || reply[at+3] == ' '); begins && strings.IndexByte("\n ?", reply[at-1]) >= 0 {
			return ended(reply[:at])
		}
	}
}

// ended returns a line without what joined it to the next: a line end, a blank, `?` or
// `??`.
func ended(line string) string {
	for _, end := range [...]string{"\r\n", "\n", "??", "?", " "} {
		if strings.HasSuffix(line, end) {
			return line[:len(line)-len(end)]
		}
	}
	return line
}
