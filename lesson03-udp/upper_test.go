package udp

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// everyByte holds all 256 values.
func everyByte() []byte {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return all
}

func TestBothServersGiveTheSameAnswerToEveryByte(t *testing.T) {
	for _, language := range []string{"Go", "Python"} {
		t.Run(language+" server", func(t *testing.T) {
			addr := resolve(t, startSide(t, language, "server", "127.0.0.1:0").listening(t))
			client, _ := bind(t)
			want := everyByte()
			copy(want['a':], "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
			say(t, client, string(everyByte()), addr)
			assert.Equal(t, string(want), heard(t, client), "26 bytes change, 230 do not")
		})
	}
}

func TestBothServersGiveTheSameAnswerToRandomBytes(t *testing.T) {
	golang := resolve(t, startGo(t, "server", "-addr", "127.0.0.1:0").listening(t))
	python := resolve(t, startPython(t, "upper_server.py", "127.0.0.1:0").listening(t))
	client, _ := bind(t)
	random := rand.New(rand.NewPCG(3, 0))
	for range 200 {
		msg := make([]byte, random.IntN(1100))
		for i := range msg {
			msg[i] = byte(random.Uint32())
		}
		say(t, client, string(msg), golang)
		answer := heard(t, client)
		say(t, client, string(msg), python)
		require.Equal(t, heard(t, client), answer)
	}
}

func TestTextThatIsNotASCIIComesBackAsItIs(t *testing.T) {
	addr := serve(t, nil)
	shown, err := talk(Client{Timeout: patience}, addr, "走了", "straße é")
	assert.NoError(t, err)
	assert.Equal(t, []string{
		fmt.Sprintf("received %q from %v", "走了", addr),
		fmt.Sprintf("received %q from %v", "STRAßE é", addr),
	}, shown)
}

func FuzzAnswersAreInASCIICapitals(f *testing.F) {
	for _, msg := range []string{"", "hello", "走了", "\xff\xfe a", "`{@["} {
		f.Add([]byte(msg))
	}
	f.Fuzz(func(t *testing.T, msg []byte) {
		answer := bytes.Clone(msg)
		capitalize(answer)
		require.Len(t, answer, len(msg))
		for i, c := range msg {
			want := c
			if bytes.IndexByte([]byte("abcdefghijklmnopqrstuvwxyz"), c) >= 0 {
				want = c &^ 0x20
			}
			require.Equal(t, want, answer[i])
		}
	})
}
