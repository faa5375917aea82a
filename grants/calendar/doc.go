// Package calendar knows the days of offices: public holidays, when an office is open, and when something is due by a rule.
//
// Holidays follow the law on public holidays (国民の祝日に関する法律) as it stands from 2007 on, with the days moved for the games of 2020 and 2021.
// The two equinoxes are computed; the official day is announced each February and has so far never been another. Nothing is asked from a network.
//
// A due rule is data like a formula: 「終了後30日以内または3月31日のいずれか早い日」, 「翌年度の4月16日」. Rule keeps the words as a tree and Due turns them into a day.
package calendar
