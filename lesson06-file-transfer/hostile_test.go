package transfer

import (
	"io"
	"net"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fromLiar lets a client ask a server that answers with bytes of the test's
// making, and returns all there is afterwards in the directory above -dir.
func fromLiar(t *testing.T, client Client, answer string, requests ...string) (found map[string]string, shown string, err error) {
	t.Helper()
	nothingLeft(t)
	dir := t.TempDir()
	write(t, dir, "mine", "mine")
	write(t, dir, "download/mine", "mine")
	addr := asServer(t, func(conn *net.TCPConn) {
		heard(conn)
		io.WriteString(conn, answer)
		conn.CloseWrite()
		io.Copy(io.Discard, conn)
	})
	shown, err = talk(t, client, filepath.Join(dir, "download"), addr, requests...)
	found = files(t, dir)
	assert.Equal(t, "mine", found["mine"])
	assert.Equal(t, "mine", found["download/mine"])
	delete(found, "mine")
	delete(found, "download/mine")
	return found, shown, err
}

// quoted is s as a JSON string.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, "\x00", `\u0000`).Replace(s) + `"`
}

func TestASizeThatIsNotTrueLeavesNothingUnderTheName(t *testing.T) {
	const start = `{"filename":"hello.txt","md5":"` + helloMD5 + `","file_size":`
	found, _, err := fromLiar(t, Client{}, string(framed(start+`33}`))+hello, "get hello.txt")
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF, "too little comes")
	assert.ErrorContains(t, err, `"hello.txt" broke off after 32 of 33 bytes, -resume goes on from there`)
	assert.Equal(t, map[string]string{"download/" + partName("hello.txt", helloMD5): hello}, found)

	found, _, err = fromLiar(t, Client{}, string(framed(start+`31}`))+hello, "get hello.txt")
	assert.ErrorContains(t, err, "it was changed or damaged on its way", "too much comes")
	assert.Empty(t, found)

	found, _, err = fromLiar(t, Client{}, string(framed(start+`9223372036854775807}`))+hello, "get hello.txt")
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.NotContains(t, found, "download/hello.txt")
}

func TestAnMd5ThatIsNotTrueLeavesNothing(t *testing.T) {
	answer := `{"filename":"hello.txt","md5":"` + strings.Repeat("0", 32) + `","file_size":32}`
	found, _, err := fromLiar(t, Client{}, string(framed(answer))+hello, "get hello.txt")
	assert.EqualError(t, err, `"hello.txt" came with md5 `+helloMD5+`, but should have `+strings.Repeat("0", 32)+`: it was changed or damaged on its way`)
	assert.Empty(t, found)
}

func TestAnOffsetThatWasNotAskedForIsRefused(t *testing.T) {
	const start = `{"filename":"hello.txt","md5":"` + helloMD5 + `","file_size":32,"offset":`
	found, _, err := fromLiar(t, Client{}, string(framed(start+`6}`))+hello[6:], "get hello.txt")
	assert.ErrorContains(t, err, `asked for "hello.txt" from 0 on, got md5 "`+helloMD5+`" from 6 on`)
	assert.Empty(t, found)
	_, _, err = fromLiar(t, Client{}, string(framed(`{"filename":"list.json","file_size":3,"offset":1}`))+"[]", "list")
	assert.ErrorContains(t, err, `from 1 on`)
}

func TestAResumptionGoesOnOnlyWithTheSameFileAtTheSamePlace(t *testing.T) {
	for _, answer := range []string{
		`{"filename":"hello.txt","md5":"` + helloMD5 + `","file_size":32,"offset":7}`,
		`{"filename":"hello.txt","md5":"` + strings.Repeat("0", 32) + `","file_size":32,"offset":6}`,
		`{"filename":"hello.txt","md5":"xxdxxx","file_size":32,"offset":6}`,
	} {
		download := t.TempDir()
		write(t, download, partName("hello.txt", helloMD5), hello[:6])
		addr := asServer(t, func(conn *net.TCPConn) {
			heard(conn)
			conn.Write(framed(answer))
			heard(conn)
		})
		_, err := talk(t, Client{Resume: true}, download, addr, "get hello.txt")
		assert.ErrorContains(t, err, `asked for "hello.txt" from 6 on, got md5 "`)
		assert.Equal(t, map[string]string{partName("hello.txt", helloMD5): hello[:6]}, files(t, download))
	}
}

func TestAHeaderThatIsNoneEndsTheClientInOneLine(t *testing.T) {
	for _, answer := range []string{"", "\x01", "HTTP/1.1 400 Bad Request\r\n", "\x00\x00\x00\x00", "\xff\xff\xff\x7f", "\x00\x00\x00\x80", string(framed("x")), string(framed("{}")), "\x10\x00\x00\x00{"} {
		found, _, err := fromLiar(t, Client{}, answer, "get hello.txt")
		require.Error(t, err, "%q", answer)
		assert.True(t, strings.HasPrefix(err.Error(), `no answer to "get hello.txt": `), "%v", err)
		assert.NotContains(t, err.Error(), "\n")
		assert.Empty(t, found)
	}
}

func TestMemoryStaysBoundedWhileAPeerAnnouncesGigabytes(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, err := fromLiar(t, Client{}, string(framed(`{"filename":"hello.txt","md5":"","file_size":9223372036854775807}`))+hello, "get hello.txt")
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
	_, _, err = fromLiar(t, Client{}, string(framed(`{"filename":"list.json","md5":"","file_size":2147483648}`)), "list")
	assert.ErrorContains(t, err, "a list of 2147483648 bytes is too long")
	_, _, err = fromLiar(t, Client{}, string(framed(`{"filename":"error.txt","error":"no","file_size":2147483648}`)), "get hello.txt")
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
	runtime.ReadMemStats(&after)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(4<<20))
}

func TestAReasonIsShownInQuotesWhateverBytesItHas(t *testing.T) {
	answer := string(framed(`{"filename":"error.txt","error":"\u001b[2Jno\nsuch","file_size":4}`)) + "oops" +
		string(framed(`{"filename":"hello.txt","md5":"`+helloMD5+`","file_size":32}`)) + hello
	found, shown, err := fromLiar(t, Client{}, answer, "get nosuch", "get hello.txt")
	assert.EqualError(t, err, `"nosuch": the server says "\x1b[2Jno\nsuch"`)
	assert.Contains(t, shown, `"hello.txt": 32 bytes, md5 is right`, "the reason in the content is read over")
	assert.Equal(t, map[string]string{"download/hello.txt": hello}, found)
}
