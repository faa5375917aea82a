// Package profile keeps what forms ask every group for again and again: facts about it, and papers.
//
// A fact (members, founded_on, org.purpose) is dated and never changed: Say adds a newer one, so that an application of last year stays true.
// It may go stale, and is then asked again rather than believed. A paper (規約, 役員名簿, 決算書) has a day on which it expires; a newer one of its kind and
// year replaces it, and the old one stays in the store for what it was attached to.
//
// Known keys are listed with their type and what they may be used for: facts about persons stay within the group.
package profile
