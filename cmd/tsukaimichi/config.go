package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Settings are read once, at the start. This struct is the manual: --help prints it, every setting can also be given by the
// environment variable named beside it, and the log shows what was read with the secrets left out.
type Settings struct {
	Listen   string `long:"listen" env:"TSUKAIMICHI_LISTEN" default:"127.0.0.1:8780" description:"address and port the pages are served on"`
	Site     string `long:"site" env:"TSUKAIMICHI_SITE" description:"address people type, such as https://tsukaimichi.example; needed by serve, in practice http:// and --listen"`
	DataDir  string `long:"data-dir" env:"TSUKAIMICHI_DATA_DIR" description:"where practice keeps its database, files and keys; a folder in the user's data directory if empty"`
	Files    string `long:"files" env:"TSUKAIMICHI_FILES" description:"where papers and photos are kept: file:///var/lib/tsukaimichi/files; needed by serve, in practice a folder in --data-dir"`
	SealKey  string `long:"seal-key" env:"TSUKAIMICHI_SEAL_KEY" description:"key that seals payment keys and private links: 32 random bytes in base64 (openssl rand -base64 32); needed by serve, in practice a file in --data-dir"`
	Proxy    bool   `long:"behind-proxy" env:"TSUKAIMICHI_BEHIND_PROXY" description:"believe the last address in X-Forwarded-For, or X-Real-IP where there is none; only behind a proxy of your own that adds it"`
	LogLevel string `long:"log" env:"TSUKAIMICHI_LOG" default:"info" choice:"debug" choice:"info" choice:"warn" choice:"error" description:"how much the log says"`

	Database DatabaseSettings `group:"Database" namespace:"database" env-namespace:"TSUKAIMICHI_DATABASE"`
	Backup   BackupSettings   `group:"Daily backup" namespace:"backup" env-namespace:"TSUKAIMICHI_BACKUP"`
	Operator OperatorSettings `group:"Who runs this installation" namespace:"operator" env-namespace:"TSUKAIMICHI_OPERATOR"`
	Mail     MailSettings     `group:"Mail (serve)" namespace:"smtp" env-namespace:"TSUKAIMICHI_SMTP"`
}

// DatabaseSettings say where PostgreSQL is.
type DatabaseSettings struct {
	URL         string `long:"url" env:"URL" description:"PostgreSQL as the program's own role, which owns no table; needed by serve. In practice a private server is started instead"`
	Connections int    `long:"connections" env:"CONNECTIONS" default:"20" description:"connections held at most"`
}

// OperatorSettings say, at the foot of every page, who runs the installation and how readers reach him: also when money seems to be misused.
type OperatorSettings struct {
	Name  string `long:"name" env:"NAME" description:"who runs this installation"`
	Tel   string `long:"tel" env:"TEL" description:"telephone for readers"`
	Hours string `long:"hours" env:"HOURS" description:"when somebody answers it"`
	Mail  string `long:"mail" env:"MAIL" description:"mail address for readers"`
}

// MailSettings say how letters leave.
type MailSettings struct {
	Host       string `long:"host" env:"HOST" description:"mail server"`
	Port       int    `long:"port" env:"PORT" default:"587" description:"its port"`
	User       string `long:"user" env:"USER" description:"account there, if it asks for one"`
	Password   string `long:"password" env:"PASSWORD" description:"password of that account"`
	From       string `long:"from" env:"FROM" description:"address the letters come from"`
	Encryption string `long:"encryption" env:"ENCRYPTION" default:"starttls" choice:"starttls" choice:"tls" choice:"none" description:"none is for a server on this machine alone"`
}

// errSettings says which setting is missing or cannot be used.
var errSettings = errors.New("settings")

