package web

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// look is how long a test waits for something to appear on a page.
const look = 30 * time.Second

// open returns a browser that shows the page at a path of the tour.
func open(t *testing.T, url string) *browser {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		require.NotEqual(t, "true", os.Getenv("CI"), "chromium is not installed, and CI=true says it has to be")
		t.Skip("chromium is not installed")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(t.TempDir()),
		chromedp.WindowSize(1400, 1000))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	b := &browser{t, ctx}
	do(b, chromedp.Navigate(url))
	return b
}

// A browser shows one page.
type browser struct {
	t   *testing.T
	ctx context.Context
}

func do[T any](b *browser, action chromedp.Action[T]) T {
	b.t.Helper()
	result, err := chromedp.Run(b.ctx, action)
	require.NoError(b.t, err)
	return result
}

// click clicks on the first element of that selector.
func (b *browser) click(selector string) {
	b.t.Helper()
	do(b, chromedp.Click(selector))
}

// sees waits until a JavaScript expression is true.
func (b *browser) sees(expression string) {
	b.t.Helper()
	_, err := chromedp.Run(b.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(look)))
	if err != nil {
		b.t.Log(do(b, chromedp.Evaluate[string]("document.body.innerText")))
	}
	require.NoError(b.t, err, expression)
}

// text waits until the text of the first element of that selector contains what
// is expected.
func (b *browser) text(selector, expected string) {
	b.t.Helper()
	b.sees(fmt.Sprintf("document.querySelector(%q)?.textContent.includes(%q)", selector, expected))
}

// screen is the selector of what a terminal shows.
func screen(terminal string) string { return fmt.Sprintf(".terminal[aria-label=%q] pre", terminal) }

// typed types a line into a terminal.
func (b *browser) typed(terminal, line string) {
	b.t.Helper()
	do(b, chromedp.SendKeys(fmt.Sprintf(".terminal[aria-label=%q] input", terminal), line+"\r"))
}

// press presses a button of a terminal.
func (b *browser) press(terminal, button string) {
	b.t.Helper()
	b.click(fmt.Sprintf(".terminal[aria-label=%q] [data-do=%q]", terminal, button))
}

// choose makes the learner's own run of an exchange, with the first server and the
// first client of these languages, and starts it.
func (b *browser) choose(exchange int, server, client string) {
	b.t.Helper()
	do(b, chromedp.Evaluate[bool](fmt.Sprintf(`(() => {
		const form = document.getElementById("choose");
		const choose = (select, name) => select.value = [...select.options].find(o => o.textContent.startsWith(name)).value;
		form.elements.exchange.value = "%d";
		form.dispatchEvent(new Event("change"));
		const set = form.querySelector("fieldset:enabled");
		choose(set.querySelector("[name=server]"), %q);
		choose(set.querySelector("[name=client]"), %q);
		form.requestSubmit();
		return true;
	})()`, exchange, server, client)))
}

// needPython skips the test where there is no Python.
func needPython(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		require.NotEqual(t, "true", os.Getenv("CI"), "python3 is not installed, and CI=true says it has to be")
		t.Skip("python3 is not installed")
	}
}

func TestEveryPairOfPythonAndGoMeetsOnThePageAndOnTheWire(t *testing.T) {
	needPython(t)
	_, url, _ := serve(t)
	b := open(t, url)
	for _, c := range []struct {
		lesson               string
		exchange             int
		typed                string
		terminal, seen, wire string
	}{
		{"lesson01-basic-tcp", 0, "", "client 1", "HELLO", `"HELLO"`},
		{"lesson02-loops", 0, "hello", "client 1", "HELLO", `"HELLO"`},
		{"lesson03-udp", 0, "hello", "client 1", "HELLO", `"HELLO"`},
		{"lesson04-exec", 0, "echo hi there", "client 1", "hi there", `"hi there\n"`},
		{"lesson05-sticky-packets", 1, "", "server", "three", "three"},
		{"lesson06-file-transfer", 0, "get hello.txt", "client 1", "32", "hello from the shared directory"},
	} {
		do(b, chromedp.Navigate(url+"lessons/"+c.lesson+"/run"))
		for _, server := range []string{"Go", "Python"} {
			for _, client := range []string{"Go", "Python"} {
				b.choose(c.exchange, server, client)
				b.sees(`document.getElementById("status").textContent.includes("your turn")`)
				if c.typed != "" {
					b.typed("client 1", c.typed)
				}
				b.text(screen(c.terminal), c.seen)
				b.text("#wire ol", c.wire)
			}
		}
	}
}

func TestEveryPreparedRunPlaysToItsEnd(t *testing.T) {
	needPython(t)
	s, url, _ := serve(t)
	b := open(t, url)
	for _, lesson := range s.course.Lessons {
		do(b, chromedp.Navigate(url+"lessons/"+lesson.Name+"/run"))
		b.click("#paced")
		runs, err := s.course.Runs(lesson)
		require.NoError(t, err)
		for i, run := range runs.Runs {
			for j, way := range run.Ways {
				do(b, chromedp.Evaluate[bool](fmt.Sprintf(`document.querySelector('[data-run="%d"][data-way="%d"]').click() ?? true`, i, j)))
				b.text("#status", run.Title+", "+way.Name+": it is your turn")
			}
		}
	}
}

