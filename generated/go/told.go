package postfixreplies

import (
	"slices"
	"strings"
)

// ReasonMatch is what words of the delivery side say.
type ReasonMatch struct {
	// Reason is which reason it is.
	Reason Reason
	// Form is the wording: "standard", or the name of one of the reason's forms.
	Form string

	params []entry
}

// Params returns what the placeholders of the text stand for, by name.
func (m ReasonMatch) Params() map[string]string {
	params := make(map[string]string, len(m.params))
	for _, one := range m.params {
		params[one.name] = one.value
	}
	return params
}

// Param returns what one placeholder stands for, without an allocation. It is false
// where the text has no such placeholder.
func (m ReasonMatch) Param(name string) (string, bool) {
	for at := range m.params {
		if m.params[at].name == name {
			return m.params[at].value, true
		}
	}
	return "", false
}

// String returns its id and the words, as Postfix logs them.
func (m ReasonMatch) String() string {
	text, err := m.Reason.textOf(m.Form)
	if err != nil {
		return string(m.Reason)
	}
	return string(m.Reason) + ": " + withValues(text, m.Param)
}

// Verdict returns what a value in the words changes about who must act; ok is false if
// nothing does.
func (m ReasonMatch) Verdict() (verdict Verdict, ok bool) {
	return firstFitting(m.Reason.fact().verdicts, m.Param, false)
}

// MustAct returns who must act: as the verdict has it, else as the reason does. It is
// empty where what the reason repeats decides.
func (m ReasonMatch) MustAct() Party {
	if verdict, ok := m.Verdict(); ok {
		return verdict.MustAct()
	}
	return m.Reason.MustAct()
}

// Retry returns whether waiting can help: as the verdict has it, else as the reason does.
func (m ReasonMatch) Retry() Retry {
	if verdict, ok := m.Verdict(); ok {
		return verdict.Retry()
	}
	return m.Reason.Retry()
}

// wording is a text of a reason, taken apart.
type wording struct {
	reason Reason
	form   string
	words  string // whose words they are
	lead   string // its first literal
	gaps   []gap
}

// stranger is a reason of which all words are others': only who logs it tells which it is.
type stranger struct {
	reason   Reason
	form     string
	hole     string
	daemons  []string
	statuses []string
}

// IdentifyReason returns the reason that words of the delivery side are, and false where
// they are none of the catalog.
//
// The words are what stands in brackets behind the status of a log line, without the
// brackets. Of several texts that fit, the one with the most literal characters counts.
// The time is linear in the length.
func IdentifyReason(words string) (m ReasonMatch, ok bool) {
	var params entries
	w := wordingOf(words, &params)
	if w == nil {
		return m, false
	}
	return ReasonMatch{w.reason, w.form, params.kept()}, true
}

// isTold tells whether words are a reason, and such that hardly any other program says
// them.
func isTold(words string) bool {
	var params entries
	w := wordingOf(words, &params)
	return w != nil && w.words == "own"
}

// wordingOf returns the text that words are, nil where they are none; adds what they carry.
func wordingOf(words string, params *entries) *wording {
	for _, number := range reasonsOf(words) {
		w := &reasons[number]
		if _, ok := w.fill(words, params); ok {
			return w
		}
	}
	return nil
}

// fill returns what words repeat, if they are a text; adds what they carry.
func (w *wording) fill(words string, params *entries) (repeated string, ok bool) {
	if !strings.HasPrefix(words, w.lead) {
		return "", false
	}
	return filled(w.gaps, words, len(w.lead), params)
}

// others returns the reason of words that a program logs and others chose; ok is false
// where there is not exactly one.
func others(words, daemon, status string) (m ReasonMatch, ok bool) {
	for at := range foreign {
		one := &foreign[at]
		if !slices.Contains(one.daemons, daemon) || !slices.Contains(one.statuses, status) {
			continue
		}
		if ok {
			return ReasonMatch{}, false
		}
		m, ok = ReasonMatch{one.reason, one.form, []entry{{one.hole, words}}}, true
	}
	return m, ok
}

// repeated returns the reply that words of the delivery side repeat, however deep; adds who
// said it and to which command. ok is false where there is none.
func repeated(words string, into *entries) (reply string, ok bool) {
	for tried := 0; tried < deepest; tried++ {
		var found entries
		kind, repeated := repeating(words, &found)
		switch {
		case kind == reasonGap:
			words = repeated
		case kind == replyGap && isReply(repeated):
			into.around(&found)
			return repeated, true
		default:
			return "", false
		}
	}
	return "", false
}

// around adds who said a reply that is repeated, and to which command.
func (e *entries) around(found *entries) {
	for _, name := range [...]string{"remote", "command"} {
		if at := found.place(0, found.count, name); at >= 0 && isName(name) {
			e.put(0, name, found.at(at).value)
		}
	}
}

// repeating returns what words repeat and whether that is a reply or a reason; textGap
// where they repeat nothing. Adds what they carry.
func repeating(words string, found *entries) (kind gapKind, repeated string) {
	for _, number := range reasonsOf(words) {
		w := &reasons[number]
		if kind = w.repeats(); kind == textGap {
			continue
		}
		if repeated, ok := w.fill(words, found); ok {
			return kind, repeated
		}
	}
	return textGap, ""
}

// repeats returns whether a text repeats a reply or a reason, textGap if nothing.
func (w *wording) repeats() gapKind {
	for at := range w.gaps {
		if of := w.gaps[at].of; of >= replyGap {
			return of
		}
	}
	return textGap
}
