package migrations

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// AppRole is the role, without login, to which the migrations grant what the running program may do.
const AppRole = "tsukaimichi_app"

// ErrSameRole says that the program was to run as the role that owns the tables, whose rights no grant limits.
var ErrSameRole = errors.New("migrations: the program's role must not be the owner of the tables")

// ErrRoles says that the owner may neither make AppRole nor add a member to it. An administrator settles it once, as Prepare does:
// CREATE ROLE tsukaimichi_app NOLOGIN; GRANT tsukaimichi_app TO the program's role.
var ErrRoles = errors.New("migrations: an administrator must run: CREATE ROLE " + AppRole + " NOLOGIN; GRANT " + AppRole +
	" TO <the program's role>")

// Prepare does what an administrator does once for a new installation: it makes AppRole, the owner's role and the program's
// role (both with login, without a password, the latter a member of AppRole), and the owner's database. What exists already
// stays as it is. super is a superuser's connection to another database of the same server.
func Prepare(ctx context.Context, super *sqlx.DB, database, ownerRole, appRole string) error {
	if ownerRole == appRole {
		return ErrSameRole
	}
	for _, role := range []struct{ name, login string }{{AppRole, "NOLOGIN"}, {ownerRole, "LOGIN"}, {appRole, "LOGIN"}} {
		if err := ensureRole(ctx, super, role.name, role.login); err != nil {
			return err
		}
	}
	if err := admit(ctx, super, appRole); err != nil {
		return err
	}
	var there bool
	err := super.GetContext(ctx, &there, `SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)`, database)
	if err != nil {
		return fmt.Errorf("database %s: %w", database, err)
	}
	if there {
		return nil
	}
	_, err = super.ExecContext(ctx, `CREATE DATABASE `+pq.QuoteIdentifier(database)+` OWNER `+pq.QuoteIdentifier(ownerRole))
	if err != nil {
		return fmt.Errorf("database %s: %w", database, err)
	}
	return nil
}

func ensureAppRole(ctx context.Context, owner *sqlx.DB) error {
	return ensureRole(ctx, owner, AppRole, "NOLOGIN")
}

// ensureRole makes a role that is missing. Roles belong to the whole server, so two databases migrated at once may both
// try: whoever comes second finds it made.
func ensureRole(ctx context.Context, db *sqlx.DB, role, login string) error {
	there, err := roleExists(ctx, db, role)
	if err != nil || there {
		return err
	}
	_, failed := db.ExecContext(ctx, `CREATE ROLE `+pq.QuoteIdentifier(role)+` `+login)
	if failed == nil {
		return nil
	}
	if there, err = roleExists(ctx, db, role); err == nil && there {
		return nil
	}
	return refused(role, failed)
}

func roleExists(ctx context.Context, db *sqlx.DB, role string) (bool, error) {
	var there bool
	if err := db.GetContext(ctx, &there, `SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1)`, role); err != nil {
		return false, fmt.Errorf("role %s: %w", role, err)
	}
	return there, nil
}

// admit makes role a member of AppRole, once.
func admit(ctx context.Context, db *sqlx.DB, role string) error {
	if role == "" || role == AppRole {
		return nil
	}
	var is struct{ Self, Member bool }
	const asked = `
		SELECT current_user = $1 AS self,
		       pg_has_role($1, $2, 'MEMBER') AS member`
	if err := db.GetContext(ctx, &is, asked, role, AppRole); err != nil {
		return fmt.Errorf("role %s: %w", role, err)
	}
	if is.Self {
		return ErrSameRole
	}
	if is.Member {
		return nil
	}
	_, failed := db.ExecContext(ctx, `GRANT `+AppRole+` TO `+pq.QuoteIdentifier(role))
	if failed == nil {
		return nil
	}
	if err := db.GetContext(ctx, &is, asked, role, AppRole); err == nil && is.Member { // by another process
		return nil
	}
	return refused(role, failed)
}

func refused(role string, err error) error {
	var pe *pq.Error
	if errors.As(err, &pe) && pe.Code == "42501" { // insufficient_privilege
		return fmt.Errorf("role %s: %w", role, ErrRoles)
	}
	return fmt.Errorf("role %s: %w", role, err)
}
