package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/archive"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/migrations/embpg"
)

// restoreCommand lays a backup into an empty database and a file store, and verifies what came of it.
type restoreCommand struct {
	OwnerURL   string `long:"owner-url" env:"TSUKAIMICHI_OWNER_URL" description:"an empty PostgreSQL database as the role that is to own the tables; without it the practice folder --data-dir is restored to"`
	AppRole    string `long:"app-role" default:"tsukaimichi_web" description:"login role the program runs as; it is given what the program may do"`
	WithoutKey bool   `long:"without-key" description:"the sealing key is lost: signatures are not checked, and payment keys have to be typed in anew"`
}

func (c *restoreCommand) run(ctx context.Context, p *program, args []string) error {
	if len(args) != 1 {
		return errors.New("usage: tsukaimichi restore FILE --owner-url URL --files URL --seal-key KEY, or --data-dir FOLDER for practice")
	}
	in, appRole, err := openNew(ctx, p, c.OwnerURL, c.WithoutKey)
	if err != nil {
		return explained(err)
	}
	defer in.close(p)
	if appRole == "" {
		appRole = c.AppRole
	}
	keys, err := c.keys(in.key)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "確かめています… checking every hash of %s\n", args[0])
	a, err := archive.Open(args[0], keys.archive)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("その控えが見つかりません。名前と場所を確かめてください。\n%w", err)
	}
	if err != nil {
		return explained(err)
	}
	defer a.Close()
	fmt.Fprintf(p.out, "%s の控え、%d団体  made by %s, migration %d\n", a.MadeAt.Format("2006-01-02 15:04 UTC"), len(a.Organisations), a.Program, a.Schema)
	if err = a.Refuse(ctx, in.db); err != nil {
		return explained(err)
	}
	if c.OwnerURL == "" && !c.WithoutKey && p.SealKey != "" {
		if err = keepKey(filepath.Join(p.DataDir, "seal.key"), p.SealKey); err != nil {
			return err
		}
	}
	count, err := a.LoadFiles(ctx, in.files) // first: a row never names a file that is not there
	if err != nil {
		return explained(err)
	}
	fmt.Fprintf(p.out, "%d files\n", count)
	if err = a.Load(ctx, in.db, appRole, func(format string, args ...any) { fmt.Fprintf(p.out, format+"\n", args...) }); err != nil {
		return explained(err)
	}
	if err = c.verify(ctx, p, in, a, keys.log); err != nil {
		return err
	}
	fmt.Fprint(p.out, `元に戻りました。記録簿も帳簿も合っています。この控えより後のことは入っていません。
restored; log and book are whole. What happened after the backup is not in it. Everybody signs in anew.
`)
	return incomplete(a.Manifest)
}

// publicKeys check signatures; nil where there is no key.
type publicKeys struct{ archive, log ed25519.PublicKey }

func (c *restoreCommand) keys(key seal.Key) (publicKeys, error) {
	if c.WithoutKey {
		return publicKeys{}, nil
	}
	box, err := seal.New(key)
	if err != nil {
		return publicKeys{}, err
	}
	forArchive, err := archiveKey(box)
	if err != nil {
		return publicKeys{}, err
	}
	log, err := checkpointKey(box)
	if err != nil {
		return publicKeys{}, err
	}
	return publicKeys{archive: forArchive.Public().(ed25519.PublicKey), log: log.Public().(ed25519.PublicKey)}, nil
}

// explanations say what to do after a backup or a restore that did not work, in the reader's language.
var explanations = map[error]string{
	archive.ErrDamaged:  "この控えは途中で切れているか、書きかえられています。ほかの控えを使ってください。",
	archive.ErrFormat:   "これは使い道の控えではありません。",
	archive.ErrNewer:    "この控えは新しい版で作られています。その版か、もっと新しい版で戻してください。",
	archive.ErrKey:      "封の鍵（--seal-key）が、この控えを作ったときの鍵とちがいます。",
	archive.ErrNotEmpty: "戻す先のデータベースが空ではありません。空のデータベースか、新しいフォルダ（--data-dir）を用意してください。",

	archive.ErrThere:     "その名前の控えは、もうあります。別の名前かフォルダを --to に書いてください。前の控えは、そのままです。",
	archive.ErrMigrating: "データベースの更新中です。終わってから、もう一度してください。",
	embpg.ErrInUse:       "そのフォルダは、動いている「使い道」が使っています。止めてから（Ctrl-C）か、別の --data-dir でしてください。",
	syscall.ENOSPC:       "ディスクがいっぱいです。空きをつくるか、別のディスクでやり直してください。",
}

func explained(err error) error {
	for which, said := range explanations {
		if errors.Is(err, which) {
			return fmt.Errorf("%s\n%w", said, err)
		}
	}
	return err
}

// verify looks at every organisation as `tsukaimichi verify` does, with the checkpoints of the archive, and that each log ends where the archive says.
func (c *restoreCommand) verify(ctx context.Context, p *program, in *installation, a *archive.Archive, key ed25519.PublicKey) error {
	wrong := 0
	for _, o := range a.Organisations {
		var checkpoints []chain.Checkpoint
		note, err := a.Checkpoint(o)
		if err != nil {
			return err
		}
		if note != "" && key != nil {
			checkpoint, err := chain.ParseCheckpoint(note, key)
			if err != nil {
				return fmt.Errorf("checkpoint of organisation %d: %w", o.ID, err)
			}
			checkpoints = append(checkpoints, checkpoint)
		}
		head, err := chain.FindHead(ctx, in.db, o.ID)
		if err != nil {
			return err
		}
		if head.Sequence != o.Sequence || (o.Head != "" && head.Hash.String() != o.Head) {
			wrong++
			fmt.Fprintf(p.out, "%s: the log ends at %d, the backup says %d\n", o.Slug, head.Sequence, o.Sequence)
		}
		n, err := verifyOne(ctx, p, in.db, ledger.Organisation{ID: o.ID, Slug: o.Slug}, checkpoints)
		if err != nil {
			return err
		}
		wrong += n
	}
	if wrong > 0 {
		return fmt.Errorf("戻しましたが、合わない所が%[1]dあります。これでは仕事をせず、ほかの控えを戻してください。\nthe backup is restored, but %[1]d faults were found: do not work with it", wrong)
	}
	return nil
}
