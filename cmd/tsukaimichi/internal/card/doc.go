// Package card draws the picture that stands for a page where somebody passes its address on: 1200 × 630, the group and what it is for, who took part, and the line of
// promise and actual below, in our own letters. People stand before yen, nothing asks for anything, and nothing is on it that is not on the page.
//
// A card is drawn from plain words and amounts (Facts) and kept while it is the same; it is made on our own machine, and no other one learns of it.
package card
