package rehearsed

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
)

// ours are the marks of this process's addresses.
var ours struct {
	mu    sync.Mutex
	marks []net.PacketConn
}

// FreeAddress is an address of this machine for a program that is begun a moment later, or again and again. It is this process's until it ends: no
// connection of the machine begins at such a port, and whoever else asks here, in another test process as well, gets another.
func FreeAddress() (string, error) {
	for range 1000 {
		address := fmt.Sprintf("127.0.0.1:%d", 20_000+rand.IntN(12_000))
		mark, err := net.ListenPacket("udp", address) // the program needs the port of TCP alone
		if err != nil {
			continue
		}
		listener, err := net.Listen("tcp", address)
		if err == nil {
			err = listener.Close()
		}
		if err != nil {
			_ = mark.Close()
			continue
		}
		ours.mu.Lock()
		defer ours.mu.Unlock()
		ours.marks = append(ours.marks, mark)
		return address, nil
	}
	return "", errors.New("no address of this machine is free")
}
