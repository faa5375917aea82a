package console

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// fundLeft is a fund with what is left of it.
type fundLeft struct {
	ledger.Fund
	Left ledger.Yen
}

// fundsLeft returns the open funds, and closed ones that still hold something, with what is left up to and including a day.
func fundsLeft(ctx context.Context, q sqlx.QueryerContext, organisationID int64, on ledger.Date) ([]fundLeft, error) {
	left, err := ledger.FundBalances(ctx, q, organisationID, on)
	if err != nil {
		return nil, err
	}
	all, err := ledger.AllFunds(ctx, q, organisationID)
	if err != nil {
		return nil, err
	}
	var funds []fundLeft
	for _, f := range all {
		if f.ClosedOn.IsZero() || left[f.ID] != 0 {
			funds = append(funds, fundLeft{f, left[f.ID]})
		}
	}
	return funds, nil
}

// fundName is how a person calls a fund.
func fundName(f ledger.Fund) string {
	if f.Kind == ledger.GeneralFund {
		return "一般（使いみちの決まっていないお金）"
	}
	return f.Name
}

// fundOptions lets a person choose a fund.
func fundOptions(funds []fundLeft) []page.Option {
	options := make([]page.Option, 0, len(funds))
	for _, f := range funds {
		if f.ClosedOn.IsZero() {
			options = append(options, page.Option{Value: fmt.Sprint(f.ID), Text: fundName(f.Fund) + "　残り " + page.YenText(f.Left) + "円"})
		}
	}
	return options
}

// place is an account in which yen lie, with its balance.
type place struct {
	ledger.Account
	Balance ledger.Yen
}

// places returns the open places with their balances on a day, and 照合待ち: what a person pays from or puts money into comes first.
func places(ctx context.Context, q sqlx.QueryerContext, organisationID int64, on ledger.Date) ([]place, error) {
	accounts, err := ledger.Accounts(ctx, q, organisationID)
	if err != nil {
		return nil, err
	}
	balances, err := ledger.AccountBalances(ctx, q, organisationID, on)
	if err != nil {
		return nil, err
	}
	held := map[int]ledger.Yen{}
	for _, b := range balances {
		held[b.Code] = b.Balance
	}
	var found []place
	for _, a := range accounts {
		if a.Place || a.Code == ledger.Unclear {
			found = append(found, place{a, held[a.Code]})
		}
	}
	return found, nil
}

// byHand reports whether people, not a payment service, put money into the place.
func (p place) byHand() bool {
	return p.Code != ledger.StripeBalance && p.Code != ledger.InTransit && p.Code != ledger.Unclear
}

// everyday reports whether the place is offered although nothing lies in it.
func (p place) everyday() bool {
	return p.Code == ledger.CashBox || p.Code == ledger.Bank || p.Code == ledger.Postal
}

// placeOptions lets a person choose a place money is put into or taken from.
func placeOptions(all []place) []page.Option {
	var options []page.Option
	for _, p := range all {
		if p.byHand() && (p.everyday() || p.Balance != 0) {
			options = append(options, page.Option{Value: fmt.Sprint(p.Code), Text: p.Plain, Note: "帳簿では" + page.YenText(p.Balance) + "円"})
		}
	}
	return options
}

// selectOptions are options for a list that closes up: a first one that chooses nothing, and no notes.
func selectOptions(first string, options []page.Option) []page.Option {
	return append([]page.Option{{Value: "", Text: first}}, options...)
}
