// Package locale holds what the program says: one text per key and language, Japanese first.
//
// Domain packages answer with keys ("file.too_large"), pages and mails turn them into words with Lang.T. Every key
// has a Japanese text; where the English one is missing the Japanese one is shown, because a right text in another
// language helps more than none. A test walks the source and names each key that no Japanese text answers.
//
// Texts lie in texts/<noun>.<language>.json, flat, keys in order; the first part of a key is its file's noun. They
// say what happened, then what to do, in plain polite words. What differs from case to case comes in as {{.name}}.
// A room that needs a new noun adds its own files.
package locale
