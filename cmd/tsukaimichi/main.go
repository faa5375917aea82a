// Command tsukaimichi lets a neighbourhood pay for its own mutual help and see where every yen went.
//
// Alone it starts everything in practice mode, on this machine and without moving money. See --help for the rest.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/jessevdk/go-flags"
)

// program is what a subcommand gets: the settings, where to write and where to read.
type program struct {
	Settings
	in  io.Reader
	out io.Writer
	log *slog.Logger
}

// command is a subcommand. go-flags fills its fields; run does the work.
type command interface {
	run(ctx context.Context, p *program, args []string) error
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "tsukaimichi:", err)
		os.Exit(1)
	}
}

// run reads the settings and carries out the subcommand; practice if none is named.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) error {
	p := &program{in: in, out: out}
	parser := flags.NewNamedParser("tsukaimichi", flags.HelpFlag|flags.PassDoubleDash)
	parser.NamespaceDelimiter = "-"
	if _, err := parser.AddGroup("Settings", "", &p.Settings); err != nil {
		return err
	}
	parser.SubcommandsOptional = true
	commands := map[string]command{}
	for _, c := range subcommands() {
		if _, err := parser.AddCommand(c.name, c.short, c.long, c.command); err != nil {
			return err
		}
		commands[c.name] = c.command
	}
	rest, err := parser.ParseArgs(args)
	var help *flags.Error
	if errors.As(err, &help) && help.Type == flags.ErrHelp {
		fmt.Fprintln(out, help.Message)
		return nil
	}
	if err != nil {
		return err
	}
	p.log = slog.New(slog.NewTextHandler(errOut, &slog.HandlerOptions{Level: p.level()}))
	slog.SetDefault(p.log)
	if parser.Active == nil {
		if len(rest) > 0 {
			return fmt.Errorf("no such subcommand: %s; see --help", rest[0])
		}
		return (&practiceCommand{}).run(ctx, p, nil)
	}
	return commands[parser.Active.Name].run(ctx, p, rest)
}

// subcommand names a command for --help.
type subcommand struct {
	name, short, long string
	command           command
}

func subcommands() []subcommand {
	return []subcommand{
		{"practice", "start everything on this machine, without moving money", "Practice mode: a private PostgreSQL, a practice Stripe, a mailbox and a clock that can be moved. This is what the program does when no subcommand is named.", &practiceCommand{}},
		{"serve", "run for real", "Serve the pages and run the jobs. Needs --database-url as the program's own role; refuses the role that owns the tables.", &serveCommand{}},
		{"migrate", "bring the database up to this release", "Apply the migrations as the role that owns the tables (--owner-url).", &migrateCommand{}},
		{"organisation", "found an organisation", "Found an organisation with its chart of accounts and its general fund.", &organisationCommand{}},
		{"user", "add a person with a role and print a link to sign in", "Add a person with a role in an organisation. The link printed works once, for a day.", &userCommand{}},
		{"operator", "add or end an operator, who reads by grant alone", "Make a person an operator of this installation, or end it. An operator reads an organisation only while its representative lets him. Needs the role that owns the tables.", &operatorCommand{}},
		{"factors", "forget a person's second factors", "Take passkeys, app and sheet of paper from a person who has lost them all, and end every session and the address of the person's calendar. The person signs in by mail and sets one up again.", &factorsCommand{}},
		{"stripe", "connect an organisation's own Stripe account", "Read a secret key from standard input, try it, make the webhook endpoint and keep both sealed.", &stripeCommand{}},
		{"verify", "check the book against itself", verifyLong, &verifyCommand{}},
		{"export", "write an organisation's book to standard output", "Write the whole book as hledger, csv, json or ndjson. hledger and ledger-cli read the first.", &exportCommand{}},
		{"backup", "write everything into one file", "Write database, files and checkpoints into one file while the program goes on working: production's with --database-url, --files and --seal-key, else what was practised in --data-dir. Keep the sealing key elsewhere: it is not in it.", &backupCommand{}},
		{"restore", "lay a backup into an empty database", "Check every hash of a backup, lay it into an empty database and a file store, bring it up to this release, and verify it. Needs --owner-url, --files and --seal-key, or --data-dir for practice.", &restoreCommand{}},
	}
}
