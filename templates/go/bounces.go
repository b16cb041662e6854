package postfixreplies

import "strings"

const expanded = " (expanded from <"

// nameOf returns what a field of a notification is called here, and whether it has a type
// before its value; empty where it does not count.
func nameOf(field string) (name string, typed bool) {
	switch field {
	case "final-recipient":
		return "to", true
	case "original-recipient":
		return "orig_to", true
	case "action":
		return "action", false
	case "status":
		return "dsn", false
	case "remote-mta":
		return "remote_mta", true
	case "reporting-mta":
		return "reporting_mta", true
	case "x-postfix-queue-id":
		return "queue_id", false
	case "x-postfix-sender":
		return "from", true
	case "diagnostic-code":
		return "diagnostic", false
	}
	return "", false
}

func isStatus(kind string) bool {
	return kind == "message/delivery-status" || kind == "message/global-delivery-status"
}

// part is a part of a message.
type part struct{ kind, body string }

// telling is what people are told of a recipient.
type telling struct {
	fields []entry
	reason string
}

// readBounce returns what a notification says of each recipient (RFC 3464;
// bounce/bounce_notify_util.c); nothing where it is none. What was returned is never
// looked at: its author chose it.
func readBounce(text string) []Reading {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if parts := partsOf(text); len(parts) > 0 {
		return merged(parts)
	}
	readings := []Reading{}
	if found := recipients([]string{text}); len(found) > 0 {
		for _, fields := range found {
			readings = append(readings, ofReport(KindBounceDSN, fields, nil))
		}
		return readings
	}
	for _, one := range toldIn(text) {
		readings = append(readings, ofReason(KindBounceText, one.reason, listed(one.fields), nil))
	}
	return readings
}

// partsOf returns the parts of a message before the one that was returned.
func partsOf(text string) []part {
	head, body, _ := strings.Cut(text, "\n\n")
	var fields entries
	fieldsOf(head, &fields)
	kind := fields.get(0, "content-type")
	_, rest, found := strings.Cut(kind, "boundary=")
	if !found || !strings.HasPrefix(lowered(kind), "multipart/report") {
		return nil
	}
	var boundary string
	if strings.HasPrefix(rest, `"`) {
		boundary, _, _ = strings.Cut(rest[1:], `"`)
	} else {
		boundary, _, _ = strings.Cut(rest, ";")
		boundary = strings.Trim(boundary, blank)
	}
	pieces := strings.Split(body, "\n--"+boundary)
	if !strings.HasPrefix(body, "--"+boundary) {
		pieces = pieces[1:]
	}
	parts := []part{}
	for _, piece := range pieces {
		head, inside, _ := strings.Cut(piece, "\n\n")
		_, head, _ = strings.Cut(head, "\n")
		fieldsOf(head, &fields)
		kind := "text/plain"
		if fields.has(0, "content-type") {
			kind, _, _ = strings.Cut(fields.get(0, "content-type"), ";")
			kind = lowered(strings.Trim(kind, blank))
		}
		if !isStatus(kind) && !strings.HasPrefix(kind, "text/plain") {
			return parts
		}
		parts = append(parts, part{kind, inside})
	}
	return parts
}

// fieldsOf finds the fields of a block that count, by name in lower case, unfolded; the
// first of a name counts.
func fieldsOf(block string, found *entries) {
	found.count = 0
	var pieces []string
	name, last := "", ""
	keep := func() {
		if name == "content-type" || last != "" {
			if !found.has(0, name) {
				found.add(name, strings.Join(pieces, " "))
			}
		}
		name, last, pieces = "", "", pieces[:0]
	}
	for more := true; more; {
		var line string
		line, block, more = strings.Cut(block, "\n")
		if line == "" || (line[0] != ' ' && line[0] != '\t') {
			keep()
			before, value, colon := strings.Cut(line, ":")
			if colon {
				name = strings.ReplaceAll(lowered(strings.Trim(before, blank)), " ", "-")
				last, _ = nameOf(name)
			}
			line = value
		}
		if name == "content-type" || last != "" {
			pieces = append(pieces, strings.Trim(line, blank))
		}
	}
	keep()
}

