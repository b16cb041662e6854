package postfixreplies

import (
	"sort"
	"strings"
)

// Reading is what a held text says, and who said it.
type Reading struct {
	// Kind is what the text is.
	Kind Kind
	// Speaker is who said what it says, empty if nobody said anything.
	Speaker Speaker
	// Line is the reply in it with its codes, as it stands there; empty where there is none.
	Line string
	// Words is what is said without a reply code: a reason, or words of which the code is
	// lost.
	Words string
	// HasWords tells whether anything is said so, since what is said can be empty.
	HasWords bool

	said    string // what may be a reply of Postfix
	fields  []entry
	replies []string
	unsure  []string
	depth   int // how many readings it is inside of
}

// entry is a field of a reading.
type entry struct{ name, value string }

// entries are the fields of a reading while it is made; of a name the last one counts.
// Those that most readings have stand in it, so that it needs no allocation.
type entries struct {
	first [most]entry
	more  []entry
	count int
}

const most = 20 // fields

const deepest = 8 // quotes in quotes

// listed returns entries of some fields.
func listed(of []entry) *entries {
	e := &entries{}
	for at := range of {
		e.add(of[at].name, of[at].value)
	}
	return e
}

func (e *entries) at(place int) *entry {
	if place < most {
		return &e.first[place]
	}
	return &e.more[place-most]
}

// place returns where between two places the last field of a name is, or -1.
func (e *entries) place(start, end int, name string) int {
	for at := end - 1; at >= start; at-- {
		if e.at(at).name == name {
			return at
		}
	}
	return -1
}

// get returns the value of a field at a place or behind it, and an empty one where there
// is none.
func (e *entries) get(start int, name string) string {
	if at := e.place(start, e.count, name); at >= 0 {
		return e.at(at).value
	}
	return ""
}

func (e *entries) has(start int, name string) bool { return e.place(start, e.count, name) >= 0 }

func (e *entries) add(name, value string) {
	if e.count < most {
		e.first[e.count] = entry{name, value}
	} else {
		e.more = append(e.more[:e.count-most], entry{name, value})
	}
	e.count++
}

// put adds a field in place of the one of its name that stands at a place or behind it.
func (e *entries) put(start int, name, value string) {
	if at := e.place(start, e.count, name); at >= 0 {
		e.at(at).value = value
	} else {
		e.add(name, value)
	}
}

// remove takes out the fields between two places.
func (e *entries) remove(start, end int) {
	for ; end < e.count; end++ {
		*e.at(start) = *e.at(end)
		start++
	}
	e.count = start
}

// kept returns the fields that count.
func (e *entries) kept() []entry {
	if e == nil || e.count == 0 {
		return nil
	}
	made := make([]entry, e.count)
	first := e.count
	var seen uint64 // a bit for each name, which another one may have too
	for at := e.count - 1; at >= 0; at-- {
		one := e.at(at)
		bit := uint64(1) << (bits(one.name) & 63)
		if seen&bit != 0 && e.place(at+1, e.count, one.name) >= 0 {
			continue
		}
		seen |= bit
		first--
		made[first] = *one
	}
	return made[first:]
}

// bits is a number for a name that most other names do not have.
func bits(name string) int {
	if name == "" {
		return 0
	}
	return len(name) + 7*int(name[0]) + int(name[len(name)-1])
}

// Match returns which reply of Postfix the words are; ok is false if they are none. It
// identifies them each time.
func (r Reading) Match() (m Match, ok bool) {
	if r.said == "" {
		return m, false
	}
	return Identify(r.said)
}

// Reply returns the same without what it carries.
func (r Reading) Reply() (Reply, bool) {
	m, ok := r.Match()
	return m.Reply, ok
}

// ReasonMatch returns which reason of the delivery side the words are; ok is false if they
// are none. It identifies them each time.
func (r Reading) ReasonMatch() (m ReasonMatch, ok bool) {
	m, ok, _ = r.reasoned()
	return m, ok
}

