package redaction_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/redaction"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// desk is a group with the paper of an expense of its campaign, and a copy of it.
type desk struct {
	*campaigntest.Group
	fund, paper int64
	picture     []byte // hash
}

func newDesk(t *testing.T) desk {
	t.Helper()
	d := desk{Group: campaigntest.Found(t, pgtest.New(t).App), picture: bytes.Repeat([]byte{7}, 32)}
	c := d.Announce()
	d.fund = c.FundID
	d.In(func(tx *sqlx.Tx) error {
		expense, err := ledger.EnterExpense(t.Context(), tx, ledger.Expense{
			OrganisationID: d.ID, PaidOn: d.Today(), Payee: "練習ストア", Amount: 600, Account: ledger.CashBox, What: "米", Key: "rice",
			Lines: []ledger.ExpenseLine{{Account: ledger.ProvisionsExpense, FundID: d.fund, UseID: d.Uses(c)[0].ID, Segment: ledger.Program, InitiativeID: d.Initiative, Amount: 600}},
		}, d.Treasurer, d.At)
		if err != nil {
			return err
		}
		d.paper, err = ledger.AddEvidence(t.Context(), tx, ledger.Evidence{
			OrganisationID: d.ID, ExpenseID: expense, FileHash: bytes.Repeat([]byte{1}, 32), Type: "image/jpeg", Size: 100}, d.Treasurer, d.At)
		return err
	})
	return d
}

func (d desk) prepare() (id int64) {
	d.T.Helper()
	d.In(func(tx *sqlx.Tx) (err error) {
		id, err = redaction.Prepare(d.T.Context(), tx, redaction.Redaction{OrganisationID: d.ID, EvidenceID: d.paper, Boxes: 2, FileHash: d.picture, Size: 90}, d.Treasurer, d.At)
		return err
	})
	return id
}

func (d desk) public() (shown int, is bool) {
	d.T.Helper()
	all, err := redaction.Public(d.T.Context(), d.DB, d.ID, d.fund)
	if err != nil {
		d.T.Fatal(err)
	}
	if is, err = redaction.IsPublic(d.T.Context(), d.DB, d.ID, d.picture); err != nil {
		d.T.Fatal(err)
	}
	return len(all), is
}

func (d desk) approve(id int64, by ledger.Actor) error {
	return d.Try(func(tx *sqlx.Tx) error { return redaction.Approve(d.T.Context(), tx, d.ID, id, by, d.At) })
}

func TestWhoPreparedACopyCannotApproveIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.prepare()
	if err := d.approve(id, d.Treasurer); !errors.Is(err, ledger.ErrSamePerson) {
		t.Errorf("the same person: %v, want ErrSamePerson", err)
	}
	if err := d.approve(id, ledger.BySystem("練習")); !errors.Is(err, ledger.ErrNoPerson) {
		t.Errorf("nobody: %v, want ErrNoPerson", err)
	}
	for name, statement := range map[string]string{
		"the same person":   `UPDATE redaction SET status = 'approved', decided_by = prepared_by, decided_person_id = prepared_person_id, decided_at = now() WHERE organisation_id = $1`,
		"approved at birth": `INSERT INTO redaction (organisation_id, evidence_id, status, boxes, file_hash, size, prepared_by, prepared_person_id, prepared_at, decided_by, decided_person_id, decided_at) SELECT organisation_id, evidence_id, 'approved', 0, file_hash, 1, prepared_by, prepared_person_id, now(), prepared_by, prepared_person_id + 1, now() FROM redaction WHERE organisation_id = $1`,
	} {
		if _, err := d.DB.ExecContext(t.Context(), statement, d.ID); !errors.Is(ledger.Classify(err), ledger.ErrSamePerson) {
			t.Errorf("past the program, %s: %v, want ErrSamePerson", name, err)
		}
	}
	if shown, is := d.public(); shown != 0 || is {
		t.Errorf("public before anybody else looked: %d, %v", shown, is)
	}
}

func TestCopyIsPublicFromTheSecondYesUntilItIsWithdrawn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.prepare()
	if err := d.approve(id, d.Head); err != nil {
		t.Fatal(err)
	}
	if shown, is := d.public(); shown != 1 || !is {
		t.Errorf("approved: %d shown, %v", shown, is)
	}
	if err := d.approve(id, d.Auditor); !errors.Is(err, ledger.ErrDecided) {
		t.Errorf("approved twice: %v, want ErrDecided", err)
	}
	_, err := d.DB.ExecContext(t.Context(), `UPDATE redaction SET status = 'withdrawn', withdrawn_by = prepared_by, withdrawn_at = now(), reason = 'x', decided_by = prepared_by WHERE organisation_id = $1`, d.ID)
	if !errors.Is(ledger.Classify(err), ledger.ErrFrozen) {
		t.Errorf("changing who approved: %v, want ErrFrozen", err)
	}
	err = d.Try(func(tx *sqlx.Tx) error { return redaction.Withdraw(t.Context(), tx, d.ID, id, " ", d.Treasurer, d.At) })
	if bad := (ledger.Invalid{}); !errors.As(err, &bad) {
		t.Errorf("without a reason: %v", err)
	}
	d.In(func(tx *sqlx.Tx) error {
		return redaction.Withdraw(t.Context(), tx, d.ID, id, "印影が残っていた", d.Treasurer, d.At)
	})
	if shown, is := d.public(); shown != 0 || is {
		t.Errorf("withdrawn: %d shown, %v", shown, is)
	}
	dropped, err := ledger.DroppedFiles(t.Context(), d.DB, d.ID)
	if err != nil || len(dropped) != 1 || dropped[0].Kind != redaction.FileKind {
		t.Errorf("files to go: %+v, %v", dropped, err)
	}
	steps, err := ledger.History(t.Context(), d.DB, d.ID, "expense", 1)
	if err != nil || len(steps) != 4 || steps[3].Step != "copy_withdrawn" || steps[3].Reason != "印影が残っていた" {
		t.Errorf("history: %+v, %v", steps, err)
	}
}

func TestRefusedCopyIsMadeAnewAndAnErasedPaperTakesItAlong(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	first := d.prepare()
	d.In(func(tx *sqlx.Tx) error {
		return redaction.Refuse(t.Context(), tx, d.ID, first, "電話番号が読めます", d.Auditor, d.At)
	})
	if r, err := redaction.Find(t.Context(), d.DB, d.ID, first); err != nil || r.Stands() || r.Reason == "" {
		t.Errorf("refused: %+v, %v", r, err)
	}
	second := d.prepare()
	if err := d.approve(second, d.Auditor); err != nil {
		t.Fatal(err)
	}
	d.In(func(tx *sqlx.Tx) error {
		if err := ledger.EraseEvidence(t.Context(), tx, d.ID, d.paper, d.At); err != nil {
			return err
		}
		return redaction.Erase(t.Context(), tx, d.ID, []int64{d.paper}, ledger.BySystem("消去"), d.At)
	})
	if shown, is := d.public(); shown != 0 || is {
		t.Errorf("of an erased paper: %d shown, %v", shown, is)
	}
	err := d.Try(func(tx *sqlx.Tx) error {
		_, err := redaction.Prepare(t.Context(), tx, redaction.Redaction{OrganisationID: d.ID, EvidenceID: d.paper, FileHash: d.picture, Size: 1}, d.Treasurer, d.At)
		return err
	})
	if !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("a copy of an erased paper: %v, want ErrNotFound", err)
	}
}
