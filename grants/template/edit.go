package template

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ErrNoPart says that a form has no section or field of that key.
var ErrNoPart = errors.New("template: no such part of the form")

// The size of a form that a person can still overlook.
const (
	mostSections = 40
	mostFields   = 200
)

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// ValidKey reports whether a text can be the key of a form, a section or a field.
func ValidKey(key string) bool { return keyForm.MatchString(key) }

// Blank is a form with one section and one field, to begin from.
func Blank(key, title string, fiscalYear int) Version {
	return Version{Key: key, Version: "1.0", Kind: "application", Title: title, FiscalYear: fiscalYear, Sections: []Section{{Key: "s1", Title: "事業の概要",
		Fields: []Field{{Key: "name", Label: "事業名", Type: Text, CommonKey: "project.name", Required: OnSubmit}}}}}
}

// NextVersion is the version after one: 1.9 → 1.10. What cannot be counted on gets a new end.
func NextVersion(version string) string {
	major, minor, found := strings.Cut(version, ".")
	n, err := strconv.Atoi(minor)
	if !found || err != nil {
		return version + ".1"
	}
	return major + "." + strconv.Itoa(n+1)
}

// AddSection adds a section at the end and returns its key. ledger.Invalid under "title" when it has none, or the form has too many.
func (v *Version) AddSection(title string) (string, error) {
	if title == "" || len([]rune(title)) > 60 || len(v.Sections) >= mostSections {
		return "", ledger.Invalid{"title": "template.section_title"}
	}
	key := v.freeKey("s")
	v.Sections = append(v.Sections, Section{Key: key, Title: title, Fields: []Field{}})
	return key, nil
}

// FindSection returns a section; ErrNoPart when there is none.
func (v Version) FindSection(key string) (Section, error) {
	at := v.sectionAt(key)
	if at < 0 {
		return Section{}, fmt.Errorf("section %.40q: %w", key, ErrNoPart)
	}
	return v.Sections[at], nil
}

// PutSection gives a section another title, intro, criterion and condition; its fields stay.
func (v *Version) PutSection(key string, s Section) error {
	at := v.sectionAt(key)
	if at < 0 {
		return fmt.Errorf("section %.40q: %w", key, ErrNoPart)
	}
	if s.Title == "" || len([]rune(s.Title)) > 60 {
		return ledger.Invalid{"title": "template.section_title"}
	}
	s.Key, s.Fields = key, v.Sections[at].Fields
	v.Sections[at] = s
	return nil
}

// MoveSection moves a section up (−1) or down (1); at an end it stays.
func (v *Version) MoveSection(key string, by int) error {
	at := v.sectionAt(key)
	if at < 0 {
		return fmt.Errorf("section %.40q: %w", key, ErrNoPart)
	}
	if to := at + by; to >= 0 && to < len(v.Sections) {
		v.Sections[at], v.Sections[to] = v.Sections[to], v.Sections[at]
	}
	return nil
}

// DropSection takes a section out with its fields.
func (v *Version) DropSection(key string) error {
	at := v.sectionAt(key)
	if at < 0 {
		return fmt.Errorf("section %.40q: %w", key, ErrNoPart)
	}
	v.Sections = slices.Delete(v.Sections, at, at+1)
	return nil
}

// AddField adds a field of a type at the end of a section and returns its key. ledger.Invalid under "label" when it has none, or the form has too many.
func (v *Version) AddField(section, label string, t Type) (string, error) {
	at := v.sectionAt(section)
	if at < 0 {
		return "", fmt.Errorf("section %.40q: %w", section, ErrNoPart)
	}
	if label == "" || len([]rune(label)) > 120 || len(v.Fields()) >= mostFields {
		return "", ledger.Invalid{"label": "template.field_label"}
	}
	f := Field{Key: v.freeKey("q"), Label: label, Type: t}
	v.Sections[at].Fields = append(v.Sections[at].Fields, f)
	return f.Key, nil
}

// FindField returns a field; ErrNoPart when there is none.
func (v Version) FindField(key string) (Field, error) {
	s, f := v.fieldAt(key)
	if s < 0 {
		return Field{}, fmt.Errorf("field %.40q: %w", key, ErrNoPart)
	}
	return v.Sections[s].Fields[f], nil
}

// PutField replaces a field. Under another key everything that refers to it follows. ledger.Invalid says under which part the field is not one.
func (v *Version) PutField(key string, f Field) error {
	s, at := v.fieldAt(key)
	if s < 0 {
		return fmt.Errorf("field %.40q: %w", key, ErrNoPart)
	}
	bad := ledger.Invalid{}
	bad.Need(f.Label != "" && len([]rune(f.Label)) <= 120, "label", "template.field_label")
	bad.Need(ValidKey(f.Key), "key", "template.key_form")
	if f.Key != key {
		taken, _ := v.fieldAt(f.Key)
		bad.Need(taken < 0, "key", "template.key_twice")
	}
	if len(bad) > 0 {
		return bad
	}
	v.Sections[s].Fields[at] = f
	if f.Key != key {
		v.rename(key, f.Key)
	}
	return nil
}

