// Package archive keeps the whole of an installation in one file, and lays it into an empty one again.
//
// An archive is an ordinary ZIP that any machine opens: the database as of one instant, table by table, as PostgreSQL's own COPY text
// with a line of column names; every file of the file store; a signed checkpoint of each organisation's log as it stands in that copy;
// and a manifest that names each part with its length and SHA-256. The manifest is signed with a key derived from the sealing key.
// The last 64 bytes are the SHA-256 of everything before them, so an archive that was cut or has one bit turned over is refused before a
// line of it is read.
//
// The copy is made here and not by pg_dump: that program has to be there, as new as the server, and the private PostgreSQL that npm
// brings has none. One read-only transaction with one snapshot gives the same, and what is written is restored into tables the migrations
// make, so an archive of an older release is brought forward by the migrations like any database.
//
// The database comes first, the files after it: a file is in the store before a row names it, so none that the copy names is missing.
// Sessions, links to sign in and counts of tries stay behind: whoever was signed out stays so.
//
// Loading needs the owner of the tables. In one transaction it switches the triggers off, takes the foreign keys away, lays the rows in,
// and puts every rule back, compared one by one with what stood there before; only then does it commit. Nobody ever sees the tables
// without their rules. Numbers of rows then go on well above those in the copy, because what came after it and was lost is still
// known elsewhere by its number: to the payment service, in letters, on paper. Log, receipts and reports go on without a gap, as they count for
// themselves.
//
// The sealing key is never in an archive. The manifest names the key that opens what is sealed in it.
package archive
