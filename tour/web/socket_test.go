package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/internal/ci"
)

// A client is a page without a browser.
type client struct {
	t    *testing.T
	ctx  context.Context // ends a wait for what does not come
	conn *websocket.Conn
	rest []news // read, and not yet looked at: one message brings several
}

// visit opens the socket of a lesson's page.
func visit(t *testing.T, home, lesson string) *client {
	t.Helper()
	conn, _, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(home, "http")+"lessons/"+lesson+"/socket", nil)
	require.NoError(t, err)
	conn.SetReadLimit(1 << 20)
	t.Cleanup(func() { conn.CloseNow() })
	ctx, cancel := context.WithTimeout(t.Context(), look)
	t.Cleanup(cancel)
	return &client{t: t, ctx: ctx, conn: conn}
}

func (c *client) order(o order) {
	c.t.Helper()
	message, err := json.Marshal(o)
	require.NoError(c.t, err)
	require.NoError(c.t, c.conn.Write(c.ctx, websocket.MessageText, message))
}

// until reads news until one is what is looked for, and returns all up to it.
func (c *client) until(found func(news) bool) (all []news) {
	c.t.Helper()
	for {
		for len(c.rest) > 0 {
			n := c.rest[0]
			all, c.rest = append(all, n), c.rest[1:]
			if found(n) {
				return all
			}
		}
		_, message, err := c.conn.Read(c.ctx)
		require.NoError(c.t, err, "after %+v", all)
		c.rest = nil // Unmarshal would write into the news that are returned
		require.NoError(c.t, json.Unmarshal(message, &c.rest))
	}
}

func is(kind string) func(news) bool { return func(n news) bool { return n.Is == kind } }

func last(all []news) news { return all[len(all)-1] }

// printed is all that a terminal has shown.
func printed(all []news, terminal string) string {
	var text strings.Builder
	for _, n := range all {
		if n.Is == "print" && n.Terminal == terminal {
			text.WriteString(n.Text)
		}
	}
	return text.String()
}

var listeningOn = regexp.MustCompile(`listening on (\S+)`)

// meeting orders a server and a client of a lesson's first exchange, which are
// named by their commands without "go run ./LESSON/" or "python3 LESSON/".
func meeting(t *testing.T, lesson, server, client string) order {
	t.Helper()
	c, err := course.Open(".")
	require.NoError(t, err)
	runs, err := c.Runs(c.Lesson(lesson))
	require.NoError(t, err)
	index := func(command string) int {
		at := slices.IndexFunc(runs.Exchanges[0].Programs, func(p course.Program) bool {
			return strings.HasSuffix(p.Command, lesson+"/"+command)
		})
		require.GreaterOrEqual(t, at, 0, command)
		return at
	}
	return order{Do: "start", Server: index(server), Clients: []int{index(client)}}
}

// running starts the first Go server and client of lesson 2, and returns a
// connection to the server itself, which breaks when the server ends.
func running(t *testing.T, c *client) net.Conn {
	t.Helper()
	c.order(meeting(t, "lesson02-loops", "server -concurrent", "client -timeout 1m"))
	all := c.until(is("yours"))
	conn, err := net.Dial("tcp", listeningOn.FindStringSubmatch(printed(all, "server"))[1])
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return conn
}

// assertEnds expects the server at the other end to end.
func assertEnds(t *testing.T, conn net.Conn) {
	t.Helper()
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(look)))
	_, err := conn.Read(make([]byte, 1))
	require.Error(t, err)
	assert.NotErrorIs(t, err, os.ErrDeadlineExceeded, "the server still runs")
}

func TestNoProgramIsLeftWhenThePageIsClosed(t *testing.T) {
	_, home, _ := serve(t)
	c := visit(t, home, "lesson02-loops")
	conn := running(t, c)
	require.NoError(t, c.conn.CloseNow())
	assertEnds(t, conn)
}

func TestNoProgramIsLeftWhenTheTourStops(t *testing.T) {
	_, home, stop := serve(t)
	conn := running(t, visit(t, home, "lesson02-loops"))
	stop()
	assertEnds(t, conn)
}

