package postfixreplies

import (
	"strings"
	"unicode/utf8"
)

// From a text with lines of a log, whole or broken, alone or among others, to what it says.
// A line with the tag of Postfix at its head is read by itself. All between is read as one
// text: a line of a log in the middle does not tear a notification apart.

const (
	widestMail = 78  // characters of a line that mail programs make (RFC 5322 section 2.1.1)
	mostFields = 200 // lines of the head of a message
	mostPieces = 20  // lines that a line is broken into; of more it is not known where it ends
	months     = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
)

// heads are the readings of the lines that have the head of a log, by their number.
type heads map[int]*Reading

// stretch is the lines between two of a log, or the reading of one of a log.
type stretch struct {
	lines []string
	head  *Reading
}

// mendedLines returns the lines of a text, a log's put together where they were broken, and
// those with a head. What was returned is left out: its author chose it.
func mendedLines(text string) ([]string, heads) {
	lines := unreturned(strings.Split(text, "\n"))
	of := headsIn(lines)
	if len(of) == 0 {
		return lines, of
	}
	made := make([]string, 0, len(lines))
	found := make(heads, len(of))
	for at := 0; at < len(lines); {
		line, end := lines[at], at+1
		if head := of[at]; head != nil {
			line, end = wholeLine(lines, at, of, head)
			found[len(made)] = head
		}
		made = append(made, line)
		at = end
	}
	return made, found
}

// readMixed returns what lines say of which some have the head of a log; nothing where none
// has.
func readMixed(lines []string, of heads) []Reading {
	if len(of) == 0 {
		return nil
	}
	found := []Reading{}
	parts := partsBy(lines, of)
	said := saidBetween(parts)
	for at, part := range parts {
		if part.head != nil {
			found = append(found, *part.head)
		} else {
			found = append(found, said[at]...)
		}
	}
	return found
}

// isLog tells whether all lines have the head of a log.
func isLog(lines []string, of heads) bool {
	for at, line := range lines {
		if of[at] == nil && strings.Trim(line, blank) != "" {
			return false
		}
	}
	return true
}

// isWhole tells whether a reading names a reply or reason of which nothing was cut off.
func isWhole(r *Reading) bool {
	if isCut(r) {
		return false
	}
	named, _ := isNamed(r)
	return named
}

func isCut(r *Reading) bool {
	for _, one := range r.unsure {
		if one == "words" {
			return true
		}
	}
	return false
}

// isNamed tells whether the words are known, and whether only who logged them tells which
// reason they are.
func isNamed(r *Reading) (named, guessed bool) {
	_, named = r.Match()
	_, ok, guessed := r.reasoned()
	return named || ok, guessed
}

// headsIn returns the lines that have the head of a log.
func headsIn(lines []string) heads {
	tagged := heads{}
	for at, line := range lines {
		if strings.IndexByte(line, '/') < 0 {
			continue
		}
		line = strings.TrimRight(line, "\r")
		var r Reading
		if logged(line, &r) && isHead(line, &r) {
			tagged[at] = &r
		}
	}
	if len(tagged) == 0 {
		return nil
	}
	found := make(heads, len(tagged))
	for at := range lines {
		// Folded text, of a bounce or a notice, can be another's words.
		begins := at == 0 || found[at-1] != nil || strings.Trim(lines[at-1], blank) == ""
		if tagged[at] != nil && (begins || !isFolded(lines[at])) {
			found[at] = tagged[at]
		}
	}
	return found
}

// isHead tells whether a line has a tag as its head, and does not only mention it.
func isHead(line string, r *Reading) bool {
	tag, _ := r.Field("tag")
	if tag == "" {
		return false
	}
	if !strings.HasPrefix(tag, "postfix") && !strings.Contains(line, tag+"[") && line[0] != '{' {
		return false
	}
	_, said := marked(line)
	return !isReply(said.line)
}

// unreturned returns the lines that are not of a returned message.
func unreturned(lines []string) []string {
	found := make([]string, 0, len(lines))
	boundary, end := "", ""
	returned, reported := false, false
	for at, given := range lines {
		line := saidIn(given)
		if returned {
			returned = line != end
			continue
		}
		if strings.HasSuffix(line, ":") && at+1 < len(lines) { // its value may be folded
			line += saidIn(lines[at+1])
		}
		reported = reported || isOfReport(line)
		returned = isCopy(line) && (reported || !isReport(lines[at+1:]))
		if returned {
			end = "\n" // none, without a boundary
			if boundary != "" {
				end = boundary + "--"
			}
		} else if strings.HasPrefix(line, "--") {
			boundary = line
		}
		found = append(found, given)
	}
	return found
}

