package check

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/tour/wire"
)

// bothPrint is what a Python program prints, and Go's errors.
func bothPrint(python string, errs ...error) string {
	for _, err := range errs {
		python += err.Error() + "\n"
	}
	return python
}

// binds is a Python program that takes the address in its arguments.
const binds = `
import socket, sys
server = socket.socket()
server.bind((sys.argv[1], int(sys.argv[2])))
`

// connects is a Python program that connects to the address in its arguments.
const connects = `
import socket, sys
client = socket.socket()
client.connect((sys.argv[1], int(sys.argv[2])))
`

func hostPort(t *testing.T, ln net.Listener) (host, port string) {
	t.Helper()
	host, port, err := net.SplitHostPort(ln.Addr().String())
	require.NoError(t, err)
	return host, port
}

// silent returns an address where nobody listens while the test runs.
func silent(t *testing.T) string {
	t.Helper()
	hold, err := wire.HoldPort(netip.MustParseAddr("127.0.0.1"))
	require.NoError(t, err)
	t.Cleanup(hold.Close)
	return hold.Addr()
}

func portIsTaken(t *testing.T) string {
	onLinux(t)
	ln := listen(t)
	_, err := net.Listen("tcp", ln.Addr().String())
	require.Error(t, err)
	host, port := hostPort(t, ln)
	return bothPrint(python(t, binds, host, port), err)
}

func ownServerFindsPortTaken(t *testing.T) string {
	server := plain(t, "lesson02-loops/server")
	onLinux(t)
	return calledAs("server", outcome(t, command(t, server, "-addr", listen(t).Addr().String())))
}

// calledAs puts the name in front that a program has when go run has compiled it.
func calledAs(name, printed string) string {
	return strings.ReplaceAll(printed, name+".exe: ", name+": ")
}

// listening is the beginning of a Python program that shows what tools say of its
// server.
const listening = `
import socket, subprocess, sys
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen(5)
host, port = server.getsockname()
def show(*command):
    print(subprocess.run(command, stdout=subprocess.PIPE, universal_newlines=True).stdout, flush=True)
`

func ssShowsWhoListens(t *testing.T) string {
	need(t, "ss")
	return python(t, listening+`show("ss", "-tanp", "sport = :%d" % port)`)
}

func othersShowWhoListens(t *testing.T) string {
	onLinux(t)
	need(t, "lsof", "netstat")
	return python(t, listening+`show("lsof", "-nP", "-iTCP:%d" % port); show("netstat", "-ltnp")`)
}

func leftovers(t *testing.T) string {
	need(t, "ss")
	return python(t, listening+`
client = socket.create_connection((host, port))
conn, _ = server.accept()
conn.close()
client.recv(1)
client.close()
server.close()
line = ""
while "TIME-WAIT" not in line: # once the kernel has seen both ends go
    line = subprocess.run(["ss", "-tan", "sport = :%d" % port], stdout=subprocess.PIPE, universal_newlines=True).stdout
print(line, flush=True)
socket.socket().bind((host, port))
`)
}

func portBelow1024(t *testing.T) string {
	below1024(t)
	return python(t, `
import os, socket
os.getuid() or os.setuid(65534)
socket.socket().bind(("127.0.0.1", 80))
`)
}

func ownServerBelow1024(t *testing.T) string {
	server := plain(t, "lesson02-loops/server")
	below1024(t)
	if os.Getuid() != 0 {
		return calledAs("server", outcome(t, command(t, server, "-addr", "127.0.0.1:80")))
	}
	need(t, "setpriv")
	return calledAs("server", outcome(t, command(t, "setpriv", "--bounding-set=-net_bind_service", "--inh-caps=-net_bind_service", server, "-addr", "127.0.0.1:80")))
}

func below1024(t *testing.T) {
	onLinux(t)
	if start, err := os.ReadFile("/proc/sys/net/ipv4/ip_unprivileged_port_start"); err != nil || strings.TrimSpace(string(start)) != "1024" {
		t.Skipf("everybody may have ports below 1024 here, from %s on", start)
	}
}

func foreignAddress(t *testing.T) string {
	onLinux(t)
	_, err := net.Listen("tcp", "192.0.2.1:8081")
	require.Error(t, err)
	return bothPrint(python(t, binds, "192.0.2.1", "8081"), err)
}

