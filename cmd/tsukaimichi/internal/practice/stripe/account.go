package stripe

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/big"
	"time"

	"github.com/jmoiron/sqlx"
)

// account is one organisation's account inside one database transaction.
type account struct {
	tx           *sqlx.Tx
	organisation int64
	now          time.Time // of the whole transaction, in whole seconds as Stripe's objects are
	server       *Server
	read         map[string]json.RawMessage // objects read ahead to be expanded
}

// read runs work on a consistent view of the account.
func (s *Server) read(ctx context.Context, organisation int64, work func(context.Context, *account) (reply, error)) (reply, error) {
	var answer reply
	options := &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	err := s.transact(ctx, organisation, options, func(a *account) (err error) {
		answer, err = work(ctx, a)
		return err
	})
	return answer, err
}

// write runs work while nobody else writes in the account. An error undoes it.
func (s *Server) write(ctx context.Context, organisation int64, work func(*account) error) error {
	return s.transact(ctx, organisation, nil, func(a *account) error {
		if err := a.lock(ctx); err != nil {
			return err
		}
		return work(a)
	})
}

func (s *Server) transact(ctx context.Context, organisation int64, options *sql.TxOptions, work func(*account) error) error {
	now := s.clock.Now().Truncate(time.Second) // the clock may need a connection: not inside the transaction
	tx, err := s.db.BeginTxx(ctx, options)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := work(&account{tx: tx, organisation: organisation, now: now, server: s}); err != nil {
		return err
	}
	return tx.Commit()
}

// lock takes the account's row, which an organisation's first request makes.
func (a *account) lock(ctx context.Context) error {
	const take = `
		SELECT organisation_id
		FROM practice.stripe_account
		WHERE organisation_id = $1
		FOR UPDATE`
	result, err := a.tx.ExecContext(ctx, take, a.organisation)
	if err != nil {
		return fmt.Errorf("practice account %d: %w", a.organisation, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	_, err = a.tx.ExecContext(ctx, `
		INSERT INTO practice.stripe_account (organisation_id, created_at, payout_due_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (organisation_id) DO NOTHING`, a.organisation, a.now, nextPayout(a.now))
	if err == nil {
		_, err = a.tx.ExecContext(ctx, take, a.organisation)
	}
	if err != nil {
		return fmt.Errorf("practice account %d: %w", a.organisation, err)
	}
	return nil
}

// page is the URL of one of the payer's pages.
func (a *account) page(kind, id string) string { return a.server.url.JoinPath(kind, id).String() }

// random returns characters that nobody can guess.
func random(length int) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	text := make([]byte, length)
	for i := range text {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
		if err != nil { // the system gives no random numbers: nothing that follows would be safe
			panic(err)
		}
		text[i] = alphabet[n.Int64()]
	}
	return string(text)
}
