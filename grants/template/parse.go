package template

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// ErrTemplate says that a text is no form: not JSON, with a field nobody knows, or too large.
var ErrTemplate = errors.New("template: not a form")

// longest is the size of a form in bytes; the largest that ships has a tenth.
const longest = 400_000

// Parse reads a form from JSON. It refuses what it does not know with ErrTemplate; whether the form makes sense is Lint's to say.
func Parse(text []byte) (Version, error) {
	var v Version
	if len(text) > longest {
		return v, ErrTemplate
	}
	if err := ParsePart(text, &v); err != nil {
		return Version{}, err
	}
	return v, nil
}

// ParsePart reads a part of a form (a condition, rules, duties) from JSON, as strictly as Parse.
func ParsePart(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return errors.Join(ErrTemplate, place(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return ErrTemplate
	}
	return nil
}

// place keeps of a decoder's error what helps the person who writes the form: the field, not the input.
func place(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return errors.New(wrong.Field)
	}
	return nil
}
