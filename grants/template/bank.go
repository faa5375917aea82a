package template

import "slices"

// CommonKey is a question that many forms ask: answered once, used in each.
type CommonKey struct {
	Key      string
	Label    string
	Personal bool // of persons, or secret: never kept as a text for other drafts
}

// CommonKeys are the questions of the bank, in the order in which forms ask them. Those of the group are answered by its profile, those of the need and the
// project by the worksheet.
var CommonKeys = []CommonKey{
	{"org.name", "団体の名称", false}, {"org.kana", "団体名のふりがな", false}, {"legal_form", "団体の種類", false}, {"org.rep_name", "代表者の氏名", true},
	{"org.rep_title", "代表者の役職", false}, {"org.rep_kana", "代表者のふりがな", true}, {"org.rep_bio", "代表者の略歴", true}, {"org.address", "住所", true},
	{"org.phone", "電話", true}, {"org.mail", "メール", true}, {"org.url", "ホームページ", false}, {"founded_on", "設立した日", false}, {"org.story", "設立のいきさつ", false},
	{"org.purpose", "会の目的", false}, {"members", "会員・構成員の人数", false}, {"members_local", "うち区域内の人", false}, {"members_60plus", "うち60歳以上の人", false},
	{"staff", "職員の人数", false}, {"volunteers", "ボランティアの人数", false}, {"org.track_record", "これまで2年の活動", false}, {"org.last_accounts", "前年度の決算額", false},
	{"org.carryover", "前年度からの繰越額", false}, {"org.officers", "役員", true}, {"org.contact", "連絡の担当者", true}, {"org.bank", "振込口座", true},
	{"org.recommendation", "推薦する人・団体", false},
	{"need.summary", "解決したい課題", false}, {"need.gap", "いまの体制では難しいわけ", false}, {"need.survey", "調べたこと・数字", false},
	{"project.name", "事業名", false}, {"project.kind", "新規か継続か", false}, {"project.purpose", "事業の目的", false}, {"project.content", "事業の内容", false},
	{"project.place", "場所", false}, {"project.period", "期間", false}, {"project.schedule", "進め方・日程", false}, {"project.improve", "前回から改めること", false},
	{"target.who", "対象となる人", false}, {"target.count", "対象者の人数", false}, {"team.structure", "実施体制", false}, {"team.count", "担い手の人数", false},
	{"team.safety", "安全・衛生・個人情報", false}, {"partners.formal", "連携先（制度の機関）", false}, {"partners.informal", "連携先（地域の人・団体）", false},
	{"outcome.expected", "期待する効果", false}, {"outcome.indicators", "成果をはかる指標", false}, {"sustain.plan", "続け方・自立の見通し", false}, {"risk.plan", "心配なことと備え", false},
	{"publicity.plan", "広報・お礼のしかた", false}, {"budget.use", "お金の使いみち", false}, {"digest.a4", "概要", false},
}

// CommonKeyOf finds a question of the bank.
func CommonKeyOf(key string) (CommonKey, bool) {
	at := slices.IndexFunc(CommonKeys, func(k CommonKey) bool { return k.Key == key })
	if at < 0 {
		return CommonKey{}, false
	}
	return CommonKeys[at], true
}

// Asks are the fields that ask a question of the bank.
func (v Version) Asks(key string) []Field {
	var asking []Field
	for _, f := range v.Fields() {
		if f.CommonKey == key {
			asking = append(asking, f)
		}
	}
	return asking
}