func reuseAddr(t *testing.T) string {
	onLinux(t)
	return python(t, listening+`
second = socket.socket()
second.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
second.bind((host, port))
`)
}

func reusePort(t *testing.T) string {
	need(t, "ss")
	return python(t, `
import socket, subprocess
first, second = socket.socket(), socket.socket()
for server, address in (first, lambda: ("127.0.0.1", 0)), (second, first.getsockname):
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    server.bind(address())
    server.listen(5)
subprocess.run(["ss", "-ltnp", "sport = :%d" % first.getsockname()[1]])
`)
}

func refused(t *testing.T) string {
	onLinux(t)
	addr := silent(t)
	host, port, err := net.SplitHostPort(addr)
	require.NoError(t, err)
	_, err = net.Dial("tcp", addr)
	require.Error(t, err)
	return bothPrint(python(t, connects, host, port), err)
}

func ownClientRefused(t *testing.T) string {
	client := plain(t, "lesson02-loops/client")
	onLinux(t)
	return calledAs("client", outcome(t, command(t, client, "-addr", silent(t))))
}

// What stands at some addresses beyond the router of a network of its own.
const (
	prohibited = "203.0.113.1"  // a firewall that says no
	dropped    = "198.51.100.1" // a firewall that is silent
	nobody     = "192.0.2.9"    // an address in the own network that nobody has
)

// inNetwork runs a shell script in a network namespace of its own and returns what
// it prints. A machine that does not allow that skips the test, except to root with CI=true.
func inNetwork(t *testing.T, script string) string {
	t.Helper()
	onLinux(t)
	pythonName(t)
	need(t, "unshare", "ip", "sysctl")
	options := []string{"-nm", "--"}
	if os.Getuid() != 0 {
		options[0] = "-rnm"
	}
	begin := `set -e
mount -t tmpfs none /run
ip netns add router
ip link set lo up
ip link add own type veth peer name far netns router
ip addr add 192.0.2.2/24 dev own
ip link set own up
ip route add default via 192.0.2.1
ip -n router addr add 192.0.2.1/24 dev far
ip -n router link set far up
ip netns exec router sysctl -qw net.ipv4.ip_forward=1
ip -n router route add prohibit ` + prohibited + `
ip -n router route add blackhole ` + dropped + `
sysctl -qw net.ipv4.tcp_syn_retries=1 net.ipv4.neigh.own.mcast_solicit=1 net.ipv4.neigh.own.retrans_time_ms=100
set +e
echo the network is there
`
	printed := outcome(t, command(t, "unshare", append(options, "sh", "-c", begin+script)...))
	_, printed, there := strings.Cut(printed, "the network is there\n")
	if !there {
		require.False(t, os.Getuid() == 0 && os.Getenv("CI") == "true", "root has no network of its own here: %s", printed)
		t.Skipf("needs a network of its own, which this machine does not allow: %s", printed)
	}
	return printed
}

// noWayOut takes the way to the router away.
const noWayOut = "ip route del default\n"

// pythonTo connects from the own network, after first.
func pythonTo(host, first string) func(t *testing.T) string {
	return func(t *testing.T) string {
		return inNetwork(t, first+"python3 -c '"+connects+"' "+host+" 8081")
	}
}

// goTo does the same with lesson 1's plain client.
func goTo(host, first string) func(t *testing.T) string {
	return func(t *testing.T) string {
		return inNetwork(t, first+plain(t, "lesson01-basic-tcp/plain/upper_client")+" "+host+":8081")
	}
}

func limited(t *testing.T) string {
	client, _ := pair(t)
	_, late := net.DialTimeout("tcp", listen(t).Addr().String(), time.Nanosecond)
	require.ErrorIs(t, late, context.DeadlineExceeded)
	require.NoError(t, client.SetReadDeadline(time.Now().Add(time.Millisecond)))
	_, silent := client.Read(make([]byte, 1))
	require.ErrorIs(t, silent, os.ErrDeadlineExceeded)
	return bothPrint(python(t, listening+`
client = socket.create_connection((host, port))
client.settimeout(0.001)
client.recv(1)
`), late, silent)
}

func fromAnotherNetwork(t *testing.T) string {
	host, port := hostPort(t, listen(t)) // out here
	return inNetwork(t, "python3 -c '"+connects+"' "+host+" "+port)
}

