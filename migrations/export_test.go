package migrations

// The tests apply files of their own through the same code.
var (
	ApplyFiles   = apply
	PendingFiles = pending
	Name         = fingerprint
)
