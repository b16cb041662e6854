package postfixreplies

import "strings"

// repairs are what was put right of a line, a bit for each.
type repairs uint8

const (
	folded repairs = 1 << iota
	quoted
	entities
	blanks
	code
	noCode
	brackets
	masked
)

var repairNames = [...]string{
	"folded", "quoted", "entities", "blanks", "code", "no_code", "brackets", "masked",
}

func (r repairs) names() []string {
	names := []string{}
	for at, name := range repairNames {
		if r&(1<<at) != 0 {
			names = append(names, name)
		}
	}
	return names
}

const (
	ends     = " \t;,"
	marks    = ".;,)" // what a word at the end of a text gives back
	longest  = 10_000 // octets of a line with tails and repairs; RFC 5321 allows 512
	places   = 4      // at how many `>: ` of a line tails are looked for
	shortest = 3      // stars of a masked host; characters of `<x>` in doubled brackets
)

// codes are those that a line has: 0 and an empty string where it has none.
type codes struct {
	code     int
	enhanced string
}

// front is the first words of rows, and the place of the longest other first words
// that these begin with, or -1.
type front struct {
	lead   string
	rows   []int
	parent int
}

// found is a text in a line.
type found struct {
	place  int // which `>: ` of an angle text; 0 for other texts, 1 for those behind a host name
	number int // of the row, or -1 for none
	values [holes]string
	end    int
	footer bool // whether anything may stand behind it
	open   bool // whether its end may be a tail
}

var nothing = found{number: -1}

// repaired returns the reply of a line of which more is wrong than its tail; tails
// are found too.
func repaired(line string) (Match, bool) {
	line, done := firstLine(line)
	if len(line) > longest {
		return Match{}, false
	}
	if m, ok := coded(line, done); ok {
		return m, true
	}
	return mended(line, done)
}

// missed returns the same of a line with codes whose text is none from end to end.
func missed(line, said string, asked codes) (Match, bool) {
	line, done := firstLine(line)
	if len(line) > longest {
		return Match{}, false
	}
	if one := seen(said, nothing); one.number >= 0 {
		if m, ok := claimed(asked, said, one, done); ok {
			return m, true
		}
	}
	return mended(line, done)
}

// unclaimed returns the same of a line whose text is not Postfix's own under its codes.
func unclaimed(line string) (Match, bool) {
	line, done := firstLine(line)
	if len(line) > longest {
		return Match{}, false
	}
	return mended(line, done)
}

// mended returns the reply of a line that is not known as it is.
func mended(line string, done repairs) (Match, bool) {
	steps := [...]func(string) string{unquoted, unescaped, respaced, uncoded}
	for at, step := range steps {
		changed := step(line)
		if changed == line {
			continue
		}
		line, done = changed, done|quoted<<at
		if m, ok := coded(line, done); ok {
			return m, true
		}
	}
	return reworded(line, done)
}

// tailed returns the reply of a line that is a text to its end, if the end is not a tail.
func tailed(line, said string, asked codes, number int, values *[holes]string) (Match, bool) {
	whole := found{number: number, values: *values, end: len(said), open: isOpen(&rows[number], said, values)}
	if said[0] == '<' {
		whole.place = len(values[0]) + 1
	} else if number >= firstHosted {
		whole.place = 1
	}
	if len(said) <= longest {
		whole = seen(said, whole)
	}
	if m, ok := claimed(asked, said, whole, 0); ok {
		return m, true
	}
	return unclaimed(line)
}

// isBegun tells whether a line begins with the first words of a text of more weight.
func isBegun(fronts []front, said string, weight int) bool {
	at := lastUpTo(fronts, said)
	for ; at >= 0; at = fronts[at].parent {
		if !strings.HasPrefix(said, fronts[at].lead) {
			continue
		}
		for _, number := range fronts[at].rows {
			if rows[number].weight > weight {
				return true
			}
		}
	}
	return false
}

