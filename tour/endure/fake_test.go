package endure

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// TestMain is a fake server instead, where the environment says so.
func TestMain(m *testing.M) {
	if faults, fake := os.LookupEnv("ENDURE_FAKE"); fake {
		serve(strings.Fields(faults))
		return
	}
	goleak.VerifyTestMain(m)
}

// faked returns a server that answers in capitals, and that has faults.
func faked(t *testing.T, faults string) *subject {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	return &subject{
		program:  program,
		env:      []string{"ENDURE_FAKE=" + faults},
		dir:      t.TempDir(),
		network:  "tcp",
		exchange: upper(200),
		limit:    5 * time.Second,
		limits:   10 * time.Second,
		slack:    time.Minute,
	}
}

func serve(faults []string) {
	has := func(fault string) bool { return slices.Contains(faults, fault) }
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	go func() {
		<-interrupted
		switch {
		case has("stays"):
		case has("fails"):
			fmt.Fprintln(os.Stderr, "the reason")
			os.Exit(3)
		default:
			os.Exit(0)
		}
	}()
	if holder := os.Getenv("ENDURE_HOLD"); holder != "" {
		if _, err := net.Dial("tcp", holder); err != nil { // open for as long as this process lives
			panic(err)
		}
	}
	if has("mute") {
		select {}
	}
	if has("udp") {
		serveDatagrams(has)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println("listening on", ln.Addr())
	for n := 1; ; n++ {
		conn, err := ln.Accept()
		if err != nil {
			panic(err)
		}
		if has("panics") && n > 5 {
			panic("the reason")
		}
		if has("once") {
			serveClient(conn, has)
			if has("stays") {
				select {}
			}
			if has("fails") {
				os.Exit(1)
			}
			os.Exit(0)
		}
		go serveClient(conn, has)
	}
}

var leaked [][]byte

func serveClient(conn net.Conn, has func(string) bool) {
	if has("descriptors") {
		os.Pipe()
	}
	if has("memory") {
		leaked = append(leaked, []byte(strings.Repeat("x", 1<<20)))
	}
	if has("goroutines") {
		go func() { select {} }()
	}
	if has("threads") {
		go func() { runtime.LockOSThread(); select {} }()
	}
	defer conn.Close()
	buf := make([]byte, 1024)
	for {
		if !has("patient") {
			conn.SetDeadline(time.Now().Add(5 * time.Second))
		}
		n, err := conn.Read(buf)
		if errors.Is(err, io.EOF) && has("chatty") {
			conn.Write([]byte("good-bye"))
		}
		if err != nil {
			return
		}
		if has("rude") {
			return
		}
		reply := capitals(buf[:n])
		if has("wrong") {
			reply[n-1] ^= 1
		}
		if _, err := conn.Write(reply); err != nil || has("once") {
			return
		}
	}
}

func serveDatagrams(has func(string) bool) {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println("listening on", conn.LocalAddr())
	buf := make([]byte, 1<<16)
	for received := 0; ; received++ {
		n, peer, err := conn.ReadFrom(buf)
		if err != nil || has("lossy") && received%2 == 0 {
			continue
		}
		reply := capitals(buf[:min(n, 1024)])
		if has("wrong") && len(reply) > 0 {
			reply[len(reply)-1] ^= 1
		}
		conn.WriteTo(reply, peer)
		if has("twice") {
			conn.WriteTo(reply, peer)
		}
	}
}
