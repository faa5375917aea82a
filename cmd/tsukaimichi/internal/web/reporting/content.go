package reporting

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// readContent reads what was written. Voices without a word are left out; photos are those the form carries along.
func readContent(t typed, uses []campaigns.UseProgress) reports.Content {
	c := reports.Content{
		Sessions: t.count("sessions"), Visits: t.count("visits"), Did: t.text("did"), Wrong: t.text("wrong"), Rest: t.text("rest"), RestBy: t.day("rest_by"),
		Thanks: t.text("thanks"), Auditor: t.line("auditor"), AuditedOn: t.day("audited_on"), Changes: t.text("changes"),
	}
	for _, u := range uses {
		if reason := t.text(reports.ReasonField(u.UseID)); reason != "" {
			if c.Reasons == nil {
				c.Reasons = map[string]string{}
			}
			c.Reasons[strconv.FormatInt(u.UseID, 10)] = reason
		}
	}
	for i := range reports.MaxVoices {
		v := reports.Voice{Text: t.text(reports.VoiceField(i+1, "text")), Who: t.line(reports.VoiceField(i+1, "who")),
			Consent: t.Get(reports.VoiceField(i+1, "consent")) != ""}
		if v.Text != "" || v.Who != "" {
			c.Voices = append(c.Voices, v)
		}
	}
	for i := range reports.MaxPhotos {
		if hash := t.Get(reports.PhotoField(i+1, "hash")); hash != "" {
			c.Photos = append(c.Photos, reports.Photo{Hash: hash, Alt: t.line(reports.PhotoField(i+1, "alt")),
				Caption: t.line(reports.PhotoField(i+1, "caption")), Consent: t.Get(reports.PhotoField(i+1, "consent")) != ""})
		}
	}
	return c
}

// contentValues is the content as the form has it.
func contentValues(c reports.Content) url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	tick := func(name string, is bool) {
		if is {
			v.Set(name, "yes")
		}
	}
	number := func(name string, n int) {
		if n > 0 {
			v.Set(name, fmt.Sprint(n))
		}
	}
	number("sessions", c.Sessions)
	number("visits", c.Visits)
	set("did", c.Did)
	set("wrong", c.Wrong)
	set("rest", c.Rest)
	set("rest_by", c.RestBy.String())
	set("thanks", c.Thanks)
	set("auditor", c.Auditor)
	set("audited_on", c.AuditedOn.String())
	set("changes", c.Changes)
	for use, reason := range c.Reasons {
		set("reason"+use, reason)
	}
	for i, voice := range c.Voices {
		set(reports.VoiceField(i+1, "text"), voice.Text)
		set(reports.VoiceField(i+1, "who"), voice.Who)
		tick(reports.VoiceField(i+1, "consent"), voice.Consent)
	}
	for i, photo := range c.Photos {
		set(reports.PhotoField(i+1, "hash"), photo.Hash)
		set(reports.PhotoField(i+1, "alt"), photo.Alt)
		set(reports.PhotoField(i+1, "caption"), photo.Caption)
		tick(reports.PhotoField(i+1, "consent"), photo.Consent)
	}
	return v
}

// seal names a report together with its figures as a person was shown them before publishing.
func seal(r reports.Report, f reports.Figures) string {
	f.On, f.Records, f.Log = ledger.Date{}, 0, chain.Mark{} // other campaigns of the group go on meanwhile, the days do, and the log is signed
	text, err := json.Marshal(f)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(append(text, mark(r)...))
	return hex.EncodeToString(sum[:8])
}

// mark names a content as it stood when a form was sent out, so that a form of yesterday does not write over what somebody else has written
// since.
func mark(r reports.Report) string {
	text, err := json.Marshal(r.Content)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(fmt.Appendf(text, "%d", r.ID))
	return hex.EncodeToString(sum[:8])
}
