package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// photographed puts a photo beside the one expense of a group.
func (p *practising) photographed(f found) {
	p.t.Helper()
	ctx := context.Background()
	var photo bytes.Buffer
	err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 320, 480)), nil)
	if err != nil {
		p.t.Fatal(err)
	}
	kept, err := p.files.Put(ctx, f.organisation, files.KindEvidence, photo.Bytes())
	if err != nil {
		p.t.Fatal(err)
	}
	err = ledger.InTx(ctx, p.db, func(tx *sqlx.Tx) error {
		_, err := ledger.AddEvidence(ctx, tx, ledger.Evidence{OrganisationID: f.organisation, ExpenseID: 1, FileHash: kept.Hash[:], Type: kept.Type, Size: kept.Size}, f.treasurer, p.clock.Now())
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

var copyAddress = regexp.MustCompile(`/files/\d+/redacted/[0-9a-f]{64}\.jpg`)

// twoPersonsShowACopy has a copy of the paper made and approved: it stands under the report at the record of its paper, and nowhere before, after, or under
// another address.
func (p *practising) twoPersonsShowACopy(f found, report string) {
	p.t.Helper()
	p.photographed(f)
	p.as(f.treasurer.SubjectID)
	_, at := p.post("/desk/hoshino/evidence/1/redact", url.Values{"box1_left": {"0"}, "box1_top": {"0"}, "box1_width": {"100"}, "box1_height": {"30"}})
	at, _, _ = strings.Cut(strings.TrimPrefix(at, p.at), "?")
	picture := []byte(p.get(at + "/picture"))
	address := fmt.Sprintf("/files/%d/redacted/%s.jpg", f.organisation, files.HashOf(picture))
	closed := func(when string) {
		p.t.Helper()
		if shown := p.get(report); copyAddress.MatchString(shown) {
			p.t.Errorf("%s: the report shows a copy", when)
		}
		for _, path := range []string{address, strings.Replace(address, "redacted", "photo", 1)} {
			response, err := http.Get(p.at + path)
			if err != nil {
				p.t.Fatal(err)
			}
			if response.Body.Close(); response.StatusCode != http.StatusNotFound {
				p.t.Errorf("%s: GET %s: %s, want 404", when, path, response.Status)
			}
		}
	}
	closed("prepared")
	p.refused(at+"/approve", url.Values{"looked": {"yes"}}) // the same person
	closed("after the same person's yes")
	p.as(f.representative.SubjectID)
	p.post(at+"/approve", url.Values{"looked": {"yes"}})
	shown := p.get(report)
	if copyAddress.FindString(shown) != address {
		p.t.Errorf("the report shows %q, want %q", copyAddress.FindString(shown), address)
	}
	p.says(shown, "領収書などの写し", "食材（食材費）　2,400円")
	if got := []byte(p.get(address)); !bytes.Equal(got, picture) {
		p.t.Error("what is public is not what was looked at")
	}
	p.post(at+"/withdraw", url.Values{"reason": {"印影が残っていた"}})
	closed("withdrawn")
}
