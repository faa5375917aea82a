package opendata

// Column is a column of the list, with the field of the JSON that means the same.
type Column struct {
	Key     string // within the program
	CSV     string // its head
	Unit    string
	Meaning string
}

// Columns are the columns of the list, in their order. Within Format they keep their names and their order; new ones come at the end.
var Columns = []Column{
	{"row", "行", "", "使いみち＝1つの使いみち。合計＝募金ぜんぶ。目標＝お金のほかの約束。報告＝その報告までに使った額"},
	{"organisation", "団体", "", "団体の名前"},
	{"campaign", "募金の番地", "", "アドレス（/c/ のあと）に使う名前。変わりません"},
	{"title", "募金", "", "募金の名前"},
	{"status", "状態", "", "announced＝公表した、open＝募金中、closed＝募集おわり、reported＝報告ずみ、stopped＝やめた"},
	{"version", "約束の版", "版", "いまの「使いみちの約束」が何版か"},
	{"on", "数字の日", "日", "この数字の日。2026-11-25 の形"},
	{"number", "番号", "", "使いみちの番号。1が最優先"},
	{"name", "使いみち", "", "使いみちの名前"},
	{"detail", "内容", "", "何に使うか"},
	{"quantity", "数", "", "いくつ。かけ算で決めていないときは空"},
	{"unit", "単位", "", "数の単位（回、個など）"},
	{"unit_price", "単価", "円", "1つの値段"},
	{"due_on", "使う期日", "日", "いつまでに使うか"},
	{"promised", "約束", "円", "集める前に決めた額"},
	{"received", "届いた", "円", "届いたお金（前からの残りをふくむ）。使いみちごとには、指定された分と使った分に入れ、残りを番号の順に入れた額"},
	{"named", "うち指定", "円", "「届いた」のうち、寄付した方がこの使いみちを選んだ額。選んだ方か、選ばなかった方が5人未満のときは0とし、番号の順に入れます"},
	{"spent", "使った", "円", "使ったお金（確認前をふくむ）。「報告」の行では、はじめからその報告までに使った額"},
	{"left", "残り", "円", "届いた − 使った。マイナスは立替え"},
	{"unchecked", "確認前", "円", "「使った」のうち、別の人がまだ確かめていない額"},
	{"persons", "人", "人", "参加した人。1〜4人は「5未満」"},
	{"households", "世帯", "世帯", "参加した世帯。1〜4は「5未満」"},
	{"companies", "社", "社", "参加した会社など。1〜4は「5未満」"},
	{"nameless", "件", "件", "名前のわからない寄付。1〜4は「5未満」"},
	{"report", "報告の番号", "", "「報告」の行で、どの報告か"},
	{"target", "目標", "", "「目標」の行で、お金のほかに約束した数。単位は「単位」の列"},
	{"reached", "達した数", "", "「目標」の行で、いままでの数"},
}

// Field is a field of the JSON: its path, with [] for each of a list.
type Field struct {
	Path    string
	Unit    string
	Meaning string
}

// headFields are at the beginning of both kinds of file.
var headFields = []Field{
	{"format", "", "形の番号。いまは1。番号が同じあいだ、項目の意味は変わりません（増えることはあります）"},
	{"kind", "", "campaign＝募金、organisation＝団体"},
	{"on", "日", "数字の日。2026-11-25 の形。日がないところは空の文字"},
	{"records", "番", "団体のお金の記録が第何番までか"},
	{"source", "", "同じ数字を見せているページ"},
	{"licence", "", "使ってよい条件"},
	{"licence_url", "", "その条件の文"},
}

