// Package campaigns is 募金.
package campaigns
