package console

import "github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"

// routesOfChanges are how a promise changes, what givers answer, and how a stopped campaign is settled.
func (p *Pages) routesOfChanges(t *routeTable) {
	t.get("/campaigns/{id}/change", drafters, p.EditChange)
	t.post("/campaigns/{id}/change", drafters, p.SaveChange)
	t.get("/campaigns/{id}/change/preview", readers, p.PreviewChange)
	t.post("/campaigns/{id}/change/publish", head, p.PublishChange)
	t.get("/campaigns/{id}/asking", readers, p.Asking).Private = access.GiftList
	t.post("/campaigns/{id}/asking/answer", enterers, p.EnterAnswer)
	t.post("/campaigns/{id}/asking/withdraw", head, p.WithdrawChange)
	t.get("/campaigns/{id}/asking/sheet", readers, p.AskingSheet)
	t.get("/campaigns/{id}/asking/letters", enterers, p.AskingLetters)
	t.get("/campaigns/{id}/returns", readers, p.Returns).Private = access.GiftList
	t.get("/campaigns/{id}/returns/csv", treasurer, p.ReturnsCSV)
	t.post("/campaigns/{id}/returns/paid", treasurer, p.ReturnPaid)
	t.post("/campaigns/{id}/returns/given-up", treasurer, p.ReturnGivenUp)
	t.get("/campaigns/{id}/stopping", readers, p.Stopping)
	t.post("/campaigns/{id}/stopping", head, p.SettleStop)
}
