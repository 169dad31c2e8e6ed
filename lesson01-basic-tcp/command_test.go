package basictcp

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/lesson01-basic-tcp/internal/command"
)

// internal/command, which is the same in every lesson and is tested here: what
// can be, in process; the rest with the lesson's programs, and with small ones
// for what they do not use.

// someFlags returns a flag of each kind, as a program has them.
func someFlags() (flags *flag.FlagSet, values func() string) {
	flags = flag.NewFlagSet("program", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:8081", "listen on `HOST:PORT`")
	loud := flags.Bool("loud", false, "show more")
	network := command.OneOf(flags, "network", "the `NETWORK` to use", "tcp", "unix")
	n := command.Between(flags, "n", 3, 1, 10, "make `N` of them")
	timeout := command.Positive(flags, "timeout", time.Minute, "wait no longer than this `DURATION`")
	return flags, func() string { return fmt.Sprintln(*addr, *loud, *network, *n, *timeout) }
}

func TestFlagsHaveTheirDefaultsUntilTheyAreGiven(t *testing.T) {
	flags, values := someFlags()
	args, err := command.ParseLine(flags, nil, io.Discard)
	require.NoError(t, err)
	assert.Empty(t, args)
	assert.Equal(t, "127.0.0.1:8081 false tcp 3 1m0s\n", values())

	args, err = command.ParseLine(flags, strings.Fields("-addr x -loud -network unix -n 10 -timeout 1ns get a -n"), io.Discard)
	require.NoError(t, err)
	assert.Equal(t, "x true unix 10 1ns\n", values())
	assert.Equal(t, []string{"get", "a", "-n"}, args, "what stands behind the flags")
}

func TestNonsenseOnTheCommandLineIsWrongUsageInOneLine(t *testing.T) {
	for line, says := range map[string]string{
		"-nonsense":       `flag provided but not defined: -nonsense`,
		"-n":              `flag needs an argument: -n`,
		"-loud=maybe":     `invalid boolean value "maybe" for -loud: parse error`,
		"-timeout 0s":     `invalid value "0s" for flag -timeout: must be more than 0`,
		"-timeout -1s":    `invalid value "-1s" for flag -timeout: must be more than 0`,
		"-timeout soon":   `invalid value "soon" for flag -timeout: time: invalid duration "soon"`,
		"-n 0":            `invalid value "0" for flag -n: must be from 1 to 10`,
		"-n 11":           `invalid value "11" for flag -n: must be from 1 to 10`,
		"-n many":         `invalid value "many" for flag -n: strconv.Atoi: parsing "many": invalid syntax`,
		"-network udp":    `invalid value "udp" for flag -network: choose tcp, unix`,
		"-network tcp,up": `invalid value "tcp,up" for flag -network: choose tcp, unix`,
	} {
		flags, _ := someFlags()
		_, err := command.ParseLine(flags, strings.Fields(line), io.Discard)
		require.Error(t, err, line)
		assert.Equal(t, says+" (-h lists the flags)", command.Explain(err, flags))
		assert.Equal(t, 2, command.Status(err), line)
	}
}

func TestHelpIsALineForEachFlag(t *testing.T) {
	flags, _ := someFlags()
	var help strings.Builder
	_, err := command.ParseLine(flags, []string{"-n", "5", "-h"}, &help)
	assert.ErrorIs(t, err, flag.ErrHelp)
	assert.Equal(t, `  -addr HOST:PORT    listen on HOST:PORT (default 127.0.0.1:8081)
  -loud              show more
  -n N               make N of them (default 3)
  -network NETWORK   the NETWORK to use (default tcp)
  -timeout DURATION  wait no longer than this DURATION (default 1m0s)
`, help.String())
}

func TestTheStatusIs2ForACommandLineThatIsWrongAndElse1(t *testing.T) {
	for _, err := range []error{command.Usagef("no %s", "path"), &net.AddrError{Err: "missing port in address"}} {
		assert.Equal(t, 2, command.Status(err))
		assert.Equal(t, 2, command.Status(fmt.Errorf("wrapped: %w", err)))
	}
	assert.Equal(t, "no path (-h lists the flags)", command.Usagef("no %s", "path").Error())
	assert.Equal(t, 1, command.Status(io.EOF))
}

// advice is for errors that have one in the flags' company, with whoever has
// them: the last word of each is what a person can do.
var advice = []struct {
	err   error
	flags string // of the program, besides -addr; -network is tcp
	says  string
}{
	{&net.DNSError{Err: "no such host", Name: "nowhere", IsNotFound: true}, "", "check the spelling, or use an IP address and a port number"},
	{&net.DNSError{Err: "i/o timeout", IsTimeout: true}, "timeout", "nobody could be asked for that name's address: use an IP address"},
	{&net.AddrError{Err: "invalid port"}, "", "an address is HOST:PORT with a port from 0 to 65535, like 127.0.0.1:8081"},
	{&net.AddrError{Err: "invalid port"}, "network", "an address is HOST:PORT with a port from 0 to 65535, like 127.0.0.1:8081 or, for tcp6, [::1]:8081"},
	{os.ErrDeadlineExceeded, "", ""},
	{os.ErrDeadlineExceeded, "timeout", "-timeout sets how long to wait; perhaps the other side is waiting too"},
	{&net.OpError{Op: "dial", Err: late{}}, "timeout", "nothing answered there: check the address and the firewall, or wait longer with -timeout"},
	{os.ErrDeadlineExceeded, "timeout retries", "nobody listens there, or a datagram was lost: -timeout and -retries set how long to try"},
	{io.EOF, "", "the other side has closed the connection: look at its last lines"},
	{io.ErrUnexpectedEOF, "", "the other side has closed the connection: look at its last lines"},
	{&os.PathError{Op: "open", Path: "file", Err: os.ErrPermission}, "network timeout", ""},
	{&os.PathError{Op: "open", Path: "file", Err: os.ErrNotExist}, "network timeout", ""},
	{&os.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.EPIPE}, "network timeout", ""},
	{&os.PathError{Op: "read", Path: "file", Err: syscall.EINVAL}, "network timeout", ""},
	{errors.New("something else"), "network timeout retries", ""},
}

