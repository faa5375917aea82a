package embpg

import (
	"maps"
	"slices"
)

// settings returns the server's settings as arguments, the later group before the earlier: what every private server
// needs, what suits its kind, what the caller asks for.
func settings(o Options, socket string) []string {
	all := map[string]string{
		"listen_addresses":        "",
		"unix_socket_directories": socket,
		"unix_socket_permissions": "0700",
		"port":                    "5432", // part of the socket's name, nothing more
		"timezone":                "UTC",
		"log_timezone":            "UTC",
		"logging_collector":       "off",
		"shared_buffers":          "128MB",
		"jit":                     "off",
	}
	if o.Volatile {
		maps.Copy(all, map[string]string{
			"max_connections":    "300",
			"fsync":              "off",
			"synchronous_commit": "off",
			"full_page_writes":   "off",
			"wal_level":          "minimal",
			"max_wal_senders":    "0",
			"autovacuum":         "off",
		})
	} else {
		maps.Copy(all, map[string]string{
			"max_connections": "100",
			// A failed statement and the row it names hold personal data.
			"log_min_error_statement": "panic",
			"log_error_verbosity":     "terse",
		})
	}
	maps.Copy(all, o.Settings)
	var args []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		args = append(args, "-c", name+"="+all[name])
	}
	return args
}
