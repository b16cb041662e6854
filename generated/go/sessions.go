package postfixreplies

import "strings"

// verbs are how commands begin.
var verbs = [...]string{
	"AUTH", "BDAT", "DATA", "EHLO", "ETRN", "HELO", "LHLO", "MAIL", "NOOP", "QUIT",
	"RCPT", "RSET", "STARTTLS", "VRFY", "XCLIENT", "XFORWARD",
}

const (
	longestMark  = 6 // characters of a mark that counts at the beginning of a line only
	refused      = 400
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
// what curl, swaks or telnet show, the debug lines of libraries; nothing where the text is
// none.
func readSession(text string) []Reading {
	lines := strings.Split(strings.ReplaceAll(text, "\r", ""), "\n")
	said := make([]uttered, len(lines))
	kind := Kind("")
	for at, line := range lines {
		var of Kind
		of, said[at] = marked(line)
		if kind == "" {
			kind = of
		}
	}
	if kind != "" {
		return refusals(kind, said, partiesOf(text, kind))
	}
	replies := 0
	for at, line := range lines {
		said[at] = uttered{"client", line}
		if isReply(line) {
			said[at].by = "server"
			replies++
		}
	}
	if replies < 2 {
		return nil
	}
	return refusals(KindClientSession, said, parties{"server", SpeakerServer, nil})
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
			if one.sentBy == "client" || isReply(rest) {
				return one.kind, uttered{one.sentBy, rest}
			}
		}
	}
	return "", uttered{}
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
		if one.by == "" || !isReply(one.line) {
			continue
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

func isCommand(line string) bool {
	for _, verb := range verbs {
		if hasVerb(line, verb) {
			return true
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
	return cut(rest, 1, addressEnd(rest, 1))
}
