package limit_test

import (
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/limit"
)

func TestNetworkIsOneHousehold(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"203.0.113.5:40000": "203.0.113.5", "203.0.113.5": "203.0.113.5", "[::ffff:203.0.113.5]:1": "203.0.113.5",
		"[2001:db8:1:2::5]:40000": "2001:db8:1:2::/64", "2001:db8:1:2:ffff::6": "2001:db8:1:2::/64", "[fe80::1%eth0]:9": "fe80::/64", "@": "@", "": "",
	} {
		if got := limit.Network(address); got != want {
			t.Errorf("Network(%q) = %q; want %q", address, got, want)
		}
	}
}
