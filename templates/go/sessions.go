package postfixreplies

import "strings"

// begun are how commands begin.
var begun = [...]string{
	"AUTH ", "BDAT ", "EHLO ", "ETRN ", "HELO ", "LHLO ", "MAIL FROM:", "RCPT TO:",
	"VRFY ", "XCLIENT ", "XFORWARD ",
}

// alone are commands that are a word.
var alone = [...]string{"DATA", "NOOP", "QUIT", "RSET", "STARTTLS"}

const (
	longestMark  = 6 // characters of a mark that counts at the beginning of a line only
	refused      = 400
	folding      = "     "
	aborted      = "\nSession aborted, reason: "
	serverNotice = "SMTP server: errors from "
	clientNotice = "client: errors from "
)

// uttered is a line of a transcript, and who sent it.
type uttered struct{ by, line string }

// parties are who refuses in a transcript, who that is, and what is known of it.
type parties struct {
	server  string
	speaker Speaker
	about   []entry
}

// readSession returns the refusals of a transcript in order: a notice to the postmaster,
// what curl, swaks or telnet show, the debug lines of libraries. Without any it returns the
// session; nothing where the text is none.
func readSession(text string) []Reading {
	lines := strings.Split(strings.ReplaceAll(text, "\r", ""), "\n")
	if kind, said := utterances(notedLines(lines)); kind != "" {
		of := partiesOf(text, kind)
		if found := refusals(kind, said, of); len(found) > 0 {
			return found
		}
		return []Reading{unrefused(kind, text, of.about)}
	}
	said := make([]uttered, len(lines))
	replies := 0
	for at, line := range lines {
		said[at] = uttered{"client", line}
		if isReply(line) {
			said[at].by = "server"
			replies++
		}
	}
	if replies < 2 || !isConversation(lines) {
		return nil
	}
	return refusals(KindClientSession, said, parties{"server", SpeakerServer, nil})
}

// utterances returns what the marks of some lines say that the text is, empty where none is
// before a reply, and who said what.
func utterances(lines []string) (kind Kind, said []uttered) {
	said = make([]uttered, len(lines))
	for at, line := range lines {
		var of Kind
		of, said[at] = marked(line)
		if kind == "" && isReply(said[at].line) {
			kind = of
		}
	}
	return kind, said
}

// unrefused returns a session in which nothing was refused, and why it ended, if a notice
// says so.
func unrefused(kind Kind, text string, about []entry) Reading {
	_, rest, _ := strings.Cut(text, aborted)
	reason, _, _ := strings.Cut(rest, "\n")
	if reason == "" {
		return silent(kind, "", listed(about), nil)
	}
	return remarked(kind, "", reason, listed(about), nil)
}

// notedLines returns the lines of a notice to the postmaster, which folds the long ones behind
// its marks (smtpd/smtpd_chat.c:smtpd_chat_notify).
func notedLines(lines []string) []string {
	var made, pieces []string
	noted := false // whether the line that the pieces are of has a mark
	for _, line := range lines {
		if noted && strings.HasPrefix(line, folding) {
			pieces = append(pieces, strings.Trim(line, blank))
			continue
		}
		if pieces != nil {
			made = append(made, strings.Join(pieces, " "))
		}
		pieces = append(pieces[:0], line)
		noted = strings.HasPrefix(line, " Out: ") || strings.HasPrefix(line, " In:  ")
	}
	return append(made, strings.Join(pieces, " "))
}

// isConversation tells whether lines without marks have a command, or are replies and
// nothing else.
func isConversation(lines []string) bool {
	others := false
	for _, line := range lines {
		if line == "" || isReply(line) {
			continue
		}
		if isCommand(line) {
			return true
		}
		others = true
	}
	return !others
}

// marked returns what a line's mark says the text is, who sent the line, and the line
// without the mark.
func marked(line string) (kind Kind, said uttered) {
	for number := range transcripts {
		one := &transcripts[number]
		at := 0
		if len(one.text) > longestMark {
			at = strings.Index(line, one.text)
		}
		if at >= 0 && strings.HasPrefix(line[at:], one.text) {
			rest := line[at+len(one.text):]
			if quote := one.text[len(one.text)-1]; quote == '\'' || quote == '"' {
				rest = inQuotes(line, at+len(one.text)-1)
			}
			if one.sentBy == "client" || isReply(rest) {
				return one.kind, uttered{one.sentBy, rest}
			}
		}
	}
	return "", uttered{"", line}
}

