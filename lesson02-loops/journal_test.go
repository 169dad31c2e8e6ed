package loops

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/lesson02-loops/internal/journal"
)

// journaled returns what a journal writes of what show shows.
func journaled(show func(log *journal.Journal)) string {
	var out bytes.Buffer // not safe by itself: the race detector watches
	log := journal.New(&out)
	show(log)
	log.Close() // everything is written, and nothing more
	return out.String()
}

func TestAPeersBytesAreShownAsPercentQShowsThem(t *testing.T) {
	for msg, shown := range map[string]string{
		"":                     `""`,
		"hello":                `"hello"`,
		"\u8d70\u4e86":         `"走了"`,
		"a \"quote\" and \\":   `"a \"quote\" and \\"`,
		"two\nlines\r\tand":    `"two\nlines\r\tand"`,
		"\x1b[2Jcleared":       `"\x1b[2Jcleared"`, // would clear the screen
		"\u009b31mred":         `"\u009b31mred"`,   // the same in one character
		"\u202egnp.exe":        `"\u202egnp.exe"`,  // would turn the text around
		"\u8d70"[:2] + "\x7f~": `"\xe8\xb5\x7f~"`,  // no character, and one that is not to be seen
		"\x00 \xff":            `"\x00 \xff"`,
	} {
		line := journaled(func(log *journal.Journal) { log.Quote("received", []byte(msg)) })
		assert.Equal(t, "received "+shown+"\n", line)
		assert.Equal(t, fmt.Sprintf("received %q\n", msg), line)
	}
}

func FuzzWhatIsShownIsPrintableAndCanBeReadBack(f *testing.F) {
	f.Add([]byte("hello"))
	f.Add([]byte("\x1b[2J\u202e\u009b\"\\\n"))
	f.Add([]byte("\u8d70\u4e86"[:4]))
	f.Add([]byte(allBytes()))
	f.Fuzz(func(t *testing.T, msg []byte) {
		line := journaled(func(log *journal.Journal) { log.Quote("received", msg) })
		quoted, whole := strings.CutSuffix(strings.TrimPrefix(line, "received "), "\n")
		require.True(t, whole)
		assert.Equal(t, -1, strings.IndexFunc(quoted, func(r rune) bool { return !unicode.IsPrint(r) }), "%q", quoted)
		back, err := strconv.Unquote(quoted)
		require.NoError(t, err)
		assert.Equal(t, string(msg), back)
	})
}

func TestEachLineOfAPeerStartsWithItsName(t *testing.T) {
	for name, start := range map[string]string{
		"127.0.0.1:50001":      "127.0.0.1:50001",
		"/tmp/a path.sock":     "/tmp/a path.sock",
		"":                     "@", // a client on a unix socket has no address
		"/tmp/\x1b[2J":         `"/tmp/\x1b[2J"`,
		"/tmp/x\nforged: line": `"/tmp/x\nforged: line"`,
		"/tmp/\xff":            `"/tmp/\xff"`,
	} {
		shown := journaled(func(log *journal.Journal) {
			log = log.For(&net.UnixAddr{Name: name})
			log.Show("connected")
			log.Quote("received", []byte("hello"))
		})
		assert.Equal(t, start+" connected\n"+start+" received \"hello\"\n", shown)
	}
}

func TestAnEventIsOneLineWhateverNamesAreInIt(t *testing.T) {
	shown := journaled(func(log *journal.Journal) {
		log.Show("dropped: read unix @->/tmp/\x1b[2J\nforged: \u202e\xff: reset, \"走了\" \\")
	})
	assert.Equal(t, `dropped: read unix @->/tmp/\x1b[2J\nforged: \u202e`+"\ufffd: reset, \"走了\" \\\n", shown)
}

// A slowWriter keeps the lines of each Write, and takes its time for one.
type slowWriter struct {
	takes   func()
	batches []string
}

func (w *slowWriter) Write(lines []byte) (int, error) {
	w.takes()
	w.batches = append(w.batches, string(lines))
	return len(lines), nil
}

