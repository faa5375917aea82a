package reports

import (
	"slices"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// tell leaves out of the figures what would show the gift of one of fewer than five givers (campaigns.Fewest), in no sum: ways of paying with so few
// stand together, what so few were paid back stands with what they gave, and what taking the gifts of so few cost the general fund is not said.
func (f *Figures) tell() {
	if f.Progress = f.Progress.Told(); f.Progress.PendingFew {
		f.Pending = 0
	}
	f.Gifts = waysTogether(f.Gifts)
	if campaigns.Few(f.Returners) && len(f.Gifts) > 0 {
		most := 0
		for i, g := range f.Gifts {
			if g.Amount > f.Gifts[most].Amount {
				most = i
			}
		}
		f.Gifts[most].Amount -= f.Returned
		f.Gifts[most].LessReturned = true
		f.Returned, f.Returns = 0, 0
	}
	if campaigns.Few(f.Costing) {
		f.CostsFew, f.BorneElsewhere = true, 0
	}
}

// waysTogether joins the ways of paying that few used; what is few still is joined with the smallest of the others. Few is what is few even then.
func waysTogether(all []GiftsByChannel) []GiftsByChannel {
	var out []GiftsByChannel
	few := -1
	for _, g := range all {
		switch {
		case !g.Givers.Few():
			out = append(out, g)
		case few < 0:
			few = len(out)
			out = append(out, g)
		default:
			out[few].join(g)
		}
	}
	if few < 0 || !out[few].Givers.Few() {
		return out
	}
	if len(out) == 1 {
		out[0].Few = true
		return out
	}
	least := -1
	for i := range out {
		if i != few && (least < 0 || out[i].Gifts < out[least].Gifts) {
			least = i
		}
	}
	out[least].join(out[few])
	return slices.Delete(out, few, few+1)
}

// join adds another way. Who gave by both ways counts once in it, so that the people of the two are not added.
func (g *GiftsByChannel) join(other GiftsByChannel) {
	g.Also = append(append(g.Also, other.Channel), other.Also...)
	g.Persons, g.Households, g.Companies = 0, 0, 0
	g.Gifts += other.Gifts
	g.Amount += other.Amount
	g.Givers = g.And(other.Givers)
}

// name is the way of paying, or the ways that stand together.
func (g GiftsByChannel) name() string {
	names := []string{channelWords[g.Channel]}
	for _, also := range g.Also {
		names = append(names, channelWords[also])
	}
	return strings.Join(names, "・")
}

// note says who gave, as far as it may be said. all is false where the number of all gifts is not told: then that of ways together is not either.
func (g GiftsByChannel) note(all bool) string {
	note := counts(g.Persons, g.Households, g.Companies, g.Gifts)
	switch {
	case g.Few:
		note = fewPeople
	case len(g.Also) > 0 && !all:
		note = ""
	}
	if g.LessReturned {
		note += "（返した分を引いた額）"
	}
	return note
}

// fewPeople is said where a number is too small to be told.
const fewPeople = "5人未満"

// goodsTogether makes one line of all goods, because each is one gift; none where so few gave them that their worth is not told.
func goodsTogether(all []PublicEntry, few bool) []PublicEntry {
	at := -1
	var out []PublicEntry
	for _, e := range all {
		switch {
		case e.Side != SideInKind:
			out = append(out, e)
		case few:
		case at < 0:
			at = len(out)
			e.Record, e.UseID, e.Use, e.Until = 0, 0, "", e.Month
			out = append(out, e)
		default:
			out[at].Amount += e.Amount
			out[at].Until = e.Month
		}
	}
	if at >= 0 && out[at].Amount == 0 {
		out = slices.Delete(out, at, at+1)
	}
	return out
}

// costOfGifts reports whether an account is of what taking gifts costs, which tells what they were.
func costOfGifts(account int) bool {
	return account == ledger.ProcessingCost || account == ledger.TransferCharge || account == ledger.DisputeCharge
}