func TestAProvenLessonIsGreen(t *testing.T) {
	_, url, _ := serve(t)
	b := open(t, url+"lessons/lesson03-udp/prove")
	b.click("#prove-all")
	b.sees(`!document.getElementById("stop").disabled`)
	_, err := chromedp.Run(b.ctx, chromedp.Poll[bool](`/\d+ tests: \d+ passed, 0 failed/.test(document.getElementById("status").textContent)`,
		chromedp.WithPollingTimeout(time.Minute)))
	require.NoError(t, err, do(b, chromedp.Evaluate[string]("document.body.innerText")))
	assert.Zero(t, do(b, chromedp.Evaluate[int](`document.querySelectorAll("#proof .test:not([data-ended])").length -
		[...document.querySelectorAll("#proof .test:not([data-ended])")].filter(t => t.textContent.startsWith("Benchmark")).length`)))
	do(b, chromedp.Navigate(url))
	b.text(`.progress[data-lesson="lesson03-udp"]`, "proven")
}

func TestWhatAProgramPrintsIsNeverMarkup(t *testing.T) {
	_, url, _ := serve(t)
	b := open(t, url+"lessons/lesson04-exec/run")
	said := complaints(b)
	b.choose(0, "Go", "Go")
	b.text("#status", "your turn")
	const attack = `</pre><img src=x onerror=alert(1)><script>document.title = 'taken'</script>`
	b.typed("client 1", "echo \""+attack+"\"; printf '\\033[2J\\033]0;taken\\007'")
	b.text(screen("client 1"), attack)
	b.text("#wire ol", "<img src=x onerror=alert(1)>")
	assert.Zero(t, do(b, chromedp.Evaluate[int](`document.querySelectorAll("#stage img, #stage script").length`)))
	assert.NotContains(t, do(b, chromedp.Title()), "taken")
	assert.Empty(t, *said)
}

func TestAPageSurvivesAProgramThatPrintsWithoutEnd(t *testing.T) {
	needPython(t)
	_, url, _ := serve(t)
	b := open(t, url+"lessons/lesson02-loops/run")
	b.choose(0, "Python, naive", "Python, naive")
	b.text("#status", "your turn")
	b.typed("client 1", "hello")
	b.text(screen("client 1"), "HELLO")
	b.press("client 1", "eof")
	b.text(screen("server"), "[ended: it has printed more than 1 MiB]")
	b.text(screen("server"), "[exit 137]")
	assert.LessOrEqual(t, do(b, chromedp.Evaluate[int](fmt.Sprintf("document.querySelector(%q).textContent.length", screen("server")))), 210_000)
	b.click("#stop")
	b.sees(`document.querySelectorAll(".terminal").length === 0`)
}

func TestNoProgramIsLeftWhenTheBrowserIsClosed(t *testing.T) {
	_, url, _ := serve(t)
	b := open(t, url+"lessons/lesson02-loops/run")
	b.choose(0, "Go, all at once", "Go")
	b.text("#status", "your turn")
	shown := do(b, chromedp.Evaluate[string](fmt.Sprintf("document.querySelector(%q).textContent", screen("server"))))
	conn, err := net.Dial("tcp", listeningOn.FindStringSubmatch(shown)[1])
	require.NoError(t, err)
	defer conn.Close()
	do(b, chromedp.Navigate("about:blank"))
	assertEnds(t, conn)
}

func TestTheWireCanBeBrokenFromThePage(t *testing.T) {
	_, url, _ := serve(t)
	b := open(t, url+"lessons/lesson02-loops/run")
	b.choose(0, "Go", "Go")
	b.text("#status", "your turn")
	b.click(`[data-fault="reset"]`)
	b.sees(`document.querySelectorAll("#wire .rst").length === 2`)
	b.text(screen("server"), "broke the connection off: reset")
	b.typed("client 1", "hello")
	b.text(screen("client 1"), "[exit 1]")
}

func TestALineLightsUpWithTheOneThatDoesTheSameOnTheOtherSide(t *testing.T) {
	_, url, _ := serve(t)
	b := open(t, url+"lessons/lesson02-loops/compare")
	do(b, chromedp.Evaluate[bool](`[...document.querySelectorAll(".linked")].find(l => l.textContent.includes("conn.recv(1024)")).dispatchEvent(new Event("focus"))`))
	b.sees(`[...document.querySelectorAll(".lit")].some(l => l.textContent.includes("conn.Read(buf)"))`)
	b.sees(`[...document.querySelectorAll("#steps li")].some(s => !s.hidden && s.textContent.includes("Hands over what has arrived"))`)
}

func TestWhatHasBeenReadIsKept(t *testing.T) {
	_, url, _ := serve(t)
	b := open(t, url+"lessons/lesson03-udp/")
	do(b, chromedp.Evaluate[bool](`(document.getElementById("end").scrollIntoView(), true)`))
	b.sees(`document.querySelector('.done[data-lesson="lesson03-udp"]').textContent === "•"`)
	do(b, chromedp.Navigate(url))
	b.text(`.progress[data-lesson="lesson03-udp"]`, "read")
}
