package feeds

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Calendar writes days as an iCalendar file (RFC 5545) under a name. site is the address of our pages; its host ends every UID. A program that follows the
// calendar is asked to look again after some hours.
func Calendar(name string, days []Day, site string) []byte {
	host := "localhost"
	if at, err := url.Parse(site); err == nil && at.Hostname() != "" {
		host = at.Hostname()
	}
	c := ics.NewCalendarFor("tsukaimichi")
	c.SetProductId("-//tsukaimichi//grants//JA")
	c.SetCalscale("GREGORIAN")
	c.SetMethod(ics.MethodPublish)
	c.SetName(name)
	c.SetXWRCalName(name)
	c.SetXWRTimezone("Asia/Tokyo")
	c.SetRefreshInterval("PT6H")
	c.SetXPublishedTTL("PT6H")
	for _, d := range days {
		d.write(c.AddEvent(d.UID+"@"+host), site)
	}
	return []byte(c.Serialize(ics.WithNewLine("\r\n")))
}

func (d Day) write(e *ics.VEvent, site string) {
	e.SetDtStampTime(d.Stamp)
	e.SetModifiedAt(d.Stamp)
	e.SetSequence(d.Edition)
	e.SetAllDayStartAt(instant(d.On))
	e.SetAllDayEndAt(instant(d.On.AddDays(1)))
	e.SetSummary(d.Summary)
	e.SetDescription(strings.TrimSpace(d.Note + "\n" + site + d.Path))
	e.SetURL(site + d.Path)
	e.SetTimeTransparency(ics.TransparencyTransparent) // a day to know of, not one on which nobody has time
	for _, before := range d.Alarms {
		a := e.AddAlarm()
		a.SetAction(ics.ActionDisplay)
		a.SetTrigger(atNine(before))
		a.SetDescription(d.Summary)
	}
}

// atNine is nine in the morning so many days before a day that begins at midnight.
func atNine(before int) string {
	if before == 1 {
		return "-PT15H"
	}
	return fmt.Sprintf("-P%dDT15H", before-1)
}

// instant is a civil day as the library takes it: only its date is written.
func instant(d ledger.Date) time.Time {
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, time.UTC)
}