func TestTheNextRunEndsTheOneBefore(t *testing.T) {
	_, home, _ := serve(t)
	c := visit(t, home, "lesson02-loops")
	conn := running(t, c)
	running(t, c)
	assertEnds(t, conn)
}

func TestStopEndsAllPrograms(t *testing.T) {
	_, home, _ := serve(t)
	c := visit(t, home, "lesson02-loops")
	conn := running(t, c)
	c.order(order{Do: "stop"})
	ended := c.until(is("stopped"))
	for _, n := range []news{{Is: "ended", Terminal: "server"}, {Is: "ended", Terminal: "client 1"}} {
		assert.True(t, slices.ContainsFunc(ended, func(e news) bool { return e.Is == n.Is && e.Terminal == n.Terminal }), "%v", n)
	}
	assertEnds(t, conn)
	c.order(order{Do: "again", Terminal: "client 1"})
	assert.Contains(t, last(c.until(is("error"))).Text, "press Run first")
	c.order(order{Do: "type", Terminal: "client 1", Text: "hello"})
	assert.Contains(t, last(c.until(is("error"))).Text, "press Run first")
}

func TestWhatIsTypedReachesTheProgramAndTheWire(t *testing.T) {
	_, home, _ := serve(t)
	c := visit(t, home, "lesson02-loops")
	running(t, c)
	c.order(order{Do: "type", Terminal: "client 1", Text: "hello"})
	wire := last(c.until(is("wire"))).Wire
	for wire.Kind != "data" {
		wire = last(c.until(is("wire"))).Wire
	}
	assert.Equal(t, "client", wire.From)
	assert.Equal(t, "hello", string(wire.Data))
	assert.Equal(t, 5, wire.Size)
	c.until(func(n news) bool { return n.Is == "print" && strings.Contains(n.Text, `received "HELLO"`) })
	c.order(order{Do: "fault", Text: "reset"})
	c.until(func(n news) bool { return n.Is == "wire" && n.Wire.Kind == "rst" && n.Wire.ByRelay })
	c.order(order{Do: "kill", Terminal: "server"})
	assert.Equal(t, "server", last(c.until(is("ended"))).Terminal)
}

func TestAnOrderThatCannotBeIsAnErrorAndChangesNothing(t *testing.T) {
	_, home, _ := serve(t)
	c := visit(t, home, "lesson02-loops")
	running(t, c)
	for name, o := range map[string]order{
		"unknown order":                  {Do: "sing"},
		"no such run":                    {Do: "play", Run: 99},
		"there is no such run":           {Do: "play", Run: 0, Way: -1},
		"choose one exchange":            {Do: "start", Exchange: -1},
		"at most 3 clients":              {Do: "start", Clients: []int{4, 4, 4, 4}},
		"there is no such server":        {Do: "start", Server: 4},
		"there is no such client":        {Do: "start", Server: 0, Clients: []int{0}},
		"no program runs in client 2":    {Do: "type", Terminal: "client 2"},
		"no program runs in":             {Do: "kill"},
		"no program was started in":      {Do: "again", Terminal: "client 2"},
		"the wire knows":                 {Do: "fault", Text: "dance"},
		"expected one line":              {Do: "type", Terminal: "client 1", Text: "two\nlines"},
		"of at most 4096 bytes":          {Do: "type", Terminal: "client 1", Text: strings.Repeat("x", 4097)},
		`there is no test "TestNone"`:    {Do: "prove", Tests: []string{"TestNone"}},
		`there is no test "TestA|TestB"`: {Do: "prove", Tests: []string{"TestA|TestB"}},
	} {
		c.order(o)
		assert.Contains(t, last(c.until(is("error"))).Text, name, fmt.Sprintf("%+v", o))
	}
	require.NoError(t, c.conn.Write(t.Context(), websocket.MessageText, []byte("{")))
	assert.Contains(t, last(c.until(is("error"))).Text, "that was no order")
	c.order(order{Do: "type", Terminal: "client 1", Text: "hello"}) // it still runs
	c.until(func(n news) bool { return n.Is == "print" && strings.Contains(n.Text, `received "HELLO"`) })
}

