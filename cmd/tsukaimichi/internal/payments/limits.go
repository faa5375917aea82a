package payments

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/limit"
)

// ErrTooMany says that no further payment page is opened just now. It does not say which limit was met: that would help only who tries
// stolen cards.
var ErrTooMany = errors.New("payments: too many payment pages")

// Limits are how many new payment pages are opened at most, counted in the database for all replicas together, and what is done about refused cards. A
// donation page is where stolen cards are tried; an honest giver meets none of these.
type Limits struct {
	AddressHour  int // from one network address: a whole meeting may give by one Wi-Fi
	MailHour     int // for one mail address
	MinuteInAll  int // of all organisations
	CardHour     int // refusals of one card
	PageRefusals int // refusals on one payment page, which is closed then
	JumpMinutes  int // refusals are counted over so many minutes;
	JumpRefusals int // so many of them, and
	JumpPerPaid  int // so many for each payment, switch card and konbini off
}

// UsualLimits are those of a small group's page.
var UsualLimits = Limits{AddressHour: 30, MailHour: 6, MinuteInAll: 60, CardHour: 5, PageRefusals: 8, JumpMinutes: 10, JumpRefusals: 20, JumpPerPaid: 3}

func (t *Till) limits() Limits {
	if t.Limits == (Limits{}) {
		return UsualLimits
	}
	return t.Limits
}

// admit counts one new payment page.
func (t *Till) admit(ctx context.Context, organisationID int64, address, mail string) error {
	l, now := t.limits(), t.Now()
	counts := []struct {
		key  string
		n    int
		span time.Duration
	}{
		{"page from " + limit.Network(address), l.AddressHour, time.Hour},
		{fmt.Sprintf("page for %d %s", organisationID, mail), l.MailHour, time.Hour},
		{"page", l.MinuteInAll, time.Minute},
	}
	for i, c := range counts {
		if (i == 0 && address == "") || (i == 1 && mail == "") {
			continue
		}
		allowed, err := limit.Allow(ctx, t.DB, c.key, c.n, c.span, now)
		if err != nil {
			return err
		}
		if !allowed {
			return ErrTooMany
		}
	}
	return nil
}
