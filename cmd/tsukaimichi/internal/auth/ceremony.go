package auth

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ceremonyLasts is how long a device may take to answer.
const ceremonyLasts = 5 * time.Minute

// The kinds of ceremony.
const (
	signingIn  = "sign_in"
	confirming = "confirm"
	adding     = "add"
)

// Ceremony is what a page hands to its browser for a passkey: the options, as JSON of WebAuthn, and the value that the browser keeps until
// the device has answered (AwaitPasskey).
type Ceremony struct {
	Options []byte
	Browser string
}

// BeginSignIn begins signing in with a passkey of whoever has one in his device. ErrNoPasskeys.
func (f *Factors) BeginSignIn(ctx context.Context, now time.Time) (Ceremony, error) {
	if f.rp == nil {
		return Ceremony{}, ErrNoPasskeys
	}
	options, data, err := f.rp.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return Ceremony{}, fmt.Errorf("passkey: %w", err)
	}
	return f.begin(ctx, signingIn, 0, options, data, now)
}

// EndSignIn takes the device's answer and returns who signed in. The device has asked for a finger, a face or its own number, so a passkey is
// a second factor as well. ErrFactor if it is refused.
func (f *Factors) EndSignIn(ctx context.Context, browser string, answer []byte, now time.Time) (personID int64, err error) {
	data, err := f.take(ctx, signingIn, 0, browser, now)
	if err != nil {
		return 0, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return 0, ErrFactor
	}
	var broken error
	var p Person
	_, credential, err := f.rp.ValidatePasskeyLogin(func(rawID, _ []byte) (webauthn.User, error) {
		ring, err := f.ringWith(ctx, rawID)
		if err != nil && !errors.Is(err, ErrFactor) {
			broken = err
		}
		if err == nil {
			p = ring.person
			return ring, nil // whose handle has to be the answer's
		}
		return nil, err
	}, data, parsed)
	if broken != nil {
		return 0, broken
	}
	if err != nil {
		return 0, ErrFactor
	}
	if err = f.used(ctx, p, credential, now); err != nil {
		return 0, err
	}
	return p.ID, nil
}

// BeginConfirm begins showing a passkey as a second factor. ErrFactor if the person has none, ErrNoPasskeys.
func (f *Factors) BeginConfirm(ctx context.Context, p Person, now time.Time) (Ceremony, error) {
	if f.rp == nil {
		return Ceremony{}, ErrNoPasskeys
	}
	ring, err := f.keyringOf(ctx, p)
	if err != nil {
		return Ceremony{}, err
	}
	if len(ring.credentials) == 0 {
		return Ceremony{}, ErrFactor
	}
	options, data, err := f.rp.BeginLogin(ring, webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return Ceremony{}, fmt.Errorf("passkey: %w", err)
	}
	return f.begin(ctx, confirming, p.ID, options, data, now)
}

// EndConfirm takes the device's answer. ErrFactor if it is refused.
func (f *Factors) EndConfirm(ctx context.Context, p Person, browser string, answer []byte, now time.Time) error {
	data, err := f.take(ctx, confirming, p.ID, browser, now)
	if err != nil {
		return err
	}
	ring, err := f.keyringOf(ctx, p)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return ErrFactor
	}
	credential, err := f.rp.ValidateLogin(ring, data, parsed)
	if err != nil {
		return ErrFactor
	}
	return f.used(ctx, p, credential, now)
}

// BeginAdd begins making a passkey in the person's device. ErrTooMany if there are enough, ErrNoPasskeys.
func (f *Factors) BeginAdd(ctx context.Context, p Person, now time.Time) (Ceremony, error) {
	if f.rp == nil {
		return Ceremony{}, ErrNoPasskeys
	}
	ring, err := f.keyringOf(ctx, p)
	if err != nil {
		return Ceremony{}, err
	}
	if len(ring.credentials) >= mostPasskeys {
		return Ceremony{}, ErrTooMany
	}
	options, data, err := f.rp.BeginRegistration(ring,
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(), UserVerification: protocol.VerificationRequired,
		}),
		webauthn.WithConveyancePreference(protocol.PreferNoAttestation),
		webauthn.WithExclusions(webauthn.Credentials(ring.credentials).CredentialDescriptors()))
	if err != nil {
		return Ceremony{}, fmt.Errorf("passkey: %w", err)
	}
	return f.begin(ctx, adding, p.ID, options, data, now)
}