// forPractice fills in what practice can find by itself, and refuses what belongs to production.
func (s *Settings) forPractice() error {
	if s.Database.URL != "" || s.Mail.Host != "" {
		return fmt.Errorf("%w: --database-url and --smtp-host belong to serve; practice has a database of its own and sends nothing out", errSettings)
	}
	if s.DataDir == "" {
		base := os.Getenv("XDG_DATA_HOME")
		if base == "" {
			home, err := os.UserHomeDir()
			if err != nil {
				return fmt.Errorf("%w: --data-dir is needed: %w", errSettings, err)
			}
			base = filepath.Join(home, ".local", "share")
		}
		s.DataDir = filepath.Join(base, "tsukaimichi")
	}
	var err error
	if s.DataDir, err = filepath.Abs(s.DataDir); err != nil {
		return fmt.Errorf("%w: --data-dir: %w", errSettings, err)
	}
	if s.Files == "" {
		s.Files = "file://" + filepath.ToSlash(filepath.Join(s.DataDir, "files"))
	}
	if s.Site == "" {
		s.Site = "http://" + s.Listen
	}
	if s.Operator.Name == "" {
		s.Operator = OperatorSettings{Name: "練習の運営", Mail: "unei@renshu.example"}
	}
	return errors.Join(s.checkSite(), s.Backup.check())
}

// forServe refuses to begin without what production needs.
func (s *Settings) forServe() error {
	for flag, value := range map[string]string{
		"--database-url": s.Database.URL, "--site": s.Site, "--files": s.Files, "--seal-key": s.SealKey,
		"--smtp-host": s.Mail.Host, "--smtp-from": s.Mail.From,
	} {
		if value == "" {
			return fmt.Errorf("%w: serve needs %s", errSettings, flag)
		}
	}
	if !s.secure() && !s.loopback() {
		return fmt.Errorf("%w: --site must begin with https://, or cookies and forms could be read on the way; http:// is for this machine alone", errSettings)
	}
	if s.DataDir != "" {
		return fmt.Errorf("%w: --data-dir belongs to practice; serve keeps nothing on this machine but what --files names", errSettings)
	}
	return errors.Join(s.checkSite(), s.Backup.check())
}

func (s *Settings) checkSite() error {
	u, err := url.Parse(s.Site)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("%w: --site must be an address such as https://tsukaimichi.example", errSettings)
	}
	s.Site = strings.TrimRight(s.Site, "/")
	return nil
}

// loopback reports whether the site is this machine itself.
func (s *Settings) loopback() bool {
	u, err := url.Parse(s.Site)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// secure reports whether pages are reached by https, so that cookies may insist on it.
func (s *Settings) secure() bool { return strings.HasPrefix(s.Site, "https://") }

func (s *Settings) level() slog.Level {
	return map[string]slog.Level{"debug": slog.LevelDebug, "warn": slog.LevelWarn, "error": slog.LevelError}[s.LogLevel]
}

// LogValue shows the settings with what is secret left out.
func (s Settings) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("listen", s.Listen), slog.String("site", s.Site), slog.String("data-dir", s.DataDir), slog.String("files", redactURL(s.Files)),
		slog.String("seal-key", redact(s.SealKey)), slog.Bool("behind-proxy", s.Proxy), slog.String("database-url", redactURL(s.Database.URL)),
		slog.Int("database-connections", s.Database.Connections), slog.String("backup-to", s.Backup.To), slog.Int("backup-hour", s.Backup.Hour),
		slog.Int("backup-keep", s.Backup.Keep), slog.String("smtp-host", s.Mail.Host), slog.Int("smtp-port", s.Mail.Port),
		slog.String("smtp-user", redact(s.Mail.User)), slog.String("smtp-password", redact(s.Mail.Password)), slog.String("smtp-encryption", s.Mail.Encryption),
	)
}

// String and GoString are what LogValue shows, so that no way of printing the settings prints a secret.
func (s Settings) String() string { return s.LogValue().String() }

// GoString is String, for %#v.
func (s Settings) GoString() string { return s.String() }

func redact(secret string) string {
	if secret == "" {
		return ""
	}
	return "(given)"
}

// redactURL keeps the place and leaves out user, password and parameters.
func redactURL(text string) string {
	if text == "" {
		return ""
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" {
		return "(given)"
	}
	return u.Scheme + "://" + u.Host + u.Path
}

// graceful is how long requests under way may take when the program is stopped.
const graceful = 20 * time.Second
