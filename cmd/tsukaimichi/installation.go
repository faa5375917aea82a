package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/archive"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	practiceclock "github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/clock"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
	"github.com/tsukaimichi/tsukaimichi/migrations"
	"github.com/tsukaimichi/tsukaimichi/migrations/embpg"
)

// installation is where everything lies: production's by the settings, practice's in its folder. Either way the program may be running.
type installation struct {
	db     *sqlx.DB
	files  *files.Store
	key    seal.Key
	clock  clock         // practice has one that was moved on
	server *embpg.Server // the private one, when it was started for this
}

// openInstallation opens what --database-url names, or else the practice folder.
func openInstallation(ctx context.Context, p *program) (*installation, error) {
	if p.Database.URL == "" {
		return openPracticeFolder(ctx, p)
	}
	if p.Files == "" || p.SealKey == "" {
		return nil, fmt.Errorf("%w: --files and --seal-key are needed besides --database-url, as for serve", errSettings)
	}
	in := &installation{clock: practiceclock.System{}}
	var err error
	if in.key, err = seal.ParseKey(p.SealKey); err != nil {
		return nil, fmt.Errorf("--seal-key: %w", err)
	}
	if in.db, err = openDatabase(ctx, p.Database.URL, 2); err != nil {
		return nil, err
	}
	if in.files, err = files.OpenURL(ctx, p.Files); err != nil {
		return nil, errors.Join(err, in.db.Close())
	}
	return in, nil
}

// openPracticeFolder reaches the private database of practice, and starts it when the program is not running.
func openPracticeFolder(ctx context.Context, p *program) (in *installation, err error) {
	if err = p.forPractice(); err != nil {
		return nil, err
	}
	dir := filepath.Join(p.DataDir, "postgres")
	if _, err = os.Stat(filepath.Join(dir, "data")); err != nil {
		return nil, fmt.Errorf("%w: nothing was practised in %s; give --database-url, --files and --seal-key for production, or --data-dir: %w", errSettings, p.DataDir, err)
	}
	in = &installation{}
	defer func() {
		if err != nil {
			in.close(p)
		}
	}()
	dsn := embpg.DSN(dir, practiceDatabase, practiceRole)
	in.server, err = startPostgres(ctx, p)
	if errors.Is(err, embpg.ErrInUse) {
		in.server, err = nil, nil // the program runs: its database answers
	}
	if err != nil {
		return in, err
	}
	if in.key, err = seal.KeyFile(filepath.Join(p.DataDir, "seal.key")); err != nil {
		return in, err
	}
	if in.files, err = files.OpenDirectory(filepath.Join(p.DataDir, "files")); err != nil {
		return in, err
	}
	if in.db, err = openDatabase(ctx, dsn, 2); err != nil {
		return in, err
	}
	in.clock, err = practiceclock.New(ctx, in.db)
	return in, err
}

// openNew opens where an archive is restored to, as the role that owns the tables: an empty database and a file store that are named,
// or a practice folder, whose database is made. key is the zero Key when there is none.
func openNew(ctx context.Context, p *program, ownerURL string, withoutKey bool) (in *installation, appRole string, err error) {
	in = &installation{}
	defer func() {
		if err != nil {
			in.close(p)
		}
	}()
	if ownerURL == "" {
		return in, practiceRole, in.openNewPractice(ctx, p, withoutKey)
	}
	if p.Files == "" {
		return in, "", fmt.Errorf("%w: restore needs --files, where papers and photos go", errSettings)
	}
	if !withoutKey {
		if in.key, err = seal.ParseKey(p.SealKey); err != nil {
			return in, "", fmt.Errorf("--seal-key, or --without-key if it is lost: %w", err)
		}
	}
	if in.db, err = openDatabase(ctx, ownerURL, 4); err != nil {
		return in, "", err
	}
	in.files, err = files.OpenURL(ctx, p.Files)
	return in, "", err
}

