package runner

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/internal/ci"
	"example.com/gosockets/tour/wire"
)

// A watcher keeps what a view is told.
type watcher struct {
	mu    sync.Mutex
	lines []string
}

func (w *watcher) add(line string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = append(w.lines, line)
}

func (w *watcher) all() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(w.lines, "\n")
}

func (w *watcher) view() View {
	return View{
		Print: func(terminal string, printed []byte) { w.add(terminal + " prints " + string(printed)) },
		Ended: func(terminal string, status int) { w.add(terminal + " ends") },
		Wire:  func(e wire.Event) { w.add(e.String()) },
	}
}

func TestARelayStandsBetweenTheProgramsWhenSomebodyLooksAtTheWire(t *testing.T) {
	file, steps := transcript(t, fakeRunner(t), `
	server | $ go run ./lesson01-fake/server
	server | listening on 127.0.0.1:8081
	client | $ go run ./lesson01-fake/client
	client | reached 127.0.0.1:9081
	wire   | client 1 connects (the server sees it as 127.0.0.1:60001)
	server | from 127.0.0.1:60001
	client | >>> hello
	wire   | client 1 → server, 6 bytes "hello\n"
	wire   | server → client 1, 6 bytes "HELLO\n"
	client | HELLO
	client | ^D
	wire   | client 1 → server, FIN
	server | closed`)
	var w watcher
	require.NoError(t, fakeRunner(t).Play(t.Context(), file, steps, w.view()))
	all := w.all()
	assert.Contains(t, all, "client prints HELLO\n")
	assert.Contains(t, all, "client ends")
	assert.Less(t, strings.Index(all, `server → client 1, 6 bytes "HELLO\n"`), strings.Index(all, "client prints HELLO"), "the cause comes first")
}

func TestATranscriptCanLookAtTheWireWhenNobodyElseDoes(t *testing.T) {
	_, err := played(t, fakeRunner(t), `
	server | $ go run ./lesson01-fake/server
	server | listening on 127.0.0.1:8081
	server | …
	client | $ go run ./lesson01-fake/client
	client | reached 127.0.0.1:9081
	client | >>> hello
	wire   | client 1 → server, 6 bytes "hello\n"
	client | HELLO`)
	assert.NoError(t, err)
}

func TestAClientKeepsItsNumberWhenAnotherServerStarts(t *testing.T) {
	_, err := played(t, fakeRunner(t), `
	server | $ go run ./lesson01-fake/server
	server | listening on 127.0.0.1:8081
	server | …
	client | $ go run ./lesson01-fake/client
	client | reached 127.0.0.1:9081
	wire   | client 1 connects (the server sees it as 127.0.0.1:60001)
	other  | $ go run ./lesson01-fake/server
	other  | listening on 127.0.0.1:8082
	other  | …
	second | $ go run ./lesson01-fake/client -addr 127.0.0.1:8082
	second | reached 127.0.0.1:9082
	wire   | client 2 connects (the server sees it as 127.0.0.1:60002)
	client | >>> hello
	wire   | client 1 → server, 6 bytes "hello\n"
	client | HELLO`)
	assert.NoError(t, err)
}

func TestACrossingThatDoesNotComeIsADrift(t *testing.T) {
	r := fakeRunner(t)
	file, steps := transcript(t, r, `
	server | $ go run ./lesson01-fake/server
	server | listening on 127.0.0.1:8081
	client | $ go run ./lesson01-fake/client
	client | reached 127.0.0.1:9081
	client | >>> hello
	client | HELLO
	server | …
	wire   | client 1 → server, FIN`)
	view := new(watcher).view()
	view.Step = func(s course.Step) {
		if s.Action == course.Rest {
			r.patience = 1
		}
	}
	requireDrift(t, r.Play(t.Context(), file, steps, view), 8, `expected "client 1 → server, FIN" on the wire, there was ["client 1 connects`)
}

