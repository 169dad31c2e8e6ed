package sticky

import (
	"context"
	"net"
	"strings"
	"time"
)

// Listen listens on addr for TCP, and on the same port for UDP.
func Listen(addr string) (net.Listener, *net.UDPConn, error) {
	for tries := 1; ; tries++ {
		ln, err := net.Listen("tcp", addr)
		if err != nil {
			return nil, nil, err
		}
		tcp := ln.Addr().(*net.TCPAddr)
		beside, err := net.ListenUDP("udp", &net.UDPAddr{IP: tcp.IP, Port: tcp.Port, Zone: tcp.Zone})
		if err == nil {
			return ln, beside, nil
		}
		ln.Close()
		if !strings.HasSuffix(addr, ":0") || tries == 10 { // a port that is free for TCP may be taken for UDP
			return nil, nil, err
		}
	}
}

// besideWait is how long the server listens for the datagrams of a client.
const besideWait = 2 * time.Second

// hearBeside shows the datagrams that come until an empty one, with which a
// client ends them. It sends them after all it has to say over TCP: when they
// are here, so is the rest, unread, and the reads that follow find all of it.
func hearBeside(ctx context.Context, beside *net.UDPConn, log *journal) {
	beside.SetReadDeadline(time.Now().Add(besideWait))
	defer context.AfterFunc(ctx, func() { beside.SetReadDeadline(time.Now()) })()
	datagram := make([]byte, 64<<10)
	for {
		n, from, err := beside.ReadFromUDP(datagram)
		if err != nil || n == 0 {
			return // whoever sends no datagrams is read after a short wait
		}
		log.client(from).show(describe("received over UDP", datagram[:n]))
	}
}
