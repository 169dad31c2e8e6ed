package endure

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

// A hostile is a client that does not keep to the protocol.
type hostile struct {
	ctx  context.Context
	s    *subject
	addr string
	rng  random
}

// hostile meets the server once, in one manner of many. The server may drop it
// when it likes, so that no error of its connection is a fault; but drop it it
// must, within its own limits.
func (l *load) hostile(ctx context.Context, addr string, rng random) {
	h := &hostile{ctx, l.subject, addr, rng}
	l.hostiles.Add(1)
	if l.subject.network == "udp" {
		h.burst()
		return
	}
	manner := manners[rng.IntN(len(manners))]
	h.dial(func(conn *net.TCPConn) {
		if err := manner(h, conn); err != nil && ctx.Err() == nil {
			l.fault(err)
		}
	})
}

// dial calls use with a connection that is closed afterwards, and with ctx.
func (h *hostile) dial(use func(*net.TCPConn)) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(h.ctx, "tcp", h.addr)
	if err != nil {
		return // good clients tell
	}
	defer conn.Close()
	defer context.AfterFunc(h.ctx, func() { conn.Close() })()
	use(conn.(*net.TCPConn))
}

var manners = []func(*hostile, *net.TCPConn) error{
	(*hostile).leave, (*hostile).breakOff, (*hostile).reset, (*hostile).halfClose, (*hostile).silent,
	(*hostile).drip, (*hostile).deaf, (*hostile).insist, (*hostile).insist, (*hostile).flood,
}

func (h *hostile) leave(*net.TCPConn) error { return nil }

// breakOff closes in the middle of a message.
func (h *hostile) breakOff(conn *net.TCPConn) error {
	conn.Write(h.part())
	return nil
}

// reset leaves without a good-bye: closing sends an RST instead of a FIN.
func (h *hostile) reset(conn *net.TCPConn) error {
	conn.Write(h.message())
	conn.SetLinger(0)
	return nil
}

// halfClose says good-bye in the middle of a message, and listens on.
func (h *hostile) halfClose(conn *net.TCPConn) error {
	conn.Write(h.part())
	conn.CloseWrite()
	return h.awaitEnd(conn, "that said good-bye in the middle of a message")
}

func (h *hostile) silent(conn *net.TCPConn) error {
	return h.awaitEnd(conn, "that is silent")
}

// drip sends a byte at a time.
func (h *hostile) drip(conn *net.TCPConn) error {
	for _, b := range h.part() {
		if _, err := conn.Write([]byte{b}); err != nil || !pause(h.ctx, h.rng.duration(100*time.Millisecond)) {
			break
		}
	}
	return nil
}

// deaf asks and asks, and takes none of the answers, for longer than the server
// should wait. Only then does it listen: a FIN comes behind the answers, and
// cannot be heard by who takes none.
func (h *hostile) deaf(conn *net.TCPConn) error {
	conn.SetReadBuffer(4 << 10)
	conn.SetWriteDeadline(time.Now().Add(h.s.limits))
	request, _ := h.s.exchange(h.rng)
	for sent := 0; sent < 16<<20; sent += len(request) {
		if _, err := conn.Write(request); err != nil {
			break
		}
		if sent == 0 { // one to be answered; from now on in large pieces
			request = bytes.Repeat(request, 1+(4<<10)/len(request))
		}
	}
	conn.SetReadBuffer(1 << 20)
	return h.awaitEnd(conn, "that took no answers")
}

// insist sends nonsense again and again.
func (h *hostile) insist(conn *net.TCPConn) error {
	buf := make([]byte, 64<<10)
	for range 1 + h.rng.IntN(10) {
		conn.SetDeadline(time.Now().Add(time.Second))
		if _, err := conn.Write(h.message()); err != nil {
			return nil
		}
		conn.SetReadDeadline(time.Now().Add(h.rng.duration(200 * time.Millisecond)))
		if _, err := conn.Read(buf); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return nil
		}
	}
	return nil
}

