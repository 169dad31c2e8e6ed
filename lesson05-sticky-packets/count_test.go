package sticky

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// upTo returns the numbers from 1 to last as seq -s ' ' prints them.
func upTo(last int) string {
	numbers := make([]string, last)
	for i := range numbers {
		numbers[i] = fmt.Sprint(i + 1)
	}
	return strings.Join(numbers, " ")
}

func TestWithAFramingALongAnswerIsWholeAndTheNextIsItsOwn(t *testing.T) {
	for name := range framings {
		t.Run(name, func(t *testing.T) {
			server := serve(t, Server{Count: true, Framing: name})
			client := framed(t, name, connect(t, server.addr))
			ask(t, client, "1000", upTo(1000))
			ask(t, client, "3", "1 2 3")
			ask(t, client, "1", "1")
		})
	}
}

// The programs, as a person uses them.
func TestTheProgramsAnswerALongNumberWholeInEachFraming(t *testing.T) {
	for framing, flags := range map[string][]string{
		"header": {}, "prefix": {"-framing", "prefix"}, "line": {"-framing", "line"}, "fixed": {"-framing=fixed"},
	} {
		flags = append(flags, "-exchange", "count", "-addr")
		server, addr := startServer(t, party{start: func(t testing.TB, side, addr string) *program {
			return startGo(t, side, append(flags, addr)...)
		}})
		client := startGo(t, "client", append(flags, addr)...)
		client.line(t) // connected
		client.typeLine(t, "1000")
		assert.Equal(t, `received 3892 bytes: "1 2 3 4 5 6 7 8 9 10"..."996 997 998 999 1000"`, client.line(t), framing)
		client.typeLine(t, "3")
		assert.Equal(t, `received 5 bytes: "1 2 3"`, client.line(t))
		require.NoError(t, client.stdin.Close())
		status, rest := client.exit(t)
		assert.Zero(t, status)
		assert.Empty(t, rest)
		assert.Equal(t, []string{"connected", `received 4 bytes: "1000"`, `received 1 bytes: "3"`, "closed its side: EOF"},
			withoutPeer(server.nextLines(t, 4)))
	}
}

func TestCountAnswersANumberWithAllNumbersUpToIt(t *testing.T) {
	for msg, answer := range map[string]string{
		"1": "1", "2": "1 2", "12": "1 2 3 4 5 6 7 8 9 10 11 12", "100000": upTo(100_000),
		"0": "not a number from 1 to 100000", "-1": "not a number from 1 to 100000",
		"100001": "not a number from 1 to 100000", "": "not a number from 1 to 100000",
		"many": "not a number from 1 to 100000", "3\n": "not a number from 1 to 100000",
		"99999999999999999999": "not a number from 1 to 100000",
	} {
		assert.Equal(t, answer, string(count([]byte(msg))), "%q", msg)
	}
	assert.Less(t, len(count([]byte("100000"))), maxMessage)
}

func TestAnAnswerTooLongForTheFramingIsSaidToBe(t *testing.T) {
	server := serve(t, Server{Count: true, Framing: "fixed"})
	client := framed(t, "fixed", connect(t, server.addr))
	ask(t, client, "2000", "the answer is too long for this framing")
	ask(t, client, "3", "1 2 3")
}

func TestTheCountingClientPassesOverEmptyLines(t *testing.T) {
	server := serve(t, Server{Count: true, Framing: "prefix"})
	var out strings.Builder
	conn := connect(t, server.addr)
	err := (&Client{Framing: "prefix"}).Count(conn, strings.NewReader("\n\n2\n\n3\n"), &out)
	require.NoError(t, err)
	assert.ErrorIs(t, conn.SetDeadline(time.Now()), net.ErrClosed, "Count closes it")
	_, answers, _ := strings.Cut(out.String(), "\n")
	assert.Equal(t, "received 3 bytes: \"1 2\"\nreceived 5 bytes: \"1 2 3\"\n", answers)
	assert.Regexp(t, `^connected: local 127.0.0.1:\d+, remote `+server.addr, out.String())
}

func TestALineThatTheClientCannotSendIsAnError(t *testing.T) {
	for framing, line := range map[string]string{"fixed": xs(recordSize + 1), "prefix": xs(64 << 10)} {
		server := serve(t, Server{Count: true, Framing: framing})
		err := (&Client{Framing: framing}).Count(connect(t, server.addr), strings.NewReader(line+"\n"), new(strings.Builder))
		assert.ErrorContains(t, err, "too long")
	}
}