// recipients returns the fields of each recipient, with those of the message.
func recipients(texts []string) [][]entry {
	var found [][]entry
	var ofMessage []entry
	var fields entries
	for _, text := range texts {
		for more := true; more; {
			var block string
			block, text, more = strings.Cut(text, "\n\n")
			fieldsOf(block, &fields)
			fields.rename()
			if fields.has(0, "reporting_mta") && !fields.has(0, "to") {
				ofMessage = nil
				for _, one := range fields.kept() {
					if one.name == "reporting_mta" || one.name == "queue_id" || one.name == "from" {
						ofMessage = append(ofMessage, one)
					}
				}
			} else if fields.has(0, "diagnostic") || (fields.has(0, "to") && fields.has(0, "action")) {
				all := append([]entry(nil), ofMessage...)
				found = append(found, append(all, fields.kept()...))
			}
		}
	}
	return found
}

// rename makes the fields of a notification those that they are called here.
func (e *entries) rename() {
	count := 0
	for at := 0; at < e.count; at++ {
		one := *e.at(at)
		name, typed := nameOf(one.name)
		if name == "" {
			continue
		}
		if _, rest, found := strings.Cut(one.value, ";"); typed && found {
			one.value = strings.Trim(rest, blank)
		}
		if name == "action" {
			one.value = lowered(one.value)
		}
		*e.at(count) = entry{name, one.value}
		count++
	}
	e.count = count
}

// ofReport returns a reading of a recipient's fields, and of what people are told, if that
// is there.
func ofReport(kind Kind, recipient []entry, reason *string) Reading {
	fields := listed(recipient)
	of, said, typed := strings.Cut(fields.pop("diagnostic"), ";")
	said = strings.Trim(said, blank)
	if typed {
		fields.put(0, "diagnostic_type", lowered(strings.Trim(of, blank)))
	}
	if reason != nil {
		return ofReason(kind, *reason, fields, nil)
	}
	of = fields.get(0, "diagnostic_type")
	if of == "smtp" && isReply(said) {
		return ofReply(kind, SpeakerRemote, said, fields, nil)
	}
	if of == "x-unix" {
		return remarked(kind, SpeakerCommand, said, fields, nil)
	}
	if said != "" {
		return ofReason(kind, said, fields, nil)
	}
	return silent(kind, SpeakerDelivery, fields, nil)
}

// merged returns readings of a whole notification: what programs and people are told of
// each recipient.
func merged(parts []part) []Reading {
	var reports []string
	for _, one := range parts {
		if isStatus(one.kind) {
			reports = append(reports, one.body)
		}
	}
	var people []telling
	if !isStatus(parts[0].kind) {
		people = toldIn(parts[0].body)
	}
	reasons := make(map[string]*string, len(people))
	for at := range people {
		to := people[at].fields[0].value
		if reasons[to] == nil {
			reasons[to] = &people[at].reason
		}
	}
	readings := []Reading{}
	for _, fields := range recipients(reports) {
		readings = append(readings, ofReport(KindBounceMessage, fields, reasons[listed(fields).get(0, "to")]))
	}
	if len(readings) > 0 {
		return readings
	}
	for at := range people {
		one := &people[at]
		readings = append(readings, ofReason(KindBounceMessage, one.reason, listed(one.fields), nil))
	}
	return readings
}

// toldIn returns what people are told: `<recipient>: reason`, folded.
func toldIn(text string) []telling {
	var found []telling
	for more := true; more; {
		var block string
		block, text, more = strings.Cut(text, "\n\n")
		block = strings.Trim(block, "\n")
		if !strings.HasPrefix(block, "<") {
			continue
		}
		line := unwrappedLines(block)
		end := addressEnd(line, 1)
		if end < 0 {
			continue
		}
		fields := []entry{{"to", line[1:end]}}
		rest := line[end+1:]
		if strings.HasPrefix(rest, expanded) {
			stop := addressEnd(rest, len(expanded))
			if stop < 0 {
				continue
			}
			fields = append(fields, entry{"orig_to", rest[len(expanded):stop]})
			rest = rest[min(stop+2, len(rest)):]
		}
		if strings.HasPrefix(rest, ": ") {
			found = append(found, telling{fields, rest[2:]})
		}
	}
	return found
}

// unwrappedLines returns the lines of a text as one.
func unwrappedLines(text string) string {
	pieces := strings.Split(text, "\n")
	for at := range pieces {
		pieces[at] = strings.Trim(pieces[at], blank)
	}
	return strings.Join(pieces, " ")
}
