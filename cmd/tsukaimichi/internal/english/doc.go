// Package english makes the English edition of a finished page: the pages for everybody, and those of whoever gives.
//
// Page walks the page as a browser's tokenizer does. Each text, and each attribute that is read out or shown, is looked up in a catalogue (texts/*.json: Japanese
// text → English text, in order); the rest goes out byte for byte. So a page is written once, in Japanese, and nothing of it is decided twice.
//
// A key of the catalogue names what differs from page to page by holes: {yen} an amount, {day} a day, month, instant or year, {n} a number, {pct} a percentage,
// {own} what a group wrote, {text} what may be ours or theirs. Several of a kind are told apart by a digit: {yen2}. The English text takes the same holes, in any
// order, and writes amounts, days and numbers as English does; {n:gift|gifts} chooses a form by a number. What stands beside an element has its spaces in the text.
//
// A text that is not in the catalogue is tried as its sentences, then as its parts between 　, ・ and 、. What is found nowhere is a group's own: it
// stays as it was written, and is marked with lang="ja", so that a screen reader speaks it as Japanese. Nothing is translated by a machine.
//
// Whoever adds a text to these pages adds its English here: two tests of the rooms public and give, and one of the whole site, name what is missing. The walk has
// little in common with that of package reading, which changes texts alone and keeps every tag byte for byte.
//
// Letter does the same for a letter to who gave on the English edition, line by line; its texts are in texts/mails.json.
//
// The texts of package locale that are there in both languages belong to the catalogue too.
package english
