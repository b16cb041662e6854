package postfixreplies

import (
	"strconv"
	"strings"
)

// Match is what a reply line says.
type Match struct {
	// Reply is which reply it is.
	Reply Reply
	// Code is the reply code on the wire, 0 where the words came without one.
	Code int
	// Enhanced is the enhanced status code on the wire, empty where there was none.
	Enhanced string
	// Retryable tells whether the codes say to try again later: whether they begin with 4.
	Retryable bool
	// Expected tells whether Postfix is known to say all of this: it is false where
	// the words are a site's own, else whether the catalog knows the reply under
	// these codes.
	Expected bool
	// Form is the wording: "standard", or the name of one of the reply's forms.
	Form string
	// Tail is what stands behind the text and is not part of it: a footer, what a log adds.
	Tail string

	names   []string
	values  [holes]string
	repairs repairs
}

// Repairs returns what had to be put right before the text was known, by name;
// empty for most lines.
func (m Match) Repairs() []string { return m.repairs.names() }

// Closes tells whether the server is sure to hang up after the line.
func (m Match) Closes() bool {
	return m.Code == 421 || m.Code == 521 || m.Reply.Closes()
}

// Params returns what the placeholders of the text stand for, by name.
func (m Match) Params() map[string]string {
	params := make(map[string]string, len(m.names))
	for at, name := range m.names {
		params[name] = m.values[at]
	}
	return params
}

// Param returns what one placeholder stands for, without an allocation. It is
// false where the text has no such placeholder.
func (m Match) Param(name string) (string, bool) {
	for at, known := range m.names {
		if known == name {
			return m.values[at], true
		}
	}
	return "", false
}

// String returns its id and the line, as Postfix sends it.
func (m Match) String() string {
	text, err := m.Reply.textOf(m.Form)
	if err != nil {
		return string(m.Reply)
	}
	codes := ""
	if m.Code != 0 {
		codes = strconv.Itoa(m.Code) + " "
	}
	if m.Enhanced != "" {
		codes += m.Enhanced + " "
	}
	return string(m.Reply) + ": " + codes + withValues(text, m.Param)
}

type pair struct {
	code     int
	enhanced string
}

type owner struct {
	reply Reply
	form  string
	names []string
	words string
	pairs []pair
}

type kind uint8

const (
	text kind = iota
	word
	host
)

// row is what follows the opening of a text: literals, and between them the kinds
// of placeholders.
type row struct {
	owners   []owner
	literals []string
	kinds    []kind
	weight   int  // how many literal characters it has
	opens    bool // whether the end of a line that it matches can be a tail
	rivalled bool // whether such a line may begin with the first words of a text of more weight
}

// Identify returns the reply that a line is, and false where no text of the
// catalog is in it.
//
// The line is as a client receives it: a reply code, perhaps an enhanced status
// code, the text. Of several lines the first counts. The text alone decides,
// never the codes. What stands behind the text is the match's Tail, and what had
// to be put right its Repairs. The time is linear in the length of the line,
// whatever it holds, and nothing is allocated for a line without either.
func Identify(line string) (m Match, ok bool) {
	received := line
	if len(line) < 5 || (line[3] != ' ' && line[3] != '-') {
		return repaired(received)
	}
	first, second, third := line[0]-'0', line[1]-'0', line[2]-'0'
	if first < 2 || first > 5 || second > 9 || third > 9 {
		return repaired(received)
	}
	if end := strings.IndexByte(line, '\n'); end >= 0 {
		if goesOn(line[end+1:]) {
			return repaired(received)
		}
		line = line[:end]
	}
	if len(line) > 0 && line[len(line)-1] == '\r' {
		line = line[:len(line)-1]
	}
	if len(line) < 5 {
		return m, false
	}
	said, enhanced := line[4:], ""
	if end := enhancedEnd(said); end > 0 {
		enhanced = said[:end]
		if end < len(said) {
			end++
		}
		said = said[end:]
	}
	number := -1
	if said == "" {
		return m, false
	} else if said[0] == '<' {
		number = angle(said, &m.values)
	} else if number = plainTail(said); number < 0 {
		if number = hold(plainHeads(said), said, m.values[:]); number < 0 {
			number = hosted(said, &m.values)
		}
	}
	asked := codes{int(first)*100 + int(second)*10 + int(third), enhanced}
	if number < 0 {
		return missed(received, said, asked)
	}
	w := &rows[number]
	if (w.opens && isTailed(number, said, &m.values)) || isDoubled(said) {
		return tailed(received, said, asked, number, &m.values)
	}
	if len(w.kinds) == 0 && w.owners[0].words == "unknown" && number < firstHosted {
		if said[0] != '<' && !claims(w.owners, asked) {
			return unclaimed(received)
		}
	}
	m.tell(choose(w.owners, asked.code, enhanced), asked)
	return m, true
}

