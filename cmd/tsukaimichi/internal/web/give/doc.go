// Package give is how a gift is made on the screen: the form with the promise beside the consent, what comes after it, and the giver's private
// page. Nothing is chosen for the giver: no amount, no tip, no name. When a promise changes widely he says on a page of his own what becomes of his share.
package give
