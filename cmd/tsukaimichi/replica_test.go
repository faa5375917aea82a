package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/migrations"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// TestMigrationsAtTheSameMomentAreOne starts the subcommand in three processes at once, as three replicas that are rolled out do.
func TestMigrationsAtTheSameMomentAreOne(t *testing.T) {
	t.Parallel()
	db := pgtest.Empty(t)
	var all []*process
	for range 3 {
		p := newProcess(t, task{Command: []string{"migrate", "--owner-url=" + db.OwnerDSN, "--app-role=" + pgtest.WebRole}})
		p.launch()
		all = append(all, p)
	}
	for _, p := range all {
		if err := p.wait(); err != nil {
			t.Errorf("%v: %s", err, p.lastWords(2000))
		}
	}
	if pending, err := migrations.Pending(t.Context(), db.App); err != nil || pending {
		t.Errorf("pending %v, %v", pending, err)
	}
	var twice int
	err := db.Super.Get(&twice, `SELECT count(*) FROM (SELECT version_id FROM goose_db_version GROUP BY version_id HAVING count(*) > 1) AS again`)
	if err != nil || twice > 0 {
		t.Errorf("%d migrations were applied twice, %v", twice, err)
	}
}

// TestTwoReplicasAreOne serves one group by two processes. A visitor does not notice which one answers, and nothing is done by both; one is killed while
// it has work in hand, then the other, and nothing is lost.
func TestTwoReplicasAreOne(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	w := newTrial(t, db.AppDSN, db.App, db.Super, 2)
	began := time.Now()
	for _, r := range w.replicas {
		r.start()
	}
	w.wantOneSession()
	w.wantOneLimit()
	w.wantOneDraft()
	still := w.live()
	crowd, leave := w.gather(false)
	stopSealing := w.sealToo()
	time.Sleep(2 * time.Second)
	dead := crowd.killAtWork(func() {})
	time.Sleep(time.Second)
	dead.start()
	time.Sleep(2 * time.Second)
	other := w.replicas[0]
	if other == dead {
		other = w.replicas[1]
	}
	other.kill()
	time.Sleep(time.Second)
	other.start()
	leave()
	crowd.settle()
	still()
	stopSealing()
	crowd.reckon()
	w.wantWorkDoneOnce(time.Since(began))
}

// wantOneSession: who signs in at one replica is known at the other, and who signs out there is a stranger here.
func (w *trial) wantOneSession() {
	w.t.Helper()
	c := &crowd{trial: w}
	who := c.signIn(w.treasurer)
	ask := func(replica int, method, path string) int {
		a, ok := c.once(who, method, w.replicas[replica].at+path, sent{})
		if !ok {
			w.t.Fatalf("replica %d does not answer", replica)
		}
		return a.status
	}
	for replica := range w.replicas {
		if got := ask(replica, http.MethodGet, "/desk/hoshino"); got != http.StatusOK {
			w.t.Errorf("signed in, at replica %d: %d", replica, got)
		}
	}
	ask(1, http.MethodPost, "/sign-out")
	for replica := range w.replicas {
		if got := ask(replica, http.MethodGet, "/desk/hoshino"); got != http.StatusSeeOther {
			w.t.Errorf("signed out, at replica %d: %d", replica, got)
		}
	}
}

// wantOneLimit: thirty tries a minute from one address are thirty over both.
func (w *trial) wantOneLimit() {
	w.t.Helper()
	c := &crowd{trial: w}
	who := c.arrive(4711)
	statuses, began := map[int]int{}, time.Now()
	for try := range 44 {
		address := w.replicas[try%len(w.replicas)].at
		a, ok := c.once(who, http.MethodPost, address+"/sign-in", filledIn(url.Values{"mail": {fmt.Sprintf("nobody%d@renshu.example", try)}}))
		if !ok {
			w.t.Fatal("no answer")
		}
		statuses[a.status]++
	}
	most := 32 + int(time.Since(began)/(2*time.Second)) // a minute may begin meanwhile, and then every two seconds let one more through
	if got := statuses[http.StatusSeeOther]; got < 29 || got > most || got+statuses[http.StatusTooManyRequests] != 44 {
		w.t.Errorf("44 tries were answered %v", statuses)
	}
}