func TestNobodyWaitsForWhoeverDoesNotRead(t *testing.T) {
	const held = 1 << 20 // bytes of lines that wait: the journal's bound
	line := func(i int) string { return fmt.Sprintf("%01023d\n", i) }
	for _, lost := range []int{0, 1, 500} {
		synctest.Test(t, func(t *testing.T) {
			reads := make(chan struct{})
			out := &slowWriter{takes: func() { <-reads }}
			log := journal.New(out)
			show := func(i int) { log.Show(strings.TrimSuffix(line(i), "\n")) }
			show(0)
			synctest.Wait() // the journal writes it, and nobody reads
			began := time.Now()
			for i := range held/1024 + lost {
				show(i + 1)
			}
			assert.Zero(t, time.Since(began))
			close(reads)
			synctest.Wait()
			show(9999)
			log.Close()

			var want strings.Builder
			for i := range held/1024 + 1 {
				want.WriteString(line(i))
			}
			if lost > 0 {
				fmt.Fprintf(&want, "(%d lines left out: nobody read them in time)\n", lost)
			}
			want.WriteString(line(9999))
			assert.Equal(t, want.String(), strings.Join(out.batches, ""))
			for _, batch := range out.batches {
				assert.True(t, strings.HasSuffix(batch, "\n"), "a Write is whole lines")
			}
		})
	}
}

func TestALineIsShownHoweverLongWhenNoOtherWaits(t *testing.T) {
	msg := bytes.Repeat([]byte("x"), 1<<20+1) // more than may wait
	shown := journaled(func(log *journal.Journal) { log.Quote("received", msg) })
	assert.True(t, fmt.Sprintf("received %q\n", msg) == shown)
}

func TestClosingWaitsUntilEverythingIsWrittenButNoLongerThanASecond(t *testing.T) {
	for takes, waits := range map[time.Duration]time.Duration{
		0:                      0,
		400 * time.Millisecond: 800 * time.Millisecond,
		600 * time.Millisecond: time.Second,
		300 * 24 * time.Hour:   time.Second,
	} {
		synctest.Test(t, func(t *testing.T) {
			out := &slowWriter{takes: func() { pass(takes) }}
			log := journal.New(out)
			log.Show("first")
			synctest.Wait()
			log.Show("second")
			log.Show("third")
			began := time.Now()
			log.Close()
			assert.Equal(t, waits, time.Since(began))
			pass(2 * takes)
			synctest.Wait()
			assert.Equal(t, []string{"first\n", "second\nthird\n"}, out.batches)
		})
	}
}

func TestAJournalThatNobodyCanSeeIsStillOne(t *testing.T) {
	out := &failingWriter{}
	for _, log := range []*journal.Journal{journal.New(out), journal.New(nil)} {
		for range 100 {
			log.Show("hello")
		}
		log.Close()
	}
	assert.Equal(t, 100, out.lines, "each is tried")
}

// A failingWriter is a terminal that nobody can see.
type failingWriter struct{ lines int }

func (w *failingWriter) Write(lines []byte) (int, error) {
	w.lines += bytes.Count(lines, []byte("\n"))
	return 0, errors.New("nobody can see it")
}

func TestLinesOfManyPeersDoNotMixAndEachPeersStayInOrder(t *testing.T) {
	const peers, each = 50, 200
	shown := journaled(func(log *journal.Journal) {
		var handlers sync.WaitGroup
		for i := range peers {
			handlers.Go(func() {
				log := log.For(&net.UnixAddr{Name: strconv.Itoa(i)})
				for turn := range each {
					log.Quote(strconv.Itoa(turn), []byte("msg\n"))
				}
			})
		}
		handlers.Wait()
	})
	next := make([]int, peers)
	for line := range strings.Lines(shown) {
		var peer, turn int
		_, err := fmt.Sscanf(line, "%d %d", &peer, &turn)
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("%d %d \"msg\\n\"\n", peer, next[peer]), line)
		next[peer]++
	}
	for peer, turns := range next {
		assert.Equal(t, each, turns, "peer %d", peer)
	}
}

func TestQuotingAMessageAllocatesNothing(t *testing.T) {
	log := journal.New(io.Discard)
	defer log.Close()
	peer := log.For(&net.UnixAddr{Name: "peer"})
	msg := bytes.Repeat([]byte("a message, with 走了 and \x1b in it"), 30)
	assert.Zero(t, testing.AllocsPerRun(2000, func() { peer.Quote("received", msg) }))
}

func TestAMessageInTheSteadyStateAllocatesNothing(t *testing.T) {
	for _, server := range []Server{{Log: io.Discard}, {Log: io.Discard, Concurrent: true}} {
		client := connect(t, serve(t, server).addr)
		msg := []byte("a message of some length, with 走了 and \x1b in it")
		answer := make([]byte, len(msg))
		assert.Zero(t, testing.AllocsPerRun(2000, func() { // counts what the whole process allocates
			if _, err := client.Write(msg); err != nil {
				panic(err)
			}
			if _, err := io.ReadFull(client, answer); err != nil {
				panic(err)
			}
		}))
	}
}
