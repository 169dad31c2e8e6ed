package web

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhereOthersReachAStageThePageSaysSoBeforeRun(t *testing.T) {
	s, home, _ := serve(t)
	assert.LessOrEqual(t, s.idle, 10*time.Minute)
	for lesson, said := range map[string]bool{"lesson01-basic-tcp": false, "lesson04-exec": true, "lesson06-file-transfer": true} {
		answer, body := ask(t, "GET", home+"lessons/"+lesson+"/run")
		require.Equal(t, 200, answer.StatusCode)
		assert.Equal(t, said, strings.Contains(body, "every user of this machine"), lesson)
	}
}

func TestAStageWithWhichNobodyDoesAnythingEnds(t *testing.T) {
	_, home, _ := serveCourse(t, shared, func(s *Server) { s.idle = 50 * time.Millisecond })
	c := visit(t, home, "lesson04-exec")
	c.order(meeting(t, "lesson04-exec", "server", "client"))
	c.until(func(n news) bool {
		return n.Is == "note" && strings.Contains(n.Text, "nothing has been done for a while")
	})
	c.until(func(n news) bool { return n.Is == "ended" && n.Terminal == "server" })
}
