package check

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/internal/ci"
)

const trouble = "TROUBLE.md"

// patience is how long a trouble may take to come about on a busy machine.
const patience = time.Minute

// A provocation brings about what one block of TROUBLE.md shows, and returns what
// the programs print.
type provocation struct {
	who     string
	provoke func(t *testing.T) string
}

// provoked is for each entry, by its anchor, who speaks in its blocks, in order.
var provoked = map[string][]provocation{
	"address-already-in-use": {
		{"Python and Go", portIsTaken},
		{"lesson 2's server", ownServerFindsPortTaken},
		{"ss", ssShowsWhoListens},
		{"lsof and netstat", othersShowWhoListens},
		{"ss and Python after an exchange", leftovers},
	},
	"permission-denied": {
		{"Python", portBelow1024},
		{"lesson 2's server", ownServerBelow1024},
	},
	"not-an-address-of-this-machine": {{"Python and Go", foreignAddress}},
	"so_reuseaddr-and-so_reuseport": {
		{"Python beside a living server", reuseAddr},
		{"ss", reusePort},
	},
	"connection-refused": {
		{"Python and Go", refused},
		{"lesson 2's client", ownClientRefused},
	},
	"connection-timed-out": {
		{"Python behind a firewall", pythonTo(dropped, "")},
		{"Go behind a firewall", goTo(dropped, "")},
		{"Python and Go with a limit", limited},
	},
	"no-route-to-host": {
		{"Python behind a firewall", pythonTo(prohibited, "")},
		{"Go, to nobody in its own network", goTo(nobody, "")},
		{"Python without a way out", pythonTo(prohibited, noWayOut)},
		{"Go without a way out", goTo(prohibited, noWayOut)},
	},
	"not-from-another-computer": {
		{"Python in another network", fromAnotherNetwork},
		{"ss", whereServersListen},
	},
	"localhost-is-two-addresses": {
		{"ss and Python", onlyIPv6},
		{"Go", onlyIPv4},
	},
	"broken-pipe-reset-aborted": {
		{"Python and Go after a reset", reset},
		{"Python and Go after that", brokenPipe},
		{"Python after the system has given up", aborted},
	},
	"messages-stick-or-come-apart": {
		{"Python", stuck},
		{"lesson 5's plain server", stuckInGo},
		{"lesson 5's Python server, four bytes cut", func(t *testing.T) string { return cutFrame(t, "\x35\x00") }},
		{"lesson 5's Python server, header cut", func(t *testing.T) string { return cutFrame(t, "\x35\x00\x00\x00"+`{"file_size": 3, "file_na`) }},
		{"lesson 5's plain server, header cut", cutFrameInGo},
	},
	"unicodedecodeerror": {
		{"Python", notUTF8},
		{"lesson 4's Python client", notGBK},
		{"Python and Go", nonsense},
	},
	"nothing-comes": {
		{"lesson 1's Python client", pythonSaysWhere},
		{"lesson 1's plain client", goSaysWhere},
		{"ss", threeWaits},
		{"lesson 2's client", ownClientGivesUp},
	},
	"watching-the-bytes": {{"tcpdump", watched}},
	"too-many-open-files": {
		{"Python", descriptorsGone},
		{"lesson 2's concurrent server", descriptorsGoneInGo},
		{"ss", closeWait},
	},
	"all-local-ports-in-use": {
		{"Python", func(t *testing.T) string { return inNetwork(t, allPorts("")) }},
		{"Go", func(t *testing.T) string {
			return inNetwork(t, allPorts(plain(t, "lesson01-basic-tcp/plain/upper_client")))
		}},
	},
	"ctrl-c-does-not-end-it": {
		{"Python with a thread", interruptedBesideAThread},
		{"Python with a catch-all", interruptSwallowed},
	},
}

