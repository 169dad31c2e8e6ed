package udp

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// bind opens a socket on a free port, say sends a datagram, and heard receives
// one: they are in socket_test.go.

func TestABoundSocketReceivesFromEveryoneAndLearnsWhoSent(t *testing.T) {
	server, addr := bind(t) // no listen, no accept
	ann, annAddr := bind(t) // no connect
	ben, benAddr := bind(t)
	say(t, ann, "from ann", addr)
	say(t, ben, "from ben", addr)
	for range 2 { // in whatever order they have come
		msg, sender := hear(t, server)
		assert.Equal(t, map[string]any{"from ann": annAddr, "from ben": benAddr}[msg], sender)
		say(t, server, "answer to what came "+msg, sender) // the address is all it takes
	}
	assert.Equal(t, "answer to what came from ann", heard(t, ann))
	assert.Equal(t, "answer to what came from ben", heard(t, ben))
}

func TestOneSendIsOneReceive(t *testing.T) {
	server, addr := bind(t)
	client, _ := bind(t)
	for _, msg := range []string{"one", "two", "three"} { // all are there before the first is read
		say(t, client, msg, addr)
	}
	assert.Equal(t, "one", heard(t, server))
	assert.Equal(t, "two", heard(t, server))
	assert.Equal(t, "three", heard(t, server))
}

func TestADatagramLongerThanTheBufferIsCutAndTheRestIsLost(t *testing.T) {
	needsUnix(t)
	server, addr := bind(t)
	client, _ := bind(t)
	say(t, client, "hello, world", addr)
	say(t, client, "next", addr)
	buf := make([]byte, 5)
	n, _, err := server.ReadFromUDPAddrPort(buf)
	assert.NoError(t, err, "the cut is silent")
	assert.Equal(t, "hello", string(buf[:n]))
	assert.Equal(t, "next", heard(t, server), "TCP would hand over the rest: \", world\"")
}

func TestTwoClientsAreServedInTurnByOneLoop(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			addr := at(startSide(t, kind, "server", "127.0.0.1:0").listening(t))
			ann, _ := bind(t)
			ben, _ := bind(t)
			for range 3 { // neither has left when the other is answered
				say(t, ann, "ann", addr)
				assert.Equal(t, "ANN", heard(t, ann))
				say(t, ben, "ben", addr)
				assert.Equal(t, "BEN", heard(t, ben))
			}
		})
	}
}

func TestAnEmptyDatagramIsAMessage(t *testing.T) {
	server, addr := bind(t)
	client, clientAddr := bind(t)
	say(t, client, "", addr)
	n, sender, err := server.ReadFromUDPAddrPort(make([]byte, 10))
	assert.NoError(t, err, "not io.EOF: nobody has left")
	assert.Zero(t, n)
	assert.Equal(t, clientAddr, sender, "somebody has sent it")
}

func TestSendingToNobodySucceeds(t *testing.T) {
	client, _ := bind(t)
	_, err := client.WriteToUDPAddrPort([]byte("anybody there?"), nobody(t))
	assert.NoError(t, err)
}

func TestAConnectedSocketLearnsOfARefusedPort(t *testing.T) {
	needsUnix(t)
	conn := connectTo(t, nobody(t)) // sends nothing: only notes the address
	_, err := conn.Write([]byte("hello"))
	require.NoError(t, err, "the refusal comes afterwards")
	_, err = conn.Read(make([]byte, 10))
	assert.ErrorContains(t, err, "refused")
}

func TestARetryMayMeanThatTheWorkIsDoneTwice(t *testing.T) {
	worked := make(shown, 20)
	server := serve(t, worked)
	await(t, worked)                                        // its address
	r := relayTo(t, server.String(), first(toClient, lose)) // the work is done, and nobody hears of it
	lines, err := talk(Client{Timeout: 20 * time.Millisecond, Retries: 10}, r.addr, "pay 100")
	require.NoError(t, err)
	assert.Contains(t, lines, answer("PAY 100", r.addr))
	assert.Contains(t, await(t, worked), "pay 100")
	assert.Contains(t, await(t, worked), "pay 100", "once more")
}

func TestOneSendReachesSeveralReceivers(t *testing.T) {
	for name, addr := range everyones {
		t.Run(name, func(t *testing.T) {
			needsGroups(t, addr)
			one, shared := bindTo(t, addr)
			two, _ := bindTo(t, shared.String()) // the same address, and no error
			sender, _ := bind(t)
			say(t, sender, "hello", shared)
			assert.Equal(t, "hello", heard(t, one))
			assert.Equal(t, "hello", heard(t, two))
		})
	}
}

func TestTCPAndUDPAreMeasuredWithTheSameMessages(t *testing.T) {
	for _, over := range transports {
		t.Run(over.name, func(t *testing.T) {
			conn := &countingConn{Conn: over.dial(t)}
			require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
			require.NoError(t, roundTrips(conn, []byte("hello"), 3)) // what go test -bench RoundTrip repeats
			assert.Equal(t, over.name, conn.LocalAddr().Network())
			assert.Equal(t, "hellohellohello", conn.sent.String())
			assert.Equal(t, "HELLOHELLOHELLO", conn.received.String())
		})
	}
}
