// Package embpg runs a private PostgreSQL server: the real one, as a child of this program, in a directory of its own,
// reachable only through a socket file. Practice mode and the tests stand on it.
//
// The programs are looked for on the machine (FindBinaries), or laid into a cache by npm once a person agreed
// (FetchBinaries). Start makes the cluster where there is none, clears what a killed predecessor left, and
// returns when the server answers. What holds:
//
//   - One process per directory: a lock that the kernel drops with its holder. A second one gets ErrInUse.
//   - The directory data exists only complete: initdb works beside it and the result is renamed in.
//   - When this program dies, however it dies, the server shuts down (at once on Linux; elsewhere at the next Start).
//   - An interrupt from the terminal reaches this program alone; the server is stopped last, by Stop.
//   - As root the server runs as another account, which PostgreSQL insists on.
//   - Nothing of the caller's PG* or locale environment reaches the server. Order is C, character classes are UTF-8's;
//     names are sorted by COLLATE "ja-x-icu" in the query.
//
// StartShared lets several processes, the test binaries of a checkout, use one server.
package embpg
