package reading

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// plainly writes a text with its readings in brackets: 届[とど]ける.
func plainly(text, before string) string {
	var out strings.Builder
	for _, p := range pieces(text, before) {
		out.WriteString(p.text)
		if p.reading != "" {
			out.WriteString("[" + p.reading + "]")
		}
	}
	return out.String()
}

// TestWordsOfOurPagesAreReadAsPeopleReadThem goes through sentences and words of the pages themselves.
func TestWordsOfOurPagesAreReadAsPeopleReadThem(t *testing.T) {
	t.Parallel()
	for _, want := range strings.Split(strings.TrimSpace(sentences), "\n") {
		text := unread(want)
		if got := plainly(text, ""); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

// unread takes the readings off.
func unread(text string) string {
	var out strings.Builder
	for text != "" {
		plain, after, found := strings.Cut(text, "[")
		out.WriteString(plain)
		if !found {
			break
		}
		_, text, _ = strings.Cut(after, "]")
	}
	return out.String()
}

const sentences = `
使[つか]い道[みち]
お金[かね]の使[つか]いみちの約束[やくそく]
先[さき]に約束[やくそく]する。集[あつ]める。使[つか]う。約束[やくそく]とくらべて報告[ほうこく]する。
町内会[ちょうないかい]と自治会[じちかい]、社協[しゃきょう]、社会福祉協議会[しゃかいふくしきょうぎかい]
特定非営利活動法人[とくていひえいりかつどうほうじん]
特定商取引法[とくていしょうとりひきほう]に基[もと]づく表記[ひょうき]
請求[せいきゅう]があれば、遅滞[ちたい]なくお知[し]らせします。
回覧[かいらん]で届[とど]け、掲示板[けいじばん]に出[だ]します。
助成金[じょせいきん]と協賛[きょうさん]、寄付[きふ]、寄附金[きふきん]の受領証[じゅりょうしょう]
繰越[くりこし]、残高[ざんだか]、振込[ふりこみ]、払込票[はらいこみひょう]
見守[みまも]り配食[はいしょく]をつづけたい
居場所[いばしょ]をひらく
監事[かんじ]が帳簿[ちょうぼ]と通帳[つうちょう]を見[み]ました。
寄付[きふ]した方[かた]へ
団体[だんたい]の方[かた]
まだ届[とど]いていないお金[かね]
参加[さんか]した人[ひと]
1人[ひとり]と2人[ふたり]と3人[にん]、128人[にん]・36世帯[せたい]・2社[しゃ]・14件[けん]
3,000円[えん]から
2026年[ねん]3月[がつ]1日[ついたち]
12月[がつ]24日[にじゅうよっか]（木[もく]）まで
10月[がつ]20日[はつか]から1日[いちにち]に1回[かい]
14日[じゅうよっか]のあいだ
火[か]・木[もく] 10時[じ]〜15時[じ]
3か月[げつ]ごと、16回[かい]、2枚[まい]、第[だい]2版[はん]
1本[ぽん]、3本[ぼん]、4本[ほん]、5分[ふん]、10分[ぷん]
令和[れいわ]9年[ねん]4月[がつ]20日[はつか]
100食[しょく]、28人分[にんぶん]、70代[だい]、20けた
使[つか]った分[ぶん]と、あなたの分[ぶん]
ファイルの中[なか]、確認[かくにん]中[ちゅう]、対象[たいしょう]外[がい]、団体[だんたい]内[ない]
取[と]り下[さ]げた報告[ほうこく]は、取[と]り消[け]しではありません。
受[う]け取[と]ったお金[かね]を預[あず]かることはありません。
訂正版[ていせいばん]を出[だ]して直[なお]します。
来[こ]られない方[かた]には、家[いえ]まで届[とど]けます。
毎週[まいしゅう]火曜[かよう]に、お弁当[べんとう]を届[とど]けました。
大雪[おおゆき]で1回[かい]休[やす]みました。
第三者[だいさんしゃ]の確認[かくにん]はありません。
何[なに]に、いくら、いつまでに使[つか]うか。
足[た]りないとき、多[おお]いとき、やめるとき
問[と]い合[あ]わせ
登録[とうろく]はいりません。
手数料[てすうりょう]と管理費[かんりひ]の内訳[うちわけ]
行[おこな]い、行[おこな]う
窓口[まどぐち]を開[ひら]く
私[わたし]の1,000円[えん]
子[こ]どもと高齢者[こうれいしゃ]の地域[ちいき]
募金[ぼきん]箱[ばこ]
重[おも]い障[しょう]がいのある方[かた]へ`

// TestNamesHaveNoReading: nobody is called by another name here.
func TestNamesHaveNoReading(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"田中花子", "髙橋﨑子さん", "𠮷田太郎", "長谷川"} {
		if got := plainly(name, ""); got != name {
			t.Errorf("%s is read %s", name, got)
		}
	}
}

// TestWhatIsReadInTwoWaysHasNoReading where nothing beside it decides.
func TestWhatIsReadInTwoWaysHasNoReading(t *testing.T) {
	t.Parallel()
	for text, without := range map[string]string{"そこへ行った。今日": "今日", "方": "方", "間をあける": "間", "ひだまりの間": "間", "人気": "人気", "市場": "市場", "使う方がよい": "方"} {
		if got := plainly(text, ""); !strings.Contains(got, without) || strings.Contains(got, without+"[") {
			t.Errorf("%s: got %s", text, got)
		}
	}
}

// TestCounterIsReadAfterANumberInAnotherElement, and not where number and counter are read together.
func TestCounterIsReadAfterANumberInAnotherElement(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{{"128", "人", "人[にん]"}, {"500", "円から", "円[えん]から"}, {"1", "人", "人"}, {"24", "日まで", "日まで"}, {"36", "世帯", "世帯[せたい]"}, {"3", "本", "本[ぼん]"}, {"5", "人未満", "人未満[にんみまん]"}} {
		if got := plainly(c[1], c[0]); got != c[2] {
			t.Errorf("%s|%s: got %s, want %s", c[0], c[1], got, c[2])
		}
	}
}

func TestOkuriganaStandBesideTheReading(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{{"届け", "とどけ", "届[とど]け"}, {"取り組み", "とりくみ", "取[と]り組[く]み"}, {"お金", "おかね", "お金[かね]"}, {"引き落とし", "ひきおとし", "引[ひ]き落[お]とし"},
		{"使い方", "つかいかた", "使[つか]い方[かた]"}, {"知らぬ", "ちがう", "知らぬ[ちがう]"}, {"人々", "ひとびと", "人々[ひとびと]"}, {"ヒト科", "ひとか", "ヒト科[か]"}} {
		var out strings.Builder
		for _, p := range align(c[0], c[1]) {
			out.WriteString(p.text)
			if p.reading != "" {
				out.WriteString("[" + p.reading + "]")
			}
		}
		if got := out.String(); got != c[2] {
			t.Errorf("%s %s: got %s, want %s", c[0], c[1], got, c[2])
		}
	}
}

// TestPiecesAreTheText whatever is in it.
func TestPiecesAreTheText(t *testing.T) {
	t.Parallel()
	letters := []rune("使道約束1234567890,.人日月円本分方々ヶのをにはたるいー（）「」 　\n<&>𠮷髙aZ☃")
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOfN(rapid.SampledFrom(letters), 0, 30).Draw(t, "text"))
		before := rapid.SampledFrom([]string{"", "1", "20", "3,"}).Draw(t, "before")
		var out strings.Builder
		for _, p := range pieces(text, before) {
			out.WriteString(p.text)
			if hasKanji(p.reading) || !utf8.ValidString(p.reading) {
				t.Errorf("%q is read %q", p.text, p.reading)
			}
		}
		if out.String() != text {
			t.Errorf("%q became %q", text, out.String())
		}
	})
}
