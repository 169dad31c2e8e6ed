package web

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ask sends a request with headers of "Name: value", Host among them, and
// returns the answer and what stands in it.
func ask(t *testing.T, method, address string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	require.NoError(t, err)
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		if r.Header.Set(name, value); name == "Host" {
			r.Host = value
		}
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(r)
	require.NoError(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return answer, string(body)
}

func TestOnlyRequestsOfItsOwnPagesAreServed(t *testing.T) {
	s, home, _ := serve(t)
	at, err := url.Parse(home)
	require.NoError(t, err)
	own := "http://" + at.Host
	for _, c := range []struct {
		name, method, path string
		headers            []string
		status             int
	}{
		{"as typed", "GET", at.Path, nil, 200},
		{"from its own page", "GET", at.Path, []string{"Origin: " + own, "Sec-Fetch-Site: same-origin"}, 200},
		{"by its other name", "GET", at.Path, []string{"Host: localhost:" + at.Port()}, 200},
		{"by a name that was made to point here", "GET", at.Path, []string{"Host: attacker.example:" + at.Port()}, 421},
		{"by no port", "GET", at.Path, []string{"Host: 127.0.0.1"}, 421},
		{"from another site", "GET", at.Path, []string{"Origin: https://attacker.example"}, 403},
		{"from another port", "GET", at.Path, []string{"Origin: http://127.0.0.1:1"}, 403},
		{"from a file", "GET", at.Path, []string{"Origin: null"}, 403},
		{"embedded elsewhere", "GET", at.Path, []string{"Sec-Fetch-Site: cross-site"}, 403},
		{"posted from elsewhere", "POST", at.Path, []string{"Sec-Fetch-Site: cross-site"}, 403},
		{"posted", "POST", at.Path, nil, 405},
		{"without a token", "GET", "/", nil, 403},
		{"with a wrong token", "GET", "/" + strings.Repeat("A", len(s.token)) + "/", nil, 403},
		{"with half of the token", "GET", at.Path[:10] + "/", nil, 403},
		{"a script without a token", "GET", "/static/run.js", nil, 403},
		{"a socket without a token", "GET", "/lessons/lesson01-basic-tcp/socket", nil, 403},
		{"no such lesson", "GET", at.Path + "lessons/lesson99-none/run", nil, 404},
		{"a lesson by its number", "GET", at.Path + "lessons/1/", nil, 404},
		{"no such file", "GET", at.Path + "files/none.go", nil, 404},
		{"git's own files", "GET", at.Path + "files/.git/config", nil, 404},
		{"a file outside", "GET", at.Path + "files/..%2f..%2fetc/passwd", nil, 404},
		{"a template", "GET", at.Path + "static/..%2ftemplates%2frun.html", nil, 400},
	} {
		answer, body := ask(t, c.method, own+c.path, c.headers...)
		assert.Equal(t, c.status, answer.StatusCode, "%s: %s", c.name, body)
		assert.NotEmpty(t, body, c.name)
		assert.Contains(t, answer.Header.Get("Content-Security-Policy"), policy, c.name)
		assert.Equal(t, "no-referrer", answer.Header.Get("Referrer-Policy"), c.name)
		if c.status == 403 {
			assert.NotContains(t, body, s.token, c.name)
		}
	}
}

func TestTheAddressInTheBrowsersFileLeadsHomeOnce(t *testing.T) {
	s, home, _ := serve(t)
	at, err := url.Parse(home)
	require.NoError(t, err)
	ln := fixedAddr(at.Host)
	stale := s.Once(ln)
	address := s.Once(ln)
	assert.NotContains(t, address, s.token)
	for _, c := range []struct {
		method, address string
		status          int
	}{
		{"GET", "http://" + at.Host + "/once/", 403}, {"GET", stale, 403}, {"POST", address, 403},
		{"GET", address, 200}, {"GET", address, 403}, {"GET", "http://" + at.Host + "/once/", 403},
	} {
		answer, body := ask(t, c.method, c.address)
		assert.Equal(t, c.status, answer.StatusCode, c.address)
		if c.status == 200 {
			assert.Equal(t, string(Redirect(at.Path)), body)
		} else {
			assert.NotContains(t, body, s.token)
		}
	}
	answer, _ := ask(t, "GET", s.Once(ln), "Origin: https://attacker.example")
	assert.Equal(t, 403, answer.StatusCode)
	address = s.Once(ln)
	s.mu.Lock()
	assert.WithinDuration(t, time.Now().Add(time.Minute), s.codeEnds, 30*time.Second)
	s.codeEnds = time.Now().Add(-1)
	s.mu.Unlock()
	answer, _ = ask(t, "GET", address)
	assert.Equal(t, 403, answer.StatusCode)
}

// A fixedAddr is a listener's address without a listener.
type fixedAddr string

func (a fixedAddr) Addr() net.Addr            { addr, _ := net.ResolveTCPAddr("tcp", string(a)); return addr }
func (a fixedAddr) Accept() (net.Conn, error) { return nil, net.ErrClosed }
func (a fixedAddr) Close() error              { return nil }

func TestARequestThatTricklesIsGivenUp(t *testing.T) {
	_, home, _ := serveCourse(t, shared, func(s *Server) { s.reading = 100 * time.Millisecond })
	at, err := url.Parse(home)
	require.NoError(t, err)
	conn, err := net.Dial("tcp", at.Host)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(time.Minute)))
	_, err = fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: %s\r\nContent-Length: 1000\r\n\r\nthe beginning", at.Host)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, conn) // the answer, and the end; it may be by RST
	assert.NotErrorIs(t, err, os.ErrDeadlineExceeded)
}

func TestASlashThatIsLeftOutIsAdded(t *testing.T) {
	_, home, _ := serve(t)
	for _, address := range []string{home, home + "lessons/lesson02-loops/"} {
		answer, _ := ask(t, "GET", strings.TrimSuffix(address, "/"))
		assert.Equal(t, 200, answer.StatusCode)
		assert.Equal(t, address, answer.Request.URL.String())
	}
}

func TestASocketIsForTheServersOwnPagesOnly(t *testing.T) {
	_, home, _ := serve(t)
	address := "ws" + strings.TrimPrefix(home, "http") + "lessons/lesson01-basic-tcp/socket"
	dial := func(headers http.Header) (*websocket.Conn, error) {
		conn, answer, err := websocket.Dial(t.Context(), address, &websocket.DialOptions{HTTPHeader: headers})
		if err != nil && answer != nil {
			assert.Equal(t, http.StatusForbidden, answer.StatusCode)
		}
		return conn, err
	}
	_, err := dial(http.Header{"Origin": {"https://attacker.example"}})
	assert.Error(t, err)
	conn, err := dial(nil)
	require.NoError(t, err)
	conn.CloseNow()
}

func TestTheTourListensOnLoopbackOnly(t *testing.T) {
	s, err := New(shared)
	require.NoError(t, err)
	ln := listenEverywhere(t)
	assert.ErrorContains(t, s.Serve(t.Context(), ln), "is not on loopback")
	_, err = ln.Accept()
	assert.Error(t, err, "the listener is closed")
}

func TestEachStartHasATokenOfItsOwn(t *testing.T) {
	one, err := New(shared)
	require.NoError(t, err)
	other, err := New(shared)
	require.NoError(t, err)
	assert.NotEqual(t, one.token, other.token)
	assert.GreaterOrEqual(t, len(one.token), 26, "130 bits in base 32")
}
