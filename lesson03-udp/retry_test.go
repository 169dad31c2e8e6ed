package udp

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestALostDatagramIsSentAgain(t *testing.T) {
	for name, w := range map[string]way{"the question": toServer, "the answer": toClient} {
		t.Run(name, func(t *testing.T) {
			r := relayTo(t, serve(t, nil).String(), first(w, lose))
			lines, err := talk(Client{Timeout: 20 * time.Millisecond, Retries: 10}, r.addr, "hello")
			assert.NoError(t, err)
			assert.Equal(t, fmt.Sprintf("%v was silent for 20ms: i/o timeout, trying again", r.addr), lines[0])
			assert.Equal(t, answer("HELLO", r.addr), lines[len(lines)-1])
		})
	}
}

func TestTheServerWorksAtMostOnceForEachTry(t *testing.T) {
	for retries := range 4 {
		worked := make(shown, 10)
		server := serve(t, worked)
		await(t, worked) // its address
		r := relayTo(t, server.String(), func(w way, _ string) fate {
			if w == toClient {
				return lose
			}
			return pass
		})
		_, err := talk(Client{Timeout: 5 * time.Millisecond, Retries: retries}, r.addr, "pay 100")
		assert.Error(t, err)
		for range 1 + retries { // as often as that, since here every answer is lost
			assert.Contains(t, await(t, worked), "pay 100")
		}
		client, _ := bind(t)
		say(t, client, "the next", r.addr)
		assert.Contains(t, await(t, worked), "the next", "and no more often")
	}
}

func TestADoubledDatagramIsDoneTwiceAndItsAnswerShownOnce(t *testing.T) {
	for name, w := range map[string]way{"the question": toServer, "the answer": toClient} {
		t.Run(name, func(t *testing.T) {
			r := relayTo(t, serve(t, nil).String(), func(of way, _ string) fate {
				if of == w {
					return double
				}
				return pass
			})
			lines, err := talk(Client{Timeout: patience}, r.addr, "one", "two", "three")
			assert.NoError(t, err)
			assert.Equal(t, []string{answer("ONE", r.addr), answer("TWO", r.addr), answer("THREE", r.addr)}, lines,
				"the second answer to one is not the answer to two")
			asked, _ := r.received()
			assert.Equal(t, w == toServer, len(asked) > 3, "the network can make the server work twice without any retry")
		})
	}
}

func TestALateAnswerIsNotTakenForThePresentOne(t *testing.T) {
	for _, connect := range []bool{false, true} {
		t.Run(fmt.Sprint("connect ", connect), func(t *testing.T) {
			server, addr := bind(t)
			lines := talking(Client{Connect: connect, Timeout: 20 * time.Millisecond, Retries: 10}, addr, "hello", "goodbye")
			_, firstTry := hear(t, server)
			_, thisTry := hear(t, server)
			for thisTry == firstTry { // the kernel may draw a port again, but not for ever
				_, thisTry = hear(t, server)
			}
			for msg := "hello"; msg == "hello"; { // until a try is answered in time
				say(t, server, "late", firstTry)
				say(t, server, "in time", thisTry)
				msg, thisTry = hear(t, server)
			}
			say(t, server, "goodbye", thisTry)
			shown := strings.Join(await(t, lines), "\n")
			assert.Contains(t, shown, answer("in time", addr))
			assert.NotContains(t, shown, answer("late", addr))
		})
	}
}

// TestALateAnswerCostsARefusal shows what a port of its own for each try puts
// on the wire.
func TestALateAnswerCostsARefusal(t *testing.T) {
	needsUnix(t)
	server, addr := bind(t)
	_, err := talk(Client{Timeout: time.Nanosecond}, addr, "hello")
	require.Error(t, err)
	_, gone := hear(t, server)
	late := connectTo(t, gone) // connected, so as to learn of it
	_, err = io.WriteString(late, "too late")
	require.NoError(t, err)
	_, err = late.Read(make([]byte, 10))
	assert.ErrorContains(t, err, "refused")
}

func TestEveryMessageGetsItsOwnAnswerOrAnError(t *testing.T) {
	weathers := []struct {
		name                   string
		losses, doubles, holds int
	}{
		{"loss", 40, 0, 0}, {"reordering", 0, 0, 40}, {"all three", 20, 20, 20}, {"no network", 100, 0, 0},
	}
	for _, weather := range weathers {
		for seed := range uint64(3) {
			t.Run(fmt.Sprint(weather.name, ", seed ", seed), func(t *testing.T) {
				t.Parallel()
				r := relayTo(t, serve(t, nil).String(), chance(seed, weather.losses, weather.doubles, weather.holds))
				var messages []string
				for i := range 20 {
					messages = append(messages, fmt.Sprintf("message %d.", i))
				}
				lines, err := talk(Client{Timeout: 5 * time.Millisecond, Retries: 2}, r.addr, messages...)
				settled, failed := settle(t, lines, r, messages)
				assert.Equal(t, len(messages), settled, "no message is forgotten, none is settled twice")
				assert.Equal(t, failed > 0, err != nil, "a message without an answer is an error")
			})
		}
	}
}

// settle goes through what a client has shown: for each message in its order
// some tries, and then its own answer or that there was none.
func settle(t testing.TB, lines []string, r *relay, messages []string) (settled, failed int) {
	t.Helper()
	for _, line := range lines {
		switch {
		case strings.HasSuffix(line, ", trying again"):
			continue
		case strings.HasPrefix(line, "no answer: "):
			failed++
		default:
			require.Less(t, settled, len(messages))
			assert.Equal(t, answer(strings.ToUpper(messages[settled]), r.addr), line)
		}
		settled++
	}
	return settled, failed
}