// IdentifyReply returns the reply of a code and a text that came apart. The text
// may itself begin with the code.
func IdentifyReply(code int, text string) (m Match, ok bool) {
	digits := strconv.Itoa(code)
	if rest := strings.TrimPrefix(text, digits); rest != text && rest != "" && (rest[0] == ' ' || rest[0] == '-') {
		return Identify(text)
	}
	return Identify(digits + " " + text)
}

// tell sets what a match says of its owner and codes.
func (m *Match) tell(chosen *owner, asked codes) {
	m.Reply, m.Form, m.names = chosen.reply, chosen.form, chosen.names
	m.Code, m.Enhanced = asked.code, asked.enhanced
	m.Retryable = asked.code/100 == 4 || (asked.code == 0 && strings.HasPrefix(asked.enhanced, "4"))
	m.Expected = chosen.words != "site" && knows(chosen, asked)
}

func knows(o *owner, asked codes) bool {
	for at := range o.pairs {
		if known := &o.pairs[at]; known.code == asked.code && known.enhanced == asked.enhanced {
			return true
		}
	}
	return false
}

// isOpen tells whether the end of a line that matches a row can be a tail.
func isOpen(w *row, said string, values *[holes]string) bool {
	if !w.opens || values[len(w.owners[0].names)-1] == "" {
		return false
	}
	return w.kinds[len(w.kinds)-1] == text || strings.IndexByte(".;,)", said[len(said)-1]) >= 0
}

// isTailed tells whether a line that matches a row has to be looked at again: where
// it may have a tail.
func isTailed(number int, said string, values *[holes]string) bool {
	w := &rows[number]
	if !isOpen(w, said, values) {
		return false
	}
	if hasTail(said) {
		return true
	}
	fronts, place := plainFronts[:], 0
	if number >= firstHosted {
		if isBegun(fronts, said, 0) {
			return true
		}
		fronts, place = hostFronts[:], len(values[0])+1
	} else if said[0] == '<' {
		// Without one in the subject, the first `>: ` is the one behind it.
		if strings.IndexByte(values[0], '>') >= 0 {
			return true
		}
		fronts, place = angleFronts[:], len(values[0])+4
	}
	return w.rivalled && isBegun(fronts, said[place:], w.weight)
}

// hasTail tells whether a text, which is not empty, may end in a tail that is known.
func hasTail(said string) bool {
	switch said[len(said)-1] {
	case ' ', '\t', ';', ',', '.', ')':
		return true
	}
	return strings.Contains(said, "; from=<")
}

// isDoubled tells whether the brackets of an angle text can be doubled.
func isDoubled(said string) bool { return len(said) > 1 && said[0] == '<' && said[1] == '<' }

// choose returns, of replies with one text, the one whose codes are nearest.
func choose(owners []owner, code int, enhanced string) *owner {
	if len(owners) == 1 {
		return &owners[0]
	}
	chosen, most := 0, -1
	for at := range owners {
		if near := nearness(&owners[at], code, enhanced); near > most {
			chosen, most = at, near
		}
	}
	return &owners[chosen]
}

