package main

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

const testKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

// commandLine runs the program as a shell would and returns what it printed.
func commandLine(t *testing.T, input string, args ...string) (string, error) {
	t.Helper()
	var out, log bytes.Buffer
	err := run(t.Context(), args, strings.NewReader(input), &out, &log)
	return out.String() + log.String(), err
}

func TestHelpIsTheManualOfEverySetting(t *testing.T) {
	t.Parallel()
	help, err := commandLine(t, "", "--help")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"--listen", "--site", "--data-dir", "--files", "--seal-key", "--behind-proxy", "--log", "--database-url", "--database-connections",
		"--smtp-host", "--smtp-port", "--smtp-user", "--smtp-password", "--smtp-from", "--smtp-encryption",
		"TSUKAIMICHI_DATABASE_URL", "TSUKAIMICHI_SMTP_PASSWORD", "serve", "migrate", "organisation", "user", "operator", "stripe", "verify", "practice",
	} {
		if !strings.Contains(help, want) {
			t.Errorf("--help does not name %s", want)
		}
	}
}

func TestServeRefusesToBeginUnsafely(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	files := "file://" + filepath.ToSlash(t.TempDir())
	with := func(change ...string) []string {
		settings := map[string]string{
			"--database-url": db.AppDSN, "--site": "https://tsukaimichi.example", "--files": files, "--seal-key": testKey,
			"--smtp-host": "127.0.0.1", "--smtp-from": "kifu@tsukaimichi.example", "--listen": "127.0.0.1:0",
		}
		settings[change[0]] = change[1]
		args := []string{"serve"}
		for flag, value := range settings {
			if value != "" {
				args = append(args, flag+"="+value)
			}
		}
		return args
	}
	for _, flag := range []string{"--database-url", "--site", "--files", "--seal-key", "--smtp-host", "--smtp-from"} {
		if _, err := commandLine(t, "", with(flag, "")...); !errors.Is(err, errSettings) {
			t.Errorf("without %s: %v, want a word about settings", flag, err)
		}
	}
	if _, err := commandLine(t, "", with("--database-url", db.OwnerDSN)...); !errors.Is(err, errOwner) {
		t.Errorf("as the owner: %v, want a refusal", err)
	}
	if _, err := commandLine(t, "", with("--seal-key", "short")...); err == nil {
		t.Error("a short key was taken")
	}
	if _, err := commandLine(t, "", with("--site", "http://tsukaimichi.example")...); !errors.Is(err, errSettings) {
		t.Errorf("without TLS: %v, want a refusal", err)
	}
	if _, err := commandLine(t, "", with("--data-dir", t.TempDir())...); !errors.Is(err, errSettings) {
		t.Errorf("with a practice setting: %v, want a refusal", err)
	}
	if _, err := commandLine(t, "", with("--database-url", pgtest.Empty(t).AppDSN)...); err == nil {
		t.Error("a database that is behind was taken")
	}
}

func TestPracticeRefusesSettingsOfProduction(t *testing.T) {
	t.Parallel()
	for _, flag := range []string{"--database-url=postgres:///real", "--smtp-host=mail.example"} {
		if _, err := commandLine(t, "", "practice", flag, "--data-dir="+t.TempDir()); !errors.Is(err, errSettings) {
			t.Errorf("%s: %v, want a refusal", flag, err)
		}
	}
}

func TestSecretsAreNotLogged(t *testing.T) {
	t.Parallel()
	s := Settings{SealKey: "GEHEIM1", Database: DatabaseSettings{URL: "postgres://u:GEHEIM2@db/x?password=GEHEIM3"}, Mail: MailSettings{User: "GEHEIM4", Password: "GEHEIM5"}}
	for _, shown := range []string{s.LogValue().String(), fmt.Sprint(s), fmt.Sprintf("%+v", s), fmt.Sprintf("%#v", s), fmt.Sprintf("%v", &s), fmt.Sprintf("%+v", program{Settings: s})} {
		if strings.Contains(shown, "GEHEIM") || !strings.Contains(shown, "postgres://db/x") {
			t.Errorf("logged: %s", shown)
		}
	}
}

// TestAnOperatorFoundsAnOrganisationAndAddsATreasurer on an empty database: migrate, organisation, user add, verify.
func TestAnOperatorFoundsAnOrganisationAndAddsATreasurer(t *testing.T) {
	t.Parallel()
	db := pgtest.Empty(t)
	say := func(args ...string) string {
		t.Helper()
		out, err := commandLine(t, "", args...)
		if err != nil {
			t.Fatalf("%s: %v", args[0], err)
		}
		return out
	}
	say("migrate", "--owner-url="+db.OwnerDSN, "--app-role="+pgtest.WebRole)
	say("migrate", "--owner-url="+db.OwnerDSN, "--app-role="+pgtest.WebRole) // again changes nothing
	at := []string{"--database-url=" + db.AppDSN, "--site=https://tsukaimichi.example"}
	say(append([]string{"organisation", "--name=ほしの食堂", "--slug=hoshino"}, at...)...)
	link := say(append([]string{"user", "add", "--organisation=hoshino", "--name=会計", "--mail=Kaikei@example.jp", "--role=treasurer"}, at...)...)
	if !strings.Contains(link, "https://tsukaimichi.example/sign-in/link?t=") {
		t.Errorf("no link to sign in: %s", link)
	}
	all, err := ledger.Organisations(t.Context(), db.App)
	if err != nil || len(all) != 1 || all[0].Practice {
		t.Fatal(all, err)
	}
	if checked := say(append([]string{"verify"}, at...)...); !strings.Contains(checked, "hoshino") {
		t.Errorf("verify said %q", checked)
	}
	if _, err := commandLine(t, "", append([]string{"user", "add", "--organisation=hoshino", "--name=x", "--mail=x@example.jp", "--role=coordinator"}, at...)...); !errors.Is(err, errSettings) {
		t.Errorf("a coordinator without a last day: %v, want a refusal", err)
	}
	if _, err := commandLine(t, "", append([]string{"stripe", "set", "hoshino", "--seal-key=" + testKey}, at...)...); err == nil {
		t.Error("an empty key was taken")
	}
}
