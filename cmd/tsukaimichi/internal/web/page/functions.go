package page

import "html/template"

// functions are all a template may call besides what html/template brings.
func functions() template.FuncMap {
	return template.FuncMap{
		"static":   StaticURL,
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
