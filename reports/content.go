package reports

import (
	"fmt"
	"maps"
	"strconv"
	"unicode/utf8"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Content is what a group writes beside the figures.
type Content struct {
	Sessions  int               `json:"sessions,omitempty"` // 回数
	Visits    int               `json:"visits,omitempty"`   // のべ人数
	Did       string            `json:"did"`                // したこと
	Wrong     string            `json:"wrong"`              // うまくいかなかったこと
	Rest      string            `json:"rest"`               // 残りをどうするか
	RestBy    ledger.Date       `json:"rest_by,omitzero"`   // until when
	Thanks    string            `json:"thanks,omitempty"`
	Reasons   map[string]string `json:"reasons,omitempty"` // by use id
	Voices    []Voice           `json:"voices,omitempty"`
	Photos    []Photo           `json:"photos,omitempty"`
	Auditor   string            `json:"auditor,omitempty"` // name of who looked through everything
	AuditedOn ledger.Date       `json:"audited_on,omitzero"`
	Changes   string            `json:"changes,omitempty"` // 正誤: what a correction changes and why
}

// Voice is what somebody said, with the consent to print it.
type Voice struct {
	Text    string `json:"text"`
	Who     string `json:"who"` // as agreed: 70代の方
	Consent bool   `json:"consent"`
}

// Photo is a kept picture, by the hash of its cleaned bytes in hex.
type Photo struct {
	Hash    string `json:"hash"`
	Alt     string `json:"alt"`
	Caption string `json:"caption"`
	Consent bool   `json:"consent"` // of everybody who can be recognised
}

// How much a report holds.
const (
	MaxText    = 4000 // characters of a text
	MaxReason  = 400
	MaxVoices  = 10
	MaxPhotos  = 12
	MaxCaption = 200
	MaxName    = 100
)

// Reason is the group's reason for the deviation of a use.
func (c Content) Reason(useID int64) string { return c.Reasons[strconv.FormatInt(useID, 10)] }

// ReasonField names the field of a use's reason.
func ReasonField(useID int64) string { return fmt.Sprintf("reason%d", useID) }

// VoiceField names a field of the voice with a number, counted from 1: text, who, consent.
func VoiceField(number int, part string) string { return fmt.Sprintf("voice%d_%s", number, part) }

// PhotoField names a field of the photo with a number, counted from 1: alt, caption, consent.
func PhotoField(number int, part string) string { return fmt.Sprintf("photo%d_%s", number, part) }

// Missing says what a report lacks to be published, field by field.
func (c Content) Missing(f Figures, correction bool) ledger.Invalid {
	bad := ledger.Invalid{}
	bad.Need(c.Did != "", "did", "report.did_missing")
	bad.Need(c.Wrong != "", "wrong", "report.wrong_missing")
	bad.Need(f.Progress.Left == 0 || c.Rest != "", "rest", "report.rest_missing")
	switch {
	case f.OnTheWay, f.GoesOn:
	case correction: // which day it has to be depends on what stands: campaigns.MarkReported
		bad.Need(f.Progress.Left <= 0 || !c.RestBy.IsZero(), "rest_by", "report.rest_by_missing")
	default:
		maps.Copy(bad, campaigns.Carry{Left: f.Progress.Left, By: c.RestBy}.Missing(campaigns.Duty{}, f.On))
	}
	for _, u := range f.Progress.Uses {
		bad.Need(!NeedsReason(u) || c.Reason(u.UseID) != "", ReasonField(u.UseID), "report.reason_missing")
	}
	for i, v := range c.Voices {
		bad.Need(v.Text != "", VoiceField(i+1, "text"), "report.voice_missing")
		bad.Need(v.Consent, VoiceField(i+1, "consent"), "report.consent_missing")
	}
	for i, p := range c.Photos {
		bad.Need(p.Alt != "", PhotoField(i+1, "alt"), "report.alt_missing")
		bad.Need(p.Consent, PhotoField(i+1, "consent"), "report.consent_missing")
	}
	bad.Need(c.AuditedOn.IsZero() || c.Auditor != "", "auditor", "report.audit_half")
	bad.Need(c.Auditor == "" || !c.AuditedOn.IsZero(), "audited_on", "report.audit_half")
	bad.Need(c.AuditedOn.IsZero() || !c.AuditedOn.After(f.On), "audited_on", "report.audit_in_future")
	bad.Need(!correction || c.Changes != "", "changes", "report.changes_missing")
	return bad
}

// fits says what even a draft cannot hold.
func (c Content) fits() error {
	bad := ledger.Invalid{}
	long := func(text, field string, most int) {
		bad.Need(utf8.RuneCountInString(text) <= most, field, "field.too_long")
	}
	for field, text := range map[string]string{"did": c.Did, "wrong": c.Wrong, "rest": c.Rest, "thanks": c.Thanks, "changes": c.Changes} {
		long(text, field, MaxText)
	}
	for use, reason := range c.Reasons {
		long(reason, "reason"+use, MaxReason)
	}
	long(c.Auditor, "auditor", MaxName)
	bad.Need(c.Sessions >= 0 && c.Sessions <= 9_999_999, "sessions", "report.count_range")
	bad.Need(c.Visits >= 0 && c.Visits <= 9_999_999, "visits", "report.count_range")
	bad.Need(len(c.Voices) <= MaxVoices, "voices", "report.voices_too_many")
	for i, v := range c.Voices {
		long(v.Text, VoiceField(i+1, "text"), MaxReason)
		long(v.Who, VoiceField(i+1, "who"), MaxName)
	}
	bad.Need(len(c.Photos) <= MaxPhotos, "photos", "report.photos_too_many")
	for i, p := range c.Photos {
		long(p.Alt, PhotoField(i+1, "alt"), MaxCaption)
		long(p.Caption, PhotoField(i+1, "caption"), MaxCaption)
	}
	return bad.Err()
}
