package reports

import (
	"fmt"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Content is what a group writes beside the figures.
type Content struct {
	Sessions  int               `json:"sessions,omitempty"` // 回数
	Visits    int               `json:"visits,omitempty"`   // 延べ人数
	Did       string            `json:"did"`                // したこと
	Wrong     string            `json:"wrong"`              // うまくいかなかったこと
	Rest      string            `json:"rest"`               // 残りをどうするか
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

// Reason is the group's reason for the deviation of a use.
func (c Content) Reason(useID int64) string { return c.Reasons[strconv.FormatInt(useID, 10)] }

// Missing says what a report lacks to be published, field by field.
func (c Content) Missing(f Figures, correction bool) ledger.Invalid {
	bad := ledger.Invalid{}
	bad.Need(c.Did != "", "did", "report.did_missing")
	bad.Need(c.Wrong != "", "wrong", "report.wrong_missing")
	bad.Need(f.Progress.Left == 0 || c.Rest != "", "rest", "report.rest_missing")
	for _, u := range f.Progress.Uses {
		bad.Need(!NeedsReason(u) || c.Reason(u.UseID) != "", fmt.Sprintf("reason%d", u.UseID), "report.reason_missing")
	}
	for i, v := range c.Voices {
		bad.Need(v.Consent, fmt.Sprintf("voice%d", i+1), "report.consent_missing")
	}
	for i, p := range c.Photos {
		bad.Need(p.Alt != "", fmt.Sprintf("photo%d", i+1), "report.alt_missing")
		bad.Need(p.Consent, fmt.Sprintf("photo%d", i+1), "report.consent_missing")
	}
	bad.Need((c.Auditor == "") == c.AuditedOn.IsZero(), "audited_on", "report.audit_half")
	bad.Need(!correction || c.Changes != "", "changes", "report.changes_missing")
	for field, text := range map[string]string{"did": c.Did, "wrong": c.Wrong, "rest": c.Rest, "thanks": c.Thanks, "changes": c.Changes} {
		bad.Need(len([]rune(text)) <= 4000, field, "field.too_long")
	}
	return bad
}
