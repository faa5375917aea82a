// Package reading puts ふりがな over the words of a finished page, for those who cannot read every 漢字: children, people who learned Japanese late, readers
// whose eyes tire.
//
// Page walks the page as a browser's tokenizer does and changes its texts alone; the rest goes out byte for byte. Text finds the words with a dictionary
// (IPA, by kagome) and puts each reading over the 漢字 of a word, the okurigana beside it: <ruby>届<rp>（</rp><rt>とど</rt><rp>）</rp></ruby>ける. Words of this field,
// counters and days are read from small tables of our own (words.go, counters.go), because dictionaries read 3月 as さんつき.
//
// A wrong reading is worse than none. Names have none: what stands in an element with translate="no", and whatever the dictionary takes for a name. Words that are
// read in two ways (方, 間, 上) have none unless what stands beside them decides.
//
// The dictionary is read from the program when the first text is asked for, and by nobody else: about half a second, and 90 MB that stay. A page
// takes a few milliseconds. Nothing of a page is kept: it may be one person's.
package reading
