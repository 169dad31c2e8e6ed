package transfer

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheEndOfTheServerEndsTheComputing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var c checksums
	_, err := sumOrError(t, ctx, &c, shared(t), "hello.txt")
	assert.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, "the server is stopping", reason(err))

	file, info, err := open(openRoot(t, shared(t)), "hello.txt")
	require.NoError(t, err)
	defer file.Close()
	c.remember("hello.txt", newChecksum(info))
	c.known["hello.txt"].turn <- struct{}{} // somebody computes it, and is not done
	_, err = c.of(ctx, "hello.txt", file, info)
	assert.ErrorIs(t, err, context.Canceled, "nobody waits for it")
}

func TestAnMd5ThatTakesLongIsComputedInTurns(t *testing.T) {
	for _, age := range []time.Duration{time.Hour, 0, -time.Hour} { // a clock may be behind that of the file system
		synctest.Test(t, func(t *testing.T) {
			var c checksums
			dir := t.TempDir()
			content := random(300 << 10) // ten buffers, each of which takes three seconds
			write(t, dir, "big", content)
			settle(t, dir, "big", age)
			percent := hashing(0)
			for {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				sum, err := sumOrError(t, slowly{ctx}, &c, dir, "big")
				cancel()
				if err == nil {
					assert.Equal(t, md5Of(content), sum)
					break
				}
				before := percent
				require.ErrorAs(t, err, &percent)
				require.Greater(t, percent, before, "it goes on from where it was")
			}
			assert.Greater(t, percent, hashing(50))
			assert.Equal(t, age < tick, c.known["big"] == nil, "changed %v ago", age)
		})
	}
}

func TestAFileThatChangesBetweenTheTurnsIsSentWithoutAnMd5(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c checksums
		dir := t.TempDir()
		write(t, dir, "big", random(300<<10))
		settle(t, dir, "big", time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		_, err := sumOrError(t, slowly{ctx}, &c, dir, "big")
		require.ErrorAs(t, err, new(hashing))
		content := random(301 << 10)
		write(t, dir, "big", content)
		assert.Empty(t, sumOf(t, &c, dir, "big"), "it might change for ever")
		assert.Equal(t, md5Of(content), sumOf(t, &c, dir, "big"), "it did not")
	})
}

func TestAnUnfinishedMd5ThatIsTooOldToTrustIsBegunAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c checksums
		dir := t.TempDir()
		content := random(300 << 10)
		write(t, dir, "big", content)
		settle(t, dir, "big", 30*time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		_, err := sumOrError(t, slowly{ctx}, &c, dir, "big")
		require.ErrorAs(t, err, new(hashing))
		settle(t, dir, "big", time.Minute)
		assert.Equal(t, md5Of(content), sumOf(t, &c, dir, "big"), "the file is the same")
	})
}

func TestAClientAsksNoMoreWhenTheServerGetsNoFurther(t *testing.T) {
	asked := 0
	addr := asServer(t, func(conn *net.TCPConn) {
		for heard(conn) == "get a" {
			asked++
			writeHeader(conn, header{FileName: "error.txt", FileSize: 4, Error: "wait", Hashed: 1 + asked%2})
			io.WriteString(conn, "wait")
		}
		writeHeader(conn, header{FileName: "hello.txt", MD5: helloMD5, FileSize: 32})
		io.WriteString(conn, hello)
	})
	shown, err := talk(t, Client{}, t.TempDir(), addr, "get a", "get hello.txt")
	assert.EqualError(t, err, `"a": the server says "wait", and 1000 times in a row no more than before`)
	assert.Contains(t, shown, `"hello.txt": 32 bytes, md5 is right`, "the connection lives on")
	assert.Equal(t, 1001, asked)
}

func TestAClientAsksAgainWhileTheServerComputesTheMd5(t *testing.T) {
	addr := asServer(t, func(conn *net.TCPConn) {
		for _, percent := range []int{1, 40, 40, 1 << 30, 80} {
			assert.Equal(t, "get hello.txt", heard(conn))
			writeHeader(conn, header{FileName: "error.txt", FileSize: 4, Error: "wait", Hashed: percent})
			io.WriteString(conn, "wait")
		}
		assert.Equal(t, "get hello.txt", heard(conn))
		writeHeader(conn, header{FileName: "hello.txt", MD5: helloMD5, FileSize: 32})
		io.WriteString(conn, hello)
	})
	shown, err := talk(t, Client{}, t.TempDir(), addr, "get hello.txt")
	require.NoError(t, err)
	assert.Equal(t, []string{
		`"hello.txt": the server computes its md5, 1% so far`,
		`"hello.txt": the server computes its md5, 40% so far`,
		`"hello.txt": the server computes its md5, 80% so far`,
		`"hello.txt": 32 bytes, md5 is right`,
		``,
	}, strings.Split(shown, "\n")[1:])
}
