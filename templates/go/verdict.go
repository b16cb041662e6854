package postfixreplies

import "strings"

// Verdict returns what a value in the line changes about who must act; ok is false if
// nothing does.
func (m Match) Verdict() (verdict Verdict, ok bool) {
	return firstFitting(m.Reply.fact().verdicts, m.Param, m.Retryable)
}

// MustAct returns who must act: as the verdict has it, else as the reply does.
func (m Match) MustAct() Party {
	if verdict, ok := m.Verdict(); ok {
		return verdict.MustAct()
	}
	return m.Reply.MustAct()
}

// Retry returns whether trying again can help: as the verdict has it, else as the
// reply does.
func (m Match) Retry() Retry {
	if verdict, ok := m.Verdict(); ok {
		return verdict.Retry()
	}
	return m.Reply.Retry()
}

// firstFitting returns the first verdict that a value fits; temporary tells that the codes
// are.
func firstFitting(weighed []Weighed, param func(string) (string, bool), temporary bool) (verdict Verdict, ok bool) {
	for _, one := range weighed {
		value, there := param(one.Placeholder)
		if there && fitsVerdict(one.Verdict, value, temporary) {
			return one.Verdict, true
		}
	}
	return "", false
}

func fitsVerdict(of Verdict, value string, temporary bool) bool {
	facts := of.fact()
	if facts.temporary && !temporary {
		return false
	}
	for _, whole := range facts.equals {
		if value == whole {
			return true
		}
	}
	for _, part := range facts.begins {
		if strings.HasPrefix(value, part) {
			return true
		}
	}
	for _, part := range facts.contains {
		if strings.Contains(value, part) {
			return true
		}
	}
	return false
}
