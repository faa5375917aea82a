package limit

import (
	"net"
	"net/netip"
)

// Network is where on the network a visitor is, for counting: the address of a request (http.Request.RemoteAddr) without its port; of IPv6 the /64
// that one household has. What is no address comes back as it is.
func Network(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address // what stands before us has set it without a port
	}
	at, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if at = at.Unmap(); at.Is6() {
		if prefix, err := at.WithZone("").Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return at.String()
}
