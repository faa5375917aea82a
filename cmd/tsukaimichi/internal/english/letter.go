package english

import "strings"

// why ends every letter: who changed his mind, or did not choose, knows where it comes from.
const why = "You get this letter in English because you gave on our English pages. Words of the group are as it wrote them.\n"

// Letter is a letter in English, line by line. What a group wrote stays as it was, and so do addresses.
func Letter(japanese string) string {
	var b strings.Builder
	for line := range strings.Lines(japanese) {
		text := strings.TrimSuffix(line, "\n")
		if IsJapanese(text) {
			text = Text(text)
		}
		b.WriteString(text + "\n")
	}
	b.WriteString("\n" + why)
	return b.String()
}