func TestTheWordsOfTroubleAreWhatProgramsPrint(t *testing.T) {
	c, err := course.Open(".")
	require.NoError(t, err)
	page, err := c.Page(trouble)
	require.NoError(t, err)
	blocks := map[string][]course.Block{} // by the anchor they stand under
	for _, block := range page.BlocksOf("text") {
		anchor := ""
		for _, h := range page.Headings {
			if h.Line < block.Line {
				anchor = h.Anchor
			}
		}
		blocks[anchor] = append(blocks[anchor], block)
	}
	for anchor, shown := range blocks {
		assert.Len(t, shown, len(provoked[anchor]), "blocks of #%s, and what provokes them", anchor)
	}
	ci.Only(t, "provokes each trouble")
	for anchor, provocations := range provoked {
		require.Len(t, blocks[anchor], len(provocations), "blocks of #%s, and what provokes them", anchor)
		for i, p := range provocations {
			t.Run(anchor+"/"+p.who, func(t *testing.T) {
				t.Parallel()
				printed := p.provoke(t)
				for _, line := range blocks[anchor][i].Lines {
					assert.True(t, prints(printed, line), "%s shows\n%s\nand printed is\n%s", trouble, line, printed)
				}
			})
		}
	}
}

func TestAWordThatIsNotPrintedIsFound(t *testing.T) {
	const printed = "LISTEN 0      5  127.0.0.1:40123\nOSError: [Errno 98] Address already in use\n"
	assert.True(t, prints(printed, "LISTEN 0 5 127.0.0.1:8081"), "blanks and ports are what they are")
	assert.True(t, prints(printed, "LISTEN … 127.0.0.1:8081"))
	assert.False(t, prints(printed, "LISTEN 5 0 127.0.0.1:8081"))
	assert.False(t, prints(printed, "OSError: [Errno 99] Address already in use"))
	assert.False(t, prints(printed, "Address already in use"), "a line is a whole one")
}

var (
	longNumber = regexp.MustCompile(`\b\d{4,}\b`)
	blanks     = regexp.MustCompile(` +`)
)

// prints reports whether one of the printed lines is as the page shows it: any
// number stands for one of four digits and more, and anything for an ellipsis.
func prints(printed, shown string) bool {
	var pattern strings.Builder
	for i, part := range strings.Split(shown, "…") {
		if i > 0 {
			pattern.WriteString(".*")
		}
		part = blanks.ReplaceAllString(regexp.QuoteMeta(part), `\s+`)
		pattern.WriteString(longNumber.ReplaceAllString(part, `\d+`))
	}
	printed = strings.ReplaceAll(printed, "\r", "")
	return regexp.MustCompile(`(?m)^\s*` + pattern.String() + `\s*$`).MatchString(printed)
}