func whereServersListen(t *testing.T) string {
	need(t, "ss")
	return inNetwork(t, `python3 -c '
import socket, subprocess
servers = [socket.socket(), socket.socket(), socket.socket(socket.AF_INET6)]
servers[2].setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
for server, host in zip(servers, ["127.0.0.1", "", ""]):
    server.bind((host, 0))
    server.listen(5)
subprocess.run(["ss", "-ltn"])
'`)
}

func onlyIPv6(t *testing.T) string {
	onLinux(t)
	need(t, "ss")
	_, port, err := net.SplitHostPort(silent(t)) // nobody listens on 127.0.0.1
	require.NoError(t, err)
	ln, err := net.Listen("tcp", "[::1]:"+port)
	if err != nil {
		t.Skipf("needs ::1, which this machine does not have: %v", err)
	}
	defer ln.Close()
	return outcome(t, command(t, "ss", "-ltn", "sport = :"+port)) + python(t, connects, "localhost", port)
}

func onlyIPv4(t *testing.T) string {
	onLinux(t)
	_, port := hostPort(t, listen(t))
	_, err := net.Dial("tcp", "[::1]:"+port)
	if !errors.Is(err, syscall.ECONNREFUSED) {
		t.Skipf("needs ::1, which this machine does not have: %v", err)
	}
	return bothPrint("", err)
}

// broken is the beginning of a Python program whose server has broken off.
const broken = listening + `
import struct
client = socket.create_connection((host, port))
conn, _ = server.accept()
conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
conn.close()
`

// brokenOff returns a client whose server has broken off, and what it reads.
func brokenOff(t *testing.T) (net.Conn, error) {
	client, server := pair(t)
	require.NoError(t, server.(*net.TCPConn).SetLinger(0))
	require.NoError(t, server.Close())
	_, err := client.Read(make([]byte, 1))
	require.Error(t, err)
	return client, err
}

func reset(t *testing.T) string {
	onLinux(t)
	_, err := brokenOff(t)
	return bothPrint(python(t, broken+"client.recv(1)"), err)
}

func brokenPipe(t *testing.T) string {
	onLinux(t)
	client, _ := brokenOff(t)
	_, err := client.Write([]byte("x"))
	require.Error(t, err)
	return bothPrint(python(t, broken+`
try:
    client.recv(1)
except ConnectionResetError:
    client.send(b"x")
`), err)
}

func aborted(t *testing.T) string {
	need(t, "ss")
	printed := inNetwork(t, "python3 -c '"+listening+`
client = socket.create_connection((host, port))
client.settimeout(10)
show("ss", "-HKt", "dport = :%d" % port)
client.recv(1)
'`)
	if strings.Contains(printed, "timed out") {
		t.Skip("this system does not let anybody give up other people's connections (ss -K)")
	}
	return printed
}

func stuck(t *testing.T) string {
	return python(t, listening+`
client = socket.create_connection((host, port))
conn, _ = server.accept()
for message in b"one", b"two", b"three":
    client.send(message)
while len(conn.recv(1024, socket.MSG_PEEK)) < 11:
    pass
print(conn.recv(1024))
`)
}

// A server is a program that has said where it listens.
type server struct {
	*exec.Cmd
	addr string
	out  *bufio.Reader // what it prints, errors included
}

// serve starts a server at a free port.
func serve(t *testing.T, name string, args ...string) *server {
	t.Helper()
	cmd := command(t, name, append(args, "127.0.0.1:0")...)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = cmd.Stdout
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	s := &server{Cmd: cmd, out: bufio.NewReader(out)}
	line, err := s.out.ReadString('\n')
	require.NoError(t, err)
	s.addr = strings.TrimSpace(strings.TrimPrefix(line, "listening on "))
	return s
}

// rest is what it prints to its end.
func (s *server) rest(t *testing.T) string {
	t.Helper()
	printed, err := io.ReadAll(s.out)
	require.NoError(t, err)
	return string(printed)
}

func (s *server) dial(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", s.addr)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return conn
}

func stuckInGo(t *testing.T) string {
	s := serve(t, plain(t, "lesson05-sticky-packets/plain/sticky_server"))
	outcome(t, command(t, plain(t, "lesson05-sticky-packets/plain/sticky_client"), s.addr))
	return s.rest(t)
}

