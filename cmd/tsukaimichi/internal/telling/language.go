package telling

import (
	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/english"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
)

// In is a letter to a giver in the language he gave in. It is written once, in Japanese, as the pages are; papers that go with it stay as they are.
func In(language campaigns.Language, m mail.Message) mail.Message {
	if language == campaigns.English {
		m.Subject, m.Text = english.Text(m.Subject), english.Letter(m.Text)
	}
	return m
}
