package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/archive"
)

// errIncomplete says that a backup is whole but for files that could not be read when it was made.
var errIncomplete = errors.New("everything else is done, but files are missing in this backup")

// backupCommand writes everything into one file, while the program goes on working.
type backupCommand struct {
	To   string `long:"to" required:"yes" value-name:"FILE|FOLDER|-" description:"file to write; in a folder it is named by the time; - is standard output, for age or gpg"`
	Keep int    `long:"keep" value-name:"N" description:"with a folder: remove older backups there so that N are left; 0 leaves all"`
}

func (c *backupCommand) run(ctx context.Context, p *program, _ []string) error {
	info, err := os.Stat(c.To)
	folder := err == nil && info.IsDir()
	if c.Keep < 0 || (c.Keep > 0 && !folder) {
		return fmt.Errorf("%w: --keep goes with a folder in --to that is there", errSettings)
	}
	if !folder && strings.HasSuffix(c.To, string(filepath.Separator)) {
		return fmt.Errorf("%w: --to %s: there is no such folder", errSettings, c.To)
	}
	in, err := openInstallation(ctx, p)
	if err != nil {
		return err
	}
	defer in.close(p)
	at := in.clock.Now()
	from, err := in.source(p)
	if err != nil {
		return err
	}
	if c.To == "-" {
		from.Say = func(string, ...any) {}
		m, err := archive.Write(ctx, p.out, from, at)
		return errors.Join(explained(err), incomplete(m))
	}
	name := c.To
	if folder {
		name = filepath.Join(c.To, archive.Name(at))
	}
	m, err := archive.Save(ctx, name, from, at)
	if err != nil {
		return explained(err)
	}
	if err = p.told(name, m); err != nil {
		return err
	}
	if folder {
		gone, err := archive.Prune(c.To, c.Keep, at)
		for _, old := range gone {
			fmt.Fprintf(p.out, "removed %s\n", old)
		}
		return errors.Join(err, incomplete(m))
	}
	return incomplete(m)
}

// told says what was written.
func (p *program) told(name string, m archive.Manifest) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	var rows int64
	for _, t := range m.Tables {
		rows += t.Rows
	}
	fmt.Fprintf(p.out, `控えを書きました: %[1]s （%[2]d KB）
written: %[1]s (%[2]d KB, %[3]d rows)
戻すには封の鍵 %[4]s が要ります。鍵はこの中に入っていません。名前や住所が入っています。
Restoring needs the sealing key %[4]s, which is not in it. It holds personal data.
`, name, (info.Size()+1023)/1024, rows, m.KeyName)
	return nil
}

// incomplete says which files a backup lacks.
func incomplete(m archive.Manifest) error {
	if len(m.Absent) == 0 {
		return nil
	}
	lines := []string{fmt.Sprintf("  %d in all", len(m.Absent))}
	for _, a := range m.Absent[:min(20, len(m.Absent))] {
		lines = append(lines, fmt.Sprintf("  organisation %d, %s %s: %s", a.Organisation, a.Kind, a.Hash, a.Why))
	}
	return fmt.Errorf("%w:\n%s", errIncomplete, strings.Join(lines, "\n"))
}
