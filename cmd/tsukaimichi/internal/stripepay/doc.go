// Package stripepay is an organisation's own Stripe account, seen through campaigns.Payments. It is the only package
// that imports stripe-go.
//
// Live, test and practice differ in nothing but key, URL and webhook secret. The backend is the package's own, never
// stripe-go's globals, so that many organisations' accounts live in one process.
//
// What it keeps to:
//   - Every write carries an idempotency key. Begin's follows from organisation, donation and attempt: a repeated Begin
//     gives the same payment page.
//   - A webhook is a hint. Verify says only that Stripe sent it and what it is about; what is true is asked for with Look, what is
//     booked comes from Movements. So the API version an event was written in does not matter, and a lost event does no harm.
//   - Amounts are whole yen. Another currency is refused, never converted.
//   - Nothing that names a donor goes into metadata, and no answer of Stripe's is quoted in an error: its messages repeat what was
//     sent, mail addresses among it. The request id finds the whole story in Stripe's own log.
package stripepay
