// Sends a message for each line of standard input and prints what net/smtp returned.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/smtp"
	"os"
)

type job struct {
	Name  string   `json:"name"`
	Port  int      `json:"port"`
	Login bool     `json:"login"`
	From  string   `json:"from"`
	To    []string `json:"to"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	printed := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked job
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		texts := map[string]string{}
		if err := send(asked); err != nil {
			texts["error"] = err.Error()
			texts["wrapped"] = fmt.Errorf("2026/11/25 06:07:08 send to %s: %w", asked.To[0], err).Error()
			texts["quoted"] = fmt.Sprintf("level=ERROR msg=failed err=%q", err)
			texts["json"] = asJSON(err)
		}
		if err := printed.Encode(map[string]any{"name": asked.Name, "texts": texts}); err != nil {
			panic(err)
		}
	}
}

func send(asked job) error {
	var auth smtp.Auth
	if asked.Login {
		auth = smtp.PlainAuth("", "anna", "secret", "127.0.0.1")
	}
	server := fmt.Sprintf("127.0.0.1:%d", asked.Port)
	return smtp.SendMail(server, auth, asked.From, asked.To, []byte("Subject: x\r\n\r\nx\r\n"))
}

func asJSON(err error) string {
	text, failed := json.Marshal(map[string]any{"level": "error", "error": err.Error()})
	if failed != nil {
		panic(failed)
	}
	return string(text)
}
