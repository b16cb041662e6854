package postfixreplies

import "strings"

// What stands behind a reply in a log line is code and no data of the catalog, since it
// is found from its end: what a client wrote into a sender or a HELO name looks like a
// tail too, and Postfix quotes it (smtpd/smtpd_check.c:log_whatsup,
// postscreen/postscreen_smtpd.c:psc_rcpt_cmd, cleanup/cleanup_message.c:cleanup_act_log).

// cutClient returns a reply without its tail, and those of the fields of the tail that
// are not sure; it adds the fields.
func cutClient(said, stage string, into *entries) (rest string, unsure []string) {
	if stage == "HELO" || stage == "EHLO" {
		return cutRaw(said, into)
	}
	start := into.count
	at := rightmost(said, len(said), into)
	if at < 0 {
		return cutLoosely(said, into)
	}
	// A login name is logged as it is, so it can hold what looks like a tail.
	if strings.Contains(said[:at], " sasl_username=") {
		middle := into.count
		other := rightmost(said, at, into)
		if other >= 0 && into.has(middle, "sasl_username") {
			into.remove(start, middle)
			unsure = []string{"line"}
			for place := start; place < into.count; place++ {
				unsure = append(unsure, into.at(place).name)
			}
			at = other
		} else {
			into.count = middle
		}
	}
	if unsure == nil && strings.Contains(into.get(start, "sasl_username"), " ") && into.has(start, "sasl_sender") {
		unsure = []string{"sasl_username", "sasl_sender"}
	}
	return said[:at], unsure
}

// rightmost returns the last `;` behind which all is a tail, or -1; it adds the fields.
func rightmost(said string, end int, into *entries) int {
	start := into.count
	for at := end - 2; at >= 0; at-- {
		if said[at] != ';' || said[at+1] != ' ' {
			continue
		}
		if run(said, at+2, into) == len(said) {
			return at
		}
		into.count = start
	}
	return -1
}

// cutRaw does the same at HELO, where the name is logged as the client wrote it.
func cutRaw(said string, into *entries) (rest string, unsure []string) {
	at := strings.Index(said, "; proto=")
	if at < 0 {
		return withoutMark(said), nil
	}
	proto, helo, found := strings.Cut(said[at+8:], " helo=<")
	into.add("proto", proto)
	if found {
		into.add("helo", strings.TrimSuffix(helo, ">"))
	}
	if strings.Contains(said[at+1:], "; proto=") {
		unsure = []string{"line", "helo"}
	}
	return said[:at], unsure
}

// cutLoosely does the same before Postfix 3.5, which did not quote: more than one way
// can be right.
func cutLoosely(said string, into *entries) (rest string, unsure []string) {
	at := strings.LastIndex(said, "; from=<")
	proto := strings.LastIndex(said, "> proto=")
	if at < 0 || proto < at {
		return withoutMark(said), nil
	}
	start := into.count
	if run(said, proto+2, into) != len(said) {
		into.count = start
		return withoutMark(said), nil
	}
	between := said[at+8 : proto]
	sender := between
	unsure = []string{"from"}
	if found := strings.LastIndex(between, "> to=<"); found >= 0 {
		sender = between[:found]
		into.put(start, "to", between[found+6:])
		unsure = []string{"from", "to"}
	}
	if !into.has(start, "from") {
		into.add("from", sender)
	}
	if strings.Index(said, "; from=<") != at {
		unsure = append([]string{"line"}, unsure...)
	}
	return said[:at], unsure
}

// withoutMark removes the `;` of which the tail was lost.
func withoutMark(said string) string { return strings.TrimSuffix(said, ";") }

// orderOf returns the place of a key of a tail, or -1.
func orderOf(key string) int {
	switch key {
	case "from":
		return 0
	case "to":
		return 1
	case "proto":
		return 2
	case "helo":
		return 3
	case "sasl_method":
		return 4
	case "sasl_username":
		return 5
	case "sasl_sender":
		return 6
	}
	return -1
}

const longestKey = 14 // octets of a key of a tail and its `=`

