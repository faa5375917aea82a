package page

// The switch of ふりがな in the head of everybody's pages. A page is written with the first; where readings were asked for it goes out with the second.
const (
	ReadingsOn  = `<a href="?furigana=on" rel="nofollow">ふりがな</a>`
	ReadingsOff = `<a href="?furigana=off" rel="nofollow">ふりがなをやめる</a>`
)