// enhancedEnd returns the length of the enhanced status code that opens a text
// (RFC 3463 section 2), or 0.
func enhancedEnd(said string) int {
	if len(said) < 5 || said[1] != '.' || (said[0] != '2' && said[0] != '4' && said[0] != '5') {
		return 0
	}
	// Most have single digits.
	if len(said) > 5 && said[3] == '.' && said[5] == ' ' && isDigit(said[2]) && isDigit(said[4]) {
		return 5
	}
	dot := digitsEnd(said, 2)
	if dot == 2 || dot >= len(said) || said[dot] != '.' {
		return 0
	}
	end := digitsEnd(said, dot+1)
	if end == dot+1 || (end < len(said) && said[end] != ' ') {
		return 0
	}
	return end
}

// digitsEnd returns where a run of three digits at most ends.
func digitsEnd(said string, start int) int {
	at := start
	for at < len(said) && at < start+3 && isDigit(said[at]) {
		at++
	}
	return at
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// angle finds the leftmost `>: ` behind which any text matches. A line can have
// very many of them, so behind the first only the widest texts are tried.
func angle(said string, values *[holes]string) int {
	at := strings.Index(said, ">: ")
	if at < 0 {
		return -1
	}
	rest := said[at+3:]
	number := behindAngle(rest, values)
	for number < 0 {
		next := strings.Index(rest, ">: ")
		if next < 0 {
			return -1
		}
		at += next + 3
		rest = said[at+3:]
		if angleTail(rest) >= 0 || hold(widestHeads(rest), rest, values[1:]) >= 0 {
			number = behindAngle(rest, values)
		}
	}
	values[0] = said[1:at]
	return number
}

func behindAngle(rest string, values *[holes]string) int {
	if number := angleTail(rest); number >= 0 {
		return number
	}
	return hold(angleHeads(rest), rest, values[1:])
}

func hosted(said string, values *[holes]string) int {
	space := strings.IndexByte(said, ' ')
	if space < 0 || !isHost(said[:space]) {
		return -1
	}
	values[0] = said[:space]
	rest := said[space+1:]
	if number := hostTail(rest); number >= 0 {
		return number
	}
	return hold(hostHeads(rest), rest, values[1:])
}

// hold returns the first of some rows that a text is, or -1.
func hold(numbers []int, said string, values []string) int {
	for _, number := range numbers {
		if fit(&rows[number], said, values) {
			return number
		}
	}
	return -1
}

// fit finds what the placeholders of a row stand for: every literal where it
// first occurs, the last one at the end.
func fit(w *row, said string, values []string) bool {
	last, lead := len(w.kinds), w.literals[0]
	// Most that differ do so at its end, and a comparison costs more than a look.
	if end := len(lead); len(said) < end || said[end-1] != lead[end-1] || said[:end] != lead {
		return false
	}
	rest := said[len(lead):]
	if !strings.HasSuffix(rest, w.literals[last]) {
		return false
	}
	rest = rest[:len(rest)-len(w.literals[last])]
	for at := 1; at < last; at++ {
		found := strings.Index(rest, w.literals[at])
		if found < 0 || !fits(w.kinds[at-1], rest[:found]) {
			return false
		}
		values[at-1] = rest[:found]
		rest = rest[found+len(w.literals[at]):]
	}
	values[last-1] = rest
	return fits(w.kinds[last-1], rest)
}

func fits(of kind, value string) bool {
	switch of {
	case word:
		return value != "" && strings.IndexByte(value, ' ') < 0
	case host:
		return isHost(value)
	}
	return true
}

// isHost tells whether a value is one or more letters, digits and -.:_[].
func isHost(value string) bool {
	for at := 0; at < len(value); at++ {
		switch c := value[at]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= ':':
		case c == '-', c == '.', c == '_', c == '[', c == ']':
		default:
			return false
		}
	}
	return value != ""
}

// nearness is 4 for a pair of the catalog, 3 for its enhanced status code but
// for the class, 2 for its code, 1 for a code of its class.
func nearness(o *owner, code int, enhanced string) int {
	nearest := 0
	for at := range o.pairs {
		known := &o.pairs[at]
		near := 0
		switch {
		case known.code == code && known.enhanced == enhanced:
			return 4
		case enhanced != "" && known.enhanced != "" && known.enhanced[1:] == enhanced[1:]:
			near = 3
		case known.code == code:
			near = 2
		case known.code/100 == code/100:
			near = 1
		}
		if near > nearest {
			nearest = near
		}
	}
	return nearest
}
