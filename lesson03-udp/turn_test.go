package udp

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTwoClientsAreServedInTurnByOneLoop(t *testing.T) {
	for _, pair := range pairings {
		t.Run(pair.server+" server and "+pair.client+" clients", func(t *testing.T) {
			addr := startSide(t, pair.server, "server", "127.0.0.1:0").listening(t)
			ann := startSide(t, pair.client, "client", addr)
			ben := startSide(t, pair.client, "client", addr)
			for range 3 { // neither has left when the other is answered
				ann.typeLine(t, "ann")
				assert.Contains(t, ann.line(t), "ANN")
				ben.typeLine(t, "ben")
				assert.Contains(t, ben.line(t), "BEN")
			}
		})
	}
}

func TestAClientThatSaysNothingHoldsNobodyUp(t *testing.T) {
	for _, language := range []string{"Go", "Python"} {
		t.Run(language+" server", func(t *testing.T) {
			addr := resolve(t, startSide(t, language, "server", "127.0.0.1:0").listening(t))
			silent, _ := bind(t)
			say(t, silent, "and now I wait", addr) // it never reads its answer
			client, _ := bind(t)
			say(t, client, "me too", addr)
			assert.Equal(t, "ME TOO", heard(t, client))
		})
	}
}
