//go:build unix

package basictcp

import (
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/lesson01-basic-tcp/internal/command"
)

// What helps depends on the call that has failed, and on what an address is.
func TestASystemsErrorComesWithAdvice(t *testing.T) {
	const taken = "another program has this address: stop it (TROUBLE.md says how to find it), or choose another with -addr"
	const link = "a link-local address goes with an interface of this machine, like [fe80::1%eth0]:8081"
	const long = "a unix path that long has no room in an address: choose a shorter one"
	const nobody = "nobody listens there: start the server first, or give its address with -addr"
	const broken = "the other side broke the connection off: look at its last lines"
	for _, c := range []struct {
		call    string
		err     syscall.Errno
		network string
		says    string
	}{
		{"bind", syscall.EADDRINUSE, "tcp", taken},
		{"listen", syscall.EADDRINUSE, "tcp", taken},
		{"bind", syscall.EADDRINUSE, "unix", "another program has this address, or a file is in the way: stop it, remove it, or choose another with -addr"},
		{"bind", syscall.EADDRNOTAVAIL, "tcp", "this machine does not have that address: choose one of its own, like 127.0.0.1"},
		{"connect", syscall.EADDRNOTAVAIL, "tcp", "nothing leads there from this machine: choose another address or, if every port is taken, wait a minute"},
		{"bind", syscall.EACCES, "tcp", "choose a port from 1024 up"},
		{"bind", syscall.EACCES, "unix", "choose a path where you may write"},
		{"connect", syscall.EACCES, "unix", "only who may write to that path can connect"},
		{"connect", syscall.EACCES, "tcp", ""},
		{"bind", syscall.ENOENT, "unix", "there is no such folder: make it first, or choose another path with -addr"},
		{"connect", syscall.ENOENT, "unix", "there is no such path: start the server first, or give its path with -addr"},
		{"bind", syscall.EINVAL, "tcp", link},
		{"connect", syscall.EINVAL, "tcp", link},
		{"bind", syscall.EINVAL, "unix", long},
		{"connect", syscall.EINVAL, "unix", long},
		{"sendto", syscall.EINVAL, "tcp", ""},
		{"connect", syscall.ECONNREFUSED, "tcp", nobody},
		{"recvfrom", syscall.ECONNREFUSED, "tcp", nobody},
		{"connect", syscall.ETIMEDOUT, "tcp", "nothing answered there: check the address and the firewall"},
		{"connect", syscall.EAGAIN, "unix", ""},
		{"read", syscall.ETIMEDOUT, "tcp", ""},
		{"read", syscall.ECONNRESET, "tcp", broken},
		{"read", syscall.ECONNABORTED, "tcp", broken},
		{"write", syscall.EPIPE, "tcp", broken},
		{"socket", syscall.EMFILE, "tcp", ""},
	} {
		flags := flag.NewFlagSet("program", flag.ContinueOnError)
		flags.String("addr", "", "")
		flags.String("timeout", "", "")
		flags.String("network", c.network, "")
		err := &net.OpError{Op: "call", Net: "net", Err: os.NewSyscallError(c.call, c.err)}
		want := strings.TrimSuffix(fmt.Sprintf("call net: %s: %v; %s", c.call, c.err, c.says), "; ")
		assert.Equal(t, want, command.Explain(err, flags))
	}
}

func TestWhoeverAsksForAnyPortIsNotToldThatItIsTaken(t *testing.T) {
	err := &net.OpError{Op: "listen", Net: "tcp", Addr: &net.TCPAddr{}, Err: os.NewSyscallError("bind", syscall.EADDRINUSE)}
	flags, _ := someFlags()
	assert.Equal(t, "listen tcp :0: bind: address already in use; every port is taken: end what holds so many", command.Explain(err, flags))
}

// endings are the signals that end a program in good order: Ctrl-C, what stops a
// service, and a terminal that is closed.
var endings = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}

func sendSignal(t testing.TB, p *program, s os.Signal) {
	t.Helper()
	require.NoError(t, p.cmd.Process.Signal(s))
}

func TestCtrlCEndsAWaitingServerInGoodOrder(t *testing.T) {
	path := filepath.Join(shortTempDir(t), "socket")
	for _, s := range append(endings, os.Interrupt, os.Interrupt, os.Interrupt) { // it must never be luck
		server := startGo(t, "server", "-network", "unix", "-addr", path)
		server.listening(t)
		sendSignal(t, server, s)
		status, lines := server.exit(t)
		assert.Zero(t, status, s)
		assert.Empty(t, lines, "nothing has failed")
		assert.NoFileExists(t, path)
	}
}

