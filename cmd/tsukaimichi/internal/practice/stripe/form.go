package stripe

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// form is the parameters of a request under the names they came with: line_items[0][price_data][currency].
type form map[string]string

// flatten numbers what came as name[] so that every name has one value; of a name given twice the last stands.
func flatten(values url.Values) form {
	f := form{}
	for name, all := range values {
		if base, isList := strings.CutSuffix(name, "[]"); isList {
			for i, value := range all {
				f[base+"["+strconv.Itoa(i)+"]"] = value
			}
			continue
		}
		f[name] = all[len(all)-1]
	}
	return f
}

// list returns name[0], name[1] and so on in their order.
func (f form) list(name string) []string {
	var values []string
	for i := range len(f) {
		value, given := f[name+"["+strconv.Itoa(i)+"]"]
		if !given {
			break
		}
		values = append(values, value)
	}
	return values
}

// number returns a whole number that a parameter's rule has already checked, or the default when it is not given.
func (f form) number(name string, otherwise int64) int64 {
	n, err := strconv.ParseInt(f[name], 10, 64)
	if err != nil {
		return otherwise
	}
	return n
}

// has reports whether a name or anything below it is given.
func (f form) has(name string) bool {
	for given := range f {
		if given == name || strings.HasPrefix(given, name+"[") {
			return true
		}
	}
	return false
}

// metadata reads name[…]. Stripe takes 50 keys of 40 characters with 500 characters each.
func (f form) metadata(name string) (map[string]string, error) {
	found := map[string]string{}
	for given, value := range f {
		key, ours := strings.CutPrefix(given, name+"[")
		if !ours {
			continue
		}
		key = strings.TrimSuffix(key, "]")
		if utf8.RuneCountInString(key) > 40 || utf8.RuneCountInString(value) > 500 {
			return nil, invalid(given, "", "Metadata keys can be up to 40 characters long, values up to 500.")
		}
		found[key] = value
	}
	if len(found) > 50 {
		return nil, invalid(name, "", "You can only set up to 50 metadata keys.")
	}
	return found, nil
}

// rule says what is wrong with a value, in Stripe's code and words, or nothing.
type rule func(value string) (code, message string)

// rules are the parameters an endpoint knows, by name: [] stands for any index, [*] for any metadata key.
type rules map[string]rule

// check refuses the first parameter that is unknown or breaks its rule, in the order of names.
func (f form) check(known rules) error {
	names := make([]string, 0, len(f))
	for name := range f {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		pattern := pattern(name)
		if pattern == "expand[]" {
			continue
		}
		holds, is := known[pattern]
		if !is {
			return invalid(name, "parameter_unknown", "Received unknown parameter: %s", name)
		}
		if code, message := holds(f[name]); message != "" {
			return invalid(name, code, "%s", message)
		}
	}
	return nil
}

// pattern writes the name of a parameter as the rules do.
func pattern(name string) string {
	parts := strings.Split(name, "[")
	for i := 1; i < len(parts); i++ {
		inner := strings.TrimSuffix(parts[i], "]")
		switch _, err := strconv.ParseUint(inner, 10, 16); {
		case strings.TrimSuffix(parts[i-1], "]") == "metadata":
			parts[i] = "*]"
		case err == nil:
			parts[i] = "]"
		}
	}
	return strings.Join(parts, "[")
}

func anything(string) (string, string) { return "", "" }

// upTo takes a text of at most so many characters.
func upTo(characters int) rule {
	return func(value string) (string, string) {
		switch length := utf8.RuneCountInString(value); {
		case length == 0:
			return "parameter_invalid_empty", "You passed an empty string. Leave the parameter out instead."
		case length > characters:
			return "", fmt.Sprintf("Invalid string: must be at most %d characters", characters)
		}
		return "", ""
	}
}

func oneOf(values ...string) rule {
	return func(value string) (string, string) {
		if slices.Contains(values, value) {
			return "", ""
		}
		return "", fmt.Sprintf("Invalid value: must be one of %s", strings.Join(values, ", "))
	}
}

func integer(from, to int64) rule {
	return func(value string) (string, string) {
		n, err := strconv.ParseInt(value, 10, 64)
		switch {
		case err != nil:
			return "parameter_invalid_integer", "Invalid integer: " + value
		case n < from || n > to:
			return "parameter_invalid_integer", fmt.Sprintf("Invalid integer: must be between %d and %d", from, to)
		}
		return "", ""
	}
}

func address(value string) (string, string) {
	at, err := url.Parse(strings.ReplaceAll(value, "{CHECKOUT_SESSION_ID}", "cs"))
	if err != nil || (at.Scheme != "http" && at.Scheme != "https") || at.Host == "" {
		return "url_invalid", "Not a valid URL"
	}
	return "", ""
}

func mail(value string) (string, string) {
	name, domain, is := strings.Cut(value, "@")
	if !is || name == "" || !strings.Contains(domain, ".") || strings.ContainsAny(value, " \t\r\n") {
		return "email_invalid", "Invalid email address"
	}
	return "", ""
}
