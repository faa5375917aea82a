package console

import (
	"maps"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page/pagetest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// sampleDesk is a desk of the practice organisation at which everything may be done.
func sampleDesk() Desk {
	return Desk{
		Organisation: ledger.Organisation{ID: 1, Name: "みどり町ふれあい食堂（練習）", Representative: "練習 みつ子", Address: "練習県みどり町1-1", Phone: "0000-00-0000", FiscalMonth: 4, Slug: "midori", Practice: true},
		Person:       ledger.Person{ID: 1, Name: "練習 花子"}, Roles: readers, Now: time.Date(2026, 11, 24, 9, 0, 0, 0, ledger.Tokyo),
	}
}

func samplePlan() standing {
	return standing{campaigns.Campaign{OrganisationID: 1, ID: 1, Slug: "midori-winter", InitiativeID: 1, FundID: 2, Status: campaigns.Open, Version: 1},
		campaigns.Plan{Version: 1, Title: "冬の火曜日（練習）", Need: "食材の値上がり", CollectsFrom: ledger.NewDate(2026, 10, 1), CollectsUntil: ledger.NewDate(2026, 12, 20),
			ReportDueOn: ledger.NewDate(2026, 11, 1), Uses: []campaigns.PlanUse{
				{UseID: 1, Name: "食材費", Quantity: 16, Unit: "回", UnitPrice: 15000, Amount: 240000, DueOn: ledger.NewDate(2027, 3, 9), Evidence: "レシート", BearsCosts: true}}}}
}

func sampleLine() ledger.JournalLine {
	return ledger.JournalLine{ID: 12, Kind: ledger.ExpensePaid, BookedOn: ledger.NewDate(2026, 11, 1), BelongsOn: ledger.NewDate(2026, 10, 28), Memo: "米", Payee: "練習ストア", By: "練習 花子",
		ExpenseID: 3, Unchecked: true, Out: 600, Entries: []ledger.JournalEntry{
			{Account: 5240, AccountName: "食材費", Plain: "食材", Fund: "冬", Use: "食材費", Segment: "program", Amount: 600},
			{Account: 1110, AccountName: "現金", Plain: "手元のお金", Fund: "冬", Amount: -600}}}
}

func TestEveryTemplateRendersItsSample(t *testing.T) {
	t.Parallel()
	d, c := sampleDesk(), samplePlan()
	gift := campaigns.Donation{ID: 7, Channel: campaigns.Konbini, Amount: 3000, Status: campaigns.Pending, GivenOn: d.Today(), Counted: 1, CountsAs: campaigns.CountsPerson}
	expense := ledger.Expense{ID: 3, What: "米", Payee: "練習ストア", Amount: 600, PaidOn: d.Today(), Status: ledger.Unchecked, EnteredPerson: 2, EnteredBy: "練習 実"}
	general := ledger.Fund{ID: 1, Name: "一般", Kind: ledger.GeneralFund}
	values := draftValues(c, nil)
	found := waiting{ToCheck: []ledger.Expense{expense}, Unpaid: []ledger.Expense{expense}, NoPaper: counted{Count: 1, Oldest: 3}, Receipts: counted{Count: 2, Oldest: 7},
		Glyphs: []receiptWith{{1, 7, "𠮷"}}, Vouchers: vouchers{Count: 1, Amount: 3000}, Campaigns: []standing{c},
		Places: []ledger.AccountBalance{{Account: ledger.Account{Code: 1110, Plain: "手元のお金", Place: true}, Balance: -600}},
		Funds:  []fundLeft{{general, 0}, {ledger.Fund{ID: 2, Name: "冬", Kind: ledger.CampaignFund}, -600}}}
	grants := []access.Grant{{OrganisationID: 1, ID: 1, Name: "練習 運営", Status: access.Asked, Purpose: "領収書", AskedAt: d.Now},
		{OrganisationID: 1, ID: 2, Name: "練習 運営", Status: access.Granted, Purpose: "帳簿", AskedAt: d.Now, DecidedBy: "練習 花子", DecidedAt: d.Now, FromOn: d.Today(), UntilOn: d.Today().AddDays(3)},
		{OrganisationID: 1, ID: 3, Name: "練習 運営", Status: access.Refused, Purpose: "名簿", AskedAt: d.Now, DecidedBy: "練習 花子", DecidedAt: d.Now}}
	found.Erasures = []campaigns.AskedErasure{{DonationID: 7, AskedAt: d.Now}, {DonationID: 8, AskedAt: d.Now}}
	found.Grants, found.Ending = grants, []ledger.Membership{{Name: "練習 友子", Role: ledger.Coordinator, UntilOn: d.Today().AddDays(5)}}
	found.Changes = []campaigns.ChangeWaiting{{CampaignID: 1, Asking: true, DecidesOn: d.Today().AddDays(14), Returns: 2, ToReturn: 3568, NeedsRest: true}}
	found.Owed = []campaigns.Duty{{CampaignID: 1, Number: 2, Title: "冬の火曜日", Slug: "fuyu", DueOn: d.Today().AddDays(-12)}}
	pages := map[string]page.Page{
		"access": buildAccess(d, access.Filter{Month: d.Today()}, []access.Opened{{ID: 1, At: d.Now, Who: "operator", Name: "練習 運営", What: access.OneGift, Route: "GET /desk/{org}/gifts/{id}", SubjectID: 7},
			{ID: 2, At: d.Now, Who: "operator", Name: "練習 運営", What: access.Page, Route: "GET /desk/{org}/settings"}}, access.Purged{At: d.Now, NewestAt: d.Now.AddDate(-2, -1, 0), Rows: 12}),
		"access_grants": buildGrants(d, grants, []ledger.Person{{ID: 9, Name: "練習 運営"}}, 0, nil, map[string]string{"purpose": "書いてください。"}),
		"access_ask":    sampleOperator(d, grants),
		"announce":      buildAnnounce(d, c, []campaigns.Campaign{{ID: 2, InitiativeID: c.InitiativeID + 1}}, nil, nil), "book": buildBook(d, typed{Values: map[string][]string{"q": {"米"}}}, []ledger.JournalLine{sampleLine()}, bookChoices{}),
		"campaign":  buildCampaign(d, c, campaigns.Progress{Promised: 240000, Received: 1000, Spent: 1600, Left: -600, InKind: 5000, Pending: 3000}, []ledger.Step{{Step: "drafted", Name: "練習 花子", At: d.Now}}),
		"campaigns": CampaignsPage{List: []page.ListRow{{Name: "冬", Href: "/x", Tag: campaignTag(c.Status)}}},
		"editor":    buildEditor(d, c, values, map[string]string{"title": "直してください。"}, nil),
		"erase": buildErase(d, eraseView{gift: gift, donor: campaigns.Donor{Name: "練習 花子", Mail: "hanako@renshu.example", Phone: "000-000-0000"}, gifts: 2, kept: 1, until: ledger.NewDate(2034, 5, 31),
			erasure: campaigns.Erasure{AskedAt: d.Now}}, map[string]string{"agree": "チェックを入れてください。"}),
		"expense":      buildExpense(d, expenseView{Expense: expense, Short: &fundLeft{general, -1}}, "check", nil, map[string]string{}),
		"expense_form": buildExpenseForm(d, typed{Values: map[string][]string{"lines": {"2"}}}, nil, map[string]string{"line2": "金額を入れてください。"}, expenseChoices{}),
		"expenses":     buildExpenses(d, typed{}, []listedExpense{{ID: 3, What: "米", Unpaid: true}}),
		"form":         buildGiftForm(d, typed{}, map[string]string{"channel": "選んでください。"}, []standing{c}, nil),
		"gift":         buildGift(d, giftView{Donation: gift}, "", nil, nil), "gift_check": ReadBackPage{Amount: 3000, Pairs: []page.Pair{{Term: "届き方", Text: "現金"}}},
		"gifts": buildGifts(d, typed{}, []campaigns.ListedGift{{Donation: gift}}, []standing{c}), "home": buildHome(d, found),
		"initiatives": InitiativesPage{Empty: page.Empty{Text: "まだありません。"}}, "members": buildMembers(d, []ledger.Membership{{PersonID: 1, Name: "練習 花子", Role: ledger.Treasurer}}, nil, nil),
		"money": MoneyPage{Groups: moneyGroups(d)}, "settings": buildSettings(d),
		"online": OnlinePage{Pairs: standingPairs(payments.Standing{Connected: true, Online: true}), Switch: switchAct(d, payments.Standing{Connected: true, Online: true}),
			Problems: []ProblemRow{problemRow(d, 0, payments.Problem{Kind: payments.YenUnclear, Ref: "txn_1", DonationID: 7, Amount: 3000, Detail: "charge"}, page.NewForm(nil, nil))}},
		"transaction": buildTransaction(d, sampleLine(), false, nil, nil),
	}
	maps.Copy(pages, sampleChanges(d, c))
	maps.Copy(pages, sampleNews(d, c))
	maps.Copy(pages, sampleVetting(d))
	maps.Copy(pages, sampleCopies(d))
	maps.Copy(pages, sampleCalls(d, c))
	for name, p := range pages {
		pages[name] = framed(p, d.Frame(httptest.NewRequest("GET", "/?done=announced", nil), "見本", page.Today, page.Link{Href: d.Path(), Text: "上へ"}))
	}
	pagetest.Browse(t, pagetest.Samples(t, Room, pages))
}

// framed puts the frame around a sample, which its handler would.
func framed(p page.Page, frame page.Console) page.Page {
	v := reflect.New(reflect.TypeOf(p)).Elem()
	v.Set(reflect.ValueOf(p))
	v.FieldByName("Console").Set(reflect.ValueOf(frame))
	return v.Interface().(page.Page)
}