func TestCtrlCEndsAnExchangeWithStatusZero(t *testing.T) {
	ln := listen(t)
	for _, s := range endings {
		server := startGo(t, "server", "-addr", "127.0.0.1:0")
		dial(t, server.listening(t))
		server.line(t) // connected
		client := startGo(t, "client", "-addr", ln.Addr().String())
		client.line(t) // connected
		client.line(t) // sent
		for _, p := range []*program{server, client} {
			sendSignal(t, p, s)
			status, lines := p.exit(t)
			assert.Zero(t, status, s)
			assert.Empty(t, lines)
		}
	}
}

func TestASignalEndsTheContextOfAServer(t *testing.T) {
	for _, s := range endings {
		server := start(t, act("serve"))
		assert.Equal(t, "serving", server.line(t))
		sendSignal(t, server, s)
		status, lines := server.exit(t)
		assert.Zero(t, status, s)
		assert.Equal(t, []string{"stopped: " + s.String() + " signal received"}, lines)
	}
}

func TestAServerThatIsToOutliveItsTerminalDoes(t *testing.T) {
	cmd := act("serve")
	nohup := exec.Command("sh", "-c", `trap "" HUP; exec "$0"`, cmd.Path)
	nohup.Env = cmd.Env
	server := start(t, nohup)
	server.line(t)
	sendSignal(t, server, syscall.SIGHUP)
	sendSignal(t, server, os.Interrupt)
	_, lines := server.exit(t)
	assert.Equal(t, []string{"stopped: interrupt signal received"}, lines)
}

func TestAServerServesOnWhenNobodyReadsItsOutput(t *testing.T) {
	for name, leave := range map[string]func(*os.File){
		"server | head -1":    func(out *os.File) { out.Close() },
		"server | sleep 1000": func(*os.File) {},
	} {
		server := goCommand(t, "server", "-addr", "127.0.0.1:0")
		out, stdout, err := os.Pipe()
		require.NoError(t, err)
		defer out.Close()
		server.Stdout = stdout
		require.NoError(t, server.Start())
		t.Cleanup(func() { server.Process.Kill() })
		require.NoError(t, stdout.Close())
		var addr string
		_, err = fmt.Fscanf(out, "listening on %s\n", &addr)
		require.NoError(t, err)
		leave(out)
		client := dial(t, addr)
		write(t, client, "hello")
		assert.Equal(t, "HELLO", read(t, client, 100), name)
		assert.NoError(t, server.Wait(), name)
	}
}

func TestWhatAServerStartsDoesNotInheritItsCareForSIGPIPE(t *testing.T) {
	status, lines := start(t, act("start")).exit(t)
	assert.Zero(t, status)
	assert.Equal(t, []string{"signal: broken pipe"}, lines, "the child died of it, as it should")
}

func TestInterruptedWorkIsClosedAndSaysHowFarItWas(t *testing.T) {
	for name, want := range map[string][]string{
		"work":   {"interrupted: half done", "<nil>"},
		"hang":   {"<nil>"}, // after a second
		"finish": {"not done"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, act(name))
			if name != "finish" {
				assert.Equal(t, "at work", p.line(t))
				sendSignal(t, p, os.Interrupt)
			}
			status, lines := p.exit(t)
			assert.Zero(t, status)
			assert.Equal(t, want, lines)
		})
	}
}

func TestTheNameOfASocketNeverReachesTheTerminalRaw(t *testing.T) {
	dir := shortTempDir(t)
	ln, err := Listen("unix", filepath.Join(dir, "server\x1b[2J"))
	require.NoError(t, err)
	dialer := net.Dialer{LocalAddr: &net.UnixAddr{Name: filepath.Join(dir, "client\x1b[2J"), Net: "unix"}}
	client, err := dialer.Dial("unix", ln.Addr().String())
	require.NoError(t, err)
	require.NoError(t, client.Close())
	shown, err := serve(ln)
	assert.ErrorContains(t, err, `client\x1b[2J": EOF`)
	assert.Contains(t, shown, `server\x1b[2J"`+"\nconnected: local ")
	assert.NotContains(t, shown+err.Error(), "\x1b")
}