// flood is many connections at once.
func (h *hostile) flood(conn *net.TCPConn) error {
	var open func(n int)
	open = func(n int) { // each inside the one before, so that all are open in the end
		if n == 0 {
			pause(h.ctx, h.rng.duration(time.Second))
			return
		}
		h.dial(func(conn *net.TCPConn) {
			conn.Write(h.part())
			open(n - 1)
		})
	}
	open(flooding)
	return nil
}

// burst is what can be done with datagrams: send many and never listen.
func (h *hostile) burst() {
	conn, err := net.Dial("udp", h.addr)
	if err != nil {
		return // good clients tell
	}
	defer conn.Close() // answers are answered by the kernel: nobody is here
	for range 1 + h.rng.IntN(50) {
		conn.Write(nil)
		message := h.message()
		conn.Write(message[:min(len(message), 65507)]) // the longest there is
	}
}

func (h *hostile) part() []byte {
	message := h.message()
	message = message[:min(len(message), 200)]
	return message[:h.rng.IntN(len(message))]
}

// awaitEnd reads until the server closes the connection. A server that still
// answers what the kernel had kept back is not idle.
func (h *hostile) awaitEnd(conn *net.TCPConn, who string) error {
	buf := make([]byte, 64<<10)
	for {
		conn.SetReadDeadline(time.Now().Add(h.s.hold()))
		_, err := conn.Read(buf)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return fmt.Errorf("a client %s is still there after %v of silence", who, h.s.hold())
		}
		if err != nil {
			return nil
		}
	}
}

// message is what a hostile client sends: by turns a whole request of the
// lesson, and nonsense that fits one lesson or another.
func (h *hostile) message() []byte {
	switch h.rng.IntN(5) {
	case 0:
		request, _ := h.s.exchange(h.rng)
		return append(request, ' ')
	case 1:
		return append([]byte{0xff}, h.rng.bytes(32<<10)...) // not UTF-8: no shell will see it
	case 2:
		return []byte(strings.Repeat("endless ", 1+h.rng.IntN(32<<10)))
	default:
		return []byte(nonsense[h.rng.IntN(len(nonsense))])
	}
}

var nonsense = []string{
	// lengths, and headers behind right ones
	"\xff\xff\xff\x7f{", "\xff\xff\xff\xff{", "\x00\x00\x00\x80{", "\x00\x00\x00\x00{", "\x00\x00\x01\x00" + strings.Repeat("[", 64<<10),
	"\x02\x00\x00\x00{}", "\x04\x00\x00\x00null", "\x05\x00\x00\x00{nope",
	"\x36\x00\x00\x00" + `{"file_name":"a","file_size":9223372036854775807,"md5"` + `:""}`,
	"\x2a\x00\x00\x00" + `{"file_name":"a","file_size":-1,"md5":"x"}` + "x", "\x30\x00\x00\x00" + `{"file_name":"message","file_size":900,"md5":""}`,
	// names
	"get ../../etc/passwd", "get /etc/passwd", "get " + strings.Repeat("../", 300) + "etc/passwd", "get a\x00b", "get .", "get C:\\x",
	"get plain\n 99999999999999999999 x", "get plain\n -1 x", "get " + strings.Repeat("x", 4000), "get", "list list",
	// for a terminal, and for a web server
	"\x1b[2J\x1b]0;title\x07\r\n\x00\x7f", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "POST /run HTTP/1.1\r\nContent-Length: 6\r\n\r\nsleep 9",
	// commands
	"yes | head -c 3000000", "sleep 60", "sleep 60 & sleep 60 & sleep 60", "(sleep 60 &) ; echo x", "for i in 1 2 3 4 5 6; do sleep 60 & done; wait",
	"exec sleep 60 >&- 2>&-", "exit 7", "cat", "echo x >&2; kill -9 $$", "\n", "\r\n",
}
