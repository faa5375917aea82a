package page

import (
	"html/template"
	"strings"
)

// functions are all a template may call besides what html/template brings.
func functions() template.FuncMap {
	return template.FuncMap{
		"static":   StaticURL,
		"ofgroup":  ofGroup,
		"editions": func() template.HTML { return ReadingsOn + " " + EnglishOn },
		"yen":      YenText,
		"signed":   SignedYen,
		"paperyen": PaperYen,
		"percent":  Percent,
		"count":    Count,
		"day":      Day,
		"dayonly":  DayOnly,
		"shortday": ShortDay,
		"month":    Month,
		"wareki":   Wareki,
		"minute":   Minute,
		"nbsp":     NoBreak,
		"lines":    Lines,
		"prose":    Prose,
		"letter":   Letter,
		"tel":      Tel,
		"mailto":   MailTo,
		"plus":     func(a, b int) int { return a + b },
	}
}

// ofGroup reports whether a link leads to the page of a group, whose name is its text.
func ofGroup(href string) bool {
	return strings.HasPrefix(href, "/o/") && strings.Count(href, "/") == 2
}
