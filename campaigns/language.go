package campaigns

// Language is what a giver read when he gave, and is written to in.
type Language string

// The pages for givers are written in Japanese and have an English edition.
const (
	Japanese Language = "ja"
	English  Language = "en"
)