// Reason returns the same without what it carries.
func (r Reading) Reason() (Reason, bool) {
	m, ok := r.ReasonMatch()
	return m.Reason, ok
}

// meaning is what the words of a reading are; what they are not is empty.
type meaning struct {
	reply   Match
	reason  ReasonMatch
	guessed bool // whether only who logged it tells which reason it is
}

// meaning identifies the words.
func (r Reading) meaning() (m meaning) {
	m.reply, _ = r.Match()
	m.reason, _, m.guessed = r.reasoned()
	return m
}

// reasoned returns the reason that the words are, if the delivery side spoke, and whether
// only who logged it tells.
func (r Reading) reasoned() (m ReasonMatch, ok, guessed bool) {
	if !r.HasWords || !isReasoned(r.Kind) || (r.Speaker != SpeakerDelivery && r.Speaker != SpeakerRemote) {
		return m, false, false
	}
	if m, ok = IdentifyReason(r.Words); ok || r.Kind != KindDelivery || r.Speaker != SpeakerDelivery {
		return m, ok, false
	}
	daemon, _ := r.Field("daemon")
	status, _ := r.Field("status")
	m, ok = others(r.Words, daemon, status)
	return m, ok, ok
}

// isReasoned tells whether the delivery side can speak in a text.
func isReasoned(kind Kind) bool {
	switch kind {
	case KindBounceDSN, KindBounceMessage, KindBounceText, KindDelivery, KindDeliveryInfo, KindQueueListing, KindReason:
		return true
	}
	return false
}

// Code returns the reply code, 0 where the text has none.
func (r Reading) Code() int { return codeOf(r.Line) }

// Enhanced returns the enhanced status code that stands before the words, empty where
// there is none.
func (r Reading) Enhanced() string {
	m, _ := r.Match()
	return r.enhancedOf(m)
}

func (r Reading) enhancedOf(m Match) string {
	if m.Reply != "" {
		return m.Enhanced
	}
	said := r.Words
	if r.Line != "" {
		said = r.Line[min(4, len(r.Line)):]
	}
	return said[:enhancedEnd(said)]
}

// Fields returns what stands around it, by name, such as queue_id, client_address, to,
// status.
func (r Reading) Fields() map[string]string {
	fields := make(map[string]string, len(r.fields))
	for _, one := range r.fields {
		fields[one.name] = one.value
	}
	return fields
}

// Field returns one of them, without an allocation; ok is false where it is not there.
func (r Reading) Field(name string) (value string, ok bool) {
	for at := range r.fields {
		if r.fields[at].name == name {
			return r.fields[at].value, true
		}
	}
	return "", false
}

// Replies returns all refusals, where an exception has several; the first is the Line.
func (r Reading) Replies() []string { return copied(r.replies) }

// Unsure returns what the text does not settle, by name: fields, "line", "speaker" or
// "reason".
func (r Reading) Unsure() []string {
	_, _, guessed := r.reasoned()
	return r.unsureOf(guessed)
}

// unsureOf adds the reason where that is guessed.
func (r Reading) unsureOf(guessed bool) []string {
	unsure := copied(r.unsure)
	if guessed {
		unsure = append(unsure, "reason")
	}
	return unsure
}

// Inner returns what the words repeat of somebody else: an earlier reason, or the reply of
// another server; ok is false if nothing.
func (r Reading) Inner() (inner Reading, ok bool) { return r.inside(r.meaning()) }

// MustAct returns who must act; ok is false where the words are not known.
//
// Seen from the Postfix that logged it or wrote the bounce, where that repeats a server:
// who runs the client of that server is then the operator of this Postfix.
func (r Reading) MustAct() (party Party, ok bool) {
	party, _, _ = r.decided()
	return party, party != ""
}

// Retry returns whether trying again or waiting can help; ok is false where the words are
// not known. What Postfix itself will do is another thing: see Outcome.
func (r Reading) Retry() (retry Retry, ok bool) {
	_, retry, ok = r.decided()
	return retry, ok
}

