// Package year holds tests alone: the whole program, built and begun as a treasurer begins it, read and used in a browser for a year of its own clock.
//
// A campaign is promised, given to, told of, changed beyond its width, closed with more than was promised, spent, reported late, carried over and owed again; each
// step is done where a person would do it, each page is looked at, and in the end every yen is found again in what everybody can read. Beside it stand
// what a first view of a campaign weighs, and what is left of it when the line drops.
//
// With TSUKAIMICHI_SHOTS=DIR in the environment every page is also stored as a picture on a telephone and on a desk.
package year
