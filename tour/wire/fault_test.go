package wire

import (
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	clientReset = `client 1 → server, RST, by the relay`
	serverReset = `server → client 1, RST, by the relay`
)

func TestResetBreaksOffBothSidesOfEveryConnection(t *testing.T) {
	ln := listen(t)
	p := pair{}
	p.Relay, p.witness = relay(t, ln.Addr().String())
	for conn := 1; conn <= 3; conn++ {
		client, server := p.another(t, ln)
		defer receivesReset(t, client)
		defer receivesReset(t, server)
	}
	p.until(t, func() bool { return len(p.all()) == 3 })
	assert.Equal(t, 3, p.Open())
	p.Reset()
	p.expects(t, 1, clientReset, serverReset)
	assert.Len(t, p.all(), 9)
	p.Reset() // again changes nothing
	assert.Len(t, p.all(), 9)
}

func TestAConnectionIsCutAfterSoManyBytes(t *testing.T) {
	p := connected(t)
	p.CutAfter(Server, 7, RST)
	send(t, p.client, "a longer question") // the other side is not counted
	receives(t, p.server, "a longer question")
	send(t, p.server, "HELLO")
	receives(t, p.client, "HELLO")
	send(t, p.server, "WORLD")
	receives(t, p.client, "WO")
	receivesReset(t, p.client)
	receivesReset(t, p.server)
	p.expects(t, 1, `client 1 → server, 17 bytes "a longer question"`, `server → client 1, 5 bytes "HELLO"`,
		`server → client 1, 2 bytes "WO"`, `server → client 1, 3 bytes "RLD", lost`, clientReset, serverReset)
}

func TestAConnectionIsFinishedAfterSoManyBytes(t *testing.T) {
	p := connected(t)
	p.CutAfter(Server, 7, FIN)
	send(t, p.server, "HELLOWORLD")
	receives(t, p.client, "HELLOWO")
	receivesEOF(t, p.client)
	send(t, p.client, "hello") // the other direction lives on
	receives(t, p.server, "hello")
	send(t, p.server, "more")
	require.NoError(t, p.server.CloseWrite())
	require.NoError(t, p.client.CloseWrite())
	receivesEOF(t, p.server)
	p.until(t, func() bool { return len(p.of(1)) == 6 })
	assert.ElementsMatch(t, []string{`server → client 1, 7 bytes "HELLOWO"`, `server → client 1, 3 bytes "RLD", lost`,
		`server → client 1, FIN, by the relay`, `client 1 → server, 5 bytes "hello"`, `server → client 1, 4 bytes "more", lost`,
		`client 1 → server, FIN`}, p.of(1))
}

func TestACutAtNothingLosesTheFirstByte(t *testing.T) {
	p := connected(t)
	p.CutAfter(Client, 0, RST)
	send(t, p.client, "x")
	receivesReset(t, p.server)
	receivesReset(t, p.client)
	p.expects(t, 1, `client 1 → server, 1 byte "x", lost`, clientReset, serverReset)
}

func TestExactlySoManyBytesAreNotCut(t *testing.T) {
	p := connected(t)
	p.CutAfter(Client, 5, RST)
	send(t, p.client, "hello")
	receives(t, p.server, "hello")
	require.NoError(t, p.client.CloseWrite())
	receivesEOF(t, p.server)
	p.expects(t, 1, `client 1 → server, 5 bytes "hello"`, `client 1 → server, FIN`)
}

func TestOneConnectionIsCutAndNotTheNext(t *testing.T) {
	ln := listen(t)
	p := pair{}
	p.Relay, p.witness = relay(t, ln.Addr().String())
	old, oldServer := p.another(t, ln)
	send(t, old, "hello")
	receives(t, oldServer, "hello")
	p.expects(t, 1, `client 1 → server, 5 bytes "hello"`)
	p.CutAfter(Client, 4, RST)
	send(t, old, "hell") // no more than that since
	receives(t, oldServer, "hell")

	cut, cutServer := p.another(t, ln)
	send(t, cut, "hello")
	receives(t, cutServer, "hell")
	receivesReset(t, cutServer)

	next, nextServer := p.another(t, ln)
	send(t, next, "hello")
	receives(t, nextServer, "hello")

	send(t, old, "o")
	receives(t, oldServer, "o")
	p.CutAfter(Client, 2, RST)
	send(t, old, "hello")
	receives(t, oldServer, "he")
	receivesReset(t, oldServer)
}

func TestACutCanBeTakenBack(t *testing.T) {
	p := connected(t)
	p.CutAfter(Client, 0, RST)
	p.CutAfter(Client, -5, RST)
	send(t, p.client, "hello")
	receives(t, p.server, "hello")
}

func TestAFINOfTheRelayLosesWhatFollows(t *testing.T) {
	p := connected(t)
	send(t, p.client, "before")
	receives(t, p.server, "before")
	p.CloseWrite(Client)
	receivesEOF(t, p.server)
	p.CloseWrite(Client) // again changes nothing
	send(t, p.client, "after")
	p.expects(t, 1, `client 1 → server, 6 bytes "before"`, `client 1 → server, FIN, by the relay`,
		`client 1 → server, 5 bytes "after", lost`)
	send(t, p.server, "BEFORE") // the other half is open
	receives(t, p.client, "BEFORE")
	require.NoError(t, p.server.Close())
	receivesEOF(t, p.client)
	require.NoError(t, p.client.Close()) // its own FIN is no second one
	p.ends(t)
	p.expects(t, 1, `client 1 → server, 6 bytes "before"`, `client 1 → server, FIN, by the relay`,
		`client 1 → server, 5 bytes "after", lost`, `server → client 1, 6 bytes "BEFORE"`, `server → client 1, FIN`)
	assert.True(t, p.all()[3].ByRelay, "the loss is the relay's doing")
}

func TestAFINOfTheRelayAfterARealOneIsNothing(t *testing.T) {
	p := connected(t)
	require.NoError(t, p.server.CloseWrite())
	receivesEOF(t, p.client)
	p.CloseWrite(Server)
	send(t, p.client, "hello")
	receives(t, p.server, "hello")
	require.NoError(t, p.client.CloseWrite())
	receivesEOF(t, p.server)
	p.expects(t, 1, `server → client 1, FIN`, `client 1 → server, 5 bytes "hello"`, `client 1 → server, FIN`)
}

func TestAnRSTAfterAFINOfTheRelayIsAnRST(t *testing.T) {
	p := connected(t)
	p.until(t, func() bool { return len(p.all()) == 1 })
	p.CloseWrite(Client)
	receivesEOF(t, p.server)
	breakOff(t, p.client)
	p.expects(t, 1, `client 1 → server, FIN, by the relay`, `client 1 → server, RST`)
	_, err := io.WriteString(p.server, "hello")
	for err == nil {
		_, err = io.WriteString(p.server, "hello")
	}
	assert.Regexp(t, "reset|broken pipe|forcibly closed|aborted", err.Error())
}
