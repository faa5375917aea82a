package page

import "github.com/tsukaimichi/tsukaimichi/ledger"

// Update is an update of a campaign as it is read: on its own page, on the giver's, and before it is published.
type Update struct {
	Title  string
	Href   string // of its own page, where it stands in a list
	Tag    Tag    // for givers alone
	On     ledger.Date
	By     string // who published it
	Use    string // the use it tells of
	Text   string
	Photos []Photo
	Short  bool // a line in a list: no photos
}

// Photo is a picture with what is on it for those who cannot see it.
type Photo struct {
	Source, Alt, Caption string
}
