package postfixreplies

import "strings"

// A line of a mail log is peeled from the left, where nothing hostile stands: what
// carries the line, how grave it is, the queue id, then a wrapper of the catalog. Carriers
// are code, since they are told apart by nothing but where the tag of Postfix is:
// name/program[pid] (global/mail_task.c:mail_task).

const (
	shortestID = 6  // characters of a queue id (global/mail_queue.h)
	mostWords  = 16 // how many words may stand before the tag
)

func isSeverity(word string) bool {
	switch word {
	case "warning", "error", "fatal", "panic":
		return true
	}
	return false
}

func isDelivering(daemon string) bool {
	switch daemon {
	case "bounce", "cleanup", "discard", "error", "lmtp", "local", "nqmgr", "oqmgr", "pipe", "qmgr", "smtp", "virtual":
		return true
	}
	return false
}

func isSending(daemon string) bool { return daemon == "smtp" || daemon == "lmtp" }

// readLog finds what a line of a log says; it is false if it is no line of Postfix. What
// every line goes through fills one reading, since to return it from each function would
// cost a tenth of the time.
func readLog(line string, r *Reading) bool {
	if strings.IndexByte(line, '\t') >= 0 {
		line = strings.ReplaceAll(line, "\t", " ") // of a carrier: a record has none
	}
	head, text, _ := strings.Cut(line, "]: ")
	tag := head[strings.LastIndexByte(head, ' ')+1:]
	if opened := strings.IndexByte(tag, '['); opened >= 0 {
		tag = tag[:opened]
	}
	daemon := daemonOf(tag)
	if daemon == "" || strings.Contains(head, ": ") {
		var ok bool
		if tag, text, ok = tagged(line); !ok {
			return untagged(line, r)
		}
		daemon = daemonOf(tag)
	} else if strings.HasPrefix(text, "[ID ") {
		_, text, _ = strings.Cut(text, "] ")
	}
	readRecord(tag, daemon, text, r)
	return true
}

// daemonOf returns the program of a tag: name/program; empty where it is none.
func daemonOf(tag string) string {
	slash := strings.LastIndexByte(tag, '/')
	if slash <= 0 || !isProgram(tag[slash+1:]) {
		return ""
	}
	return tag[slash+1:]
}

// tagged returns the tag and the text behind it, wherever among the first words it
// stands.
func tagged(line string) (tag, text string, ok bool) {
	for tried := 0; tried < mostWords; tried++ {
		word, rest, found := strings.Cut(line, " ")
		if !found {
			return "", "", false
		}
		if tag = tagOf(word); tag != "" {
			pid, behind, _ := strings.Cut(rest, " - - ")
			if isDigits(pid) { // RFC 5424
				return tag, behind, true
			}
			if last := word[len(word)-1]; last == ':' || last == ']' {
				return tag, rest, true
			}
		}
		if strings.HasSuffix(word, ":") {
			return "", "", false // what follows was said by somebody
		}
		line = rest
	}
	return "", "", false
}

// tagOf returns the tag that a word is: name/program, perhaps with a pid, a colon,
// brackets; else nothing.
func tagOf(word string) string {
	if strings.IndexByte(word, '/') < 0 {
		return ""
	}
	tag := strings.TrimRight(strings.TrimRight(word, ":"), "]")
	before, _, _ := strings.Cut(tag, "[")
	if before == "" {
		before = strings.TrimLeft(tag, "[")
	}
	tag = before[strings.LastIndexByte(before, ':')+1:]
	if daemonOf(tag) == "" {
		return ""
	}
	return tag
}

// readRecord finds what a program of Postfix logged.
func readRecord(tag, daemon, text string, r *Reading) {
	var fields entries
	fields.add("tag", tag)
	fields.add("daemon", daemon)
	text, queued := peeled(text, &fields)
	if readWrapped(daemon, text, &fields, r) {
		return
	}
	if queued && isDelivering(daemon) && readDelivery(daemon, text, &fields, r) {
		return
	}
	if !queued && readSending(daemon, text, &fields, r) {
		return
	}
	*r = silent(KindDaemon, "", &fields, nil)
}

