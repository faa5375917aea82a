package main

import (
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// TestOperatorForgetsFactorsOfWhoLostThemAll: by the person's mail address, and the person is told.
func TestOperatorForgetsFactorsOfWhoLostThemAll(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	at := []string{"--database-url=" + db.AppDSN, "--site=https://tsukaimichi.example"}
	var person int64
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	if err := db.App.Get(&person, `INSERT INTO person (name, mail, created_at) VALUES ('練習 花子', 'hanako@example.jp', $1) RETURNING id`, now); err != nil {
		t.Fatal(err)
	}
	db.App.MustExec(`INSERT INTO recovery_code (person_id, code_hash, created_at) VALUES ($1, sha256('練習'), $2)`, person, now)
	db.App.MustExec(`INSERT INTO session (token_hash, data, expires_at, person_id) VALUES ('x', '', now() + interval '1 hour', $1)`, person)
	db.App.MustExec(`INSERT INTO person_feed (person_id, token_hash, made_at) VALUES ($1, sha256('練習'), $2)`, person, now)
	if _, err := commandLine(t, "", append([]string{"factors", "forget", "--mail=nobody@example.jp"}, at...)...); err == nil {
		t.Error("an unknown address was taken")
	}
	if _, err := commandLine(t, "", append([]string{"factors", "--mail=hanako@example.jp"}, at...)...); err == nil {
		t.Error("nothing was asked for, and done")
	}
	said, err := commandLine(t, "", append([]string{"factors", "forget", "--mail=Hanako@example.jp"}, at...)...)
	if err != nil || !strings.Contains(said, "forgotten") {
		t.Fatalf("said %q, %v", said, err)
	}
	var left int
	err = db.App.Get(&left, `
		SELECT (SELECT count(*) FROM recovery_code) + (SELECT count(*) FROM session WHERE expires_at > now()) + (SELECT count(*) FROM person_feed)`)
	if err != nil || left != 0 {
		t.Errorf("%d numbers, sessions and calendars left, %v", left, err)
	}
	var told int
	if err = db.App.Get(&told, `SELECT count(*) FROM mail WHERE recipient = 'hanako@example.jp'`); err != nil || told != 1 {
		t.Errorf("%d letters, %v; want one", told, err)
	}
}