func TestCrossingsOfTwoClientsMayComeInAnyOrder(t *testing.T) {
	w := tap{seen: []seen{{1, "one"}, {2, "first"}, {1, "two"}, {2, "second"}}}
	is := func(line string) func(string) bool { return func(other string) bool { return line == other } }
	found := func(line string) bool { came, _ := w.find(is(line)); return came }
	assert.True(t, found("second"))
	assert.False(t, found("first"), "it was before the second of the same client")
	assert.True(t, found("one"))
	_, rest := w.find(is("none"))
	assert.Equal(t, []string{"two"}, rest)
}

func TestAFaultIsMadeOnTheWire(t *testing.T) {
	for _, c := range []struct{ fault, wire, client string }{
		{"reset", "client 1 → server, RST, by the relay", ""},
		{"finish server", "server → client 1, FIN, by the relay", ""},
		{"cut client 2", `client 1 → server, 4 bytes "llo\n", lost`, ""},
		{"finish client 2", "client 1 → server, FIN, by the relay", ""},
	} {
		file, steps := transcript(t, fakeRunner(t), `
	server | $ go run ./lesson01-fake/server
	server | listening on 127.0.0.1:8081
	client | $ go run ./lesson01-fake/client
	client | reached 127.0.0.1:9081
	wire   | client 1 connects (the server sees it as 127.0.0.1:60001)
	server | …
	client | …
	wire   | >>> `+c.fault+`
	client | >>> hello
	wire   | `+c.wire)
		assert.NoError(t, fakeRunner(t).Play(t.Context(), file, steps, new(watcher).view()), c.fault)
	}
	for _, nonsense := range []string{"", "dance", "cut server", "lose client", "reset client", "cut server -1", "cut server 9999999999", "lose nobody 1"} {
		_, err := fault(nil, nonsense)
		assert.ErrorContains(t, err, "the wire knows", nonsense)
	}
}

func TestWhereNothingIsOpenNothingCanBeBrokenOff(t *testing.T) {
	for _, command := range []string{"reset", "finish client"} {
		shown, err := played(t, fakeRunner(t), `
	server | $ go run ./lesson01-fake/server
	server | listening on 127.0.0.1:8081
	wire   | >>> `+command)
		requireDrift(t, err, 3, "no TCP connection is open")
		assert.Len(t, shown, 2, "nothing is said to happen")
	}
}

func TestNothingCrossesBeforeAServerListens(t *testing.T) {
	_, err := played(t, fakeRunner(t), `
	server | $ go run ./lesson01-fake/server
	wire   | client 1 → server, FIN
	server | listening on 127.0.0.1:8081`)
	requireDrift(t, err, 2, "there is no wire before a server listens")
}

func TestAProgramStartsAgainFromWhatItsFileIsThen(t *testing.T) {
	ci.Only(t, "compiles a lesson")
	needPython(t)
	r := fakeRunner(t)
	script := filepath.Join(r.course.Lessons[0].Dir, "python", "changing.py")
	t.Cleanup(func() { os.Remove(script) })
	write := func(content string) { require.NoError(t, os.WriteFile(script, []byte(content), 0o600)) }
	write("print('before'); input()")
	file, steps := transcript(t, r, `
	one | $ python3 lesson01-fake/python/changing.py
	one | before
	one | ^D
	one | …
	one | after`)
	stage, err := r.Stage(file, steps, View{})
	require.NoError(t, err)
	defer stage.Close()
	requireDrift(t, stage.Again(t.Context(), steps[0]), 1, "no program was started in one")
	require.NoError(t, stage.Do(t.Context(), steps[:2]...))
	write("print('after')")
	requireDrift(t, stage.Again(t.Context(), steps[0]), 1, "the program in one still runs")
	require.NoError(t, stage.Do(t.Context(), steps[2:4]...))
	require.NoError(t, stage.await(t.Context(), stage.terminals["one"].hasEnded))
	require.NoError(t, stage.Again(t.Context(), steps[0], steps[4]))
}

func TestWhoComesAfterTheServersEndIsRefusedAsWithoutARelay(t *testing.T) {
	file, steps := transcript(t, fakeRunner(t), `
	server | $ go run ./lesson01-fake/server
	server | listening on 127.0.0.1:8081
	server | [kill]
	server | $ go run ./lesson01-fake/actor
	client | $ go run ./lesson01-fake/client
	client | cannot reach 127.0.0.1:9081
	client | [exit 1]`)
	assert.NoError(t, fakeRunner(t).Play(t.Context(), file, steps, new(watcher).view()))
}

