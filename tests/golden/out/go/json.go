package postfixreplies

import (
	"fmt"
	"strings"
)

// JSON returns all that the match says, in the same bytes as the packages of other
// languages. A byte that is not UTF-8 becomes U+FFFD.
func (m Match) JSON() string {
	said := &strings.Builder{}
	said.WriteString(`{"id":`)
	quote(said, string(m.Reply))
	said.WriteString(`,"code":`)
	if m.Code == 0 {
		said.WriteString("null")
	} else {
		fmt.Fprint(said, m.Code)
	}
	said.WriteString(`,"enhanced":`)
	if m.Enhanced == "" {
		said.WriteString("null")
	} else {
		quote(said, m.Enhanced)
	}
	said.WriteString(`,"params":{`)
	for at, name := range m.names {
		if at > 0 {
			said.WriteByte(',')
		}
		quote(said, name)
		said.WriteByte(':')
		quote(said, m.values[at])
	}
	said.WriteString(`},"form":`)
	quote(said, m.Form)
	fmt.Fprintf(said, `,"expected":%t,"retryable":%t,"closes":%t,"tail":`,
		m.Expected, m.Retryable, m.Closes())
	quote(said, m.Tail)
	said.WriteString(`,"repairs":[`)
	for at, name := range m.Repairs() {
		if at > 0 {
			said.WriteByte(',')
		}
		quote(said, name)
	}
	said.WriteString("]}")
	return said.String()
}

// MarshalJSON returns what JSON does. Of that, encoding/json then escapes U+2028,
// U+2029 and, unless an Encoder is told not to, <, > and &.
func (m Match) MarshalJSON() ([]byte, error) { return []byte(m.JSON()), nil }

// quote writes a JSON string with no more escapes than must be (RFC 8259 section
// 7), which encoding/json does not.
func quote(said *strings.Builder, value string) {
	said.WriteByte('"')
	for _, char := range value {
		if at := strings.IndexRune("\"\\\b\f\n\r\t", char); at >= 0 {
			said.WriteByte('\\')
			said.WriteByte(`"\bfnrt`[at])
		} else if char < ' ' {
			fmt.Fprintf(said, `\u%04x`, char)
		} else {
			said.WriteRune(char)
		}
	}
	said.WriteByte('"')
}
