package postfixreplies

import (
	"fmt"
	"strconv"
	"strings"
)

// JSON returns all that the match says, in the same bytes as the packages of other
// languages. A byte that is not UTF-8 becomes U+FFFD.
func (m Match) JSON() string {
	said := &strings.Builder{}
	said.WriteString(`{"id":`)
	quote(said, string(m.Reply))
	said.WriteString(`,"code":`)
	writeCode(said, m.Code)
	said.WriteString(`,"enhanced":`)
	quoteOrNull(said, m.Enhanced, m.Enhanced != "")
	said.WriteString(`,"params":`)
	m.writeParams(said)
	said.WriteString(`,"form":`)
	quote(said, m.Form)
	fmt.Fprintf(said, `,"expected":%t,"retryable":%t,"closes":%t,"tail":`,
		m.Expected, m.Retryable, m.Closes())
	quote(said, m.Tail)
	said.WriteString(`,"repairs":`)
	quoteAll(said, m.Repairs())
	said.WriteByte('}')
	return said.String()
}

// MarshalJSON returns what JSON does. Of that, encoding/json then escapes U+2028,
// U+2029 and, unless an Encoder is told not to, <, > and &.
func (m Match) MarshalJSON() ([]byte, error) { return []byte(m.JSON()), nil }

func (m Match) writeParams(said *strings.Builder) {
	said.WriteByte('{')
	for at, name := range m.names {
		writeName(said, at, name)
		quote(said, m.values[at])
	}
	said.WriteByte('}')
}

// JSON returns all that the match says, in the same bytes as the packages of other
// languages. A byte that is not UTF-8 becomes U+FFFD.
func (m ReasonMatch) JSON() string {
	said := &strings.Builder{}
	said.WriteString(`{"id":`)
	quote(said, string(m.Reason))
	said.WriteString(`,"params":`)
	m.writeParams(said)
	said.WriteString(`,"form":`)
	quote(said, m.Form)
	said.WriteByte('}')
	return said.String()
}

// MarshalJSON returns what JSON does. Of that, encoding/json then escapes U+2028,
// U+2029 and, unless an Encoder is told not to, <, > and &.
func (m ReasonMatch) MarshalJSON() ([]byte, error) { return []byte(m.JSON()), nil }

func (m ReasonMatch) writeParams(said *strings.Builder) {
	said.WriteByte('{')
	for at, one := range m.params {
		writeName(said, at, one.name)
		quote(said, one.value)
	}
	said.WriteByte('}')
}

// writeName writes the name of a member of an object, which stands at a place in it.
func writeName(said *strings.Builder, at int, name string) {
	if at > 0 {
		said.WriteByte(',')
	}
	quote(said, name)
	said.WriteByte(':')
}

func writeCode(said *strings.Builder, code int) {
	if code == 0 {
		said.WriteString("null")
	} else {
		said.WriteString(strconv.Itoa(code))
	}
}

func quoteOrNull(said *strings.Builder, value string, there bool) {
	if there {
		quote(said, value)
	} else {
		said.WriteString("null")
	}
}

func quoteAll(said *strings.Builder, values []string) {
	said.WriteByte('[')
	for at, value := range values {
		if at > 0 {
			said.WriteByte(',')
		}
		quote(said, value)
	}
	said.WriteByte(']')
}

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
