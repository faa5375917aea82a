package sample

import (
	"errors"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/vetting"
)

// errNoOperator says that there is nobody who could look at who the groups are.
var errNoOperator = errors.New("sample: no operator")

// vet has the representative ask for a look at the group, and the operator look at what a group of its kind brings.
func (w *writer) vet(kind string) {
	w.do(func() error {
		return vetting.Ask(w.ctx, w.tx, w.organisation, "火曜の午前に、窓口へ持っていきます。", w.head, w.at)
	})
	w.do(func() error {
		operators, err := access.Operators(w.ctx, w.tx, w.today())
		if err != nil {
			return err
		}
		if len(operators) == 0 {
			return errNoOperator
		}
		var seen []vetting.Seen
		for _, one := range vetting.Brought(kind) {
			seen = append(seen, vetting.Seen{Paper: one[0], On: w.today(), How: vetting.Original})
		}
		return vetting.Approve(w.ctx, w.tx, w.organisation, seen, ledger.ByPerson(operators[0].ID, operators[0].Name), w.at)
	})
}
