package runner

import (
	"regexp"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestATranscriptThatIsSoIsShownWithRealPorts(t *testing.T) {
	shown, err := played(t, fakeRunner(t), `
	server   | $ go run ./lesson01-fake/server
	server   | listening on 127.0.0.1:8081
	client 1 | $ go run ./lesson01-fake/client
	client 1 | reached 127.0.0.1:8081
	server   | from 127.0.0.1:50001
	client 1 | >>> hello
	client 1 | HELLO
	client 2 | $ go run ./lesson01-fake/client -addr 127.0.0.1:8081
	client 2 | reached 127.0.0.1:8081
	client 1 | ^D
	client 1 | [exit 0]
	server   | closed
	server   | from 127.0.0.1:50002
	client 2 | ^D
	server   | closed
	server   | ^C
	server   | good-bye
	server   | [exit 0]`)
	require.NoError(t, err)
	require.Len(t, shown, 18)
	assert.Equal(t, "server | $ go run ./lesson01-fake/server -addr 127.0.0.1:0", shown[0])
	real := regexp.MustCompile(`127\.0\.0\.1:\d+`).FindString(shown[1])
	assert.NotEqual(t, "127.0.0.1:8081", real)
	assert.Equal(t, "client 1 | $ go run ./lesson01-fake/client -addr "+real, shown[2])
	assert.Equal(t, "client 1 | reached "+real, shown[3])
	assert.Equal(t, "client 1 | >>> hello", shown[5])
	assert.Equal(t, "client 2 | $ go run ./lesson01-fake/client -addr "+real, shown[7])
	assert.Equal(t, "server | [exit 0]", shown[17])
}

func TestALineThatIsAnotherIsADrift(t *testing.T) {
	_, err := played(t, fakeRunner(t), `
	one | $ go run ./lesson01-fake/actor say=hello say=you hang
	one | hello
	one | world`)
	requireDrift(t, err, 3, `expected one to print "world", it printed "you"`)
}

func TestALineTooManyIsADrift(t *testing.T) {
	_, err := played(t, fakeRunner(t), `
	one | $ go run ./lesson01-fake/actor say=hello say=you
	one | hello
	one | [exit 0]`)
	requireDrift(t, err, 3, `one printed "you", which is not in the transcript`)

	_, err = played(t, fakeRunner(t), `
	one | $ go run ./lesson01-fake/actor say=hello say=you
	one | hello
	one | $ go run ./lesson01-fake/actor`)
	requireDrift(t, err, 3, `one printed "you", which is not in the transcript`)
}

func TestWhatComesAfterTheLastStepIsNotLookedAt(t *testing.T) {
	_, err := played(t, fakeRunner(t), `
	one | $ go run ./lesson01-fake/actor mutter=hello/you/ hang
	one | hello`)
	assert.NoError(t, err)
}

func TestLinesOfOneTerminalMayComeBeforeThoseOfAnother(t *testing.T) {
	_, err := played(t, fakeRunner(t), `
	one | $ go run ./lesson01-fake/actor say=early
	two | $ go run ./lesson01-fake/actor say=late
	two | late
	two | [exit 0]
	one | early`)
	assert.NoError(t, err)
}

func TestALineThatNeverComesIsADrift(t *testing.T) {
	_, err := played(t, fakeRunner(t), `
	one | $ go run ./lesson01-fake/actor say=hello exit=3
	one | hello
	one | world`)
	requireDrift(t, err, 3, `expected one to print "world", it ended with status 3`)
}

func TestPromptsAreNotLines(t *testing.T) {
	_, err := played(t, fakeRunner(t), `
	one | $ go run ./lesson01-fake/actor "mutter=>>> " read "mutter=>>> >>> hello/>>> /" read "mutter=>>> "
	one | >>> words
	one | hello
	one | >>>
	one | [exit 0]`)
	assert.NoError(t, err)
}

func TestALineWithoutItsEndIsALine(t *testing.T) {
	_, err := played(t, fakeRunner(t), `
	one | $ go run ./lesson01-fake/actor mutter=byebye read mutter=/ say=more read
	one | byebye
	one | >>>
	one | more`)
	assert.NoError(t, err)
}

func TestAnEmptyLineIsALine(t *testing.T) {
	_, err := played(t, fakeRunner(t), `
	one | $ go run ./lesson01-fake/actor say= say=hello
	one |
	one | hello`)
	require.NoError(t, err)
	_, err = played(t, fakeRunner(t), `
	one | $ go run ./lesson01-fake/actor say= say=hello
	one | hello`)
	requireDrift(t, err, 2, `expected one to print "hello", it printed ""`)
}

func TestStandardErrorComesInItsOrder(t *testing.T) {
	_, err := played(t, fakeRunner(t), `
	one | $ go run ./lesson01-fake/actor say=first complain=second say=third
	one | first
	one | second
	one | third
	one | [exit 0]`)
	assert.NoError(t, err)
}

func TestAnExitStatusThatIsAnotherIsADrift(t *testing.T) {
	_, err := played(t, fakeRunner(t), `
	one | $ go run ./lesson01-fake/actor exit=3
	one | [exit 3]`)
	require.NoError(t, err)

	_, err = played(t, fakeRunner(t), `
	one | $ go run ./lesson01-fake/actor exit=3
	one | [exit 0]`)
	requireDrift(t, err, 2, `expected one to end with status 0, it ended with 3`)
}

func TestCtrlCEndsAProgramWithTheStatusOfTheShell(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("has no signals")
	}
	_, err := played(t, fakeRunner(t), `
	one | $ go run ./lesson01-fake/actor say=here hang
	one | here
	one | ^C
	one | [exit 130]`)
	assert.NoError(t, err)
}

