package public

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
)

// mostSigned is how many checkpoints the page lists; any older one is found by its number.
const mostSigned = 20

// mostHashes is how many hashes one answer holds.
const mostHashes = 10_000

// Log answers /o/{slug}/log: what is signed of the organisation's log, and how to hold a paper against it.
func (p *Pages) Log(w http.ResponseWriter, r *http.Request) error {
	wanted := strings.TrimSpace(r.URL.Query().Get("size"))
	build := func(ctx context.Context) (page.Page, error) {
		l, err := p.log(r, wanted)
		return NewLogPage(l), err
	}
	if wanted == "" {
		return p.show(w, r, build)
	}
	return p.showOnce(w, r, build)
}

func (p *Pages) log(r *http.Request, wanted string) (l Log, err error) {
	l.Asked = wanted
	if l.Organisation, err = p.organisation(r); err != nil {
		return l, err
	}
	id := l.Organisation.ID
	if l.Records, err = ledger.Records(r.Context(), p.DB, id); err != nil {
		return l, err
	}
	if l.Signed, err = chain.Checkpoints(r.Context(), p.DB, id, mostSigned); err != nil {
		return l, err
	}
	if len(l.Signed) > 0 {
		l.Key = chain.VerifierKey(l.Signed[0].Origin, p.LogKey)
	}
	l.Found, err = p.asked(r.Context(), id, wanted)
	return l, err
}

func (p *Pages) organisation(r *http.Request) (ledger.Organisation, error) {
	id, _, err := ledger.FindSlug(r.Context(), p.DB, ledger.SlugOrganisation, r.PathValue("slug"))
	if err != nil {
		return ledger.Organisation{}, err
	}
	return ledger.FindOrganisation(r.Context(), p.DB, id)
}

// asked looks up the checkpoint a reader found on a paper; nil where nothing was signed at that number.
func (p *Pages) asked(ctx context.Context, organisationID int64, text string) (*chain.Signed, error) {
	size, ok := sequenceOf(text)
	if !ok {
		return nil, nil
	}
	found, err := chain.FindCheckpoint(ctx, p.DB, organisationID, size)
	if errors.Is(err, chain.ErrNoCheckpoint) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &found, nil
}

// sequenceOf reads a number as papers print it: 1,204, in wide digits as well.
func sequenceOf(text string) (int64, bool) {
	n, err := ledger.ParseYen(strings.TrimSuffix(strings.TrimPrefix(text, "第"), "番")) // amounts are typed in the same ways
	return int64(n), err == nil && n > 0
}

// Checkpoint answers /o/{slug}/log/{size}/checkpoint, and the newest for the size "newest": the signed note, to be kept.
func (p *Pages) Checkpoint(w http.ResponseWriter, r *http.Request) error {
	o, err := p.organisation(r)
	if err != nil {
		return err
	}
	var c chain.Checkpoint
	if r.PathValue("size") == "newest" {
		c, err = chain.LatestCheckpoint(r.Context(), p.DB, o.ID)
	} else if size, ok := sequenceOf(r.PathValue("size")); ok {
		var s chain.Signed
		s, err = chain.FindCheckpoint(r.Context(), p.DB, o.ID, size)
		c = s.Checkpoint
	} else {
		return ledger.ErrNotFound
	}
	if errors.Is(err, chain.ErrNoCheckpoint) {
		return ledger.ErrNotFound
	}
	if err != nil {
		return err
	}
	return send(w, r, "text/plain; charset=utf-8", fmt.Sprintf("%s-%d.checkpoint", o.Slug, c.Size), []byte(c.Note))
}

// Hashes answers /o/{slug}/log/hashes: one line for each record, its number and its hash. from says where to begin.
func (p *Pages) Hashes(w http.ResponseWriter, r *http.Request) error {
	o, err := p.organisation(r)
	if err != nil {
		return err
	}
	from := int64(1)
	if text := r.URL.Query().Get("from"); text != "" {
		if from, err = strconv.ParseInt(text, 10, 64); err != nil || from < 1 {
			return ledger.ErrNotFound
		}
	}
	hashes, err := chain.Hashes(r.Context(), p.DB, o.ID, from, mostHashes)
	if err != nil {
		return err
	}
	var b strings.Builder
	for i, h := range hashes {
		fmt.Fprintf(&b, "%d %s\n", from+int64(i), h)
	}
	return send(w, r, "text/plain; charset=utf-8", o.Slug+"-hashes.txt", []byte(b.String()))
}

// logHref is where an organisation's log is shown.
func logHref(o ledger.Organisation) string { return "/o/" + o.Slug + "/log" }

func signedRow(at string, s chain.Signed) SignedRow {
	return SignedRow{UpTo: "第" + page.Count(int(s.Size)) + "番まで", Digits: s.Fingerprint(), At: page.Minute(s.At),
		Href: at + "/" + strconv.FormatInt(s.Size, 10) + "/checkpoint"}
}
