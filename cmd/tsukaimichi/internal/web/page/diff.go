package page

// PlanDiff is what a promise says otherwise than the one before it: its uses in a table, its texts before and after.
type PlanDiff struct {
	Uses  Table
	Texts []TextDiff
	Notes []string // what the figures do not say: another order of priority
}

// TextDiff is a text before and after.
type TextDiff struct {
	Label    string
	Old, New string
}