// MoveField moves a field up (−1) or down (1), over the border of its section too; at an end of the form it stays.
func (v *Version) MoveField(key string, by int) error {
	s, at := v.fieldAt(key)
	if s < 0 {
		return fmt.Errorf("field %.40q: %w", key, ErrNoPart)
	}
	fields := v.Sections[s].Fields
	if to := at + by; to >= 0 && to < len(fields) {
		fields[at], fields[to] = fields[to], fields[at]
		return nil
	}
	next := s + by
	if next < 0 || next >= len(v.Sections) {
		return nil
	}
	moved := fields[at]
	v.Sections[s].Fields = slices.Delete(fields, at, at+1)
	if by < 0 {
		v.Sections[next].Fields = append(v.Sections[next].Fields, moved)
	} else {
		v.Sections[next].Fields = slices.Insert(v.Sections[next].Fields, 0, moved)
	}
	return nil
}

// DropField takes a field out. What refers to it is Lint's to say.
func (v *Version) DropField(key string) error {
	s, at := v.fieldAt(key)
	if s < 0 {
		return fmt.Errorf("field %.40q: %w", key, ErrNoPart)
	}
	v.Sections[s].Fields = slices.Delete(v.Sections[s].Fields, at, at+1)
	return nil
}

// Mentions are the fields and sections whose words name one of the names: a published form is read by every group and must say nothing of one. Names of fewer
// than three characters are too common to tell.
func (v Version) Mentions(names []string) []Fault {
	var found []Fault
	look := func(where string, texts ...string) {
		for _, name := range names {
			if len([]rune(name)) >= 3 && strings.Contains(strings.Join(texts, "\n"), name) {
				found = append(found, Fault{where, "template.names_a_group"})
				return
			}
		}
	}
	look("form", append([]string{v.Title, v.Lead, v.Source}, v.Unsure...)...)
	for _, s := range v.Sections {
		look(s.Key, s.Title, s.Intro, s.Criterion)
		for _, f := range s.Fields {
			texts := append([]string{f.Label, f.Official, f.Help, f.Example, f.Criterion, f.Source, f.Unsure}, f.Options...)
			for _, c := range f.Columns {
				texts = append(texts, c.Label)
			}
			look(f.Key, texts...)
		}
	}
	if v.Budget != nil {
		for _, c := range v.Budget.Categories {
			look("budget", c.Label, c.Reason)
		}
	}
	return found
}

// UnsureMarks are all marks 要確認 of the form: those of the whole, then those at fields with their label.
func (v Version) UnsureMarks() []string {
	marks := slices.Clone(v.Unsure)
	for _, f := range v.Fields() {
		if f.Unsure != "" {
			marks = append(marks, f.Label+"："+f.Unsure)
		}
	}
	return marks
}

func (v Version) sectionAt(key string) int {
	return slices.IndexFunc(v.Sections, func(s Section) bool { return s.Key == key })
}

func (v Version) fieldAt(key string) (section, field int) {
	for i, s := range v.Sections {
		if at := slices.IndexFunc(s.Fields, func(f Field) bool { return f.Key == key }); at >= 0 {
			return i, at
		}
	}
	return -1, -1
}

// freeKey is a key that no section and no field has.
func (v Version) freeKey(prefix string) string {
	for n := 1; ; n++ {
		key := prefix + strconv.Itoa(n)
		if at, _ := v.fieldAt(key); at < 0 && v.sectionAt(key) < 0 {
			return key
		}
	}
}

// rename lets everything that refers to a field follow its new key.
func (v *Version) rename(from, to string) {
	for i := range v.Sections {
		v.Sections[i].ShowIf.rename(from, to)
		for j := range v.Sections[i].Fields {
			v.Sections[i].Fields[j].ShowIf.rename(from, to)
			v.Sections[i].Fields[j].Compute.rename(from, to)
		}
	}
	for i := range v.Attachments {
		v.Attachments[i].ShowIf.rename(from, to)
	}
	for i := range v.Rules {
		v.Rules[i].When.rename(from, to)
		v.Rules[i].Assert.rename(from, to)
		for j, key := range v.Rules[i].Fields {
			if key == from {
				v.Rules[i].Fields[j] = to
			}
		}
	}
	for i := range v.Obligations {
		v.Obligations[i].If.rename(from, to)
	}
}

func (c *Condition) rename(from, to string) {
	if c == nil {
		return
	}
	if c.Is != nil && c.Is.Field == from {
		c.Is.Field = to
	}
	if c.Filled == from {
		c.Filled = to
	}
	if c.Compare != nil {
		c.Compare.Left.rename(from, to)
		c.Compare.Right.rename(from, to)
	}
	c.Not.rename(from, to)
	for i := range c.And {
		c.And[i].rename(from, to)
	}
	for i := range c.Or {
		c.Or[i].rename(from, to)
	}
}
