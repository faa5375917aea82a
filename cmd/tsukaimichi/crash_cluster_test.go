package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/migrations/embpg"
)

// cluster is a PostgreSQL of one test's own, with the settings of production: nothing that was committed may be lost.
type cluster struct {
	*embpg.Server
	t     *testing.T
	dir   string
	began time.Time
}

func startCluster(t *testing.T) *cluster {
	t.Helper()
	removeLeftClusters()
	dir, err := os.MkdirTemp(embpg.VolatileDir(), leftCluster)
	if err != nil {
		t.Fatal(err)
	}
	if err = os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	c := &cluster{t: t, dir: filepath.Join(dir, "server"), began: time.Now()}
	t.Cleanup(func() {
		if c.Server != nil {
			_ = c.Stop(context.Background())
		}
		_ = os.RemoveAll(dir)
	})
	c.start()
	if err = prepareDatabase(context.Background(), c.Server); err != nil {
		t.Fatal(err)
	}
	return c
}

// leftCluster begins the name of every cluster's directory.
const leftCluster = "tsukaimichi-crash-"

// removeLeftClusters gives back the memory of tests that were killed themselves.
func removeLeftClusters() {
	left, _ := filepath.Glob(filepath.Join(embpg.VolatileDir(), leftCluster+"*"))
	for _, dir := range left {
		info, err := os.Stat(dir)
		if err != nil || time.Since(info.ModTime()) < time.Hour {
			continue
		}
		if err = embpg.Remove(context.Background(), filepath.Join(dir, "server")); err == nil {
			_ = os.RemoveAll(dir)
		}
	}
}

func (c *cluster) start() {
	c.t.Helper()
	server, err := embpg.Start(context.Background(), embpg.Options{Dir: c.dir, Settings: map[string]string{"log_connections": "on"}})
	if err != nil {
		c.t.Fatal(err)
	}
	c.Server = server
}

// stopAtOnce is pg_ctl stop -m immediate: no word to anybody, nothing written down; the next start recovers.
func (c *cluster) stopAtOnce() {
	c.t.Helper()
	text, err := os.ReadFile(filepath.Join(c.dir, "data", "postmaster.pid"))
	if err != nil {
		c.t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err == nil {
		err = syscall.Kill(pid, syscall.SIGQUIT)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	<-c.Done()
	_ = c.Stop(context.Background()) // says that it ended badly, and gives the directory up
}

// open connects as one of the roles for as long as the test lasts.
func (c *cluster) open(role string) *sqlx.DB {
	c.t.Helper()
	db, err := sqlx.Open("postgres", c.DSN(practiceDatabase, role))
	if err != nil {
		c.t.Fatal(err)
	}
	db.SetMaxOpenConns(10)
	c.t.Cleanup(func() { _ = db.Close() })
	return db
}

// metric reads one of the program's own figures.
func (w *trial) metric(name string) int {
	w.t.Helper()
	visitor := somebody{http.DefaultClient, "203.0.113.7"}
	if a, ok := (&crowd{trial: w}).once(visitor, http.MethodGet, "/metrics", sent{}); !ok || a.status != http.StatusNotFound {
		w.t.Errorf("a visitor was shown the program's figures: %d", a.status)
	}
	visitor.address = "" // this machine
	a, ok := (&crowd{trial: w}).once(visitor, http.MethodGet, "/metrics", sent{})
	found := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindStringSubmatch(a.body)
	if !ok || found == nil {
		w.t.Fatalf("no %s: %d", name, a.status)
	}
	value, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		w.t.Fatal(err)
	}
	return int(value)
}

func (w *trial) health() int {
	answer, err := http.Get(w.replicas[0].at + "/health")
	if err != nil {
		w.t.Errorf("the program does not answer: %v", err)
		return 0
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}

// wantAway asks while the database is away.
func (w *trial) wantAway() {
	w.t.Helper()
	if got := w.health(); got != http.StatusServiceUnavailable {
		w.t.Errorf("/health without a database: %d", got)
	}
}

// wantBack waits until the program has found the database again.
func (w *trial) wantBack() {
	w.t.Helper()
	for deadline := time.Now().Add(time.Minute); w.health() != http.StatusOK; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			w.t.Fatal("the program does not find the database again")
		}
	}
}

// wantCalm wants no more goroutines than there were, and no more connections than the settings allow: the program did not end and begin anew either.
func (w *trial) wantCalm(goroutines int) {
	w.t.Helper()
	most := goroutines + goroutines/4
	got := 0
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if got = w.metric("go_goroutines"); got <= most {
			break
		}
	}
	if got > most {
		w.t.Errorf("%d goroutines, %d before", got, goroutines)
	}
	if started := w.metric("process_start_time_seconds"); time.Since(time.Unix(int64(started), 0)) < 10*time.Second {
		w.t.Error("the program did not stay up")
	}
	var connections int
	err := w.look.Get(&connections, `SELECT count(*) FROM pg_stat_activity WHERE usename = $1`, practiceRole)
	if most = w.replicas[0].task.Settings.Database.Connections + 10; err != nil || connections > most { // and the test's own
		w.t.Errorf("%d connections, %v, want %d at most", connections, err, most)
	}
	w.t.Logf("%d goroutines, %d before; %d connections", got, goroutines, connections)
}

// wantNoStorm wants the clients to have waited between their tries: a database that starts has other things to do.
func (c *cluster) wantNoStorm() {
	c.t.Helper()
	log, err := os.ReadFile(filepath.Join(c.dir, "postgres.log"))
	if err != nil {
		c.t.Fatal(err)
	}
	tries, seconds := strings.Count(string(log), "connection received"), int(time.Since(c.began)/time.Second)
	c.t.Logf("%d connections in %d seconds", tries, seconds)
	if tries > 400*seconds {
		c.t.Errorf("%d connections in %d seconds", tries, seconds)
	}
}