// decided returns what the reply decides; where none is known, the reason that another
// repeats, or that one.
func (r Reading) decided() (party Party, retry Retry, ok bool) {
	m := r.meaning()
	code := r.Code()
	if m.reply.Reply != "" && (m.reason.Reason == "" || code == 0 || code >= 400) {
		party = m.reply.MustAct()
		if repeated := party.Repeated(); r.Speaker == SpeakerRemote && repeated != "" {
			party = repeated
		}
		return party, m.reply.Retry(), true
	}
	if m.reason.Reason == "" {
		return "", "", false
	}
	if inner, ok := r.inside(m); ok {
		if party, retry, _ = inner.decided(); party != "" {
			return party, retry, true
		}
	}
	return m.reason.MustAct(), m.reason.Retry(), true
}

// Outcome returns what became of mail: "delivered", "deferred", "bounced" or "refused"; empty
// where the text does not say.
func (r Reading) Outcome() string {
	if r.Kind == "delivery" || r.Kind == "queue" {
		status, _ := r.Field("status")
		return becameOf(status)
	}
	if action, _ := r.Field("action"); r.Speaker != "" && isRefusing(action) {
		return "refused"
	}
	return ""
}

// becameOf returns what became of a recipient that has a status.
func becameOf(status string) string {
	switch status {
	case "sent":
		return "delivered"
	case "deferred", "SOFTBOUNCE":
		return "deferred"
	case "bounced", "expired", "force-expired":
		return "bounced"
	}
	return ""
}

func isRefusing(action string) bool {
	switch action {
	case "reject", "milter-reject", "proxy-reject", "milter-header-reject":
		return true
	}
	return false
}

// String returns its kind and, where somebody said anything, who and what.
func (r Reading) String() string {
	if r.Speaker == "" {
		return string(r.Kind)
	}
	said := r.Line
	if said == "" {
		said = r.Words
	}
	return string(r.Kind) + " (" + string(r.Speaker) + "): " + said
}

// JSON returns all that it says, in the same bytes as the packages of other languages. A
// byte that is not UTF-8 becomes U+FFFD.
func (r Reading) JSON() string {
	said := &strings.Builder{}
	r.write(said)
	return said.String()
}

// MarshalJSON returns what JSON does. Of that, encoding/json then escapes U+2028,
// U+2029 and, unless an Encoder is told not to, <, > and &.
func (r Reading) MarshalJSON() ([]byte, error) { return []byte(r.JSON()), nil }

func (r Reading) write(said *strings.Builder) {
	m := r.meaning()
	said.WriteString(`{"kind":`)
	quote(said, string(r.Kind))
	said.WriteString(`,"speaker":`)
	quoteOrNull(said, string(r.Speaker), r.Speaker != "")
	said.WriteString(`,"line":`)
	quoteOrNull(said, r.Line, r.Line != "")
	said.WriteString(`,"words":`)
	quoteOrNull(said, r.Words, r.HasWords)
	said.WriteString(`,"of":`)
	of, id := m.named()
	quoteOrNull(said, of, id != "")
	said.WriteString(`,"id":`)
	quoteOrNull(said, id, id != "")
	said.WriteString(`,"reason":`)
	quoteOrNull(said, string(m.reason.Reason), m.reason.Reason != "")
	said.WriteString(`,"code":`)
	writeCode(said, r.Code())
	said.WriteString(`,"enhanced":`)
	enhanced := r.enhancedOf(m.reply)
	quoteOrNull(said, enhanced, enhanced != "")
	said.WriteString(`,"params":`)
	m.writeParams(said)
	said.WriteString(`,"fields":`)
	r.writeFields(said)
	said.WriteString(`,"inner":`)
	if inner, ok := r.inside(m); ok {
		inner.write(said)
	} else {
		said.WriteString("null")
	}
	said.WriteString(`,"unsure":`)
	quoteAll(said, r.unsureOf(m.guessed))
	said.WriteByte('}')
}