// untagged finds what a line says of which the tag was lost.
func untagged(line string, r *Reading) bool {
	if strings.IndexByte(line, '[') < 0 && !strings.Contains(line, ": ") {
		return false
	}
	var fields entries
	for tried := 0; tried < mostWords; tried++ {
		fields.count = 0
		text, queued := peeled(line, &fields)
		if ofAny(text, queued, &fields, r) {
			return true
		}
		if queued && strings.HasPrefix(text, "to=<") {
			return readDelivery("", text, &fields, r)
		}
		word, rest, found := strings.Cut(line, " ")
		if !found || strings.HasSuffix(word, ":") {
			break // what follows was said by somebody
		}
		line = rest
	}
	return false
}

// ofAny finds what one of the programs says that a line without a tag can be of.
func ofAny(text string, queued bool, fields *entries, r *Reading) bool {
	start := fields.count
	for at, daemon := range [...]string{"smtpd", "postscreen", "cleanup", "qmgr", "smtp"} {
		if at >= 2 && !queued {
			break
		}
		fields.count = start // what another program would have said is nothing
		if !readWrapped(daemon, text, fields, r) {
			continue
		}
		if !fields.has(0, "client_address") {
			if queued {
				return true
			}
		} else if daemon != "smtpd" || fields.has(0, "client_name") {
			return true
		}
	}
	return false
}

// peeled returns a text without severity and queue id, and whether it has a queue id; adds
// the two.
func peeled(text string, into *entries) (rest string, queued bool) {
	word, rest, found := strings.Cut(text, ": ")
	if found && isSeverity(word) {
		into.add("severity", word)
		text = rest
		word, rest, found = strings.Cut(text, ": ")
	}
	if found && isQueueID(word) {
		into.add("queue_id", word)
		return rest, true
	}
	return text, false
}

// isQueueID tells whether a word can be the name of a message in the queue, or stands for
// none.
func isQueueID(word string) bool {
	if word == "NOQUEUE" {
		return true
	}
	digits := false // one without any cannot be told from a word
	for at := 0; at < len(word); at++ {
		switch c := word[at]; {
		case c >= '0' && c <= '9':
			digits = true
		case c|0x20 >= 'a' && c|0x20 <= 'z':
		default:
			return false
		}
	}
	return digits && len(word) >= shortestID
}

// readWrapped finds what a record says that is one of the wrappers of its program.
func readWrapped(daemon, text string, fields *entries, r *Reading) bool {
	for _, length := range [...]int{4, 2, 0} {
		for _, number := range logsOf(length, daemon, text) {
			if strings.HasPrefix(text, logs[number].lead) && logs[number].read(text, fields, r) {
				return true
			}
		}
	}
	return false
}

// read finds what a text says that begins as a wrapper does, if it is the wrapper.
func (w *wrapping) read(text string, fields *entries, r *Reading) bool {
	start := fields.count
	said, ok := filled(w.gaps, text, len(w.lead), fields)
	if !ok {
		return false
	}
	if w.tail == "check" {
		return w.check(start, fields, r)
	}
	var unsure []string
	if w.tail == "client" {
		end := fields.count
		said, unsure = cutClient(said, fields.get(start, "stage"), fields)
		fields.yield(start, end, end)
	}
	fields.yield(0, start, start) // what is there already stays
	for at := range w.implied {
		fields.add(w.implied[at].name, w.implied[at].value)
	}
	switch {
	case w.worded && w.words != "":
		*r = remarked(w.kind, w.speaker, w.words, fields, unsure)
	case said == "" && !w.worded:
		*r = silent(w.kind, w.speaker, fields, nil)
	case w.worded || !isReply(said):
		*r = remarked(w.kind, w.speaker, said, fields, unsure)
	default:
		*r = ofReply(w.kind, w.speakerOf(said), said, fields, unsure)
	}
	return true
}

// speakerOf returns who says a reply: smtpd, if the words are its own.
func (w *wrapping) speakerOf(said string) Speaker {
	for _, own := range w.own {
		if strings.HasSuffix(said, own) {
			return SpeakerSmtpd
		}
	}
	return w.speaker
}

// yield removes the fields from a place on that are between two others too.
func (e *entries) yield(start, end, from int) {
	var seen uint64 // a bit for each name, which another one may have too
	for at := start; at < end; at++ {
		seen |= 1 << (bits(e.at(at).name) & 63)
	}
	kept := from
	for at := from; at < e.count; at++ {
		one := e.at(at)
		if seen&(1<<(bits(one.name)&63)) != 0 && e.place(start, end, one.name) >= 0 {
			continue
		}
		if kept < at {
			*e.at(kept) = *one
		}
		kept++
	}
	e.count = kept
}

