package postfixreplies

import (
	"strings"
	"unicode/utf8"
)

const (
	typographic = "\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb" // quotes
	// Fields of the log; a line with the first ends in `>`, one with the other in `)`.
	heloField   = " helo=<"
	statusField = " status="
	link        = "mailto:"
	notLinked   = "<>[]\" \t\r\n"
)

// cleared returns a text without what mail programs make of it that is pasted into them;
// where they made nothing, the text itself.
func cleared(text string) string {
	if strings.IndexByte(text, '&') >= 0 && hasBrackets(text) {
		lines := strings.Split(text, "\n")
		for at, line := range lines {
			lines[at] = decoded(line)
		}
		text = strings.Join(lines, "\n")
	}
	for _, blank := range [...]string{"\u00a0", "\u202f"} {
		if strings.Contains(text, blank) {
			text = strings.ReplaceAll(text, blank, " ")
		}
	}
	text = unquotedText(text)
	if strings.Contains(text, heloField) || strings.Contains(text, statusField) {
		lines := strings.Split(text, "\n")
		for at, line := range lines {
			lines[at] = unwrapped(line)
		}
		text = strings.Join(lines, "\n")
	}
	if strings.Contains(text, link) {
		text = unlinked(text)
	}
	return text
}

// unwrapped returns a line of a log without what an export put behind it, such as a quote or a `|`.
func unwrapped(line string) string {
	end := strings.TrimRight(line, " \t\"',|\\")
	refused := strings.Contains(line, heloField) && strings.HasSuffix(end, ">")
	if refused || (strings.Contains(line, statusField) && strings.HasSuffix(end, ")")) {
		return end
	}
	return line
}

// hasBrackets tells whether a text has a bracket as an entity.
func hasBrackets(text string) bool {
	for _, entity := range [...]string{"&lt;", "&#60;", "&gt;", "&#62;"} {
		if strings.Contains(text, entity) {
			return true
		}
	}
	return false
}

// decoded returns a line without entities, if it has no `<` of its own. Where it has one, it
// is no HTML, and the entities may be of what a client chose.
func decoded(line string) string {
	if strings.IndexByte(line, '<') >= 0 || strings.IndexByte(line, '&') < 0 {
		return line
	}
	for _, one := range [...][2]string{
		{"&lt;", "<"}, {"&#60;", "<"}, {"&gt;", ">"}, {"&#62;", ">"}, {"&quot;", `"`},
		{"&#34;", `"`}, {"&#39;", "'"}, {"&nbsp;", " "}, {"&amp;", "&"}, // which makes no new one
	} {
		line = strings.ReplaceAll(line, one[0], one[1])
	}
	return line
}

// unquotedText returns a text without the typographic quotes that all of it stands in.
func unquotedText(text string) string {
	inside := strings.Trim(text, blank)
	opening, size := utf8.DecodeRuneInString(inside)
	if !strings.ContainsRune(typographic, opening) {
		return text
	}
	for _, closing := range typographic {
		if rest, found := strings.CutSuffix(inside, string(closing)); found && rest != "" {
			return rest[size:]
		}
	}
	return text
}

// unlinked returns a text without the links behind addresses, as in `<a@b.c<mailto:a@b.c>>`.
func unlinked(text string) string {
	var made strings.Builder
	start, end := 0, 0
	for {
		found := strings.Index(text[end:], link)
		if found < 0 {
			made.WriteString(text[start:])
			return made.String()
		}
		at := end + found + len(link)
		end = len(text)
		if stop := strings.IndexAny(text[at:], notLinked); stop >= 0 {
			end = at + stop
		}
		if stop := linked(text, start, at, end); stop >= 0 {
			made.WriteString(text[start:stop])
			start = end + 1
		}
	}
}

// linked returns where the address ends that a link of the same address stands behind, -1 if
// none does.
func linked(text string, start, at, end int) int {
	opened := at - len(link) - 1
	if opened <= start || end == at || end == len(text) {
		return -1
	}
	if marks := string([]byte{text[opened], text[end]}); marks != "<>" && marks != "[]" {
		return -1
	}
	before := strings.TrimSuffix(text[start:opened], " ")
	if !strings.HasSuffix(before, text[at:end]) {
		return -1
	}
	return start + len(before)
}
