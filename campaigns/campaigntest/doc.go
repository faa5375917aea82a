// Package campaigntest gives tests a group of people with a campaign: one function per noun, defaults filled in, anything can
// be changed by a function. Whatever it does goes through the domain's own functions, so a row it makes is a row the
// program could have made. Its days stand around 1 October 2026, noon in Tokyo.
package campaigntest
