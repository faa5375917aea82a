// Package everypage holds tests alone: the whole program in practice mode, crawled by everybody and by every role.
//
// A report of the sample organisations is published and corrected first, so that its pages and its letters are there. Then pages are found by following links, not from
// a list. Each has to be there and to be in order; pages of every shape are looked at in a browser, on a small screen, with large text, by keyboard and without
// scripts; what is not there or not allowed is refused on a page as good as any other; and every form that comes in empty says kindly what is wrong.
//
// With TSUKAIMICHI_SHOTS=DIR in the environment every page is also stored as a picture on a telephone and on a desk, with those of the README.
package everypage