// CampaignFields are the fields of a campaign. CampaignFields and OrganisationFields name every field that there is.
var CampaignFields = append(append([]Field{}, headFields...), []Field{
	{"organisation.slug", "", "団体のアドレス（/o/ のあと）の名前"},
	{"organisation.name", "", "団体の名前"},
	{"organisation.source", "", "団体のページ"},
	{"slug", "", "募金のアドレス（/c/ のあと）の名前。変わりません"},
	{"title", "", "募金の名前"},
	{"status", "", "announced＝公表した、open＝募金中、closed＝募集おわり、reported＝報告ずみ、stopped＝やめた"},
	{"plan.version", "版", "いまの「使いみちの約束」が何版か"},
	{"plan.published_on", "日", "その版を公表した日"},
	{"plan.collects_from", "日", "集めはじめる日"},
	{"plan.collects_until", "日", "集めおわる日。ずっと集める募金は空"},
	{"plan.report_due_on", "日", "報告を約束した日"},
	{"plan.width", "円", "寄付した方にたずねないで、使いみちの間で動かせる額（流用の幅）"},
	{"plan.costs_borne_by", "", "受け取りの手数料を出すところ。general＝団体の一般のお金、use＝使いみちの1つ"},
	{"plan.if_too_little", "", "足りなかったらどうするか"},
	{"plan.if_too_much", "", "多く集まったらどうするか"},
	{"plan.if_stopped", "", "中止したらどうするか"},
	{"people.persons", "人", "参加した人。null は1〜4人"},
	{"people.households", "世帯", "参加した世帯。null は1〜4"},
	{"people.companies", "社", "参加した会社など。null は1〜4"},
	{"people.nameless", "件", "名前のわからない寄付。null は1〜4"},
	{"total.promised", "円", "約束の合計"},
	{"total.carried", "円", "前からの残り、ほかの資金からの分"},
	{"total.received", "円", "届いたお金（carried をふくむ）"},
	{"total.spent", "円", "使ったお金"},
	{"total.left", "円", "received − spent"},
	{"total.unchecked", "円", "spent のうち、確認前"},
	{"total.no_use", "円", "spent のうち、約束にない支出"},
	{"total.pending", "円", "申し込みがあり、まだ届いていない寄付。received には入りません。null は1〜4人の分"},
	{"total.in_kind", "円", "品物などの額。received には入りません。null は1〜4人の分"},
	{"uses[].number", "", "使いみちの番号。1が最優先"},
	{"uses[].name", "", "使いみちの名前"},
	{"uses[].detail", "", "何に使うか"},
	{"uses[].quantity", "", "いくつ。かけ算で決めていないときは0"},
	{"uses[].unit", "", "数の単位"},
	{"uses[].unit_price", "円", "1つの値段"},
	{"uses[].due_on", "日", "いつまでに使うか"},
	{"uses[].evidence", "", "何で示すか"},
	{"uses[].promised", "円", "約束した額"},
	{"uses[].received", "円", "届いた額。指定された分と使った分に入れ、残りを番号の順に入れた額。合計は total.received"},
	{"uses[].named", "円", "received のうち、寄付した方がこの使いみちを選んだ額。選んだ方か、選ばなかった方が5人未満のときは0とし、番号の順に入れます"},
	{"uses[].spent", "円", "使った額"},
	{"uses[].left", "円", "received − spent。マイナスは立替え"},
	{"uses[].unchecked", "円", "spent のうち、確認前"},
	{"uses[].reported[]", "円", "はじめから、reports の同じ順番の報告までに使った額"},
	{"goals[].kind", "", "お金のほかの約束。people＝人、meals＝食、times＝回、hours＝手伝いの時間、things＝品物"},
	{"goals[].name", "", "その名前"},
	{"goals[].unit", "", "数の単位"},
	{"goals[].target", "", "約束した数。約束のほかにいただいたものは0"},
	{"goals[].reached", "", "いままでの数"},
	{"goals[].givers", "人", "手伝いと品物をくださった、のべの人。null は1〜4人"},
	{"reports[].number", "", "報告の番号。第1回から順に"},
	{"reports[].turn", "回", "第何回の報告か"},
	{"reports[].version", "版", "訂正版なら2から"},
	{"reports[].published_on", "日", "公表した日"},
	{"reports[].source", "", "報告のページ"},
	{"duties[].number", "回", "第何回の報告の約束か"},
	{"duties[].due_on", "日", "報告する日の約束"},
	{"duties[].met_on", "日", "報告した日。まだなら空"},
	{"duties[].late_days", "日数", "おくれた日数。間に合えば0"},
	{"duties[].left_over", "円", "その報告のときに残っていた額"},
	{"records_source", "", "お金の動き1つずつの一覧（CSV）"},
}...)

// OrganisationFields are the fields of an organisation; campaigns[] are those of a campaign.
var OrganisationFields = append(append([]Field{}, headFields...), []Field{
	{"slug", "", "団体のアドレス（/o/ のあと）の名前。変わりません"},
	{"name", "", "団体の名前"},
	{"purpose", "", "何をしている団体か"},
	{"year.from", "日", "会計の年のはじめの日"},
	{"year.until", "日", "数字の日"},
	{"year.income[].name", "", "入ったお金の分類。5人未満の分類は、ほかの分類といっしょにします"},
	{"year.income[].amount", "円", "その額"},
	{"year.expense[].name", "", "使ったお金の分類"},
	{"year.expense[].amount", "円", "その額"},
	{"year.at_start", "円", "年のはじめにあったお金"},
	{"year.now", "円", "いまあるお金"},
	{"year.restricted", "円", "now のうち、使いみちの決まったお金"},
	{"campaigns[]", "", "募金。新しい50まで。中の項目は、募金のファイルと同じ"},
}...)
