package runner

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/tour/internal/ci"
)

func TestNobodyListensWhereATranscriptHasNoServer(t *testing.T) {
	_, err := played(t, fakeRunner(t), `
	client | $ go run ./lesson01-fake/client
	client | cannot reach 127.0.0.1:8081
	client | [exit 1]
	client | $ go run ./lesson01-fake/client -addr 127.0.0.1:9000
	client | cannot reach 127.0.0.1:9000
	client | [exit 1]`)
	assert.NoError(t, err)
}

func TestAProgramThatTakesNoAddressGetsNone(t *testing.T) {
	ci.Only(t, "compiles a lesson")
	_, err := played(t, fakeRunner(t), `
	server | $ go run ./lesson01-fake/server
	server | listening on 127.0.0.1:8081
	one    | $ go run ./lesson01-fake/actor say=hello
	one    | hello
	one    | [exit 0]`)
	assert.NoError(t, err)

	needPython(t)
	_, err = played(t, fakeRunner(t), `
	one | $ python3 lesson01-fake/python/names.py
	one | []
	one | $ python3 lesson01-fake/python/names.py http
	one | ['http']`)
	assert.NoError(t, err)
}

func TestWhereTheCourseStandsDoesNotShow(t *testing.T) {
	_, err := played(t, fakeRunner(t), `
	one | $ go run ./lesson01-fake/actor where=lesson01-fake/x.py
	one | lesson01-fake/x.py`)
	assert.NoError(t, err)
}

func TestPlayingLeavesTheCourseAsItIs(t *testing.T) {
	r := fakeRunner(t)
	for range 2 {
		_, err := played(t, r, `
		one | $ go run ./lesson01-fake/actor write=new write=lesson01-fake/new
		one | [exit 0]
		two | $ go run ./lesson01-fake/actor write=new
		two | it is there already`)
		require.NoError(t, err)
	}
	assert.NoDirExists(t, filepath.Join(r.course.Root, "new"))
	assert.NoDirExists(t, filepath.Join(r.course.Lessons[0].Dir, "new"))
}

func TestAServerThatComesBackIsFoundUnderItsOldName(t *testing.T) {
	shown, err := played(t, fakeRunner(t), `
	server | $ go run ./lesson01-fake/server
	server | listening on 127.0.0.1:8081
	server | ^C
	server | good-bye
	server | [exit 0]
	client | $ go run ./lesson01-fake/client
	client | cannot reach 127.0.0.1:8081
	client | [exit 1]
	server | $ go run ./lesson01-fake/server
	server | listening on 127.0.0.1:8081
	client | $ go run ./lesson01-fake/client
	client | reached 127.0.0.1:8081`)
	require.NoError(t, err)
	assert.Equal(t, "server | $ go run ./lesson01-fake/server -addr 127.0.0.1:0", shown[8], "its port may be another's")
}

func TestNoProgramGoesToAnAddressOfItsOwn(t *testing.T) {
	needPython(t)
	for _, program := range []string{"go run ./lesson01-fake/stubborn", "python3 lesson01-fake/python/stubborn.py"} {
		_, err := played(t, fakeRunner(t), "one | $ "+program)
		requireDrift(t, err, 1, program+" takes no address, and would be where others are")
	}
	_, err := played(t, fakeRunner(t), `
	server | $ go run ./lesson01-fake/actor say=listening
	server | listening on 127.0.0.1:8081`)
	requireDrift(t, err, 1, "takes no address")
	_, err = played(t, fakeRunner(t), `
	server | $ go run ./lesson01-fake/plain
	server | listening on 127.0.0.1:8081
	client | $ go run ./lesson01-fake/client
	client | reached 127.0.0.1:8081`)
	assert.NoError(t, err)
}

func TestUnixSocketsGetAPathOfTheirOwn(t *testing.T) {
	_, err := played(t, fakeRunner(t), `
	server | $ go run ./lesson01-fake/server -network unix -addr /tmp/fake.sock
	server | listening on /tmp/fake.sock
	client | $ go run ./lesson01-fake/client -network unix -addr /tmp/fake.sock
	client | reached /tmp/fake.sock
	client | >>> hello
	client | HELLO`)
	assert.NoError(t, err)
	assert.NoFileExists(t, "/tmp/fake.sock")
}

func TestUnknownCommandsAreDrifts(t *testing.T) {
	for _, command := range []string{
		"ls", "go test ./...", "go run ./lesson09-none/server", "go run ./lesson01-fake/none", "go run .",
		"python3 none.py", "python3 -c pass", "nc 127.0.0.1", "go run ./lesson01-fake/actor | cat",
		"go run ./lesson01-fake/actor > file", "go run ./lesson01-fake/actor 'say=hello",
		"ncat --sh-exec id 127.0.0.1 8081", "nc -e /bin/sh 127.0.0.1 8081", "nc 192.0.2.1 80", "nc example.com 80",
		"python3 ../outside.py", "python3 lesson01-fake/python/../../../outside.py", "python3 -u lesson01-fake/python/names.py",
		"python3 lesson01-fake/python/server.py 0.0.0.0:8081", "python3 lesson01-fake/python/server.py :8081",
		"go run ./lesson01-fake/server -addr 192.0.2.1:80", "go run ./lesson01-fake/server -addr=[::]:80", "go run ./lesson01-fake/actor -toolexec=id",
		"go run ./lesson01-fake/actor write=ok -dir /etc", "go run ./lesson01-fake/actor -dir=../..", "go run -exec=id ./lesson01-fake/actor",
		"go run ./lesson01-fake/server -addr :9901", "go run ./lesson01-fake/server -addr=:9901",
		"go run ./lesson01-fake/server -addr=", "go run ./lesson01-fake/server -addr ''", "go run ./lesson01-fake/server/../plain/../server",
	} {
		t.Run(command, func(t *testing.T) {
			_, steps := transcript(t, fakeRunner(t), "one | $ "+command)
			if needs(command) != "" && missing(steps) != nil {
				t.Skip(missing(steps))
			}
			_, err := played(t, fakeRunner(t), "one | $ "+command)
			requireDrift(t, err, 1, command)
		})
	}
}

func TestWithoutItsToolATranscriptIsLeftOut(t *testing.T) {
	r := fakeRunner(t) // built while there is a PATH
	t.Setenv("PATH", t.TempDir())
	t.Setenv("CI", "")
	_, err := played(t, r, "one | $ nc 127.0.0.1 8081")
	assert.ErrorIs(t, err, ErrSkipped)
	_, err = played(t, r, "one | $ python3 lesson01-fake/python/client.py")
	assert.ErrorIs(t, err, ErrSkipped)

	t.Setenv("CI", "true")
	_, err = played(t, r, "one | $ python3 lesson01-fake/python/client.py")
	assert.ErrorContains(t, err, "python3 is not installed")
	assert.NotErrorIs(t, err, ErrSkipped)
}

func TestAProgramCanStartInItsLessonsFolder(t *testing.T) {
	_, err := played(t, fakeRunner(t), `
	one | $ go run -C lesson01-fake ./actor write=new
	one | [exit 0]
	two | $ go run ./lesson01-fake/actor write=lesson01-fake/new
	two | it is there already`)
	assert.NoError(t, err)
}