// check finds what cleanup did; the fields from a place on are those of the wrapper.
func (w *wrapping) check(start int, fields *entries, r *Reading) bool {
	place := fields.place(start, fields.count, "content")
	if place < 0 {
		return false
	}
	content, origin, said, ok := cutCheck(fields.at(place).value, fields)
	if !ok {
		fields.count = start
		return false
	}
	for _, one := range w.implied {
		if !fields.has(start, one.name) {
			fields.add(one.name, one.value)
		}
	}
	fields.at(place).value = content
	clients(origin, start, fields)
	if said == "" {
		*r = silent(w.kind, w.speaker, fields, nil)
	} else {
		*r = remarked(w.kind, w.speaker, said, fields, nil)
	}
	return true
}

// readDelivery finds what became of a recipient (global/log_adhoc.c:log_adhoc), or of a
// server on the way.
func readDelivery(daemon, text string, fields *entries, r *Reading) bool {
	end := 0
	if strings.HasPrefix(text, "to=<") {
		end = address(text, 4, "to", fields)
		if end >= 0 && strings.HasPrefix(text[end:], ", orig_to=<") {
			end = address(text, end+11, "orig_to", fields)
		}
		if end < 0 {
			return false
		}
	} else if !strings.HasPrefix(text, "status=") {
		return readSending(daemon, text, fields, r)
	}
	became(daemon, text[end:], fields, r)
	return true
}

// became finds the same from behind the recipient on.
func became(daemon, text string, fields *entries, r *Reading) {
	status, reason, _ := strings.Cut(text, " (")
	pairs(status, fields)
	var unsure []string
	if strings.HasSuffix(reason, ")") {
		reason = reason[:len(reason)-1]
	} else {
		unsure = []string{"words"}
	}
	if isReply(reason) && (isSending(daemon) || daemon == "") {
		if relay := fields.get(0, "relay"); strings.IndexByte(relay, '[') >= 0 {
			fields.put(0, "remote", upTo(relay, ']'))
			*r = ofRepeat(KindDelivery, reason, reason, fields, unsure)
			return
		}
	}
	*r = ofReason(KindDelivery, reason, fields, unsure)
}

// readEnd finds what the end of a delivery line says, from a recipient or a field on.
func readEnd(text string, r *Reading) bool {
	status, _, _ := strings.Cut(text, " (")
	if !isPiece(text) || !strings.Contains(status, "status=") {
		return false
	}
	var fields entries
	if strings.HasPrefix(text, "to=<") {
		return readDelivery("", text, &fields, r)
	}
	became("", text, &fields, r)
	return true
}

// isPiece tells whether the end of a delivery line can begin as a text does.
func isPiece(text string) bool {
	for _, piece := range [...]string{"to=<", "relay=", "conn_use=", "delay=", "delays=", "tls=", "dsn=", "status="} {
		if strings.HasPrefix(text, piece) {
			return true
		}
	}
	return false
}

// readSending finds what became of a server on the way; a warning only where the server is
// quoted.
func readSending(daemon, text string, fields *entries, r *Reading) bool {
	if !isSending(daemon) {
		return false
	}
	told := fields.has(0, "queue_id") || strings.HasPrefix(text, "connect to ")
	if !told || fields.has(0, "severity") {
		var found entries
		if _, ok := repeated(text, &found); !ok {
			return false
		}
	}
	*r = ofReason(KindDeliveryInfo, text, fields, nil)
	return true
}

// upTo returns a text up to a mark that is put behind it if it has none.
func upTo(text string, mark byte) string {
	if at := strings.IndexByte(text, mark); at >= 0 {
		return text[:at+1]
	}
	return text + string(rune(mark))
}

// address adds the address in brackets that begins at a place; returns where what follows
// begins, or -1.
func address(text string, at int, name string, fields *entries) int {
	end := addressEnd(text, at)
	if end < 0 {
		end = behind(at, strings.Index(text[at:], ">, ")) // not quoted before 3.5
	}
	if end < 0 {
		return -1
	}
	fields.put(0, name, text[at:end])
	return end + 1
}
