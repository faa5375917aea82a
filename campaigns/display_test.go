package campaigns_test

import (
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
)

func TestThePublicSeesWhatTheGiverChose(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	for _, x := range []struct {
		name, kana string
		display    campaigns.Display
		want       string
	}{
		{"練習 花子", "れんしゅう はなこ", "", ""},
		{"練習 花子", "れんしゅう はなこ", campaigns.Anonymous, ""},
		{"練習 花子", "れんしゅう はなこ", campaigns.Initials, "れ・は"},
		{"練習 花子", "", campaigns.Initials, "練・花"},
		{"練習　花子", "", campaigns.Initials, "練・花"},
		{"Anna Maria Müller", "", campaigns.Initials, "A・M・M"},
		{"葛󠄀城 𠮷子", "", campaigns.Initials, "葛󠄀・𠮷"},
		{"U\u0308nal", "", campaigns.Initials, "U\u0308"},
		{"أحمد", "", campaigns.Initials, "أ"},
		{"𠮷田", "", campaigns.FullName, "𠮷田"},
	} {
		d := g.Give(c, 500, func(gift *campaigns.Gift) {
			gift.Donor.Name, gift.Donor.Kana, gift.Display = x.name, x.kana, x.display
		})
		if d.DisplayName != x.want {
			t.Errorf("%s (%s) as %q: shown as %q, want %q", x.name, x.kana, x.display, d.DisplayName, x.want)
		}
	}
}

func TestAGiverChangesHowHeIsSeen(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	known, nameless := g.Give(c, 500), g.Enter(c, 500)
	set := func(d campaigns.Donation, to campaigns.Display) (campaigns.Donation, error) {
		err := g.Try(func(tx *sqlx.Tx) error { return campaigns.SetDisplay(t.Context(), tx, g.ID, d.ID, to) })
		return g.Gift(d.ID), err
	}
	if d, err := set(known, campaigns.FullName); err != nil || d.DisplayName != "練習 花子" {
		t.Errorf("name: %+v, %v", d, err)
	}
	if d, err := set(known, campaigns.Anonymous); err != nil || d.DisplayName != "" || d.Display != campaigns.Anonymous {
		t.Errorf("anonymous again: %+v, %v", d, err)
	}
	if d, err := set(nameless, campaigns.Initials); err != nil || d.Display != campaigns.Anonymous {
		t.Errorf("nameless: %+v, %v", d, err)
	}
	_, err := set(known, "loud")
	mustNeed(t, "unknown", err, "display", "donate.display_unknown")
}