// wantOneDraft: a draft begun at one replica is written on at the other and announced at the first, and the other shows it.
func (w *trial) wantOneDraft() {
	w.t.Helper()
	c := &crowd{trial: w}
	who := c.signIn(w.representative)
	post := func(replica int, path string, values url.Values) string {
		w.t.Helper()
		a, ok := c.once(who, http.MethodPost, w.replicas[replica].at+path, filledIn(values))
		if !ok || a.status != http.StatusSeeOther {
			w.t.Fatalf("%s at replica %d: %d %s", path, replica, a.status, text(a.body))
		}
		path, _, _ = strings.Cut(a.location, "?")
		return path
	}
	today := ledger.DateOf(time.Now())
	edit := post(0, "/desk/hoshino/campaigns", url.Values{"slug": {"natsu"}, "title": {"夏"}, "initiative": {"食堂"}})
	post(1, edit, url.Values{"do": {"save"}, "slug": {"natsu"}, "title": {"夏の夕ごはん"}, "initiative": {"食堂"}, "need": {"夏は外に出る日がへります。"},
		"other_sources": {"ありません"}, "uncovered": {"未定"}, "uses": {"1"}, "use1_name": {"食材費"}, "use1_amount": {"50,000"}, "use1_due_on": {today.AddDays(60).String()},
		"use1_evidence": {"レシート"}, "costs_borne_by": {"general"}, "collects_from": {today.String()}, "collects_until": {today.AddDays(30).String()},
		"report_due_on": {today.AddDays(90).String()}, "if_too_little": {"回数をへらします。"}, "if_too_much": {"回数をふやします。"}, "if_stopped": {"返金します。"},
		"responsible": {"練習 代表"}})
	post(0, strings.TrimSuffix(edit, "/edit")+"/announce", url.Values{"agree": {"yes"}})
	a, ok := c.once(who, http.MethodGet, w.replicas[1].at+"/c/natsu", sent{})
	if !ok || a.status != http.StatusOK || !strings.Contains(text(a.body), "50,000 円") {
		w.t.Errorf("announced at one replica, at the other: %d %s", a.status, text(a.body))
	}
}

// sealToo seals beside both replicas, by its own clock.
func (w *trial) sealToo() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	sealer := &chain.Sealer{DB: w.db, Batch: 3}
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			if _, err := sealer.SealAll(context.Background()); err != nil {
				w.t.Errorf("sealing beside the others: %v", err)
			}
			time.Sleep(15 * time.Millisecond)
		}
	}()
	stop = func() {
		cancel()
		<-ended
	}
	w.t.Cleanup(stop)
	return stop
}

// killAtWork kills the process that waits for Stripe's answer with a job in hand, and returns when another has done that work; after says how one comes.
func (c *crowd) killAtWork(after func()) *process {
	w := c.trial
	w.t.Helper()
	who := c.arrive(4712)
	p, page, ok := c.begin(who, 4712, 700)
	if !ok {
		w.t.Fatal("no payment page")
	}
	w.gate.Lock()
	opened := false
	defer func() {
		if !opened {
			w.gate.Unlock()
		}
	}()
	c.pay(who, p, page) // Stripe's page works on; its webhook comes
	var job struct {
		ID      int64
		Attempt int
		Replica string
	}
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		before := job
		err := w.look.Get(&job, `
			SELECT j.id, j.attempt, a.application_name AS replica
			  FROM river.river_job j
			  JOIN pg_locks l ON l.locktype = 'advisory' AND l.objid::bigint = hashtext(j.attempted_by[array_upper(j.attempted_by, 1)])::bigint & 4294967295
			  JOIN pg_stat_activity a ON a.pid = l.pid
			 WHERE j.state = 'running' AND j.kind = 'payments_events' AND a.datname = current_database() AND j.attempted_at < now() - interval '300 ms'`)
		if err == nil && before == job {
			break
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("nobody took up the webhooks: %v", err)
		}
	}
	victim := w.replicas[0]
	if job.Replica == "replica-1" {
		victim = w.replicas[1]
	}
	victim.kill()
	opened = true
	w.gate.Unlock()
	died := time.Now()
	after()
	taken := 0
	for deadline := died.Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		var left int
		err := w.look.Get(&left, `SELECT count(*) FROM stripe_event WHERE received_at < $1 AND processed_at IS NULL`, died)
		taken = w.takenUp() // the events may be looked at before, among those left over
		if err == nil && left == 0 && taken > 0 {
			break
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("nobody did what %s had in hand: %d webhooks, %d jobs taken up, %v", job.Replica, left, taken, err)
		}
	}
	w.t.Logf("the work of %s was done after %v; %d jobs taken up after a death", job.Replica, time.Since(died).Round(10*time.Millisecond), taken)
	return victim
}

// wantWorkDoneOnce: what comes by itself came once for both, and what was tried again had a reason.
func (w *trial) wantWorkDoneOnce(lasted time.Duration) {
	w.t.Helper()
	var sealings, mails, again int
	err := w.look.QueryRow(`
		SELECT count(*) FILTER (WHERE kind = 'seal'), count(*) FILTER (WHERE kind = 'mail'),
		       count(*) FILTER (WHERE attempt - 1 > coalesce(array_length(errors, 1), 0))
		  FROM river.river_job`).Scan(&sealings, &mails, &again)
	seconds := int(lasted / time.Second)
	if err != nil || sealings > seconds+5 || mails > seconds/2+5 || again > 0 {
		w.t.Errorf("in %d seconds sealed %d times, letters carried out %d times, %d jobs done again without a reason, %v", seconds, sealings, mails, again, err)
	}
}
