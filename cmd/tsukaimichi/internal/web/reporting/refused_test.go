package reporting_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/reporting"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestWhatCannotBeReadComesBackAsItWasTyped(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	values := with(r.get(treasurer, r.at("")).hidden(), "did", "ここまで書きました。", "sessions", "二十", "visits", "-3", "audited_on", "きのう", "rest_by", "2027-02-31")
	r.post(treasurer, r.at(""), values).says(http.StatusUnprocessableEntity, "ここまで書きました。", `value="二十"`, `value="きのう"`, "数は、数字だけで", "日は、2027年").keepShot("builder-problems")
	r.get(treasurer, r.at("")).silent("ここまで書きました。")
	r.post(treasurer, r.at(""), with(values, "sessions", "20", "visits", "", "audited_on", "", "rest_by", "", "did", strings.Repeat("長", 4001))).
		says(http.StatusUnprocessableEntity, "長すぎます")
	r.post(treasurer, r.at(""), url.Values{"seen": {"x"}, "did": {"古い画面の文"}}).says(http.StatusUnprocessableEntity, "ほかの人が書きかえました")
}

func TestTwoPeopleDoNotWriteOverEachOther(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	one, two := r.get(treasurer, r.at("")).hidden(), r.get(head, r.at("")).hidden()
	r.post(treasurer, r.at(""), with(one, "did", "会計の文")).sent()
	r.post(treasurer, r.at(""), with(one, "did", "会計の文")).sent() // pressed twice
	back := r.post(head, r.at(""), with(two, "did", "代表の文")).says(http.StatusUnprocessableEntity, "代表の文", "ほかの人が書きかえました")
	r.get(head, r.at("")).says(http.StatusOK, "会計の文")
	r.post(head, r.at(""), with(back.hidden(), "did", "代表の文")).sent()
	r.get(head, r.at("")).says(http.StatusOK, "代表の文").silent("会計の文")
}

func TestOnlyPhotosAreKept(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	seen := r.get(treasurer, r.at("")).hidden()
	back := r.upload(treasurer, r.at(""), with(seen, "did", "書いた文"), photo(t, 0xee), []byte("%PDF-1.7 no photo"), []byte("<svg/>")).
		says(http.StatusUnprocessableEntity, "書いた文", "この種類のファイルは受け取れません", "写真1")
	values := back.hidden()
	hash := values.Get("photo1_hash")
	r.post(treasurer, r.at(""), with(values, "did", "書いた文", "photo2_hash", strings.Repeat("ab", 32), "photo3_hash", "../../etc")).sent()
	kept := r.get(treasurer, r.at("")).says(http.StatusOK, "写真1").silent("写真2")
	r.get(head, fmt.Sprintf("/files/%d/photo/%s.jpg", r.ID, hash)).says(http.StatusOK)
	r.post(treasurer, r.at(""), with(kept.hidden(), "do", "remove-photo-1")).sent()
	parsed, err := files.ParseHash(hash)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.files.Read(t.Context(), r.ID, files.KindPhoto, parsed); err == nil {
		t.Error("a photo that was taken out is kept")
	}
}

func TestAPhotoWithoutConsentIsNotShown(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	seen := r.get(treasurer, r.at("")).hidden()
	r.upload(treasurer, r.at(""), with(r.words(seen), "voice1_text", "のせないことば"), photo(t, 0xee)).sent()
	r.get(head, r.at("/preview")).says(http.StatusOK).silent("のせないことば", "/photo/")
}

