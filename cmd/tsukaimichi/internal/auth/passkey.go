package auth

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// mostPasskeys is how many a person may have.
const mostPasskeys = 20

// mostName is the longest name of a passkey, in characters.
const mostName = 60

// Passkey is a key in somebody's telephone, computer or on a stick, under the name the person gave it.
type Passkey struct {
	ID        int64      `db:"id"`
	Name      string     `db:"name"`
	CreatedAt time.Time  `db:"created_at"`
	UsedAt    *time.Time `db:"used_at"`
}

// RemovePasskey takes a passkey away; it opens nothing from now on. ledger.ErrNotFound if the person has none with the id.
func (f *Factors) RemovePasskey(ctx context.Context, p Person, id int64, now time.Time) error {
	return ledger.InTx(ctx, f.db, func(tx *sqlx.Tx) error {
		result, err := tx.ExecContext(ctx, `DELETE FROM passkey WHERE id = $2 AND person_id = $1`, p.ID, id)
		if err != nil {
			return fmt.Errorf("passkey %d: %w", id, err)
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return ledger.ErrNotFound
		}
		return tell(ctx, tx, p, "パスキーを1つ消しました。", now)
	})
}

// keyring is a person with the passkeys as the ceremonies see them. The handle is random: a device that shows it tells nobody who it is.
type keyring struct {
	person      Person
	handle      []byte
	credentials []webauthn.Credential
}

func (k *keyring) WebAuthnID() []byte                         { return k.handle }
func (k *keyring) WebAuthnName() string                       { return k.person.Mail }
func (k *keyring) WebAuthnDisplayName() string                { return k.person.Name }
func (k *keyring) WebAuthnCredentials() []webauthn.Credential { return k.credentials }

// keyringOf loads the passkeys of a person; without any, the handle is a new one.
func (f *Factors) keyringOf(ctx context.Context, p Person) (*keyring, error) {
	var rows []struct {
		Holder         []byte         `db:"holder"`
		Credential     []byte         `db:"credential"`
		PublicKey      []byte         `db:"public_key"`
		SignCount      uint32         `db:"sign_count"`
		BackupEligible bool           `db:"backup_eligible"`
		BackedUp       bool           `db:"backed_up"`
		Transports     pq.StringArray `db:"transports"`
	}
	err := f.db.SelectContext(ctx, &rows, `
		SELECT holder, credential, public_key, sign_count, backup_eligible, backed_up, transports
		  FROM passkey
		 WHERE person_id = $1
		 ORDER BY id`, p.ID)
	if err != nil {
		return nil, fmt.Errorf("passkeys of person %d: %w", p.ID, err)
	}
	ring := &keyring{person: p, handle: make([]byte, 32)}
	rand.Read(ring.handle) // never fails
	for _, row := range rows {
		ring.handle = row.Holder
		c := webauthn.Credential{ID: row.Credential, PublicKey: row.PublicKey,
			Flags:         webauthn.CredentialFlags{UserPresent: true, UserVerified: true, BackupEligible: row.BackupEligible, BackupState: row.BackedUp},
			Authenticator: webauthn.Authenticator{SignCount: row.SignCount}}
		for _, t := range row.Transports {
			c.Transport = append(c.Transport, protocol.AuthenticatorTransport(t))
		}
		ring.credentials = append(ring.credentials, c)
	}
	return ring, nil
}

func insertPasskey(ctx context.Context, tx *sqlx.Tx, ring *keyring, c *webauthn.Credential, name string, now time.Time) error {
	transports := pq.StringArray{}
	for _, t := range c.Transport {
		transports = append(transports, string(t))
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO passkey (person_id, holder, credential, public_key, sign_count, backup_eligible, backed_up, transports, name, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		ring.person.ID, ring.handle, c.ID, c.PublicKey, int64(c.Authenticator.SignCount), c.Flags.BackupEligible, c.Flags.BackupState, transports, name, now)
	if err != nil {
		return fmt.Errorf("passkey of person %d: %w", ring.person.ID, ledger.Classify(err))
	}
	return nil
}

// used keeps the count of a passkey. A count that did not grow comes from a copy, or from an answer sent twice: it is refused, and the
// person is told.
func (f *Factors) used(ctx context.Context, p Person, c *webauthn.Credential, now time.Time) error {
	var grown bool
	err := ledger.InTx(ctx, f.db, func(tx *sqlx.Tx) error {
		result, err := tx.ExecContext(ctx, `
			UPDATE passkey
			   SET sign_count = $2, backed_up = $3, used_at = $4
			 WHERE credential = $1 AND NOT $5 AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0))`,
			c.ID, int64(c.Authenticator.SignCount), c.Flags.BackupState, now, c.Authenticator.CloneWarning)
		if err != nil {
			return fmt.Errorf("passkey of person %d: %w", p.ID, err)
		}
		n, err := result.RowsAffected()
		if err != nil {
			return fmt.Errorf("passkey of person %d: %w", p.ID, err)
		}
		if grown = n > 0; grown {
			return nil
		}
		return tell(ctx, tx, p, "パスキーの写しかもしれないものが使われたので、断りました。", now)
	})
	if err != nil {
		return err
	}
	if !grown {
		return ErrFactor
	}
	return nil
}

// passkeyName is the name as it is kept: what was typed without signs that cannot be seen, or a plain one.
func passkeyName(typed string) string {
	seen := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(typed, ""))
	name := []rune(strings.Join(strings.Fields(seen), " "))
	if len(name) == 0 {
		return "パスキー"
	}
	return string(name[:min(mostName, len(name))])
}
