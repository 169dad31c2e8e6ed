package web

import (
	"fmt"
	"net"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

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
				b.sees(`/^Your run: (it is your turn|that was all)/.test(document.getElementById("status").textContent)`)
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
				b.sees(fmt.Sprintf(`[%q, %q].some(end => document.getElementById("status").textContent.startsWith(%q + end))`,
					": it is your turn", ": that was all", run.Title+", "+way.Name))
			}
		}
	}
}

func TestAProvenLessonIsGreen(t *testing.T) {
	_, url, _ := serve(t)
	b := open(t, url+"lessons/lesson03-udp/prove")
	b.click("#prove-all")
	b.sees(`!document.getElementById("stop").disabled`)
	b.sees(`/\d+ tests: \d+ passed, 0 failed/.test(document.getElementById("status").textContent)`)
	assert.Zero(t, do(b, chromedp.Evaluate[int](`document.querySelectorAll("#proof .test:not([data-ended])").length -
		[...document.querySelectorAll("#proof .test:not([data-ended])")].filter(t => t.textContent.startsWith("Benchmark")).length`)))
	b.sees(`document.querySelectorAll("#proof tr[data-claim=pass]").length > 20`)
	do(b, chromedp.Navigate(url))
	b.text(`.progress[data-lesson="lesson03-udp"]`, "proven")
}

func TestAClaimThatIsNotSoTurnsRedAndSaysWhy(t *testing.T) {
	r := small(t, "lesson01-echo/server.go", "ToUpper", "ToLower")
	_, url, _ := serveCourse(t, r)
	b := open(t, url+"lessons/lesson01-echo/prove")
	b.click("#prove-all")
	b.text("#status", "2 failed")
	b.sees(`document.querySelector('.test[data-ended="fail"]').textContent.includes("TestItEchoes")`)
	b.sees(`document.querySelectorAll("#proof tr[data-claim=fail]").length === 1`)
	b.text("#output", "echo_test.go")
	assert.Empty(t, do(b, chromedp.Evaluate[string](`localStorage.getItem("tour.done") ?? ""`)), "the lesson is not proven")
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
	shown := do(b, chromedp.Evaluate[string](fmt.Sprintf("document.querySelector(%q).textContent", screen("server"))))
	assert.LessOrEqual(t, len(shown), 210_000)
	assert.Regexp(t, `^\$ python3 lesson02-loops/python/naive_server\.py .*\nlistening on `, shown[:200], "how it began")
	assert.Contains(t, shown[:3000], "[what stood here is left out]")
	b.click("#stop")
	b.text("#status", "Stopped.")
	b.sees(`document.querySelectorAll(".terminal").length === 2 && document.querySelectorAll(".terminal.runs").length === 0`)
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

func TestWhoHasStartedAClientCanTypeAtOnce(t *testing.T) {
	_, url, _ := serve(t)
	b := open(t, url+"lessons/lesson02-loops/run")
	b.choose(0, "Go", "Go")
	b.sees(`document.activeElement.closest(".terminal")?.getAttribute("aria-label") === "client 1"`)
	do(b, chromedp.KeyEvent("hello\r"))
	b.text(screen("client 1"), `received "HELLO"`)
}

func TestAnEmptyLineIsShownAsOne(t *testing.T) {
	_, url, _ := serve(t)
	b := open(t, url+"lessons/lesson02-loops/run")
	b.choose(0, "Go", "Go")
	b.text(screen("client 1"), "connected:") // or this would come between the two
	b.text("#status", "your turn")
	b.typed("client 1", "")
	b.typed("client 1", "hello")
	b.text(screen("client 1"), `received "HELLO"`)
	shown := do(b, chromedp.Evaluate[string](fmt.Sprintf("document.querySelector(%q).textContent", screen("client 1"))))
	assert.Contains(t, shown, "\n>>> \n>>> hello\n")
	assert.NotContains(t, shown, "undefined")
}

func TestWhatHasEndedCanBeStartedAgain(t *testing.T) {
	_, url, _ := serve(t)
	b := open(t, url+"lessons/lesson02-loops/run")
	b.choose(0, "Go", "Go")
	b.text("#status", "your turn")
	b.text(screen("client 1"), "connected:") // or it would end by itself
	b.sees(`document.querySelectorAll('[data-do="again"]:disabled').length === 2`)
	for _, terminal := range []string{"server", "client 1"} {
		b.press(terminal, "kill")
		b.text(screen(terminal), "[exit 137]")
	}
	b.text("#status", "Every program has ended")
	b.text("#wire ol", "The server has ended.")
	for _, terminal := range []string{"server", "client 1"} {
		b.press(terminal, "again")
		b.sees(fmt.Sprintf(`document.querySelector(%q).textContent.split("$ go run").length === 3`, screen(terminal)))
	}
	b.sees(fmt.Sprintf(`/exit 137[^]*connected:/.test(document.querySelector(%q).textContent)`, screen("client 1")))
	b.typed("client 1", "hello")
	b.text(screen("client 1"), `received "HELLO"`)
	b.text("#wire ol", `"HELLO"`)
}

func TestTheWireCanBeBrokenFromThePage(t *testing.T) {
	_, url, _ := serve(t)
	b := open(t, url+"lessons/lesson02-loops/run")
	b.choose(0, "Go", "Go")
	b.text("#wire ol", "the server sees") // before that there is nothing to break
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
