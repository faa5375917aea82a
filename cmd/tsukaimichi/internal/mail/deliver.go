package mail

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// patience is the wait after each attempt that did not go; after the last one the letter is given up: three days in all.
var patience = []time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour,
	8 * time.Hour, 12 * time.Hour, 24 * time.Hour, 24 * time.Hour,
}

const (
	// hold is how long a claimed letter is left to who claimed it; more than a Sender may take.
	hold = 10 * time.Minute
	// round is the most letters of one Deliver, so that a stop is not kept waiting.
	round = 100
)

// Round says how the letters of one Deliver ended.
type Round struct {
	Sent      int
	Postponed int // tried, to be tried again
	Failed    int // given up
}

// Deliver sends the letters that are due, oldest attempt first, at most 100. It may run in many places at once: a
// letter goes to one of them. When the server cannot be reached the round ends. An error is of the database; what a
// server says is written to its letter. now is the program's clock, asked for every letter.
func Deliver(ctx context.Context, db *sqlx.DB, sender Sender, now func() time.Time) (Round, error) {
	var ended Round
	due, err := dueLetters(ctx, db, now())
	if err != nil {
		return ended, err
	}
	for _, key := range due {
		if ctx.Err() != nil {
			return ended, ctx.Err()
		}
		letter, ours, err := claim(ctx, db, key, now())
		if err != nil {
			return ended, err
		}
		if !ours {
			continue
		}
		problem := problemOf(sender.Send(ctx, letter))
		// The letter went or did not: that is noted even if we are told to stop.
		if err := settle(context.WithoutCancel(ctx), db, letter, problem, now(), &ended); err != nil {
			return ended, err
		}
		if problem != nil && problem.Down {
			return ended, nil
		}
	}
	return ended, nil
}

type letterKey struct {
	OrganisationID int64 `db:"organisation_id"`
	ID             int64 `db:"id"`
}

func dueLetters(ctx context.Context, db *sqlx.DB, now time.Time) ([]letterKey, error) {
	var due []letterKey
	err := db.SelectContext(ctx, &due, `
		SELECT organisation_id, id
		  FROM mail
		 WHERE sent_at IS NULL AND failed_at IS NULL AND erased_at IS NULL
		   AND next_at <= $1 AND keep_until > $1
		 ORDER BY next_at
		 LIMIT $2`, now, round)
	if err != nil {
		return nil, fmt.Errorf("mail due: %w", err)
	}
	return due, nil
}

// claim takes one letter for a while; false if another replica has it.
func claim(ctx context.Context, db *sqlx.DB, key letterKey, now time.Time) (Letter, bool, error) {
	var letter Letter
	err := db.GetContext(ctx, &letter, `
		UPDATE mail
		   SET attempts = attempts + 1, next_at = $4
		 WHERE organisation_id = $1 AND id = $2
		   AND sent_at IS NULL AND failed_at IS NULL AND erased_at IS NULL
		   AND next_at <= $3 AND keep_until > $3
		RETURNING `+letterColumns, key.OrganisationID, key.ID, now, now.Add(hold))
	if errors.Is(err, sql.ErrNoRows) {
		return letter, false, nil
	}
	if err != nil {
		return letter, false, fmt.Errorf("mail %d of organisation %d: %w", key.ID, key.OrganisationID, err)
	}
	return letter, true, nil
}

func problemOf(err error) *Problem {
	if err == nil {
		return nil
	}
	var problem *Problem
	if errors.As(err, &problem) {
		return problem
	}
	return &Problem{Code: "unknown"}
}

// settle writes how an attempt ended. The number of attempts guards it: who took longer than hold has lost the claim.
func settle(ctx context.Context, db *sqlx.DB, l Letter, problem *Problem, now time.Time, ended *Round) error {
	var sentAt, failedAt *time.Time
	nextAt, code := now, ""
	switch {
	case problem == nil:
		sentAt = &now
		ended.Sent++
	case problem.Final || l.Attempts > len(patience):
		failedAt, code = &now, problem.Code
		ended.Failed++
	default:
		nextAt, code = now.Add(patience[l.Attempts-1]), problem.Code
		ended.Postponed++
	}
	_, err := db.ExecContext(ctx, `
		UPDATE mail
		   SET sent_at = $4, failed_at = $5, next_at = $6, problem = $7
		 WHERE organisation_id = $1 AND id = $2 AND attempts = $3
		   AND sent_at IS NULL AND failed_at IS NULL`,
		l.OrganisationID, l.ID, l.Attempts, sentAt, failedAt, nextAt, code)
	if err != nil {
		return fmt.Errorf("mail %d of organisation %d: %w", l.ID, l.OrganisationID, err)
	}
	return nil
}