// cutFrame sends the beginning of a frame and then nothing.
func cutFrame(t *testing.T, beginning string) string {
	s := serve(t, pythonName(t), "lesson05-sticky-packets/python/frame_server.py")
	_, err := s.dial(t).Write([]byte(beginning))
	require.NoError(t, err)
	return s.rest(t)
}

func cutFrameInGo(t *testing.T) string {
	s := serve(t, plain(t, "lesson05-sticky-packets/plain/frame_server"))
	conn := s.dial(t)
	_, err := conn.Write([]byte("\x35\x00\x00\x00{"))
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	return s.rest(t)
}

func notUTF8(t *testing.T) string {
	return python(t, "'你好'.encode('gbk').decode('utf-8')") + python(t, "'走了'.encode('utf-8')[:4].decode('utf-8')")
}

func notGBK(t *testing.T) string {
	if runtime.GOOS == "windows" {
		t.Skip("needs a console that speaks UTF-8, which Windows' does not")
	}
	s := serve(t, pythonName(t), "lesson04-exec/python/command_server.py")
	client := command(t, pythonName(t), "lesson04-exec/python/command_client.py", s.addr)
	client.Stdin = strings.NewReader("echo 你好吗\n")
	client.Env = append(client.Env, "PYTHONUTF8=1")
	return outcome(t, client)
}

func nonsense(t *testing.T) string {
	return python(t, "print('走了'.encode('utf-8').decode('gbk'))") + fmt.Sprintf("%q\n", "\xc4\xe3\xba\xc3")
}

// press sends a signal to a program, and again every few seconds until release is
// called: Python misses one that comes just before it waits. It ends with the test.
func press(t *testing.T, cmd *exec.Cmd, sig os.Signal) (release func()) {
	t.Helper()
	require.NoError(t, cmd.Process.Signal(sig))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	var pressing sync.WaitGroup
	pressing.Go(func() {
		again := time.NewTicker(3 * time.Second)
		defer again.Stop()
		for {
			select {
			case <-again.C:
				_ = cmd.Process.Signal(sig) // it may have ended
			case <-ctx.Done():
				return
			}
		}
	})
	return func() {
		cancel()
		pressing.Wait()
	}
}

// whereItWaits starts a client of lesson 1 at a server that never answers, signals
// it when its message is there, and returns what it says; once more, if it was not
// waiting yet.
func whereItWaits(t *testing.T, sig os.Signal, waiting, name string, args ...string) string {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such signals")
	}
	ln := listen(t)
	late := time.Now().Add(patience)
	require.NoError(t, ln.(*net.TCPListener).SetDeadline(late))
	for {
		var printed strings.Builder
		client := command(t, name, append(args, ln.Addr().String())...)
		client.Stdout, client.Stderr = &printed, &printed
		require.NoError(t, client.Start())
		conn, err := ln.Accept()
		require.NoError(t, err)
		_, err = io.ReadFull(conn, make([]byte, len("hello")))
		require.NoError(t, err)
		release := press(t, client, sig)
		client.Wait()
		release()
		conn.Close()
		if strings.Contains(printed.String(), waiting) || time.Now().After(late) {
			return printed.String()
		}
	}
}

func pythonSaysWhere(t *testing.T) string {
	return whereItWaits(t, os.Interrupt, "client.recv", pythonName(t), "lesson01-basic-tcp/python/upper_client.py")
}

func goSaysWhere(t *testing.T) string {
	return whereItWaits(t, syscall.SIGQUIT, "[IO wait]", plain(t, "lesson01-basic-tcp/plain/upper_client"))
}

func threeWaits(t *testing.T) string {
	need(t, "ss")
	return python(t, listening+`
clients, conns = [], []
for i in range(3):
    clients.append(socket.create_connection((host, port)))
    conns.append(server.accept()[0])
clients[1].send(b"hello")
conns[1].recv(5, socket.MSG_PEEK)
conns[2].setblocking(False)
try:
    while True:
        conns[2].send(b"x" * 100000)
except BlockingIOError:
    show("ss", "-tnp", "sport = :%d" % port)
`)
}

