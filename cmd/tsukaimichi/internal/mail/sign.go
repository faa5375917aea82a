package mail

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Sign ends a letter to a giver: which group writes, how it is called, and where to read what can be done when money seems to be misused. site is the address
// of our own pages, without a slash at the end.
func Sign(o ledger.Organisation, site string) string {
	text := "\n" + o.Name + "\n"
	if o.Phone != "" {
		text += fmt.Sprintf("電話 %s %s\n", o.Phone, o.PhoneHours)
	}
	return text + fmt.Sprintf("お金の使われ方が、おかしいと思ったら：%s/o/%s/misuse\n", site, o.Slug)
}