func TestAServerWhosePortIsNotFreeAgainSoSoonStartsOnAnother(t *testing.T) {
	needPython(t)
	_, home, _ := serve(t)
	c := visit(t, home, "lesson01-basic-tcp")
	exchanged := func() {
		t.Helper()
		running := 2
		c.until(func(n news) bool {
			if n.Is == "ended" {
				assert.Zero(t, n.Status, n.Terminal)
				running--
			}
			return running == 0
		})
	}
	c.order(meeting(t, "lesson01-basic-tcp", "python/upper_server.py", "python/upper_client.py")) // which closes first, and has no SO_REUSEADDR
	exchanged()
	c.order(order{Do: "again", Terminal: "server"})
	c.until(func(n news) bool { return n.Is == "print" && strings.Contains(n.Text, "listening on ") })
	c.order(order{Do: "again", Terminal: "client 1"})
	exchanged()
}

func TestAServerThatStartsAgainIsFoundByClientsThatRun(t *testing.T) {
	_, home, _ := serve(t)
	c := visit(t, home, "lesson03-udp")
	c.order(meeting(t, "lesson03-udp", "server", "client"))
	c.until(is("yours"))
	for _, word := range []string{"first", "second"} {
		c.order(order{Do: "type", Terminal: "client 1", Text: word})
		c.until(func(n news) bool {
			return n.Is == "wire" && n.Wire.From == "server" && string(n.Wire.Data) == strings.ToUpper(word)
		})
		c.order(order{Do: "kill", Terminal: "server"})
		c.until(is("ended"))
		c.order(order{Do: "again", Terminal: "server"})
		c.until(func(n news) bool { return n.Is == "print" && strings.Contains(n.Text, "listening on ") })
	}
}

func TestASocketThatHasBeenOpenTooLongSaysSo(t *testing.T) {
	_, home, _ := serveCourse(t, shared, func(s *Server) { s.session = 100 * time.Millisecond })
	c := visit(t, home, "lesson02-loops")
	_, _, err := c.conn.Read(c.ctx)
	var closed websocket.CloseError
	require.ErrorAs(t, err, &closed)
	assert.Equal(t, websocket.StatusGoingAway, closed.Code)
	assert.Contains(t, closed.Reason, "open for an hour")
}

func TestALearnerSetsThePaceOnceItIsTheirTurn(t *testing.T) {
	r := small(t, "tour/runs/lesson01-echo.md", "server | [exit 0]", "server | …")
	_, home, _ := serveCourse(t, r, func(s *Server) { s.pause = time.Hour })
	c := visit(t, home, "lesson01-echo")
	c.order(order{Do: "play", Paced: true}) // its steps are none that are shown for a while
	c.until(is("yours"))
	for range 3 {
		c.order(order{Do: "fault", Text: "lose client 1"})
		c.until(func(n news) bool { return n.Is == "step" && n.Terminal == "wire" })
	}
}

func TestAnEmptyLineIsToldAsOne(t *testing.T) {
	_, home, _ := serve(t)
	c := visit(t, home, "lesson02-loops")
	running(t, c)
	c.order(order{Do: "type", Terminal: "client 1"})
	c.rest = nil
	for {
		_, message, err := c.conn.Read(c.ctx)
		require.NoError(t, err)
		if strings.Contains(string(message), `"action":"type"`) {
			assert.Contains(t, string(message), `"action":"type","text":""`)
			return
		}
	}
}

func TestAMessageThatIsTooLongEndsTheSocket(t *testing.T) {
	_, home, _ := serve(t)
	c := visit(t, home, "lesson02-loops")
	require.NoError(t, c.conn.Write(t.Context(), websocket.MessageText, []byte(strings.Repeat(" ", maxMessage+1))))
	_, _, err := c.conn.Read(t.Context())
	assert.Equal(t, websocket.StatusMessageTooBig, websocket.CloseStatus(err))
}

func TestNoMoreThanSoManyPagesRunPrograms(t *testing.T) {
	_, home, _ := serve(t)
	for range maxSockets {
		visit(t, home, "lesson01-basic-tcp")
	}
	address := home + "lessons/lesson01-basic-tcp/socket"
	answer, body := ask(t, http.MethodGet, address)
	assert.Equal(t, http.StatusServiceUnavailable, answer.StatusCode)
	assert.Contains(t, body, "too many pages")
}

