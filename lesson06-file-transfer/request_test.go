package transfer

import (
	"io"
	"net"
	"path"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestARequestIsListOrGetNAMEAndNothingElse(t *testing.T) {
	sum := strings.Repeat("ab", 16)
	for text, want := range map[string]request{
		"list":                      {list: true},
		"list\r\n":                  {list: true}, // from nc
		"get a":                     {name: "a"},
		"get a\n":                   {name: "a"},
		"get a\r\n":                 {name: "a"},
		"get a name with blanks":    {name: "a name with blanks"},
		"get  one blank before":     {name: " one blank before"},
		"get 诗/套接字.txt":             {name: "诗/套接字.txt"},
		"get list":                  {name: "list"},
		"get a\n 7 " + sum:          {name: "a", offset: 7, md5: sum},
		"get a\n 3221225472 " + sum: {name: "a", offset: 3 << 30, md5: sum},
		"get a\n 7":                 {name: "a", offset: 7},
		"get a\n 0 x":               {name: "a", md5: "x"},
		"get " + strings.Repeat("x", maxRequest-4): {name: strings.Repeat("x", maxRequest-4)},
	} {
		r, err := parseRequest([]byte(text))
		assert.NoError(t, err, "%q", text)
		assert.Equal(t, want, r, "%q", text)
	}
	for _, text := range []string{
		"", "get", "get ", "GET a", "put a", "lists", "list a", " get a", "get\ta", "get\na", "getaway", "get a\xff",
		"get a\n x", "get a\n seven " + sum, "get a\n -1 " + sum, "get a\n 9223372036854775808 " + sum,
		"get a\n\n 7 " + sum,
		"get " + strings.Repeat("x", maxRequest-3),
	} {
		_, err := parseRequest([]byte(text))
		assert.Error(t, err, "%q", text)
	}
}

func TestANameNeverLeadsOutOfADirectory(t *testing.T) {
	for _, name := range []string{
		"..", "../a", "a/../b", "a/..", "../../etc/passwd", "/", "/etc/passwd", "//a", ".", "./a", "a/.", "a//b", "a/",
		"", "a\x00b", "a\nb", "a\rb", `a\b`, `..\a`, `C:\a`, "a\xff",
	} {
		assert.ErrorIs(t, checkName(name), errName, "%q", name)
		_, err := parseRequest([]byte("get " + name))
		if !strings.HasPrefix(name, "a\n") {
			assert.Error(t, err, "%q", name)
		}
	}
	for _, name := range []string{" ", "a ", "dir/a "} {
		assert.ErrorIs(t, checkName(name), errName, "%q would lose its blank where it is typed", name)
	}
	for _, name := range []string{"a", "a/b", "...", "..a", "a..", "a/..b", "~", "a:b", "*", " a"} {
		assert.NoError(t, checkName(name), "%q", name)
	}
}

func TestARequestIsWrittenAsItIsRead(t *testing.T) {
	for _, r := range []request{
		{list: true}, {name: "a"}, {name: "a b/c"}, {name: "a b", offset: 3 << 30, md5: helloMD5},
	} {
		again, err := parseRequest([]byte(r.String()))
		assert.NoError(t, err)
		assert.Equal(t, r, again)
	}
	assert.Equal(t, "get a", request{name: "a", md5: helloMD5}.String(), "nothing to resume")
}

func TestACommandLineIsListOrGetWithNames(t *testing.T) {
	for args, want := range map[string]string{
		"list":      "list\n",
		"get|a":     "get a\n",
		"get|a b|c": "get a b\nget c\n",
	} {
		requests, err := Requests(strings.Split(args, "|"))
		require.NoError(t, err)
		text, err := io.ReadAll(requests)
		require.NoError(t, err)
		assert.Equal(t, want, string(text))
	}
	for _, args := range []string{"get", "list|a", "put|a", "get|../a", "get|a|/b", "get|a\nget b", ""} {
		requests, err := Requests(strings.Split(args, "|"))
		assert.Error(t, err, "%q", args)
		assert.Nil(t, requests)
	}
	requests, err := Requests(nil)
	assert.NoError(t, err)
	assert.Nil(t, requests, "then the person types them")
}

// Ctrl-C closes the connection, whatever the client is doing with it.
func TestWhatCtrlCBreaksOffIsSaidInPlainWords(t *testing.T) {
	for answer, want := range map[string]string{
		"": `no answer to "list"`,
		string(framed(`{"filename":"error.txt","file_size":5,"error":"why"}`)) + "wh": `no whole answer to "list"`,
		string(framed(`{"filename":"list.json","file_size":5}`)) + "[":                `no whole answer to "list"`,
	} {
		conn, server := net.Pipe()
		go io.Copy(io.Discard, server)
		closed := io.MultiReader(strings.NewReader(answer), iotest.ErrReader(net.ErrClosed))
		assert.EqualError(t, new(Client).list(lastConn{conn, closed}, io.Discard), want)
		require.NoError(t, conn.Close())
	}
	conn := connect(t, listen(t).Addr().String())
	require.NoError(t, conn.Close())
	_, err := ask(conn, request{name: "a", offset: 7, md5: helloMD5})
	assert.EqualError(t, err, `no answer to "get a\n 7 `+helloMD5+`"`, "while it was hashing its part")
}

// Whatever comes, a request that is accepted stays below the directory, and
// is understood the same when it is sent on.
func FuzzParseRequest(f *testing.F) {
	for _, text := range []string{"list", "get a", "get ../a", "get a b\n 7 " + helloMD5, "get /a", "get a\x00", "get a \n 7 " + helloMD5, "get 诗/套接字.txt"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, msg []byte) {
		r, err := parseRequest(msg)
		if err != nil {
			assert.NotContains(t, err.Error(), "\n")
			return
		}
		if r.list {
			return
		}
		below := path.Join("/dir", r.name)
		assert.True(t, strings.HasPrefix(below, "/dir/"))
		assert.Equal(t, "/dir/"+r.name, below, "the name says where it leads")
		assert.GreaterOrEqual(t, r.offset, int64(0))
		again, err := parseRequest([]byte("get " + r.name))
		assert.NoError(t, err)
		assert.Equal(t, r.name, again.name)
	})
}
