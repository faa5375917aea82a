package page

// The switches of the editions in the head of everybody's pages: ふりがな, and English. A page is written with those that turn one on; where it was asked for it goes
// out with the one that turns it off.
const (
	ReadingsOn  = `<a href="?furigana=on" rel="nofollow">ふりがな</a>`
	ReadingsOff = `<a href="?furigana=off" rel="nofollow">ふりがなをやめる</a>`
	EnglishOn   = `<a href="?english=on" rel="nofollow" lang="en">English</a>`
	EnglishOff  = `<a href="?english=off" rel="nofollow" lang="ja" translate="no">日本語</a>`
)
