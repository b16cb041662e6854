// Sends a message for each line of standard input and prints what go-smtp returned.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
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
	client, err := smtp.Dial(fmt.Sprintf("127.0.0.1:%d", asked.Port))
	if err != nil {
		return err
	}
	defer client.Close()
	if err := client.Hello("client.example.org"); err != nil {
		return err
	}
	if asked.Login {
		if err := client.Auth(sasl.NewPlainClient("", "anna", "secret")); err != nil {
			return err
		}
	}
	return client.SendMail(asked.From, asked.To, strings.NewReader("Subject: x\r\n\r\nx\r\n"))
}

func asJSON(err error) string {
	text, failed := json.Marshal(map[string]any{"level": "error", "error": err.Error()})
	if failed != nil {
		panic(failed)
	}
	return string(text)
}