// saidIn returns a line without the marks of a mail reader and its end.
func saidIn(line string) string {
	return strings.TrimRight(unmarked(line), "\r")
}

// unmarked returns a line without the marks of a mail reader that quotes it.
func unmarked(line string) string { return line[len(markOf(line)):] }

// isOfReport tells whether a line is one of the head of a notification, or of the report in it.
func isOfReport(line string) bool {
	if !strings.HasPrefix(line, "Co") && !strings.HasPrefix(line, "co") {
		return false
	}
	said := lowered(line)
	return strings.HasPrefix(said, "content-type:") &&
		(strings.Contains(said, "multipart/report") || strings.Contains(said, "delivery-status"))
}

// isReport tells whether the message in some lines is a notification that somebody passed on.
func isReport(lines []string) bool {
	heads := 0 // the first is that of the part, the next that of the message
	for _, line := range lines[:min(len(lines), mostFields-1)] {
		if line = saidIn(line); line == "" {
			if heads++; heads > 1 {
				return false
			}
		}
		if isOfReport(line) {
			return true
		}
	}
	return false
}

// isCopy tells whether a returned message begins behind a line.
func isCopy(line string) bool {
	name, kind, _ := strings.Cut(line, ":")
	if lowered(name) == "content-type" {
		kind, _, _ = strings.Cut(kind, ";")
		switch lowered(strings.Trim(kind, blank)) {
		case "message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers":
			return true
		}
		return false
	}
	// Of Exim and qmail.
	return strings.HasPrefix(line, "------ This is a copy of ") || strings.HasPrefix(line, "--- Below this line is a copy of ")
}

// markOf returns the `> ` with which mail readers quote a line, once or more; mostly nothing.
func markOf(line string) string {
	if !strings.HasPrefix(line, ">") {
		return ""
	}
	said := strings.TrimLeft(line, "> ")
	mark := strings.TrimRight(line[:len(line)-len(said)], " ")
	if strings.HasPrefix(line[len(mark):], " ") {
		return line[:len(mark)+1]
	}
	return mark
}

// isDated tells whether a line begins with a time as those of a log do.
func isDated(line string) bool {
	return hasShape(line, "0000-00-00T00:00:00") || (len(line) > 3 && isMonth(line[:3]) &&
		(hasShape(line[3:], " 00 00:00:00 ") || hasShape(line[3:], "  0 00:00:00 ")))
}

func isMonth(word string) bool {
	at := strings.Index(months, word)
	return at >= 0 && at%4 == 0
}

// hasShape tells whether a text begins as a shape, in which 0 is any digit.
func hasShape(text, shape string) bool {
	if len(text) < len(shape) {
		return false
	}
	for at := 0; at < len(shape); at++ {
		if text[at] != shape[at] && (shape[at] != '0' || !isDigit(text[at])) {
			return false
		}
	}
	return true
}

// partsBy returns the lines of a log, and what stands between them, in order.
func partsBy(lines []string, of heads) []stretch {
	var parts []stretch
	last := -1 // of the parts that are lines
	open := false
	for at, line := range lines {
		empty := strings.Trim(line, blank) == ""
		switch head := of[at]; {
		case head != nil:
			parts = append(parts, stretch{head: head})
			open = false
			continue
		case empty && last < 0, !empty && isOfOthers(line):
			continue
		case !empty && !open:
			last = len(parts)
			parts = append(parts, stretch{})
			open = true
		}
		// A blank line ends what stood before, also behind a line of a log.
		parts[last].lines = append(parts[last].lines, line)
	}
	return parts
}

// isOfOthers tells whether another program logged a line: such lines say nothing of Postfix.
func isOfOthers(line string) bool {
	if !isDated(line) {
		return false
	}
	if kind, _ := marked(line); kind != "" {
		return false
	}
	var r Reading
	return !logged(strings.TrimRight(line, "\r"), &r)
}

