package udp

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// first lets the first datagram of a way suffer f, and the others pass.
func first(w way, f fate) func(way, string) fate {
	var once sync.Once
	return func(of way, _ string) fate {
		result := pass
		if of == w {
			once.Do(func() { result = f })
		}
		return result
	}
}

func TestALostDatagramIsSentAgain(t *testing.T) {
	for name, w := range map[string]way{"the question": toServer, "the answer": toClient} {
		for _, language := range []string{"Go", "Python"} {
			t.Run(name+" to or from a "+language+" server", func(t *testing.T) {
				server := startSide(t, language, "server", "127.0.0.1:0")
				r := relayTo(t, server.listening(t), first(w, lose))
				client := startGo(t, "client", "-addr", r.addr.String(), "-timeout", "20ms", "-retries", "10")
				client.typeLine(t, "hello")
				assert.Equal(t, fmt.Sprintf("%v was silent for 20ms: i/o timeout, trying again", r.addr), client.line(t))
				assert.Equal(t, fmt.Sprintf("received \"HELLO\" from %v", r.addr), lastOf(t, client))
			})
		}
	}
}

func TestARetryMayMeanThatTheWorkIsDoneTwice(t *testing.T) {
	for _, language := range []string{"Go", "Python"} {
		t.Run(language+" server", func(t *testing.T) {
			server := startSide(t, language, "server", "127.0.0.1:0")
			r := relayTo(t, server.listening(t), first(toClient, lose)) // the work is done, and nobody hears of it
			client := startGo(t, "client", "-addr", r.addr.String(), "-timeout", "20ms", "-retries", "10")
			client.typeLine(t, "pay 100")
			assert.Equal(t, fmt.Sprintf("received \"PAY 100\" from %v", r.addr), lastOf(t, client))
			for range 2 {
				assert.Contains(t, server.line(t), "pay 100")
			}
		})
	}
}

func TestTheServerWorksAtMostOnceForEachTry(t *testing.T) {
	for retries := range 4 {
		worked := make(chan string, 10)
		server := serve(t, writerFunc(func(line string) { worked <- line }))
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
			addr := serve(t, nil)
			r := relayTo(t, addr.String(), func(of way, _ string) fate {
				if of == w {
					return double
				}
				return pass
			})
			shown, err := talk(Client{Timeout: patience}, r.addr, "one", "two", "three")
			assert.NoError(t, err)
			assert.Equal(t, answersFrom(r, "ONE", "TWO", "THREE"), shown, "the second answer to one is not the answer to two")
			asked, _ := r.received()
			assert.Equal(t, w == toServer, len(asked) > 3, "the network can make the server work twice without any retry")
		})
	}
}

func answersFrom(r *relay, answers ...string) (lines []string) {
	for _, answer := range answers {
		lines = append(lines, fmt.Sprintf("received %q from %v", answer, r.addr))
	}
	return lines
}

func TestALateAnswerIsNotTakenForThePresentOne(t *testing.T) {
	for _, flag := range []string{"-connect=false", "-connect"} {
		t.Run(flag, func(t *testing.T) {
			server, addr := bind(t)
			client := startGo(t, "client", "-addr", addr.String(), flag, "-timeout", "20ms", "-retries", "10")
			client.typeLine(t, "hello")
			_, firstTry := hear(t, server)
			_, secondTry := hear(t, server)
			for secondTry == firstTry { // the kernel may draw a port again, but not for ever
				_, secondTry = hear(t, server)
			}
			client.typeLine(t, "goodbye")
			msg := "hello"
			for msg == "hello" { // until a try is answered in time
				say(t, server, "late", firstTry)
				say(t, server, "in time", secondTry)
				msg, secondTry = hear(t, server)
			}
			assert.Equal(t, fmt.Sprintf("received \"in time\" from %v", addr), lastOf(t, client))
		})
	}
}

func TestAnAnswerThatWasOvertakenIsNotShown(t *testing.T) {
	addr := serve(t, nil)
	r := relayTo(t, addr.String(), first(toClient, hold)) // the first answer comes behind the second try's
	shown, err := talk(Client{Timeout: 20 * time.Millisecond, Retries: 10}, r.addr, "one", "two")
	assert.NoError(t, err)
	var answers []string
	for _, line := range shown {
		if !strings.Contains(line, "was silent") {
			answers = append(answers, line)
		}
	}
	assert.Equal(t, answersFrom(r, "ONE", "TWO"), answers)
	_, sent := r.received()
	assert.Equal(t, []string{"ONE", "ONE"}, sent[:2], "it did come, to a port where nobody is any more")
}

func TestEveryMessageGetsItsOwnAnswerOrAnError(t *testing.T) {
	weathers := []struct {
		name                   string
		losses, doubles, holds int
	}{
		{"loss", 40, 0, 0}, {"duplication", 0, 50, 0}, {"reordering", 0, 0, 40}, {"all three", 20, 20, 20}, {"no network", 100, 0, 0},
	}
	for _, weather := range weathers {
		for seed := range uint64(4) {
			t.Run(fmt.Sprint(weather.name, ", seed ", seed), func(t *testing.T) {
				t.Parallel()
				var log lockedBuffer
				r := relayTo(t, serve(t, &log).String(), chance(seed, weather.losses, weather.doubles, weather.holds))
				const messages = 20
				var lines []string
				for i := range messages {
					lines = append(lines, fmt.Sprintf("message %d.", i))
				}
				shown, err := talk(Client{Timeout: 5 * time.Millisecond, Retries: 2}, r.addr, lines...)
				settled, failed := settle(t, shown, r, lines)
				assert.Equal(t, messages, settled, "no message is forgotten, none is settled twice")
				assert.Equal(t, failed > 0, err != nil, "a message without an answer is an error")
				if weather.doubles == 0 {
					for _, line := range lines {
						assert.LessOrEqual(t, strings.Count(log.String(), line), 1+2)
					}
				}
			})
		}
	}
}

// settle goes through what a client has shown: for each message in its order
// some tries, and then its own answer or that there was none.
func settle(t testing.TB, shown []string, r *relay, messages []string) (settled, failed int) {
	t.Helper()
	for _, line := range shown {
		switch {
		case strings.HasSuffix(line, ", trying again"):
			continue
		case strings.HasPrefix(line, "no answer: "):
			failed++
		default:
			require.Less(t, settled, len(messages))
			assert.Equal(t, answersFrom(r, strings.ToUpper(messages[settled]))[0], line)
		}
		settled++
	}
	return settled, failed
}
