package postfixreplies

import (
	"fmt"
	"sort"
	"strings"
)

// Option changes what Format writes.
type Option func(*wire)

type wire struct {
	code     int
	enhanced string
	form     string
	chosen   bool // whether enhanced is the caller's
	without  bool
}

// WithCode writes another reply code than the default one.
func WithCode(code int) Option {
	return func(w *wire) { w.code = code }
}

// WithEnhanced writes another enhanced status code than the default one.
func WithEnhanced(enhanced string) Option {
	return func(w *wire) { w.enhanced, w.chosen, w.without = enhanced, true, false }
}

// WithoutEnhanced leaves the enhanced status code out.
func WithoutEnhanced() Option {
	return func(w *wire) { w.without = true }
}

// WithForm writes another wording; "standard" is the default one.
func WithForm(form string) Option {
	return func(w *wire) { w.form = form }
}

// Format returns the line as Postfix sends it, without line end. It takes the
// value of every placeholder of the text by name.
//
// The error says which value is missing, unknown or of the wrong type, or contains
// CR, LF or NUL.
func (r Reply) Format(params map[string]string, options ...Option) (string, error) {
	w := wire{code: r.Code(), form: "standard"}
	for _, option := range options {
		option(&w)
	}
	codes, err := r.codes(w)
	if err != nil {
		return "", err
	}
	text, err := r.textOf(w.form)
	if err != nil {
		return "", err
	}
	said, err := fill(string(r), text, params)
	if err != nil {
		return "", err
	}
	return codes + said, nil
}

// Format returns the words as Postfix logs them, without the status. It takes the
// value of every placeholder of the text by name; of the options only WithForm, since a
// reason has no codes in front.
//
// The error says which value is missing, unknown or of the wrong type, or contains
// CR, LF or NUL.
func (r Reason) Format(params map[string]string, options ...Option) (string, error) {
	w := wire{form: "standard"}
	for _, option := range options {
		option(&w)
	}
	if r.fact() == &unknownReason {
		return "", fmt.Errorf("%q is not a reason of the catalog", string(r))
	}
	if w.code != 0 || w.chosen || w.without {
		return "", fmt.Errorf("%s has no codes", r)
	}
	text, err := r.textOf(w.form)
	if err != nil {
		return "", err
	}
	return fill(string(r), text, params)
}

// codes returns the codes with a space behind each.
func (r Reply) codes(w wire) (string, error) {
	if r.fact() == &unknownReply {
		return "", fmt.Errorf("%q is not a reply of the catalog", string(r))
	}
	if w.code < 200 || w.code > 599 {
		return "", fmt.Errorf("%d is not a reply code", w.code)
	}
	if !w.chosen {
		w.enhanced = r.defaultEnhanced(w.code)
	}
	if w.without || (!w.chosen && w.enhanced == "") {
		return fmt.Sprintf("%d ", w.code), nil
	}
	if w.enhanced == "" || enhancedEnd(w.enhanced) != len(w.enhanced) {
		return "", fmt.Errorf("%q is not an enhanced status code", w.enhanced)
	}
	return fmt.Sprintf("%d %s ", w.code, w.enhanced), nil
}

func (r Reply) defaultEnhanced(code int) string {
	for _, variant := range r.fact().variants {
		if variant.Code == code {
			return variant.Enhanced
		}
	}
	// There is no class 3 (RFC 3463 section 2). Else Postfix itself sets the class
	// to the first digit of a code that the administrator chose.
	if r.Enhanced() == "" || code/100 == 3 {
		return ""
	}
	return fmt.Sprintf("%d%s", code/100, r.Enhanced()[1:])
}

// fill returns a text of the reply or reason of an id with its placeholders filled.
func fill(id, text string, params map[string]string) (string, error) {
	pieces := strings.Split(text, "{")
	said := strings.Builder{}
	said.WriteString(pieces[0])
	used := map[string]bool{}
	for _, piece := range pieces[1:] {
		name, literal, _ := strings.Cut(piece, "}")
		value, ok := params[name]
		if !ok {
			return "", fmt.Errorf("%s needs %s", id, name)
		}
		if err := check(name, value); err != nil {
			return "", err
		}
		used[name] = true
		said.WriteString(value)
		said.WriteString(literal)
	}
	if len(used) == len(params) {
		return said.String(), nil
	}
	unknown := []string{}
	for name := range params {
		if !used[name] {
			unknown = append(unknown, name)
		}
	}
	sort.Strings(unknown)
	return "", fmt.Errorf("%s has no %s", id, unknown[0])
}

// textOf returns the text that the reply has in a form.
func (r Reply) textOf(form string) (string, error) {
	return textOf(string(r), form, r.fact().text, r.fact().forms)
}

// textOf returns the text that the reason has in a form.
func (r Reason) textOf(form string) (string, error) {
	return textOf(string(r), form, r.fact().text, r.fact().forms)
}

func textOf(id, form, standard string, forms []Form) (string, error) {
	if form == "standard" {
		return standard, nil
	}
	for _, each := range forms {
		if each.Form == form {
			return each.Text, nil
		}
	}
	return "", fmt.Errorf("%s has no form %s", id, form)
}

// namesIn returns the placeholders of a text, in its order.
func namesIn(text string) []string {
	var names []string
	for _, piece := range strings.Split(text, "{")[1:] {
		name, _, _ := strings.Cut(piece, "}")
		names = append(names, name)
	}
	return names
}

// withValues returns a text with what its placeholders stand for, unchecked.
func withValues(text string, param func(string) (string, bool)) string {
	var pairs []string
	for _, name := range namesIn(text) {
		value, _ := param(name)
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func check(name, value string) error {
	if strings.ContainsAny(value, "\r\n\x00") {
		return fmt.Errorf("%s must not contain CR, LF or NUL", name)
	}
	of := kindOf(name)
	switch {
	case fits(of, value):
		return nil
	case of == word:
		return fmt.Errorf("%s must be a word, without a space", name)
	}
	return fmt.Errorf("%s must be a host name or an address", name)
}
