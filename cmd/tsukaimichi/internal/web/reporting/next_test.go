package reporting_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
)

// The report was promised for day 120 and comes on day 124 with ¥3,690 left, which are promised for day 164; on day 169 they are spent and reported.
func TestAPromiseIsLateKeptCarriedOverAndOver(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	called, group := "/c/"+r.c.Slug, "/o/"+r.org.Slug
	r.Pass(50) // day 120
	r.get(head, called).says(http.StatusOK, "募集は終わりました").silent("報告待ち")
	r.get(head, group).says(http.StatusOK, "約束の日が来た報告は、まだありません")
	r.Pass(4)
	r.get(head, called).says(http.StatusOK, "報告待ち 4日", "4日すぎています").keepShot("called-late")
	r.get(head, group).says(http.StatusOK, "報告待ち 4日", "約束した報告1件のうち、1件は、報告待ち").keepShot("group-late")
	r.get(head, r.desk("/reports")).says(http.StatusOK, "4日すぎています")

	words := r.words(r.get(treasurer, r.at("")).hidden())
	r.post(treasurer, r.at(""), with(words, "rest_by", r.Today().String())).sent()
	r.get(treasurer, r.at("")).says(http.StatusOK, "公表までに、あと1か所", "あしたよりあとの日")
	words = r.words(r.get(treasurer, r.at("")).hidden())
	r.post(treasurer, r.at(""), with(words, "rest_by", r.Today().AddDays(40).String())).sent()
	confirm := r.get(head, r.at("/publish")).says(http.StatusOK, "3,690円をくりこします").keepShot("publish-carry")
	r.post(head, r.at("/publish"), with(confirm.hidden(), "agree", "yes")).sent()
	r.get(head, called).says(http.StatusOK, "報告ずみ・つづく", "また報告します", "4日おくれて報告しました。残り3,690円。").silent("報告待ち").keepShot("called-carried")
	r.get(head, group).says(http.StatusOK, "約束した報告1件のうち、1件をおくれて報告しました", "最初の報告まで、64日でした").keepShot("group-carried")

	r.Pass(45) // day 169
	r.get(head, called).says(http.StatusOK, "報告待ち 5日")
	r.get(head, r.desk("/reports")).says(http.StatusOK, "5日すぎています")
	r.Check(r.Spend(r.uses[0], 3_690))
	r.get(auditor, r.at("")).says(http.StatusOK, "報告待ち 5日").silent("次の報告を書きはじめる")
	r.get(treasurer, r.at("")).says(http.StatusOK, "次の報告を書きはじめる", "募集が終わってから64日").keepShot("published-owed")
	r.post(treasurer, r.at("/next"), url.Values{}).sent()
	builder := r.get(treasurer, r.at("")).says(http.StatusOK, "第2回の報告の下書き", "前の報告と、訂正").keepShot("builder-next")
	r.get(head, r.desk("/reports")).says(http.StatusOK, "報告待ち")
	r.get(treasurer, r.at("/published")).says(http.StatusOK, "第1版", "訂正版の下書きを始める")
	r.post(treasurer, r.at(""), with(r.words(builder.hidden()), "rest", "", "rest_by", "")).sent()
	confirm = r.get(head, r.at("/publish")).says(http.StatusOK, "第2回 第1版", "残り 0円").silent("くりこします")
	r.post(head, r.at("/publish"), with(confirm.hidden(), "agree", "yes")).sent()

	r.get(head, called).says(http.StatusOK, "第2回の報告", "5日おくれて報告しました。").silent("報告待ち", "また報告します", "ずみ・つづく")
	r.get(head, group).says(http.StatusOK, "約束した報告2件のうち、2件をおくれて報告しました").silent("報告待ち、").keepShot("group-over")
	out := r.get(head, r.at("")).says(http.StatusOK, "報告の約束を、みな果たしました").silent("次の報告を書きはじめる")
	number := numbered.FindStringSubmatch(out.body)[1]
	r.get(head, "/r/"+number).says(http.StatusOK, "前の報告から", "84,310", "88,000", "3,690", "第2回 第1版").keepShot("page-second")
	r.get(head, "/r/"+r.firstNumber()).says(http.StatusOK, "つづきの報告があります", "第2回の報告を読む")
	if _, err := campaigns.OpenDuty(t.Context(), r.DB, r.ID, r.c.ID); err == nil {
		t.Error("the fund is at zero and a report is owed")
	}
}

func TestHowFarAReportReachedIsCountedAndTyped(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	r.post(treasurer, r.at(""), r.words(r.get(treasurer, r.at("")).hidden())).sent()
	confirm := r.get(head, r.at("/publish"))
	r.post(head, r.at("/publish"), with(confirm.hidden(), "agree", "yes")).sent()
	for range 3 {
		r.get(head, "/r/"+r.firstNumber())
	}
	r.get(auditor, r.at("")).says(http.StatusOK, "0通送りました。6通は、これから送ります", "3回ひらかれました", "募集が終わってから10日").silent("数えた数を残す")
	r.post(treasurer, r.at("/reach"), url.Values{"printed": {"五十"}, "circulated": {"120"}}).says(http.StatusUnprocessableEntity, "五十")
	r.post(treasurer, r.at("/reach"), url.Values{"printed": {"50"}, "circulated": {"１２０"}}).sent()
	r.get(auditor, r.at("")).says(http.StatusOK, "50枚", "120世帯").keepShot("published-reach")
	var times int
	if err := r.DB.GetContext(t.Context(), &times, `SELECT times FROM report_reading WHERE organisation_id = $1 AND read_on = $2`, r.ID, r.Today()); err != nil || times != 3 {
		t.Errorf("the readings of the day: %d, %v", times, err)
	}
}

// firstNumber is the public name of the report that came out first.
func (r *room) firstNumber() string {
	r.T.Helper()
	var number string
	if err := r.DB.GetContext(r.T.Context(), &number, `
		SELECT number
		  FROM report_publication
		 WHERE organisation_id = $1
		 ORDER BY published_at
		 LIMIT 1`, r.ID); err != nil {
		r.T.Fatal(err)
	}
	return number
}
