//go:build unix

package pgtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/migrations"
)

// Extra adds to the template what is not in the migrations, such as the job tables, as the owner of the database. It is
// set before the first New of a process, in an init function or TestMain. ExtraName names what it leaves behind: another
// name, another template, so it holds a version.
var (
	Extra     func(ctx context.Context, owner *sqlx.DB) error
	ExtraName string
)

// templatePrefix begins the names of all templates of the present migrations.
func templatePrefix() string { return "template_" + migrations.Fingerprint() + "_" }

func templateName() string {
	hash := sha256.Sum256([]byte(ExtraName))
	return templatePrefix() + hex.EncodeToString(hash[:4])
}

// The advisory locks, in the database postgres: one process at a time prepares, and a template in use stays.
const (
	preparing = `7101, 0`
	used      = `7102, hashtext($1)`
)

// prepare drops what dead processes and former migrations left, and makes the template if it is missing.
func (s *server) prepare(ctx context.Context) error {
	if _, err := s.presence.ExecContext(ctx, `SELECT pg_advisory_lock(`+preparing+`)`); err != nil {
		return err
	}
	err := s.tidy(ctx)
	if err == nil {
		err = s.ensureTemplate(ctx)
	}
	if err == nil {
		_, err = s.presence.ExecContext(ctx, `SELECT pg_advisory_lock_shared(`+used+`)`, s.template)
	}
	if _, e := s.presence.ExecContext(ctx, `SELECT pg_advisory_unlock(`+preparing+`)`); err == nil {
		err = e
	}
	return err
}

// tidy drops the copies whose process is gone, and the templates of other migrations that no process uses.
func (s *server) tidy(ctx context.Context) error {
	var copies []string
	err := s.super.SelectContext(ctx, &copies, `
		SELECT d.datname
		FROM pg_database AS d
		WHERE d.datname ~ '^test_[0-9]+_[0-9]+_[0-9]+$'
		  AND NOT EXISTS (
		    SELECT 1
		    FROM pg_stat_activity AS s
		    WHERE s.application_name = $1
		      AND starts_with(d.datname, 'test_' || `+processMark+` || '_'))`, processName)
	if err != nil {
		return err
	}
	for _, name := range copies {
		if err = s.drop(ctx, name); err != nil {
			return err
		}
	}
	var templates []string
	err = s.super.SelectContext(ctx, &templates, `SELECT datname FROM pg_database WHERE datname LIKE 'template\__%\_%'`)
	if err != nil {
		return err
	}
	for _, name := range templates {
		if strings.HasPrefix(name, templatePrefix()) && !strings.HasSuffix(name, unfinished) {
			continue
		}
		if err = s.dropUnused(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// dropUnused drops a template unless a process with other migrations, built before or after, still copies it.
func (s *server) dropUnused(ctx context.Context, template string) error {
	var unused bool
	err := s.presence.GetContext(ctx, &unused, `SELECT pg_try_advisory_lock(`+used+`)`, template)
	if err != nil || !unused {
		return err
	}
	if err = s.drop(ctx, template); err != nil {
		return err
	}
	_, err = s.presence.ExecContext(ctx, `SELECT pg_advisory_unlock(`+used+`)`, template)
	return err
}

// unfinished ends the name of a template that is being made; the finished one is renamed.
const unfinished = "_new"

func (s *server) ensureTemplate(ctx context.Context) error {
	var there bool
	err := s.super.GetContext(ctx, &there, `SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)`, s.template)
	if err != nil || there {
		return err
	}
	name := s.template + unfinished
	if err = migrations.Prepare(ctx, s.super, name, OwnerRole, WebRole); err != nil {
		return err
	}
	if err = s.fill(ctx, name); err != nil {
		return fmt.Errorf("template: %w", err)
	}
	_, err = s.super.ExecContext(ctx, `ALTER DATABASE `+pq.QuoteIdentifier(name)+` RENAME TO `+pq.QuoteIdentifier(s.template))
	return err
}

func (s *server) fill(ctx context.Context, name string) error {
	owner, err := sqlx.Open("postgres", s.shared.DSN(name, OwnerRole))
	if err != nil {
		return err
	}
	defer owner.Close()
	if err = migrations.Apply(ctx, owner, WebRole); err != nil {
		return err
	}
	if Extra == nil {
		return nil
	}
	if err = Extra(ctx, owner); err != nil {
		return fmt.Errorf("extra %s: %w", ExtraName, err)
	}
	return nil
}