func TestAProgramThatDoesNotEndIsADrift(t *testing.T) {
	r := fakeRunner(t)
	r.patience = 1
	_, err := played(t, r, `
	one | $ go run ./lesson01-fake/actor hang
	one | [exit 0]`)
	requireDrift(t, err, 2, "expected one to have ended, it still runs after 1ns")
}

func TestTypingToAProgramThatHasEndedIsADrift(t *testing.T) {
	_, err := played(t, fakeRunner(t), `
	one | $ go run ./lesson01-fake/actor
	one | [exit 0]
	one | >>> hello`)
	requireDrift(t, err, 3, "expected one to read what is typed: it no longer does")
}

func TestAFloodIsADrift(t *testing.T) {
	_, err := played(t, fakeRunner(t), `
	one | $ go run ./lesson01-fake/actor flood
	one | hello`)
	requireDrift(t, err, 2, "printed more than 1048576 bytes")
}

func TestCtrlCReachesAPythonProgram(t *testing.T) {
	needPython(t)
	_, err := played(t, fakeRunner(t), `
	server | $ go run ./lesson01-fake/server
	server | listening on 127.0.0.1:8081
	client | $ python3 lesson01-fake/python/client.py
	client | I am ('127.0.0.1', 50001)
	server | from 127.0.0.1:50001
	client | >>> hello
	client | you typed hello
	client | >>>
	client | you typed
	client | ^C
	server | closed`)
	assert.NoError(t, err)
}

func TestATerminalIsUsedAgainWhenItsProgramHasEnded(t *testing.T) {
	needPython(t)
	shown, err := played(t, fakeRunner(t), `
	server | $ python3 lesson01-fake/python/server.py
	server | listening on 127.0.0.1:8081
	client | $ go run ./lesson01-fake/client
	client | reached 127.0.0.1:8081
	server | from ('127.0.0.1', 50001)
	server | [exit 0]
	server | $ go run ./lesson01-fake/server -addr 127.0.0.1:9000
	server | listening on 127.0.0.1:9000
	client | ^D
	client | $ go run ./lesson01-fake/client
	client | reached 127.0.0.1:9000
	server | from 127.0.0.1:50002`)
	require.NoError(t, err)
	assert.Regexp(t, `^server \| \$ python3 lesson01-fake/python/server.py 127.0.0.1:0$`, shown[0])
}