func TestAnotherGroupsReportIsNotFound(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	r.post(treasurer, r.at(""), with(r.get(treasurer, r.at("")).hidden(), "did", "よその文")).sent()
	other := campaigntest.Found(t, r.DB)
	r.Group.ID, r.org.ID = other.ID, other.ID
	r.Head, r.Treasurer, r.Auditor = other.Head, other.Treasurer, other.Auditor
	var err error
	if r.org, err = ledger.FindOrganisation(t.Context(), r.DB, other.ID); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", "/preview", "/draft.pdf", "/draft-a4.pdf", "/publish"} {
		r.get(head, r.at(path)).fails("not found")
	}
	for _, path := range []string{"", "/publish", "/correct"} {
		r.post(head, r.at(path), url.Values{"agree": {"yes"}, "changes": {"x"}}).fails("not found")
	}
	r.get(head, r.desk("/reports")).says(http.StatusOK, "まだ報告はありません").silent("見守り配食")
	for _, id := range []string{"0", "x", "99999999999999999999"} {
		r.get(head, r.desk("/campaigns/"+id+"/report")).fails("not found")
	}
}

func TestADraftCampaignHasNothingToReport(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	id := r.Draft(r.Plan())
	r.get(head, r.desk(fmt.Sprintf("/campaigns/%d/report", id))).fails("not found")
	r.get(head, r.desk("/reports")).says(http.StatusOK)
}

func TestTheBookMovingAsksForAnotherLook(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	r.post(treasurer, r.at(""), r.words(r.get(treasurer, r.at("")).hidden())).sent()
	agreed := with(r.get(head, r.at("/publish")).hidden(), "agree", "yes")
	r.Spend(r.uses[1], 300)
	back := r.post(head, r.at("/publish"), agreed).says(http.StatusUnprocessableEntity, "帳簿か文が変わりました", "84,610")
	r.post(head, r.at("/publish"), with(back.hidden(), "agree", "yes")).sent()
	r.get(head, r.at("")).says(http.StatusOK, "公表ずみ")
}

func TestAnIncompleteReportDoesNotComeOutNorTakeANumber(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	r.post(head, r.at("/publish"), url.Values{"agree": {"yes"}}).says(http.StatusUnprocessableEntity)
	r.post(treasurer, r.at(""), with(r.get(treasurer, r.at("")).hidden(), "did", "少しだけ")).sent()
	r.post(head, r.at("/publish"), url.Values{"agree": {"yes"}}).says(http.StatusUnprocessableEntity, "まだ書いていないところがあります", "まだ公表できません")
	var numbers int
	if err := r.DB.Get(&numbers, `SELECT count(*) FROM report_counter WHERE organisation_id = $1`, r.ID); err != nil || numbers != 0 {
		t.Errorf("%d numbers were taken, %v", numbers, err)
	}
	if len(r.letters()) != 0 {
		t.Error("letters were written")
	}
}

func TestALateReportStandsFirst(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	r.At = r.At.AddDate(0, 0, 200)
	r.get(head, r.desk("/reports")).says(http.StatusOK, "報告待ち", "日すぎています").keepShot("list-late")
}

// TestWhoMayComeIn holds the map of the room against the rights of DESIGN.md §10.
func TestWhoMayComeIn(t *testing.T) {
	t.Parallel()
	for _, route := range (&reporting.Pages{}).Routes() {
		may := func(role ledger.Role) bool { return slices.Contains(route.Roles, role) }
		publishing := strings.HasSuffix(route.Path, "/publish")
		if publishing && (len(route.Roles) != 1 || !may(head)) {
			t.Errorf("%s is open to %v", route.Pattern(), route.Roles)
		}
		if route.Method == http.MethodPost && (may(auditor) || may(ledger.Coordinator)) {
			t.Errorf("%s may be asked by who only reads", route.Pattern())
		}
	}
	r := openRoom(t)
	if to := r.get(auditor, r.at("")).sent(); to != r.at("/preview") {
		t.Errorf("the auditor was led to %s", to)
	}
}

func TestReadingBeginsNothing(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	for _, path := range []string{"", "/preview", "/draft.pdf", "/publish"} {
		r.get(head, r.at(path)).says(http.StatusOK)
	}
	var n int
	if err := sqlx.GetContext(t.Context(), r.DB, &n, `SELECT count(*) FROM report WHERE organisation_id = $1`, r.ID); err != nil || n != 0 {
		t.Errorf("%d reports begun by reading, %v", n, err)
	}
}