// inQuotes returns the line that a literal of Python is, of which the quote is at a place.
func inQuotes(line string, at int) string {
	if at > 0 && line[at-1] == 'b' {
		at--
	}
	said, _ := literal(line, at)
	return strings.TrimRight(said, "\r\n")
}

// partiesOf returns who it is that refuses; the subject of a notice turns it over.
func partiesOf(text string, kind Kind) parties {
	if kind != "postmaster_transcript" {
		return parties{"server", SpeakerServer, nil}
	}
	if strings.Contains(text, clientNotice) {
		return parties{"client", SpeakerRemote, nil}
	}
	of := parties{"server", SpeakerSmtpd, nil}
	if _, rest, found := strings.Cut(text, serverNotice); found {
		client, _, _ := strings.Cut(rest, "\n")
		about := entries{}
		clients(client, 0, &about)
		of.about = about.kept()
	}
	return of
}

// refusals returns the refusals of a conversation, each with the command that it answers.
func refusals(kind Kind, said []uttered, of parties) []Reading {
	readings := []Reading{}
	var asked, reply []string
	answered := 0 // commands that have an answer
	sender := ""
	for _, one := range said {
		if one.by != "" && one.by != of.server {
			if isCommand(one.line) {
				asked = append(asked, one.line)
			}
			continue
		}
		more := goesOnFrom(reply, one.line)
		if !isReply(one.line) || (one.by == "" && !more) {
			continue
		}
		if !more {
			reply = reply[:0]
		}
		reply = append(reply, one.line)
		if goesOnBehind(one.line) {
			continue
		}
		command := ""
		if answered < len(asked) {
			command = asked[answered]
			answered++
		}
		if from := addressIn(command, "MAIL FROM:"); from != "" {
			sender = from
		}
		if codeOf(one.line) >= refused {
			fields := aboutOf(of.about, command, sender)
			readings = append(readings, ofReply(kind, of.speaker, strings.Join(reply, "\n"), fields, nil))
		}
		reply = reply[:0]
	}
	return readings
}

// goesOnFrom tells whether a line is one more of a reply, which has no mark where lines are
// shown as one.
func goesOnFrom(reply []string, line string) bool {
	return len(reply) > 0 && strings.HasPrefix(line, reply[0][:3])
}

func isCommand(line string) bool {
	for _, verb := range begun {
		if hasVerb(line, verb) {
			return true
		}
	}
	word := strings.Trim(line, blank)
	for _, verb := range alone {
		if len(word) == len(verb) && hasVerb(word, verb) {
			return isASCII(line) || word == verb
		}
	}
	return false
}

// hasVerb tells whether a line begins with a verb; in small letters if it is all ASCII.
func hasVerb(line, verb string) bool {
	if len(line) < len(verb) || !strings.EqualFold(line[:len(verb)], verb) {
		return false
	}
	return line[:len(verb)] == verb || isASCII(line)
}

func aboutOf(about []entry, command, sender string) *entries {
	fields := listed(about)
	if sender != "" {
		fields.put(0, "from", sender)
	}
	if recipient := addressIn(command, "RCPT TO:"); recipient != "" {
		fields.put(0, "to", recipient)
	}
	if command == "" {
		return fields
	}
	if hasVerb(command, "AUTH ") {
		// What follows AUTH is a password, or nearly.
		if end := strings.IndexByte(command[5:], ' '); end >= 0 {
			command = command[:5+end]
		}
	}
	fields.put(0, "command", command)
	return fields
}

// addressIn returns the address of a command.
func addressIn(command, verb string) string {
	if !hasVerb(command, verb) {
		return ""
	}
	rest := strings.TrimLeft(command[len(verb):], " ")
	if !strings.HasPrefix(rest, "<") {
		return ""
	}
	end := addressEnd(rest, 1)
	if end < 0 {
		end = max(strings.LastIndexByte(rest, '>'), 1)
	}
	return rest[1:end]
}