func TestAProgramThatPrintsWithoutEndIsEndedAndThePageIsNotFlooded(t *testing.T) {
	needPython(t)
	_, home, _ := serve(t)
	c := visit(t, home, "lesson02-loops")
	c.order(meeting(t, "lesson02-loops", "python/naive_server.py", "python/naive_client.py"))
	c.until(is("yours"))
	c.order(order{Do: "type", Terminal: "client 1", Text: "hello"})
	c.until(func(n news) bool {
		return n.Is == "print" && n.Terminal == "client 1" && strings.Contains(n.Text, "HELLO")
	})
	c.order(order{Do: "eof", Terminal: "client 1"})
	all := c.until(func(n news) bool { return n.Is == "ended" && n.Terminal == "server" })
	text := printed(all, "server")
	assert.Contains(t, text, "message from the client: b''\n")
	assert.Contains(t, text, "[ended: it has printed more than 1 MiB]")
	assert.Less(t, len(text), 1<<20+10_000)
}

func TestLinesThatWaitForThePageGoTogether(t *testing.T) {
	k := &socket{more: make(chan struct{}, 1)} // nobody takes them
	for _, n := range []news{{Text: "a\n"}, {Text: "b\n"}, {Terminal: "other", Text: "c\n"}, {Terminal: "other", Text: "d\n"}, {Text: "e\n"}} {
		n.Is = "print"
		k.say(n)
	}
	assert.Equal(t, []news{{Is: "print", Text: "a\nb\n"}, {Is: "print", Terminal: "other", Text: "c\nd\n"}, {Is: "print", Text: "e\n"}}, k.pending)
}

func TestATestCanBeProvenAlone(t *testing.T) {
	ci.Only(t, "compiles a lesson")
	r := small(t, "", "", "")
	_, home, _ := serveCourse(t, r)
	c := visit(t, home, r.Course().Lessons[0].Name)
	c.order(order{Do: "prove", Tests: []string{"TestItEchoes"}})
	all := c.until(is("proven"))
	require.Equal(t, "test", all[0].Is)
	assert.Equal(t, "TestItEchoes", all[0].Text)
	assert.Equal(t, "pass", all[0].Action)
	assert.Len(t, all, 2)
}

func TestATestOfAnotherSystemIsSkippedAndNotMissing(t *testing.T) {
	ci.Only(t, "compiles a lesson")
	r := small(t, "", "", "")
	lesson := r.Course().Lessons[0]
	require.NoError(t, os.WriteFile(filepath.Join(lesson.Dir, "more_plan9_test.go"), []byte("package echo\n\nfunc TestElsewhere() {}\n"), 0o600))
	_, home, _ := serveCourse(t, r)
	c := visit(t, home, lesson.Name)
	for asked, some := range map[int][]string{2: nil, 1: {"TestElsewhere"}} {
		c.order(order{Do: "prove", Tests: some})
		ended := map[string]string{}
		for _, n := range c.until(is("proven")) {
			if n.Is == "test" {
				ended[n.Text] = n.Action
			}
		}
		assert.Equal(t, "skip", ended["TestElsewhere"])
		assert.GreaterOrEqual(t, len(ended), asked)
	}
}

func TestWithoutGoTheLearnerIsTold(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("there is none to hide")
	}
	_, home, _ := serve(t)
	t.Setenv("PATH", t.TempDir())
	c := visit(t, home, "lesson02-loops")
	c.order(order{Do: "prove"})
	assert.Contains(t, last(c.until(is("error"))).Text, "install Go from https://go.dev/dl/")
	c.order(meeting(t, "lesson02-loops", "python/upper_server.py", "python/upper_client.py"))
	assert.Contains(t, last(c.until(is("error"))).Text, "python3 is not installed")
	_, page := ask(t, http.MethodGet, home+"lessons/lesson02-loops/run")
	assert.Contains(t, page, "There is no <code>python3</code>")
	assert.Contains(t, page, "There is no <code>go</code>")
}
