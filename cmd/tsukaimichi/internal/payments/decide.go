package payments

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Meaning is what a person found out that yen in 照合待ち were.
type Meaning string

// The meanings. Which of them fit depends on the way the yen went: Meanings.
const (
	WasCost   Meaning = "cost"   // Stripe took it for itself: 決済手数料
	WasLost   Meaning = "lost"   // gone for good, as a gift given back twice: 雑費
	WasIncome Meaning = "income" // money in that is no gift: 雑収益
	WasBank   Meaning = "bank"   // it came from the group's own bank account, or went there
)

// otherIncome and otherExpense are 雑収益 and 雑費.
const (
	otherIncome  = 4520
	otherExpense = 5490
)

// Meanings are those that fit a problem, none where it is decided another way: a payment for a gift is given back, or entered as a gift.
func (p Problem) Meanings() []Meaning {
	switch {
	case p.Kind != YenUnclear || p.Amount == 0 || (p.Detail == string(campaigns.MovementCharge) && p.DonationID != 0):
		return nil
	case p.Amount < 0:
		return []Meaning{WasCost, WasLost, WasBank}
	}
	return []Meaning{WasIncome, WasBank}
}

// settled begins the detail of an unclear problem whose yen have left 照合待ち; what it was before follows.
const settled = "settled"

// settled reports whether the yen of an unclear problem have left 照合待ち.
func (p Problem) settled() bool { return strings.HasPrefix(p.Detail, settled) }

// decision begins the source of a transaction that took yen out of 照合待ち; the ref of their problem follows.
const decision = "unclear:"

// Decide books what yen in 照合待ち were, in the general fund and on the day it is decided, and solves their problem. Deciding twice books once.
// campaigns.ErrNotFound when there is no such problem; Invalid when the meaning does not fit the way the yen went.
func (t *Till) Decide(ctx context.Context, organisationID int64, ref string, m Meaning, by ledger.Actor) error {
	return ledger.InTx(ctx, t.DB, func(tx *sqlx.Tx) error {
		p, err := lockUnclear(ctx, tx, organisationID, ref)
		if err != nil || p.settled() {
			return err
		}
		if !slices.Contains(p.Meanings(), m) {
			return ledger.Invalid{"meaning": "unclear.meaning_missing"}
		}
		general, err := ledger.FindGeneralFund(ctx, tx, organisationID)
		if err != nil {
			return err
		}
		at := t.Now()
		decided := m.transaction(general.ID, p.Amount)
		decided.OrganisationID, decided.On, decided.By, decided.At = organisationID, ledger.DateOf(at), by, at
		if decided.Source, err = nextDecision(ctx, tx, organisationID, ref); err != nil {
			return err
		}
		if _, err = ledger.Post(ctx, tx, decided); err != nil {
			return fmt.Errorf("unclear %s: %w", ref, err)
		}
		return t.decided(ctx, tx, organisationID, ref)
	})
}

func lockUnclear(ctx context.Context, tx *sqlx.Tx, organisationID int64, ref string) (Problem, error) {
	var p Problem
	err := tx.GetContext(ctx, &p, `
		SELECT organisation_id, kind, ref, coalesce(donation_id, 0) AS donation_id, amount, detail, first_at
		  FROM payment_problem
		 WHERE organisation_id = $1 AND kind = 'unclear' AND ref = $2
		   FOR UPDATE`, organisationID, ref)
	if errors.Is(err, sql.ErrNoRows) {
		return p, campaigns.ErrNotFound
	}
	if err != nil {
		return p, fmt.Errorf("problem %s: %w", ref, err)
	}
	return p, nil
}

// transaction takes yen that went in or, below zero, out of Stripe from 照合待ち to where they belong.
func (m Meaning) transaction(general int64, amount ledger.Yen) ledger.Transaction {
	to := ledger.Entry{FundID: general, Amount: -amount}
	var kind ledger.TransactionKind
	switch m {
	case WasCost:
		kind, to.Account, to.Segment = ledger.Cost, ledger.ProcessingCost, ledger.Administration
	case WasLost:
		kind, to.Account, to.Segment = ledger.Cost, otherExpense, ledger.Administration
	case WasIncome:
		kind, to.Account = ledger.OtherIncome, otherIncome
	case WasBank:
		kind, to.Account = ledger.PlaceMovement, ledger.Bank
	}
	return ledger.Transaction{Kind: kind, Entries: []ledger.Entry{to, {Account: ledger.Unclear, FundID: general, Amount: amount}}}
}

// nextDecision is the source of a decision about yen in 照合待ち: each that was reversed has its own before it. The problem's row is locked.
func nextDecision(ctx context.Context, tx *sqlx.Tx, organisationID int64, ref string) (string, error) {
	for n := 1; ; n++ {
		source := decision + ref
		if n > 1 {
			source += fmt.Sprintf("#%d", n)
		}
		var taken bool
		err := tx.GetContext(ctx, &taken, `
			SELECT EXISTS (
			       SELECT FROM transaction
			        WHERE organisation_id = $1 AND source = $2)`, organisationID, source)
		if err != nil || !taken {
			return source, err
		}
	}
}

// Undecided puts yen back among the problems when the decision that took them out of 照合待ち was reversed, in the transaction that reverses it. Of any
// other transaction it wants nothing.
func (t *Till) Undecided(ctx context.Context, tx *sqlx.Tx, organisationID, transactionID int64) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE payment_problem p
		   SET solved_at = NULL, seen = false, detail = ltrim(substr(p.detail, length($3) + 1)), last_at = $5
		  FROM transaction t
		 WHERE t.organisation_id = $1 AND t.id = $2 AND starts_with(t.source, $4)
		   AND p.organisation_id = $1 AND p.kind = 'unclear' AND p.ref = split_part(substr(t.source, length($4) + 1), '#', 1)
		   AND starts_with(p.detail, $3)`, organisationID, transactionID, settled, decision, t.Now())
	if err != nil {
		return fmt.Errorf("decision %d: %w", transactionID, err)
	}
	return nil
}

// decided ends the problem, and the daily check's with it when nothing is unclear any more.
func (t *Till) decided(ctx context.Context, tx *sqlx.Tx, organisationID int64, ref string) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE payment_problem
		   SET solved_at = $3, detail = '`+settled+` ' || detail, seen = false
		 WHERE organisation_id = $1 AND kind = 'unclear' AND ref = $2`, organisationID, ref, t.Now())
	if err != nil {
		return fmt.Errorf("problem %s: %w", ref, err)
	}
	var left ledger.Yen
	err = tx.GetContext(ctx, &left, `
		SELECT coalesce(sum(amount), 0)::bigint
		  FROM entry
		 WHERE organisation_id = $1 AND account = $2`, organisationID, ledger.Unclear)
	if err != nil {
		return fmt.Errorf("unclear of organisation %d: %w", organisationID, err)
	}
	if left != 0 {
		return nil
	}
	return t.solve(ctx, tx, organisationID, CheckFailed, CheckUnclear)
}