// EndAdd takes the device's answer and keeps the passkey under the name. ErrFactor if it is refused.
func (f *Factors) EndAdd(ctx context.Context, p Person, browser, name string, answer []byte, now time.Time) error {
	data, err := f.take(ctx, adding, p.ID, browser, now)
	if err != nil {
		return err
	}
	ring, err := f.keyringOf(ctx, p)
	if err != nil {
		return err
	}
	if len(ring.credentials) == 0 {
		ring.handle = data.UserID // the one the device was told
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return ErrFactor
	}
	credential, err := f.rp.CreateCredential(ring, data, parsed)
	if err != nil {
		return ErrFactor
	}
	return ledger.InTx(ctx, f.db, func(tx *sqlx.Tx) error {
		if err := insertPasskey(ctx, tx, ring, credential, passkeyName(name), now); err != nil {
			return err
		}
		return tell(ctx, tx, p, "パスキーを1つ足しました。", now)
	})
}

// begin keeps what the answer will be checked against.
func (f *Factors) begin(ctx context.Context, kind string, personID int64, options any, data *webauthn.SessionData, now time.Time) (Ceremony, error) {
	c := Ceremony{Browser: newToken()}
	var err error
	if c.Options, err = json.Marshal(options); err != nil {
		return Ceremony{}, fmt.Errorf("passkey: %w", err)
	}
	kept, err := json.Marshal(data)
	if err != nil {
		return Ceremony{}, fmt.Errorf("passkey: %w", err)
	}
	_, err = f.db.ExecContext(ctx, `
		INSERT INTO ceremony (browser_hash, kind, person_id, data, expires_at)
		VALUES ($1, $2, nullif($3::bigint, 0), $4, $5)`, hashOf("ceremony", c.Browser), kind, personID, kept, now.Add(ceremonyLasts))
	if err != nil {
		return Ceremony{}, fmt.Errorf("passkey: %w", ledger.Classify(err))
	}
	return c, nil
}

// take uses a ceremony up: an answer counts once, in the browser and for the person it was asked of. ErrFactor if there is none.
func (f *Factors) take(ctx context.Context, kind string, personID int64, browser string, now time.Time) (webauthn.SessionData, error) {
	if f.rp == nil {
		return webauthn.SessionData{}, ErrNoPasskeys
	}
	var kept []byte
	err := f.db.GetContext(ctx, &kept, `
		DELETE FROM ceremony
		 WHERE browser_hash = $1 AND kind = $2 AND coalesce(person_id, 0) = $3 AND expires_at > $4
		RETURNING data`, hashOf("ceremony", browser), kind, personID, now)
	if errors.Is(err, sql.ErrNoRows) {
		return webauthn.SessionData{}, ErrFactor
	}
	if err != nil {
		return webauthn.SessionData{}, fmt.Errorf("passkey: %w", err)
	}
	var data webauthn.SessionData
	if err = json.Unmarshal(kept, &data); err != nil {
		return webauthn.SessionData{}, fmt.Errorf("passkey: %w", err)
	}
	return data, nil
}

// ringWith returns the keyring on which the passkey is; ErrFactor if it is on none.
func (f *Factors) ringWith(ctx context.Context, credential []byte) (*keyring, error) {
	var p Person
	err := f.db.GetContext(ctx, &p, `
		SELECT p.id, p.name, p.mail
		  FROM passkey k
		  JOIN person p ON p.id = k.person_id
		 WHERE k.credential = $1`, credential)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrFactor
	}
	if err != nil {
		return nil, fmt.Errorf("passkey: %w", err)
	}
	return f.keyringOf(ctx, p)
}
