package check

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestATestThatDoesNotExistIsFound(t *testing.T) {
	find(t, []finding{
		{"in the text", edit{proof, "`ExampleEcho`", "`ExampleOther`"}, proof, "ExampleOther", "there is no test ExampleOther"},
		{"in a command", edit{readme, "(PROOF.md).", "(PROOF.md): `go test -run TestOther`."}, readme, "TestOther", "there is no test TestOther"},
		{"with a case", edit{proof, "`BenchmarkEcho/small`", "`BenchmarkOther/small`"}, proof, "BenchmarkOther", "no test BenchmarkOther"},
		{"in the proof", edit{proof, "`TestItEchoes`,", "`TestItEchoes`, `TestItDoes`,"}, proof, "TestItDoes", "there is no test TestItDoes"},
		{"at the root", edit{front, "# Sockets\n", "# Sockets\n\n`TestOther`\n"}, front, "TestOther", "there is no test TestOther"},
	})
}

func TestAProofThatIsNotCompleteIsFound(t *testing.T) {
	find(t, []finding{
		{"a test", edit{proof, "`TestItEchoes`, ", ""}, proof, "# Proof", "TestItEchoes is missing"},
		{"a fuzz target", edit{proof, ", `FuzzEcho`", ""}, proof, "# Proof", "FuzzEcho is missing"},
		{"a test outside the table", edit{proof, "| It ends. | `TestItEnds`, `FuzzEcho` |\n", "| It ends. | `FuzzEcho` |\n\n`TestItEnds`\n"},
			proof, "# Proof", "TestItEnds is missing"},
	})
}

func TestAFlagThatIsNotMentionedIsFound(t *testing.T) {
	server := "lesson01-echo/server/main.go"
	find(t, []finding{
		{"of package flag", edit{server, "flag.Parse()", "flag.Int(\"size\", 1, \"\")\n\tflag.Parse()"}, server, "size", "-size"},
		{"with a variable", edit{server, "flag.Parse()", "flag.BoolVar(new(bool), \"loud\", false, \"\")\n\tflag.Parse()"}, server, "loud", "-loud"},
		{"of a set", edit{server, "flag.Parse()", "fs := flag.NewFlagSet(\"\", 0)\n\tfs.Func(\"add\", \"\", nil)"}, server, "add", "-add"},
		{"by a helper", edit{server, "flag.Parse()", "fs := flag.NewFlagSet(\"\", 0)\n\thelper.Positive(fs, \"wait\", 1)"}, server, "wait", "-wait"},
	})
}

func TestAWordOfTheTablesThatDoesNotOccurIsFound(t *testing.T) {
	find(t, []finding{
		{"Go", edit{readme, "`strings.ToUpper(text)`", "`strings.ToTitle(text)`"}, readme, "ToTitle", "ToTitle does not occur in a Go file"},
		{"Python", edit{readme, "`data.upper()`", "`data.lower()`"}, readme, "lower", "lower does not occur in python/"},
		{"Go in another table", edit{readme, "## Proof\n", "## Proof\n\n| Python | Go |\n|---|---|\n| `nothing` | `io.EOF` |\n"}, readme, "EOF", "EOF does not occur"},
		{"no kernel", edit{readme, "| The kernel |", "| Why |"}, readme, "| Python", "expected the columns"},
		{"in a comment only", edit{readme, "`strings.ToUpper(text)`", "`capitals`"}, readme, "capitals", "capitals does not occur"},
	})
}

func TestTheLastNameIsWhatIsCalled(t *testing.T) {
	for code, name := range map[string]string{
		`net.Listen("tcp", addr)`: "Listen",
		`*net.OpError`:            "OpError",
		`defer conn.Close()`:      "Close",
		`(*net.TCPConn).Read(b)`:  "Read",
		`errors.Is(err, io.EOF)`:  "Is",
		`:0`:                      "",
	} {
		assert.Equal(t, name, lastName(code), code)
	}
}