func TestTheRestIsLeftOutAndAKilledProgramSaysNoMore(t *testing.T) {
	shown, err := played(t, fakeRunner(t), `
	one | $ go run ./lesson01-fake/actor say=hello say=more say=and-more hang
	one | hello
	one | …
	one | [kill]
	one | [exit 137]`)
	require.NoError(t, err)
	assert.Equal(t, "one | …", shown[2])
	assert.Equal(t, "one | [kill]", shown[3])
}

func TestAProgramThatIsLeftOutAndFloodsIsHeldUp(t *testing.T) {
	file, steps := transcript(t, fakeRunner(t), `
	one | $ go run ./lesson01-fake/actor say=hello flood
	one | hello
	one | …
	one | [exit 137]`)
	var w watcher
	require.NoError(t, fakeRunner(t).Play(t.Context(), file, steps, w.view()))
	assert.Contains(t, w.all(), "[ended: it has printed more than 1 MiB]")
}

func TestWhoDoesNotReadIsNotTypedToForEver(t *testing.T) {
	r := fakeRunner(t)
	file, steps := transcript(t, r, `
	one | $ go run ./lesson01-fake/actor say=here hang
	one | here
	one | >>> x`)
	steps[2].Text = strings.Repeat("x", 1<<20)
	err := r.Play(t.Context(), file, steps, impatientAfter(r, "here"))
	requireDrift(t, err, 3, "expected one to read what is typed: it does not, not within 1ns")
}

// impatientAfter returns a view that takes the runner's patience away once a line
// has been printed. What is then waited for must not be able to come.
func impatientAfter(r *Runner, line string) View {
	return View{Step: func(s course.Step) {
		if s.Action == course.Print && s.Text == line {
			r.patience = 1
		}
	}}
}

func TestNothingMoreIsTypedToWhoDoesNotRead(t *testing.T) {
	r := fakeRunner(t)
	file, steps := transcript(t, r, `
	one | $ go run ./lesson01-fake/actor say=here hang
	one | here
	one | >>> x`)
	steps[2].Text = strings.Repeat("x", 1<<20)
	stage, err := r.Stage(file, steps, impatientAfter(r, "here"))
	require.NoError(t, err)
	defer stage.Close()
	requireDrift(t, stage.Do(t.Context(), steps...), 3, "not within 1ns")
	requireDrift(t, stage.Do(t.Context(), steps[2]), 3, "it has yet to read what was typed before")
}

func TestATestOfALessonIsShownAsItEnds(t *testing.T) {
	ci.Only(t, "compiles a lesson")
	var ended []Result
	lesson := fakeLesson(t, `package x

import "testing"

func TestGood(t *testing.T) { t.Run("case", func(t *testing.T) { t.Log("quiet") }) }
func TestBad(t *testing.T)  { t.Run("case", func(t *testing.T) { t.Error("a reason") }) }
`)
	output, err := fakeRunner(t).Prove(t.Context(), lesson, nil, func(r Result) { ended = append(ended, r) })
	require.NoError(t, err)
	require.Len(t, ended, 2)
	assert.Equal(t, "TestGood", ended[0].Test)
	assert.Equal(t, "pass", ended[0].Ended)
	assert.Equal(t, "fail", ended[1].Ended)
	assert.Contains(t, ended[1].Output, "a reason")
	assert.NotContains(t, output, "a reason")

	output, err = fakeRunner(t).Prove(t.Context(), fakeLesson(t, "package x\n\nvar x = nonsense\n"), nil, func(Result) {})
	require.NoError(t, err)
	assert.Contains(t, output, "undefined: nonsense")
}

func TestATailIsTheEndOfAText(t *testing.T) {
	var text tail
	for range 3 {
		text = text.add(strings.Repeat("x", testOutput))
	}
	assert.Len(t, text.add("end"), testOutput)
	assert.True(t, strings.HasSuffix(text.add("end").String(), "xend"))
}
