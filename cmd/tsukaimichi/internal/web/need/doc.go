// Package need holds tests alone: the whole program in practice mode, in which people at their keyboards make finished applications of a need.
//
// A coordinator writes on the worksheet of a sample organisation, holds a call against the group, answers what nobody could, and drafts an application of T3 and one
// of T5 with their budgets; the treasurer, the representative and the auditor sign them, once in vain, as somebody edits; the funder's own Excel and Word forms
// are filled; what comes out is opened again and compared with what was typed. Every page met is looked at.
//
// With TSUKAIMICHI_SHOTS=DIR in the environment every page is also stored as a picture on a telephone and on a desk.
package need
