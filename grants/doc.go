// Package grants is the room of 助成金: opportunities with quoted rules, fit, templates, the formula that explains 「なぜこの額か」,
// applications, awards, obligations and settlement.
//
// Nothing of it is built yet; the ledger has what it will stand on: award funds, budget lines as uses, the accounts of grants. It will know the
// ledger and never the campaigns.
package grants