// firstLine returns the first line, with what goes on behind a line break and a blank.
func firstLine(line string) (string, repairs) {
	done := repairs(0)
	first, more, broken := strings.Cut(line, "\n")
	if broken && goesOn(more) {
		done, first = folded, unfolded(first, more)
	}
	first = strings.TrimSuffix(first, "\r")
	if len(first) > 3 && first[3] == '-' && codeOf(first) != 0 {
		first = first[:3] + " " + first[4:]
	}
	return first, done
}

func goesOn(more string) bool { return more != "" && (more[0] == ' ' || more[0] == '\t') }

func unfolded(first, more string) string {
	pieces := []string{first}
	for broken := true; broken && goesOn(more); {
		var piece string
		piece, more, broken = strings.Cut(more, "\n")
		pieces[len(pieces)-1] = strings.TrimSuffix(pieces[len(pieces)-1], "\r")
		pieces = append(pieces, strings.TrimLeft(piece, " \t"))
	}
	return strings.Join(pieces, " ")
}

func coded(line string, done repairs) (m Match, ok bool) {
	asked, said := split(line)
	if asked.code == 0 {
		return m, false
	}
	return attempt(asked, said, done)
}

// reworded tries the last resorts: no code, no brackets, no name of the host.
func reworded(line string, done repairs) (Match, bool) {
	asked, said := split(line)
	if asked.code == 0 {
		done |= noCode
		if m, ok := attempt(asked, said, done); ok {
			return m, true
		}
	}
	if m, ok := bracketed(asked, said, done|brackets); ok {
		return m, true
	}
	return unmasked(asked, said, done|masked)
}

// split returns the codes that a line begins with, if any, and its text.
func split(line string) (asked codes, said string) {
	if len(line) > 3 && (line[3] == ' ' || line[3] == '-') {
		asked.code = codeOf(line)
	}
	said = line
	if asked.code != 0 {
		said = line[4:]
	}
	if end := enhancedEnd(said); end > 0 {
		asked.enhanced, said = said[:end], strings.TrimPrefix(said[end:], " ")
	}
	return asked, said
}

// codeOf returns the reply code that a line begins with, or 0.
func codeOf(line string) int {
	if len(line) < 3 {
		return 0
	}
	first, second, third := line[0]-'0', line[1]-'0', line[2]-'0'
	if first < 2 || first > 5 || second > 9 || third > 9 {
		return 0
	}
	return int(first)*100 + int(second)*10 + int(third)
}

// unquoted removes blanks before a line, quotes around it, and the `smtp;` of a bounce.
func unquoted(line string) string {
	if codeOf(line) != 0 {
		return line
	}
	line = inside(strings.TrimLeft(line, " \t"))
	if len(line) >= 5 && line[4] == ';' && strings.EqualFold(line[:4], "smtp") {
		return strings.TrimLeft(line[5:], " \t")
	}
	return line
}

func inside(line string) string {
	opened := line
	if len(line) > 1 && (line[0] == 'b' || line[0] == 'u') {
		opened = line[1:]
	}
	if opened == "" || (opened[0] != '"' && opened[0] != '\'') {
		return line
	}
	closed := strings.TrimRight(opened, " \t")
	if len(closed) < 2 || closed[len(closed)-1] != opened[0] {
		return line
	}
	return strings.TrimLeft(closed[1:len(closed)-1], " \t")
}

