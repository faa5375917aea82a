package page

// PlanDiff is what a promise says otherwise than the one before it: its uses one by one, its texts before and after. It is a list and no
// table, so that a phone hides none of its figures.
type PlanDiff struct {
	Uses  []UseDiff
	Total UseDiff
	Notes []string // what the figures do not say: another order of priority
	Texts []TextDiff
}

// UseDiff is a use before and after.
type UseDiff struct {
	Name  string
	Tag   Tag    // new, or given up; none for one that stays
	Line  string // 240,000円 → 150,000円（−90,000円）
	Notes []string
}

// TextDiff is a text before and after.
type TextDiff struct {
	Label    string
	Old, New string
}