func TestTheNumbersOfOtherSystemsAreThoseOfGosTables(t *testing.T) {
	c, err := course.Open(".")
	require.NoError(t, err)
	page, err := c.Page(trouble)
	require.NoError(t, err)
	output := func(name string, args ...string) string {
		out, err := exec.CommandContext(t.Context(), name, args...).Output()
		require.NoError(t, err)
		return strings.TrimSpace(string(out))
	}
	read := func(path ...string) string {
		table, err := os.ReadFile(filepath.Join(path...))
		require.NoError(t, err)
		return string(table)
	}
	root := output("go", "env", "GOROOT")
	linux := read(root, "src", "syscall", "zerrors_linux_amd64.go")
	darwin := read(root, "src", "syscall", "zerrors_darwin_arm64.go")
	windows := read(output("go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/sys"), "windows", "zerrors_windows.go")
	words := func(table, number string) string {
		m := regexp.MustCompile(`(?m)^\s+` + number + `:\s+"(.*)",$`).FindStringSubmatch(table)
		require.NotNil(t, m, number)
		return m[1]
	}
	apart := map[string]string{"49": "can't assign requested address", "60": "operation timed out"}
	table := page.Tables[len(page.Tables)-1]
	require.Greater(t, len(table.Rows), 10)
	sentences := map[syscall.Errno]string{}
	for _, row := range table.Rows {
		name, onLinux, onMac, onWindows, sentence := row[0].Code[0].Text, row[1].Text, row[2].Text, row[3].Text, row[4].Text
		number := regexp.MustCompile(`(?m)^\s+(?:WSA)?` + name + `\s+(?:syscall\.Errno)?\s*= (?:Errno\()?(\w+)`)
		for system, want := range map[string]string{linux: onLinux, darwin: onMac, windows: onWindows} {
			m := number.FindStringSubmatch(system)
			if want == "" {
				assert.Nil(t, m, "%s has a number there", name)
				continue
			}
			require.NotNil(t, m, name)
			var got int
			_, err := fmt.Sscan(m[1], &got)
			require.NoError(t, err)
			assert.Equal(t, want, fmt.Sprint(got), name)
		}
		if other := apart[onMac]; other != "" {
			assert.Equal(t, other, words(darwin, onMac))
		} else {
			assert.Equal(t, words(linux, onLinux), words(darwin, onMac), "%s in macOS' words", name)
		}
		if n, err := strconv.Atoi(onWindows); err == nil && sentence != "" {
			sentences[syscall.Errno(n)] = sentence
		}
	}
	t.Run("and Windows' words", func(t *testing.T) {
		if runtime.GOOS != "windows" {
			t.Skip("Windows' sentences are on Windows only")
		}
		for number, sentence := range sentences {
			assert.Equal(t, sentence, number.Error())
		}
	})
}

// command returns a program to be started, which ends with the test.
func command(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "PYTHONIOENCODING=utf-8", "PYTHONUNBUFFERED=1", "LC_ALL=C")
	cmd.Dir = "../.."
	cmd.WaitDelay = time.Second // what it has started may hold its output
	return cmd
}

// outcome is what a program prints that may fail.
func outcome(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	printed, err := cmd.CombinedOutput()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		require.NoError(t, err)
	}
	return strings.ReplaceAll(string(printed), "socket.timeout: timed out", "TimeoutError: timed out") // before 3.10
}

// installed are the tools that .ci/run installs on Linux.
var installed = []string{"ss", "lsof", "netstat", "tcpdump"}

// need skips the test where a tool is not there. With CI=true those that are
// installed for it have to be.
func need(t *testing.T, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			if runtime.GOOS == "linux" && os.Getenv("CI") == "true" && slices.Contains(installed, tool) {
				require.NoError(t, err)
			}
			t.Skipf("needs %s, which is not here", tool)
		}
	}
}

// onLinux skips the test elsewhere: the block has Linux's words and numbers.
func onLinux(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the words and numbers are Linux's; the table at the end of the page has the others")
	}
}

// pythonName is python3, as the course finds it.
func pythonName(t *testing.T) string {
	t.Helper()
	name := "python3"
	if runtime.GOOS == "windows" {
		name = "python"
	}
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("CI") == "true" {
			require.NoError(t, err)
		}
		t.Skip("needs Python, which is not here")
	}
	return name
}

// python is what a Python program prints, its traceback included.
func python(t *testing.T, program string, args ...string) string {
	t.Helper()
	return outcome(t, command(t, pythonName(t), append([]string{"-c", program}, args...)...))
}

// plain compiles a program of a lesson and returns where it is.
func plain(t *testing.T, program string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), filepath.Base(program)+".exe")
	printed, err := command(t, "go", "build", "-o", path, "./"+program).CombinedOutput()
	require.NoError(t, err, "%s", printed)
	return path
}

// listen returns a listener on a free port of this machine.
func listen(t *testing.T) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { ln.Close() })
	return ln
}

// pair returns both ends of a connection.
func pair(t *testing.T) (client, server net.Conn) {
	t.Helper()
	ln := listen(t)
	client, err := net.Dial("tcp", ln.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { client.Close() })
	server, err = ln.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { server.Close() })
	return client, server
}