func unescaped(line string) string {
	if !strings.Contains(line, "&") {
		return line
	}
	pairs := [...][2]string{{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", `"`}, {"&#39;", "'"}, {"&amp;", "&"}}
	for _, pair := range pairs {
		line = strings.ReplaceAll(line, pair[0], pair[1])
	}
	return line
}

// respaced makes blanks single spaces, and puts one behind the first `>:`.
func respaced(line string) string {
	if strings.Contains(line, "\t") || strings.Contains(line, "  ") {
		spaced := strings.Builder{}
		spaced.Grow(len(line))
		for at := 0; at < len(line); at++ {
			if line[at] != ' ' && line[at] != '\t' {
				spaced.WriteByte(line[at])
			} else if at == 0 || (line[at-1] != ' ' && line[at-1] != '\t') {
				spaced.WriteByte(' ')
			}
		}
		line = spaced.String()
	}
	if at := strings.Index(line, ">:") + 2; at > 1 && at < len(line) && line[at] > ' ' {
		return line[:at] + " " + line[at:]
	}
	return line
}

// uncoded removes the marks around or behind the code.
func uncoded(line string) string {
	rest := line
	if rest == "" || (codeOf(line) != 0 && len(line) > 3 && line[3] == ' ') {
		return line
	}
	closing := ""
	switch rest[0] {
	case '[':
		closing = "]"
	case '(':
		closing = ")"
	}
	rest = rest[len(closing):]
	if codeOf(rest) == 0 || !strings.HasPrefix(rest[3:], closing) {
		return line
	}
	digits := rest[:3]
	rest = rest[3+len(closing):]
	if rest != "" && (rest[0] == ':' || rest[0] == ',') {
		rest = rest[1:]
	}
	if !strings.HasPrefix(rest, " ") {
		return line
	}
	return digits + rest
}

// bracketed finds an angle text whose subject has lost a bracket or both, or is lost itself.
func bracketed(asked codes, said string, done repairs) (m Match, ok bool) {
	before, rest, ok := strings.Cut(said, ": ")
	if !ok {
		return m, false
	}
	subject := strings.TrimSuffix(strings.TrimPrefix(before, "<"), ">")
	// As many characters as brackets and all: it has them already.
	if len(before) != len(subject)+2 && isSubject(asked, subject, rest) {
		m, ok = attempt(asked, "<"+subject+">: "+rest, done)
		if ok && m.values[0] == subject {
			return m, true
		}
	}
	if asked.code != 0 {
		return Match{}, false
	}
	end := ending(untotalled(said))
	whole := found{number: angleTail(said[:end]), end: end}
	return claimed(asked, said, whole, done)
}

func isSubject(asked codes, subject, rest string) bool {
	if subject == "" {
		return true
	}
	if subject[0] == '<' || subject[0] == '[' || strings.Contains(subject, " ") {
		return false
	}
	sure := asked.code != 0 && strings.Contains(rest, " rejected: ")
	return sure || strings.ContainsAny(subject, "@[")
}

// untotalled removes how often a summary counted a text.
func untotalled(said string) string {
	at := strings.LastIndex(said, " (total: ")
	if at < 0 || said[len(said)-1] != ')' || at+9 >= len(said)-1 {
		return said
	}
	if strings.Trim(said[at+9:len(said)-1], "0123456789") != "" {
		return said
	}
	return said[:at]
}

// unmasked finds a text that opens with a host of which only stars are left.
func unmasked(asked codes, said string, done repairs) (m Match, ok bool) {
	rest := strings.TrimLeft(said, "*")
	stars := len(said) - len(rest)
	if stars < shortest || !strings.HasPrefix(rest, " ") {
		return m, false
	}
	plain := strings.Repeat("x", stars) + rest
	one := seen(plain, whole(plain))
	if one.number < 0 || one.place != 1 {
		return m, false
	}
	one.values[0] = said[:stars]
	return claimed(asked, said, one, done)
}

func attempt(asked codes, said string, done repairs) (Match, bool) {
	return claimed(asked, said, seen(said, whole(said)), done)
}

// claimed returns the match, unless others say such words too and the codes do not
// show that Postfix does.
func claimed(asked codes, said string, one found, done repairs) (m Match, ok bool) {
	if one.number < 0 {
		return m, false
	}
	chosen := choose(rows[one.number].owners, asked.code, asked.enhanced)
	if chosen.words == "unknown" && !isSure(asked, one, said[one.end:]) {
		return m, false
	}
	m.values, m.Tail, m.repairs = one.values, said[one.end:], done
	if subject := m.values[0]; isDoubled(said) && len(subject) >= shortest && strings.HasSuffix(subject, ">") {
		m.values[0] = subject[1 : len(subject)-1]
		m.repairs |= brackets
	}
	m.tell(chosen, asked)
	return m, true
}

func isSure(asked codes, one found, tail string) bool {
	owners := rows[one.number].owners
	if asked.code == 0 {
		return false
	}
	if one.footer {
		// A footer is put behind refusals only, and begins a sentence.
		begins := len(tail) > 2 && tail[:2] == ". " && tail[2] >= 'A' && tail[2] <= 'Z'
		return anyKnows(owners, asked) && asked.code >= 400 && begins
	}
	return len(owners[0].names) > 0 || claims(owners, asked)
}

// claims tells whether the catalog knows words that others say too under these
// codes, or under those that soft_bounce makes 4yz of.
func claims(owners []owner, asked codes) bool {
	if anyKnows(owners, asked) {
		return true
	}
	if asked.code/100 != 4 || (asked.enhanced != "" && asked.enhanced[0] != '4') {
		return false
	}
	for at := range owners {
		for _, known := range owners[at].pairs {
			if known.code == asked.code+100 && isHard(known.enhanced, asked.enhanced) {
				return true
			}
		}
	}
	return false
}

func isHard(known, enhanced string) bool {
	if known == "" || enhanced == "" {
		return known == enhanced
	}
	return known[0] == '5' && known[1:] == enhanced[1:]
}

func anyKnows(owners []owner, asked codes) bool {
	for at := range owners {
		if knows(&owners[at], asked) {
			return true
		}
	}
	return false
}

// seen returns the text in `said`: whole, which is `one`, before a known tail, or
// before a footer.
func seen(said string, one found) found {
	if one.number >= 0 && !one.open {
		return one
	}
	end := ending(said)
	if cut := cutAt(said, end); cut.number >= 0 {
		if !cut.open {
			return cut
		}
		one = cut
	}
	begun := begins(said[:end])
	if one.number < 0 || begun.number < 0 {
		if begun.number >= 0 {
			return begun
		}
		return one
	}
	longer := begun.place == one.place && rows[begun.number].weight > rows[one.number].weight
	if longer || begun.place < one.place {
		return begun
	}
	return one
}

// cutAt returns the text before a known tail, to which the blank or the full stop
// before it may belong.
func cutAt(said string, end int) found {
	if end == len(said) {
		return nothing
	}
	cut := whole(said[:end])
	if said[end] == ' ' || said[end] == '.' {
		longer := whole(said[:end+1])
		if longer.number >= 0 && (cut.number < 0 || rows[longer.number].weight > rows[cut.number].weight) {
			return longer
		}
	}
	return cut
}

// whole returns what `said` is from end to end.
func whole(said string) (one found) {
	one.number = -1
	if said == "" {
		return one
	}
	if said[0] == '<' {
		one = behindSubject(said)
	} else if one.number = plainTail(said); one.number < 0 {
		if one.number = hold(plainHeads(said), said, one.values[:]); one.number < 0 {
			one.number = hosted(said, &one.values)
			one.place = 1
		}
	}
	one.end = len(said)
	one.open = one.number >= 0 && isOpen(&rows[one.number], said, &one.values)
	return one
}

func behindSubject(said string) (one found) {
	place := strings.Index(said, ">: ")
	for tried := 0; tried < places && place >= 0; tried++ {
		one.number = behindAngle(said[place+3:], &one.values)
		if one.number >= 0 {
			one.place, one.values[0] = place, said[1:place]
			return one
		}
		place = next(said, place)
	}
	return nothing
}

// next returns the `>: ` behind another one, or -1.
func next(said string, place int) int {
	if at := strings.Index(said[place+1:], ">: "); at >= 0 {
		return place + 1 + at
	}
	return -1
}

// ending returns where the tail begins that a log or a bounce puts behind a text.
func ending(said string) int {
	if said != "" && !hasTail(said) {
		return len(said)
	}
	start := 0
	if strings.HasPrefix(said, "<") {
		start = strings.Index(said, ">: ")
	}
	cut := said
	if start >= 0 {
		if at := strings.Index(said[start:], "; from=<"); at >= 0 {
			cut = said[:start+at]
		}
	}
	cut = trimEnd(cut, ends)
	if strings.HasSuffix(cut, " command)") {
		// What another server said has its own.
		at := strings.LastIndex(cut, " (in reply to ")
		if at >= 0 && strings.Count(cut, " (in reply to ") > strings.Count(cut, " said: ") {
			cut = trimEnd(cut[:at], ends)
		}
	}
	if strings.HasSuffix(cut, ".") && !strings.HasSuffix(cut, "..") {
		cut = trimEnd(cut[:len(cut)-1], " \t")
	}
	return len(cut)
}

// trimEnd is strings.TrimRight for a line that most often has nothing to trim.
func trimEnd(said, marks string) string {
	for said != "" && strings.IndexByte(marks, said[len(said)-1]) >= 0 {
		said = said[:len(said)-1]
	}
	return said
}

// begins returns the text that `said` begins with, at the leftmost place that has one.
func begins(said string) found {
	if !strings.HasPrefix(said, "<") {
		if one := beginsAt(plainFronts[:], said, 0, 0); one.number >= 0 {
			return one
		}
		return beginsWithHost(said)
	}
	place := strings.Index(said, ">: ")
	for tried := 0; tried < places && place >= 0; tried++ {
		if one := beginsAt(angleFronts[:], said, place+3, 1); one.number >= 0 {
			one.place, one.values[0] = place, said[1:place]
			return one
		}
		place = next(said, place)
	}
	return nothing
}

func beginsWithHost(said string) found {
	name, _, _ := strings.Cut(said, " ")
	if !isHost(name) || len(name) == len(said) {
		return nothing
	}
	one := beginsAt(hostFronts[:], said, len(name)+1, 1)
	one.place, one.values[0] = 1, name
	return one
}

// beginsAt returns the text with the most literal characters that begins at a place;
// `filled` values come before its own.
func beginsAt(fronts []front, said string, start, filled int) found {
	best := nothing
	rest := said[start:]
	at := lastUpTo(fronts, rest)
	for ; at >= 0; at = fronts[at].parent {
		if !strings.HasPrefix(rest, fronts[at].lead) {
			continue
		}
		for _, number := range fronts[at].rows {
			one := found{number: number, footer: true}
			end, ok := fitFront(&rows[number], rest, one.values[filled:])
			one.end = start + end
			if ok && (best.number < 0 || isBetter(one, best)) {
				best = one
			}
		}
	}
	return best
}

// lastUpTo returns the place of the last first words that are not behind a text, or -1.
func lastUpTo(fronts []front, said string) int {
	low, high := 0, len(fronts)
	for low < high {
		if middle := (low + high) / 2; fronts[middle].lead > said {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low - 1
}

func isBetter(one, other found) bool {
	w, o := &rows[one.number], &rows[other.number]
	if w.weight != o.weight {
		return w.weight > o.weight
	}
	if one.end != other.end {
		return one.end > other.end
	}
	return len(w.kinds) < len(o.kinds)
}

// fitFront finds what the placeholders of a row stand for, each literal taken where
// it first occurs, and where the text ends.
func fitFront(w *row, said string, values []string) (int, bool) {
	at := len(w.literals[0])
	for number, of := range w.kinds {
		literal := w.literals[number+1]
		rest := said[at:]
		if literal != "" {
			end := strings.Index(rest, literal)
			if end < 0 {
				return 0, false
			}
			rest = rest[:end]
		} else {
			rest, _, _ = strings.Cut(rest, " ")
			rest = strings.TrimRight(rest, marks)
		}
		if !fits(of, rest) {
			return 0, false
		}
		values[number] = rest
		at += len(rest) + len(literal)
	}
	return at, isWordEnd(said[at:])
}

func isWordEnd(rest string) bool {
	if rest == "" {
		return true
	}
	if rest[0] == '.' {
		return len(rest) < 2 || !isLetter(rest[1])
	}
	return !isLetter(rest[0]) && rest[0] != '_' && rest[0] != '-'
}

// isLetter tells whether a byte is of a letter or digit; what is not ASCII counts as one.
func isLetter(c byte) bool {
	return c >= 0x80 || (c >= '0' && c <= '9') || (c|0x20 >= 'a' && c|0x20 <= 'z')
}
