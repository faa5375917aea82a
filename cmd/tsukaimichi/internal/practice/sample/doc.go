// Package sample loads the organisations of practice mode, so that a beginner finds books that live instead of empty tables.
//
// There are four, with figures from accounts that groups in Japan published and names that nobody has; every name says 練習. One collects
// today, one owes the report of a campaign that is over, one keeps two funds over two trips, one has a plan it has not announced. Days
// count from the day of loading. Everything is done by the domain's own functions and its actors, as the program would do it, so a
// sample book holds every rule of a book.
package sample
