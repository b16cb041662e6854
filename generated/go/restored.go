package postfixreplies

import (
	"encoding/json"
	"fmt"
	"slices"
)

// UnmarshalText takes an id, an old one too, or an empty one for none. The error says
// that no reply of the catalog has it.
func (r *Reply) UnmarshalText(id []byte) error {
	known, ok := ByID(string(id))
	if !ok && len(id) > 0 {
		return fmt.Errorf("%q is not a reply of the catalog", id)
	}
	*r = known
	return nil
}

// UnmarshalText takes an id, an old one too, or an empty one for none. The error says
// that no reason of the catalog has it.
func (r *Reason) UnmarshalText(id []byte) error {
	known, ok := ReasonByID(string(id))
	if !ok && len(id) > 0 {
		return fmt.Errorf("%q is not a reason of the catalog", id)
	}
	*r = known
	return nil
}

// UnmarshalJSON takes what MarshalJSON returned, or what a package of another language
// wrote.
func (m *Match) UnmarshalJSON(written []byte) error {
	var said struct {
		ID        Reply
		Code      int
		Enhanced  string
		Params    map[string]string
		Form      string
		Expected  bool
		Retryable bool
		Tail      string
		Repairs   []string
	}
	if err := json.Unmarshal(written, &said); err != nil || said.ID == "" {
		return err
	}
	text, err := said.ID.textOf(said.Form)
	if err != nil {
		return err
	}
	*m = Match{
		Reply: said.ID, Code: said.Code, Enhanced: said.Enhanced, Form: said.Form,
		Expected: said.Expected, Retryable: said.Retryable, Tail: said.Tail,
		names: namesIn(text), repairs: repairsNamed(said.Repairs),
	}
	for at, name := range m.names {
		m.values[at] = said.Params[name]
	}
	return nil
}

// UnmarshalJSON takes what MarshalJSON returned, or what a package of another language
// wrote.
func (m *ReasonMatch) UnmarshalJSON(written []byte) error {
	var said struct {
		ID     Reason
		Params map[string]string
		Form   string
	}
	if err := json.Unmarshal(written, &said); err != nil || said.ID == "" {
		return err
	}
	text, err := said.ID.textOf(said.Form)
	if err != nil {
		return err
	}
	*m = ReasonMatch{Reason: said.ID, Form: said.Form}
	for _, name := range namesIn(text) {
		m.params = append(m.params, entry{name, said.Params[name]})
	}
	return nil
}

// UnmarshalJSON takes what MarshalJSON returned, or what a package of another language
// wrote. What the words mean is looked for again, in the catalog of this package.
func (r *Reading) UnmarshalJSON(written []byte) error {
	var said struct {
		Kind    Kind
		Speaker Speaker
		Line    string
		Words   *string
		Of      string
		Fields  map[string]json.RawMessage
		Unsure  []string
	}
	if err := json.Unmarshal(written, &said); err != nil || said.Kind == "" {
		return err
	}
	*r = Reading{Kind: said.Kind, Speaker: said.Speaker, Line: said.Line, said: firstOf(said.Line)}
	if said.Words != nil {
		r.Words, r.HasWords = *said.Words, true
	}
	if said.Line == "" && said.Of == "reply" {
		r.said = r.Words
	}
	r.unsure = slices.DeleteFunc(said.Unsure, func(name string) bool { return name == "reason" })
	return r.restoreFields(said.Fields)
}

// restoreFields sets the fields, of which one can be a list of replies.
func (r *Reading) restoreFields(written map[string]json.RawMessage) error {
	for name, value := range written {
		if name == "replies" && isList(value) {
			if err := json.Unmarshal(value, &r.replies); err != nil {
				return err
			}
			continue
		}
		var said string
		if err := json.Unmarshal(value, &said); err != nil {
			return err
		}
		r.fields = append(r.fields, entry{name, said})
	}
	return nil
}

// repairsNamed returns the repairs of some names.
func repairsNamed(names []string) (done repairs) {
	for at, name := range repairNames {
		if slices.Contains(names, name) {
			done |= 1 << at
		}
	}
	return done
}
