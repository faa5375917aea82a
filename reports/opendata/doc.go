// Package opendata is what anybody may take away and look into: plan and actual of a campaign, and of all campaigns of an organisation, as JSON and as a list for
// spreadsheets, with the same figures as the pages.
//
// The form has a number (Format). Within it fields are added and never change their meaning; Fields says of each what it means and in which unit, and
// the page that documents the data is written from it. Nothing is here that the pages do not show: what fewer than five givers did is told apart nowhere
// (campaigns.Few), a number of 1 to 4 of them is null, and there are no names.
//
// A giver's part of each use follows from these figures and from what his gift is meant for alone (Campaign.Trace): whoever has the list can compute
// it again with nothing of ours.
package opendata