// run adds the fields that begin at a place: name=value or name=<value>, each once and
// in order. It returns where they end, or -1 where they are none.
func run(text string, at int, into *entries) int {
	last := -1
	for {
		if at > len(text) {
			return -1
		}
		key := text[at:min(at+longestKey, len(text))]
		if equals := strings.IndexByte(key, '='); equals >= 0 {
			key = key[:equals]
		}
		place := orderOf(key)
		if place <= last {
			return -1
		}
		last = place
		value, end := valueOf(text, at+len(key)+1, place)
		if end < 0 {
			return -1
		}
		into.add(key, value)
		at = end
		if strings.HasPrefix(text[at:], " ") {
			at++
		} else if strings.HasPrefix(text[at:], ", ") {
			at += 2
		} else {
			return at
		}
	}
}

// valueOf returns the value of a key that begins at a place, and where it ends, or -1.
func valueOf(text string, at, place int) (value string, end int) {
	if at > len(text) { // the key is all that is left
		if place == orderOf("sasl_username") {
			return "", len(text)
		}
		return "", -1
	}
	if strings.HasPrefix(text[at:], "<") {
		if place <= 1 {
			end = addressEnd(text, at+1)
		} else {
			end = nameEnd(text, at)
		}
		if end < 0 {
			return "", -1
		}
		return text[at+1 : end], end + 1
	}
	switch place {
	case 0, 1:
		return "", -1
	case 5:
		end = behind(at, strings.LastIndex(text[at:], " sasl_sender="))
		if end < 0 || strings.IndexByte(text[end+1:], ' ') >= 0 {
			end = len(text)
		}
		return text[at:end], end
	}
	end = at
	for end < len(text) && text[end] != ' ' && text[end] != ',' && text[end] != ';' && text[end] != ':' {
		end++
	}
	if end == at {
		return "", -1
	}
	return text[at:end], end
}

// nameEnd returns where `<name>` ends: a HELO name or a login name of a milter's line; or
// -1.
func nameEnd(text string, at int) int {
	end := strings.IndexByte(text[at:], '>')
	if end < 0 {
		return -1
	}
	if text[len(text)-1] == '>' && strings.IndexByte(text[at:], ' ') < 0 {
		return len(text) - 1 // postscreen logs the word as it is, to the end of the line
	}
	if strings.ContainsAny(text[at+1:at+end], ` <>()\";@`) {
		return -1
	}
	return at + end
}

// addressEnd returns where the `>` behind an address is: what stands in its quotes counts
// for nothing; or -1.
func addressEnd(text string, at int) int {
	if at > len(text) {
		return -1
	}
	for at < len(text) {
		switch text[at] {
		case '"':
			at = quoteEnd(text, at+1)
			if at < 0 {
				return -1
			}
		case '>':
			return at
		case '<', ';', ' ':
			return -1
		}
		at++
	}
	return -1
}

func quoteEnd(text string, at int) int {
	for at < len(text) {
		if text[at] == '\\' {
			at++
		} else if text[at] == '"' {
			return at
		}
		at++
	}
	return -1
}

// cutCheck returns what a check of cleanup found, where from, and what it says about it;
// it adds the fields.
//
// The tail is the last ` from ...;` that is one, since what was found can hold another.
func cutCheck(content string, into *entries) (kept, origin, said string, ok bool) {
	start := into.count
	at := strings.LastIndex(content, " from ")
	for at >= 0 {
		origin, _, ok = strings.Cut(content[at+6:], ";")
		if ok && strings.IndexByte(origin, ' ') < 0 {
			end := at + 6 + len(origin) + 1
			if strings.HasPrefix(content[end:], " ") {
				end = run(content, end+1, into)
			}
			if end == len(content) {
				return content[:at], origin, "", true
			}
			if end >= 0 && strings.HasPrefix(content[end:], ": ") {
				return content[:at], origin, content[end+2:], true
			}
			into.count = start
		}
		at = strings.LastIndex(content[:at], " from ")
	}
	return "", "", "", false
}