func ownClientGivesUp(t *testing.T) string {
	client := command(t, plain(t, "lesson02-loops/client"), "-timeout", "1s", "-addr", listen(t).Addr().String())
	client.Stdin = strings.NewReader("hello\n")
	return calledAs("client", outcome(t, client))
}

func watched(t *testing.T) string {
	need(t, "tcpdump")
	printed := inNetwork(t, `exec python3 -c '
import socket, subprocess
server = socket.create_server(("127.0.0.1", 8081))
dump = subprocess.Popen(["tcpdump", "-Z", "root", "-i", "lo", "-l", "-n", "-t", "-X", "-c", "4", "tcp port 8081"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
for line in dump.stderr:
    print(line)
    if "listening on" in line:
        client = socket.create_connection(("127.0.0.1", 8081))
        client.send(b"hello")
        print(dump.stdout.read())
'`)
	if !strings.Contains(printed, "listening on") {
		t.Skipf("tcpdump may not listen here: %s", printed)
	}
	return printed
}

func descriptorsGone(t *testing.T) string {
	onLinux(t)
	return python(t, listening+`
import resource
conns = [socket.create_connection((host, port)) for i in range(5)]
resource.setrlimit(resource.RLIMIT_NOFILE, (10, 10))
while True:
    conns.append(server.accept())
`)
}

func descriptorsGoneInGo(t *testing.T) string {
	program := plain(t, "lesson02-loops/plain/concurrent_server")
	onLinux(t)
	s := serve(t, "sh", "-c", `ulimit -n 10; exec "$0" "$1"`, program)
	for range 10 {
		if conn, err := net.Dial("tcp", s.addr); err == nil { // the last may find it gone
			defer conn.Close()
		}
	}
	return s.rest(t)
}

func closeWait(t *testing.T) string {
	need(t, "ss")
	return python(t, listening+`
client = socket.create_connection((host, port))
conn, _ = server.accept()
client.close()
conn.recv(1)
show("ss", "-tanp", "sport = :%d" % port)
`)
}

// allPorts makes a connection from each of four local ports, and then one more by
// program, or in Python.
func allPorts(program string) string {
	return `
sysctl -qw net.ipv4.ip_local_port_range="40000 40003"
exec python3 -c '
import socket, subprocess, sys
server = socket.socket()
server.bind(("127.0.0.1", 8081))
server.listen(5)
clients = []
while len(clients) < 4:
    clients.append(socket.create_connection(("127.0.0.1", 8081)))
if sys.argv[1]:
    subprocess.run([sys.argv[1]])
else:
    socket.create_connection(("127.0.0.1", 8081))
' "` + program + `"`
}

// interrupted sends SIGINT to a Python program when it has printed a line, and
// returns what it prints up to the line last. The program goes on: it answers.
func interrupted(t *testing.T, program, last string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such signals")
	}
	s := serve(t, pythonName(t), "-c", program)
	conn := s.dial(t)
	answer := make([]byte, 5)
	exchange := func() {
		t.Helper()
		_, err := conn.Write([]byte("hello"))
		require.NoError(t, err)
		_, err = io.ReadFull(conn, answer)
		require.NoError(t, err)
		assert.Equal(t, "HELLO", string(answer))
	}
	exchange()
	release := press(t, s.Cmd, os.Interrupt)
	printed := ""
	for !strings.HasPrefix(printed[strings.LastIndex(strings.TrimSuffix(printed, "\n"), "\n")+1:], last) {
		line, err := s.out.ReadString('\n')
		require.NoError(t, err, printed)
		printed += line
	}
	release()
	exchange()
	return printed
}

func interruptedBesideAThread(t *testing.T) string {
	return interrupted(t, `
import socket, threading
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen(5)
print("listening on %s:%d" % server.getsockname(), flush=True)
def serve(conn):
    while True:
        data = conn.recv(1024)
        if not data:
            break
        conn.send(data.upper())
while True:
    conn, addr = server.accept()
    threading.Thread(target=serve, args=(conn,)).start()
`, "KeyboardInterrupt")
}

func interruptSwallowed(t *testing.T) string {
	return interrupted(t, `
import socket
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen(5)
print("listening on %s:%d" % server.getsockname(), flush=True)
conn, addr = server.accept()
while True:
    try:
        conn.send(conn.recv(1024).upper())
    except BaseException as error:
        print("error:", repr(error), flush=True)
`, "error:")
}