// saidBetween returns what stands between lines of a log, for each of the parts. Where each
// by itself says all that they say together, that counts. Else a line of a log tore something
// apart: then they are one text, of which at most it is known where each part stands.
func saidBetween(parts []stretch) [][]Reading {
	found := make([][]Reading, len(parts))
	var texts []string
	var places []int
	for at, part := range parts {
		if part.head == nil {
			texts = append(texts, strings.Join(part.lines, "\n"))
			places = append(places, at)
		}
	}
	if len(texts) == 0 {
		return found
	}
	said := readPlain(strings.Trim(joinedParts(parts), "\r\n"))
	if len(texts) == 1 || len(said) == 0 {
		found[places[0]] = said
		return found
	}
	var alone []Reading
	first := places[0]
	for at, text := range texts {
		of := readPlain(strings.Trim(text, "\r\n"))
		if len(alone) == 0 && len(of) > 0 {
			first = places[at]
		}
		alone = append(alone, of...)
		found[places[at]] = of
	}
	if !areTorn(said, alone) {
		return found
	}
	if len(alone) != len(said) {
		found = make([][]Reading, len(parts))
		found[first] = said
		return found
	}
	for _, place := range places {
		count := len(found[place])
		found[place], said = said[:count], said[count:]
	}
	return found
}

// joinedParts returns what stands between lines of a log as one text, with a blank line
// between parts that do not go on.
func joinedParts(parts []stretch) string {
	var made []string
	for _, part := range parts {
		if len(made) > 0 && part.head == nil && !continuesLine(made[len(made)-1], part.lines[0]) {
			made = append(made, "")
		}
		made = append(made, part.lines...)
	}
	return strings.Join(made, "\n")
}

// continuesLine tells whether a line can go on with another: folded, or as a field behind a
// field.
func continuesLine(last, line string) bool {
	return isFolded(line) || (isField(line) && isField(last))
}