// late is a timeout that is not os.ErrDeadlineExceeded, like that of a connect.
type late struct{}

func (late) Error() string   { return "i/o timeout" }
func (late) Timeout() bool   { return true }
func (late) Temporary() bool { return true }

func TestAnErrorIsExplainedInOneLineWithAdviceThatNamesOnlyFlagsTheProgramHas(t *testing.T) {
	named := regexp.MustCompile(`(?:^| )-([a-z]+)`)
	for _, c := range advice {
		flags := flag.NewFlagSet("program", flag.ContinueOnError)
		for _, name := range append(strings.Fields(c.flags), "addr") {
			flags.String(name, "tcp", "")
		}
		err := fmt.Errorf("cannot begin,\nnor\x1bend: %w", c.err)
		says := strings.TrimSuffix("cannot begin, nor end: "+c.err.Error()+"; "+c.says, "; ")
		line := command.Explain(err, flags)
		assert.Equal(t, says, line)
		for _, flag := range named.FindAllStringSubmatch(line, -1) {
			assert.NotNil(t, flags.Lookup(flag[1]), "-%s in %q", flag[1], line)
		}
	}
}

func TestProgramsEndWith0AfterHelp2AfterWrongUsageAnd1AfterAFailure(t *testing.T) {
	const wrongUsage = " (-h lists the flags)\n"
	for _, c := range []struct {
		args   string
		status int
		stderr string // its end
	}{
		{"-h", 0, ""},
		{"-nonsense", 2, ": flag provided but not defined: -nonsense" + wrongUsage},
		{"-timeout 1s nonsense", 2, `: unexpected argument "nonsense"` + wrongUsage},
		{"-network unix", 2, ": a unix socket has a path for an address: give one with -addr" + wrongUsage},
		{"-network tcp6", 2, ": no suitable address found; an address is HOST:PORT with a port from 0 to 65535, like 127.0.0.1:8081 or, for tcp6, [::1]:8081\n"},
		{"-addr localhost:nosuch", 1, "lookup tcp/nosuch: unknown port; check the spelling, or use an IP address and a port number\n"},
	} {
		for _, name := range []string{"server", "client"} {
			cmd := goCommand(t, name, strings.Fields(c.args)...)
			var stdout, stderr strings.Builder
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			if failed := new(exec.ExitError); !errors.As(cmd.Run(), &failed) {
				require.True(t, cmd.ProcessState.Success())
			}
			assert.Equal(t, c.status, cmd.ProcessState.ExitCode(), "%s %s", name, c.args)
			if c.status == 0 {
				assert.Regexp(t, `^  -addr HOST:PORT +\S.* \(default 127.0.0.1:8081\)\n  -network NETWORK .*\n  -timeout DURATION .*\n$`, stdout.String())
				assert.Empty(t, stderr.String())
				continue
			}
			assert.Empty(t, stdout.String())
			assert.True(t, strings.HasPrefix(stderr.String(), name+": "), stderr.String())
			assert.True(t, strings.HasSuffix(stderr.String(), c.stderr), stderr.String())
			assert.Equal(t, 1, strings.Count(stderr.String(), "\n"), "one line")
		}
	}
}

func TestWithoutATerminalThereIsNoPrompt(t *testing.T) {
	cmd := act("typed")
	cmd.Stdin = strings.NewReader("one\ntwo\n")
	output, err := cmd.Output()
	require.NoError(t, err)
	assert.Equal(t, "\"one\\ntwo\\n\"\n", string(output))
}

// acts are programs for what the lesson's own do not use of internal/command. A
// test starts its own binary as one of them.
var acts = map[string]func(){
	"typed": func() { // shows what each Read of the input brings
		in := command.Stdin()
		buf := make([]byte, 100)
		for n, err := in.Read(buf); err == nil; n, err = in.Read(buf) {
			fmt.Printf("%q\n", buf[:n])
		}
	},
	"serve": func() { // like the servers of the other lessons
		ctx, stop := command.Serving()
		defer stop()
		fmt.Println("serving")
		<-ctx.Done()
		fmt.Println("stopped:", context.Cause(ctx))
	},
	"start": func() { // starts another program
		command.OutliveReader()
		child := exec.Command("sh", "-c", "kill -PIPE $$; echo survived")
		child.Stdout = os.Stdout
		fmt.Println(child.Run())
	},
	"work": func() { // is interrupted at work that ends when it is closed
		closed := make(chan struct{})
		err := command.Interruptible(closer(closed), func() error {
			fmt.Println("at work")
			<-closed
			return errors.New("half done")
		})
		fmt.Println(err)
	},
	"hang": func() { // is interrupted at work that cannot be ended
		err := command.Interruptible(closer(make(chan struct{})), func() error {
			fmt.Println("at work")
			select {}
		})
		fmt.Println(err)
	},
	"finish": func() { // is not interrupted
		fmt.Println(command.Interruptible(nil, func() error { return errors.New("not done") }))
	},
}

type closer chan struct{}

func (c closer) Close() error { close(c); return nil }

func act(name string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "ACT="+name)
	return cmd
}
