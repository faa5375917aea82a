package door

import (
	"net/url"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page/pagetest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

// samples are the pages of the door, each as full as it gets.
func samples(t *testing.T) map[string]page.Page {
	t.Helper()
	const origin = "https://tsukaimichi.example"
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, ledger.Tokyo)
	person := auth.Person{ID: 1, Name: "練習 花子", Mail: "hanako@renshu.example"}
	key := auth.Passkey{ID: 3, Name: "会計のスマートフォン", CreatedAt: noon, UsedAt: &noon}
	held := auth.Held{Passkeys: []auth.Passkey{key, {ID: 4, Name: "とてもとてもとてもとてもとてもとても長い名前のついたパソコンのパスキー", CreatedAt: noon}}, AppSince: noon, Sheet: auth.Sheet{MadeAt: noon, Left: 7}}
	opened := []auth.Opened{{ID: 1, StartedAt: noon, Browser: "iPhoneのSafari", Here: true}, {ID: 2, StartedAt: noon, Browser: "WindowsのEdge"}}
	modules, err := pdf.Modules("otpauth://totp/x?secret=RENSHURENSHURENSHURENSHURENSHU22")
	if err != nil {
		t.Fatal(err)
	}
	wrong := map[string]string{"mail": "メールアドレスの形ではありません。"}
	form := newFactorForm(held, origin, true, "code", "番号がちがいます。")
	heldForm := newFactorForm(held, origin, true, codeField, "")
	codes := make([]seal.Secret, 10)
	for i := range codes {
		codes[i] = "0123 4567 8901 2345 6789 0123"
	}
	return map[string]page.Page{
		"mail": newMailPage(nil, wrong, origin), "code": newCodePage(nil, map[string]string{"code": "番号がちがいます。"}), "link": LinkPage{Public: page.Public{Title: "サインイン"}, Name: "練習 花子", Token: "t"},
		"desks":   DesksPage{Console: frame(person, "団体をえらぶ"), Rows: []page.ListRow{{Name: "ほしの食堂（練習）", Href: "/desk/hoshino", Text: "会計"}}},
		"account": newAccountPage(person, held, opened, origin), "account-none": newAccountPage(person, auth.Held{}, opened[:1], ""),
		"remove": newRemovePage(person, removePasskey(key)), "remove-app": newRemovePage(person, removeApp()),
		"app": newAppPage(person, "/desk"), "app-key": newAppKeyPage(person, "/desk", "RENS HURE NSHU RENS HURE NSHU RENS HU22", drawCode(modules), "番号がちがいます。"),
		"sheet": newSheetPage(person, held.Sheet), "paper": newPaperPage(person, codes, origin, ledger.DateOf(noon)),
		"confirm":      ConfirmPage{Console: frame(person, "ご本人の確認", toDesk), Factor: form, Next: "/desk", Origin: origin},
		"confirm-none": ConfirmPage{Console: frame(person, "ご本人の確認", toDesk), Factor: newFactorForm(auth.Held{}, origin, false, "code", ""), Next: "/desk", Origin: origin},
		"held":         HeldPage{Console: frame(person, "ご本人の確認", toDesk), Factor: heldForm, Action: "/desk/hoshino/settings/members", Fields: []HeldField{{"name", "<練習> \"太郎\""}}, Written: page.NewWritten(url.Values{"purpose": {"この町の子どもと、いっしょに夕ごはんを食べます。"}})},
		"outside": OutsidePage{Public: page.Public{Title: "サインインが切れています", Private: true}, Action: "/desk/hoshino/campaigns/1/report", Kind: "multipart/form-data",
			Fields: []HeldField{{"did", "<練習>"}}, Written: page.NewWritten(url.Values{"did": {"夕ごはんを16回ひらきました。</textarea><b>雨の日も、\nきました。"}, "title": {"冬の夕ごはん"}})},
		"held-none": HeldPage{Console: frame(person, "ご本人の確認", toDesk), Factor: newFactorForm(auth.Held{}, origin, false, codeField, ""), Action: "/desk/hoshino/settings/members"},
	}
}

func TestPagesOfTheDoorFitASmallScreenAndLargeText(t *testing.T) {
	t.Parallel()
	pagetest.Browse(t, pagetest.Samples(t, Room, samples(t)))
}

// TestFactorFormAsksForWhatThePersonHas: nobody is asked for digits of an app he does not have.
func TestFactorFormAsksForWhatThePersonHas(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, ledger.Tokyo)
	app, sheet := auth.Held{AppSince: noon}, auth.Held{Sheet: auth.Sheet{MadeAt: noon, Left: 1}}
	for _, c := range []struct {
		held        auth.Held
		label       string
		some, typed bool
	}{
		{app, "確認アプリの6けたの数字", true, true},
		{sheet, "「困ったときの紙」の番号", true, true},
		{auth.Held{Passkeys: []auth.Passkey{{}}}, "「困ったときの紙」の番号", true, false},
		{auth.Held{Sheet: auth.Sheet{MadeAt: noon}}, "「困ったときの紙」の番号", false, false},
	} {
		f := newFactorForm(c.held, "https://x.example", false, "code", "")
		if f.Some != c.some || f.Typed != c.typed || f.Code.Label != c.label || (f.PasskeyOrigin != "") != (len(c.held.Passkeys) > 0) {
			t.Errorf("%+v: got %+v", c.held, f)
		}
	}
}
