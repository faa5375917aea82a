// Package web is the whole site: who may open what (routes.go), what an error looks like (errors.go) and that it gives back what was
// written (sent.go), how large a body may be (sized.go),
// what is written down before a private page is shown (logged.go), and what stands around every answer (server.go): nothing stays in
// any cache but what everybody may read, which says so itself (package shelf). On their way out everybody's pages may take another form (editions.go): with ふりがな,
// or in English. The pages themselves live in the rooms below it.
package web