// isField tells whether a line is a field of a notification or of a message, or the rest of
// one.
func isField(line string) bool {
	if isFolded(line) {
		return true
	}
	name, _, found := strings.Cut(unmarked(line), ":")
	name = strings.ReplaceAll(name, "-", "")
	for at := 0; at < len(name); at++ {
		if c := name[at]; !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return found && name != ""
}

// isFolded tells whether a line is folded: begins with a blank behind the marks of a mail
// reader.
func isFolded(line string) bool {
	rest := unmarked(line)
	return rest != "" && (rest[0] == ' ' || rest[0] == '\t')
}

// readingKey is what tells a reading from the others of a text.
type readingKey struct {
	kind        Kind
	line, words string
	hasWords    bool
	count       int
}

func keyOf(r *Reading) readingKey {
	return readingKey{r.Kind, r.Line, r.Words, r.HasWords, len(r.fields)}
}

func keysOf(of []Reading) map[readingKey]bool {
	keys := make(map[readingKey]bool, len(of))
	for at := range of {
		keys[keyOf(&of[at])] = true
	}
	return keys
}

// areTorn tells whether stretches by themselves lose something, or have a piece of a
// notification more.
func areTorn(said, alone []Reading) bool {
	together, apart := keysOf(said), keysOf(alone)
	for key := range together {
		if !apart[key] {
			return true
		}
	}
	for key := range apart {
		if !together[key] && strings.HasPrefix(string(key.kind), "bounce_") {
			return true
		}
	}
	return false
}

// wholeLine returns a line of a log, with those that it was broken into if it needs them, and
// where it ends; its reading becomes that of the whole line.
func wholeLine(lines []string, at int, of heads, head *Reading) (line string, end int) {
	line, end = lines[at], at+1
	if isWhole(head) && !lacksTail(head) {
		return line, end
	}
	mark := markOf(line)
	pieces := piecesOf(lines, at, of)
	for nth := 0; nth < 3; nth++ {
		for count := 2; count <= len(pieces); count++ {
			some := pieces[:count]
			tried := waysOf(some)[nth](some)
			var r Reading
			if !logged(tried, &r) || !isBetterReading(&r, head, end == at+1) {
				continue
			}
			if belongs(&r) {
				*head, line, end = r, mark+tried, at+count
			}
		}
	}
	return line, end
}

// lacksTail tells whether a refusal was cut before the end that smtpd writes behind each.
func lacksTail(r *Reading) bool {
	return hasField(r, "action") && hasField(r, "stage") && !hasEnd(r)
}

func hasEnd(r *Reading) bool { return hasField(r, "proto") && hasField(r, "helo") }

func hasField(r *Reading, name string) bool {
	_, found := r.Field(name)
	return found
}

// belongs tells whether pieces belong together: they name something, or end as a refusal does.
func belongs(r *Reading) bool {
	// These have neither blanks nor commas.
	for _, name := range [...]string{"relay", "remote", "delay", "delays", "dsn", "status", "conn_use", "proto"} {
		if value, _ := r.Field(name); strings.ContainsAny(value, " ,") {
			return false
		}
	}
	if strings.Count(r.Words, "(") != strings.Count(r.Words, ")") { // it ends in what does not belong to it
		return false
	}
	// Where the program alone shows a reason, any words are one.
	named, guessed := isNamed(r)
	return hasEnd(r) || (named && !guessed)
}

// isBetterReading tells whether a reading is better than another, which may be of a line alone: if
// more of the line was found, or as much and a reply that is known.
func isBetterReading(one, other *Reading, alone bool) bool {
	more := compared(one, other)
	if more != 0 || alone {
		return more > 0
	}
	_, known := one.Match()
	_, before := other.Match()
	return known && !before
}

// compared tells of which reading more of a line was found: nothing was cut off, or there are
// more fields. What does not belong to a line and is put behind it makes neither more.
func compared(one, other *Reading) int {
	if cut := isCut(other); cut != isCut(one) {
		if cut {
			return 1
		}
		return -1
	}
	return len(one.fields) - len(other.fields)
}

// piecesOf returns a line of a log and those behind it that can be the rest of it, without
// quoting marks.
func piecesOf(lines []string, at int, of heads) []string {
	mark := markOf(lines[at])
	pieces := []string{}
	for number := at; number < len(lines); number++ {
		piece, found := strings.CutPrefix(lines[number], mark)
		piece = strings.TrimRight(piece, "\r")
		if number > at && (of[number] != nil || !found || !canGoOn(piece)) {
			break
		}
		pieces = append(pieces, piece)
		if len(pieces) > mostPieces {
			return pieces[:1]
		}
	}
	return pieces
}

// canGoOn tells whether a line can be the rest of one of a log.
func canGoOn(piece string) bool {
	if strings.Trim(piece, blank) == "" || len(piece) > longest || isDated(piece) {
		return false
	}
	kind, _ := marked(piece)
	return kind == ""
}

// waysOf returns how to put pieces together, the likeliest first.
func waysOf(pieces []string) []func([]string) string {
	// Mail programs break at blanks, so that lines differ in length; terminals break all alike.
	least, most := widths(pieces)
	if len(pieces) > 2 && most-least <= 1 && most > widestMail {
		return []func([]string) string{byWidth, byBlanks, byNothing}
	}
	return []func([]string) string{byBlanks, byNothing, byWidth}
}

// widths returns how many characters the shortest and the longest of pieces have but the last.
func widths(pieces []string) (least, most int) {
	for at, piece := range pieces[:len(pieces)-1] {
		width := utf8.RuneCountInString(piece)
		most = max(most, width)
		if at == 0 || width < least {
			least = width
		}
	}
	return least, most
}

func byNothing(pieces []string) string { return strings.Join(pieces, "") }

// byBlanks joins pieces that were broken at blanks, but not inside an address.
func byBlanks(pieces []string) string {
	line := pieces[0]
	for _, piece := range pieces[1:] {
		word := line[strings.LastIndexByte(line, ' ')+1:]
		if strings.Count(word, "<") > strings.Count(word, ">") || strings.Count(word, "[") > strings.Count(word, "]") {
			line += piece
		} else {
			line = strings.TrimRight(line, blank) + " " + strings.TrimLeft(piece, blank)
		}
	}
	return line
}

// byWidth joins pieces of a width at which they were broken; a shorter one has lost its last
// blank.
func byWidth(pieces []string) string {
	_, width := widths(pieces)
	var made strings.Builder
	for _, piece := range pieces[:len(pieces)-1] {
		made.WriteString(piece)
		if utf8.RuneCountInString(piece) < width {
			made.WriteByte(' ')
		}
	}
	made.WriteString(pieces[len(pieces)-1])
	return made.String()
}
