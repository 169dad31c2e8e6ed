package remote

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestACommandTravelsAsTextAndItsOutputComesBack(t *testing.T) {
	server := serve(t, Server{})
	assert.Equal(t, "hi\n", answer(t, server.addr, "echo hi"))
	assert.Equal(t, "走了\n", answer(t, server.addr, "echo 走了"), "UTF-8 there and back")
	assert.Equal(t, "no line break at the end", answer(t, server.addr, "printf 'no line break at the end'"))
}

func TestShellSyntaxWorks(t *testing.T) {
	server := serve(t, Server{})
	for command, want := range map[string]string{
		`printf 'b\na\n' | sort`:         "a\nb\n",
		"echo one; echo two":             "one\ntwo\n",
		"true && echo yes":               "yes\n",
		"false || echo no":               "no\n",
		"word=x; echo $word$word":        "xx\n",
		`echo "$(echo inner)"`:           "inner\n",
		"for i in 1 2; do echo $i; done": "1\n2\n",
	} {
		assert.Equal(t, want, answer(t, server.addr, command), command)
	}
}

func TestOneConnectionCarriesManyCommands(t *testing.T) {
	server := serve(t, Server{})
	conn := connect(t, server.addr)
	for range 20 {
		send(t, conn, "echo hi")
		receive(t, conn, "hi\n")
	}
	send(t, conn, "echo hi\r\n") // as nc -C sends it
	receive(t, conn, "hi\n")
	require.NoError(t, conn.Close())
	assert.Equal(t, here(conn)+" connected", server.shown.line(t))
	for range 20 {
		assert.Equal(t, here(conn)+` runs "echo hi"`, server.shown.line(t))
		assert.Equal(t, here(conn)+" answered with 3 bytes", server.shown.line(t))
	}
	server.shown.until(t, here(conn)+" closed its side: EOF")
}

// D8, the part about cd: each command has a shell of its own.
func TestADirectoryLastsForOneCommand(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	server := serve(t, Server{Dir: dir})
	conn := connect(t, server.addr)
	send(t, conn, "cd / && pwd")
	receive(t, conn, "/\n")
	send(t, conn, "pwd")
	receive(t, conn, dir+"\n")
}

func TestCommandsStartInTheServersDirectoryUnlessToldOtherwise(t *testing.T) {
	here, err := os.Getwd()
	require.NoError(t, err)
	server := serve(t, Server{})
	assert.Equal(t, here+"\n", answer(t, server.addr, "pwd -P"))
}

func TestACommandReadsNothingFromTheServersTerminal(t *testing.T) {
	server := serve(t, Server{})
	assert.Equal(t, "(no output, exit status 0)\n", answer(t, server.addr, "cat"), "its input is empty")
}
