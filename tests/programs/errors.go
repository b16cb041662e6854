// Prints what the package reads of errors, however they are wrapped, and what became of mail.
package main

import (
	"errors"
	"fmt"
	"net/textproto"

	replies "github.com/postfix-replies/postfix-replies/generated/go"

	"errors.test/go-smtp"
)

// SMTPError looks like the one of go-smtp, but is of another package.
type SMTPError struct{ Code int }

func (e SMTPError) Error() string { return "no reply" }

func main() {
	plain := &textproto.Error{Code: 452, Msg: "4.3.1 Insufficient system storage"}
	refused := &smtp.SMTPError{Code: 554, EnhancedCode: [3]int{5, 7, 1}, Message: "<a@b.c>: Relay access denied"}
	bare := &smtp.SMTPError{Code: 554, EnhancedCode: [3]int{-1, -1, -1}, Message: "Relay access denied"}
	for _, err := range []error{
		plain,
		fmt.Errorf("send: %w", errors.Join(errors.New("x"), fmt.Errorf("y: %w", plain))),
		refused,
		errors.Join(refused, plain),
		bare,
		SMTPError{554},
		nil,
	} {
		reading, ok := replies.ReadError(err)
		fmt.Printf("%t %q %q\n", ok, reading.Kind, reading.Line)
	}
	for _, line := range []string{
		"smtp[1]: ABC123: to=<a@b>, relay=none, dsn=4.4.1, status=deferred (no)",
		"smtp[1]: ABC123: to=<a@b>, relay=none, dsn=5.4.1, status=bounced (no)",
		"smtp[1]: ABC123: to=<a@b>, relay=none, dsn=2.0.0, status=sent (250 ok)",
		"qmgr[1]: ABC123: from=<a@b>, status=expired, returned to sender",
		"smtpd[1]: NOQUEUE: reject: RCPT from a[192.0.2.7]: 554 5.7.1 <x>: Relay access denied",
		"smtpd[1]: connect from a[192.0.2.7]",
	} {
		reading, _ := replies.Read("postfix/" + line)
		fmt.Printf("%q\n", reading.Outcome())
	}
}
