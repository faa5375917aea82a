package application

import (
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Light says how a draft stands against its deadline.
type Light string

// The lights, from the worst.
const (
	Late    Light = "late"    // the day has passed
	Hurry   Light = "hurry"   // fewer days are left than what is still to be done needs
	Careful Light = "careful" // no more than a week to spare
	Steady  Light = "steady"  // time enough
	NoDay   Light = "no_day"  // no deadline is known
	Waiting Light = "waiting" // handed in: the funder's turn
)

// What is still to be done takes so many days, as groups told: to write what is missing, to let all sign, to send or carry it there.
const (
	writingDays = 7
	signingDays = 7
	sendingDays = 3
	spareDays   = 7
)

// Standing is a light with its reason.
type Standing struct {
	Light Light
	Left  int // days to the deadline; negative when it has passed
	Write int // days that writing still takes
	Sign  int
	Send  int
}

// Stand says how a draft stands on a day. ready says that nothing in it stops handing in.
func (d Draft) Stand(ready bool, today ledger.Date) Standing {
	s := Standing{}
	if !d.Status.Open() {
		s.Light = Waiting
		return s
	}
	if !ready {
		s.Write = writingDays
	}
	if d.Status != Approved {
		s.Sign = signingDays
	}
	s.Send = sendingDays
	if d.DueOn.IsZero() {
		s.Light = NoDay
		return s
	}
	s.Left = d.DueOn.Sub(today)
	switch need := s.Write + s.Sign + s.Send; {
	case s.Left < 0:
		s.Light = Late
	case s.Left < need:
		s.Light = Hurry
	case s.Left < need+spareDays:
		s.Light = Careful
	default:
		s.Light = Steady
	}
	return s
}
