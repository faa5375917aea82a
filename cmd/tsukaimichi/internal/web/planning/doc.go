// Package planning is where a coordinator and a group think: the worksheets (演習シート) and what forms ask every group, under /desk/{org}.
//
// A worksheet is one page with the ten boxes of the paper. It is saved whole, complete or not, as often as somebody presses the button, and by the script
// after a pause; what somebody else saved meanwhile is shown beside what was typed, and neither is lost. It prints on one sheet.
//
// The profile asks each question once and keeps the day of the answer. Papers lie beside it with the day they expire.
//
// Coordinators write here for many groups; nothing on these pages moves money or approves anything.
package planning