func (in *installation) openNewPractice(ctx context.Context, p *program, withoutKey bool) (err error) {
	if p.DataDir == "" {
		return fmt.Errorf("%w: restore needs --owner-url, --files and --seal-key, or --data-dir for practice", errSettings)
	}
	if err = p.forPractice(); err != nil {
		return err
	}
	if err = os.MkdirAll(p.DataDir, 0o755); err != nil {
		return fmt.Errorf("--data-dir: %w", err)
	}
	if !withoutKey {
		if in.key, err = restoredKey(filepath.Join(p.DataDir, "seal.key"), p.SealKey); err != nil {
			return err
		}
	}
	if in.files, err = files.OpenDirectory(filepath.Join(p.DataDir, "files")); err != nil {
		return err
	}
	if in.server, err = startPostgres(ctx, p); err != nil {
		return err
	}
	super, err := openDatabase(ctx, in.server.DSN("", ""), 2)
	if err != nil {
		return err
	}
	err = errors.Join(migrations.Prepare(ctx, super, practiceDatabase, practiceOwner, practiceRole), super.Close())
	if err != nil {
		return err
	}
	in.db, err = openDatabase(ctx, in.server.DSN(practiceDatabase, practiceOwner), 4)
	return err
}

// restoredKey is the key given, or that of the key file of a practice folder. Both may be there when they are the same.
func restoredKey(path, given string) (seal.Key, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && given == "" {
		return seal.Key{}, fmt.Errorf("%w: 前のフォルダの seal.key を %[2]s に写すか、--seal-key で鍵を書いてください。鍵をなくしたときは --without-key です。\n"+
			"copy seal.key of the old folder to %[2]s first, or give --without-key if it is lost", errSettings, path)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return seal.Key{}, err
	}
	if given == "" {
		return seal.ParseKey(string(text))
	}
	key, keyErr := seal.ParseKey(given)
	if keyErr != nil {
		return key, fmt.Errorf("--seal-key: %w", keyErr)
	}
	if kept, err := seal.ParseKey(string(text)); len(text) > 0 && (err != nil || kept.Name() != key.Name()) {
		return key, fmt.Errorf("%w: %[2]s に別の鍵があります。それを別の所へ移すか、--seal-key を書かずにやり直してください。\n"+
			"%[2]s holds another key than --seal-key: move it away, or leave --seal-key out", errSettings, path)
	}
	return key, nil
}

// keepKey writes the key that was given into a practice folder, once it has opened what is restored; a file that is there stays.
func keepKey(path, given string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = file.WriteString(given + "\n")
	return errors.Join(err, file.Close())
}

// close lets everything go.
func (in *installation) close(p *program) {
	var err error
	if in.db != nil {
		err = in.db.Close()
	}
	if in.files != nil {
		err = errors.Join(err, in.files.Close())
	}
	if in.server != nil { // last, when nothing uses it any more
		err = errors.Join(err, in.server.Stop(context.Background()))
	}
	if err != nil {
		p.log.Error("closing", "error", err)
	}
}

// source is what a backup is made from; it tells of its progress.
func (in *installation) source(p *program) (archive.Source, error) {
	box, err := seal.New(in.key)
	if err != nil {
		return archive.Source{}, err
	}
	from, err := backupSource(in.db, in.files, box, p.Site)
	from.Say = func(format string, args ...any) { fmt.Fprintf(p.out, format+"\n", args...) }
	return from, err
}

// backupSource is what a backup is made from, in silence.
func backupSource(db *sqlx.DB, store *files.Store, box *seal.Box, site string) (archive.Source, error) {
	log, err := checkpointKey(box)
	if err != nil {
		return archive.Source{}, err
	}
	key, err := archiveKey(box)
	return archive.Source{DB: db, Files: store, Key: key, Log: log, KeyName: box.Name(), Site: site, Say: func(string, ...any) {}}, err
}

// archiveKey signs backups. It is derived from the sealing key, so that there is one secret to keep.
func archiveKey(box *seal.Box) (ed25519.PrivateKey, error) {
	seed, err := box.Derive("backups")
	if err != nil {
		return nil, fmt.Errorf("key of backups: %w", err)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}
