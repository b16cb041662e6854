// Prints what becomes of ids that were stored: new, old, unknown ones and none; and of
// values that say nothing.
package main

import (
	"encoding/json"
	"fmt"

	replies "github.com/postfix-replies/postfix-replies/generated/go"
)

func main() {
	for _, id := range []string{`"new_name"`, `"older_name"`, `""`, `null`, `"x"`} {
		var reply replies.Reply
		err := json.Unmarshal([]byte(id), &reply)
		fmt.Printf("%q %v\n", reply, err)
	}
	var reason replies.Reason
	fmt.Println(json.Unmarshal([]byte(`"connect_failed_once"`), &reason), reason == replies.TLSConnectFailed)
	fmt.Println(json.Unmarshal([]byte(`"x"`), &reason), reason == replies.TLSConnectFailed)

	var match replies.Match
	fmt.Println(json.Unmarshal([]byte(`{"id":"older_name","form":"standard"}`), &match), match)
	fmt.Println(json.Unmarshal([]byte(`{"id":"new_name","form":"x"}`), &match), match.Reply)
	var told replies.ReasonMatch
	fmt.Println(json.Unmarshal([]byte(`{"id":"x"}`), &told), json.Unmarshal([]byte(`null`), &told))
	var reading replies.Reading
	fmt.Println(json.Unmarshal([]byte(`{"kind":"delivery","fields":{"to":5}}`), &reading) != nil)

	old := replies.Reply("older_name")
	fmt.Println(old.Code() == replies.NewName.Code(), old == replies.NewName)
	fmt.Println(old.Page() == replies.NewName.Page(), replies.Reply("x").Page() == "")
	fmt.Println(replies.Reply("x").Format(nil))
	fmt.Printf("%v|%v|%v|\n", replies.Match{}, replies.ReasonMatch{}, replies.Reading{})
}