// named returns what the words are, a reply before a reason, and its id.
func (m *meaning) named() (of, id string) {
	if m.reply.Reply != "" {
		return "reply", string(m.reply.Reply)
	}
	return "reason", string(m.reason.Reason)
}

func (m *meaning) writeParams(said *strings.Builder) {
	if m.reply.Reply != "" {
		m.reply.writeParams(said)
	} else {
		m.reason.writeParams(said)
	}
}

// writeFields writes the fields by name, and the replies where there are several.
func (r Reading) writeFields(said *strings.Builder) {
	sorted := copied(r.fields)
	if _, told := r.Field("replies"); len(r.replies) > 0 && !told {
		sorted = append(sorted, entry{"replies", ""})
	}
	sort.Slice(sorted, func(one, other int) bool { return sorted[one].name < sorted[other].name })
	said.WriteByte('{')
	for at, one := range sorted {
		writeName(said, at, one.name)
		if len(r.replies) > 0 && one.name == "replies" {
			quoteAll(said, r.replies)
		} else {
			quote(said, one.value)
		}
	}
	said.WriteByte('}')
}

// silent returns a reading in which nobody says anything.
func silent(kind Kind, speaker Speaker, fields *entries, unsure []string) Reading {
	return Reading{Kind: kind, Speaker: speaker, fields: fields.kept(), unsure: unsure}
}

// remarked returns a reading of words that are no reply.
func remarked(kind Kind, speaker Speaker, words string, fields *entries, unsure []string) Reading {
	r := silent(kind, speaker, fields, unsure)
	r.Words, r.HasWords = words, true
	return r
}

// ofReply returns a reading of a reply with its codes.
func ofReply(kind Kind, speaker Speaker, reply string, fields *entries, unsure []string) Reading {
	r := silent(kind, speaker, fields, unsure)
	r.Line, r.said = reply, firstOf(reply)
	return r
}

// ofRepeat returns a reading of a reply, and of the words that repeat it.
func ofRepeat(kind Kind, reply, words string, fields *entries, unsure []string) Reading {
	r := ofReply(kind, SpeakerRemote, reply, fields, unsure)
	r.Words, r.HasWords = words, true
	return r
}

// ofSaid returns a reading of what a server said, with or without its codes.
func ofSaid(kind Kind, speaker Speaker, said string, fields *entries, unsure []string) Reading {
	if isReply(said) {
		return ofReply(kind, speaker, said, fields, unsure)
	}
	r := remarked(kind, speaker, said, fields, unsure)
	r.said = said
	return r
}

// ofReason returns a reading of a reason of the delivery side: a server's reply, where it
// repeats one.
func ofReason(kind Kind, reason string, fields *entries, unsure []string) Reading {
	reply, ok := repeated(reason, fields)
	if !ok {
		return remarked(kind, SpeakerDelivery, reason, fields, unsure)
	}
	return ofRepeat(kind, reply, reason, fields, unsure)
}

// inside returns what the words of a reading repeat.
func (r Reading) inside(m meaning) (inner Reading, ok bool) {
	if r.depth == deepest {
		return inner, false
	}
	words, ok := m.repeated()
	if !ok {
		return inner, false
	}
	var fields entries
	inner = ofReason(KindReason, words, &fields, nil)
	inner.depth = r.depth + 1
	return inner, true
}

// repeated returns the words of the delivery side that a reason or a reply repeats.
func (m *meaning) repeated() (words string, ok bool) {
	var unused entries
	if words, ok = m.reason.Param("reason"); ok {
		if _, ok = repeated(words, &unused); !ok {
			_, ok = IdentifyReason(words)
		}
		return words, ok
	}
	for at := range m.reply.names {
		if _, ok = repeated(m.reply.values[at], &unused); ok {
			return m.reply.values[at], true
		}
	}
	words, _ = m.reply.Param("reason")
	return words, isTold(words)
}
