// Package migrations carries the database's schema, file by file, and brings a database up to it.
//
// A file is forward only, has four digits in front, and is safe while the previous release still runs. Two kinds of
// role meet here: the owner, who owns every table and migrates, and the role of the running program, which may do no
// more than the files grant to tsukaimichi_app. Apply makes that role when it is missing and lets the program's
// own login role be a member of it; no file names a login role.
//
// Where a file waits for a table that somebody is using, it gives way and is tried again for some minutes: the program that still serves
// never loses a page to it, and never stands behind it for long.
//
// Called by the subcommand migrate, by practice mode and by package pgtest. Whoever serves asks Pending first.
// Package embpg runs a private PostgreSQL to migrate, package pgtest gives each test a migrated database.
package migrations
