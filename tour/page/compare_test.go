package page

import (
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/tour/course"
)

// lit returns, for each step, the code of the lines on which it is taken.
func lit(files []File) map[int][]string {
	found := map[int][]string{}
	for _, f := range files {
		for _, line := range f.Lines {
			for _, step := range line.Steps {
				found[step] = append(found[step], words(line.HTML))
			}
		}
	}
	return found
}

var tag = regexp.MustCompile(`<[^>]*>`)

// words is HTML without its tags.
func words(html template.HTML) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#34;", `"`, "&#39;", "'", "&amp;", "&").
		Replace(tag.ReplaceAllString(string(html), ""))
}

var code = regexp.MustCompile(`<code>(.*?)</code>`)

// compared holds the comparisons of the lessons, since each takes a while.
var compared = sync.OnceValues(func() (map[string]*Comparison, error) {
	c, err := course.Open(".")
	if err != nil {
		return nil, err
	}
	all := map[string]*Comparison{}
	for _, l := range c.Lessons {
		for _, role := range []string{"server", "client"} {
			if all[l.Name+role], err = Compare(c, l.Name, role); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
})

func TestEachStepThatHasACallLightsALineOnItsSide(t *testing.T) {
	c := the(t)
	all, err := compared()
	require.NoError(t, err)
	var dark []string
	for _, l := range c.Lessons {
		python, golang := map[int][]string{}, map[int][]string{}
		var steps []Step
		for _, role := range []string{"server", "client"} {
			m := all[l.Name+role]
			for step, lines := range lit(m.Python) {
				python[step] = append(python[step], lines...)
			}
			for step, lines := range lit(m.Go) {
				golang[step] = append(golang[step], lines...)
			}
			steps = m.Steps
		}
		for i, step := range steps {
			for _, side := range []struct {
				name string
				cell template.HTML
				lit  []string
			}{{"Python", step.Python, python[i+1]}, {"Go", step.Go, golang[i+1]}} {
				calls := code.FindAllStringSubmatch(string(side.cell), -1)
				if len(calls) == 0 {
					dark = append(dark, fmt.Sprintf("lesson %d, step %d, %s: %s", l.Number, i+1, side.name, side.cell))
					assert.Empty(t, side.lit)
					continue
				}
				assert.NotEmpty(t, side.lit, "lesson %d, step %d, %s: %s", l.Number, i+1, side.name, side.cell)
				for _, line := range side.lit {
					assertMade(t, line, calls)
				}
			}
		}
	}
	assert.Equal(t, []string{ // the steps that one language does not have
		"lesson 3, step 2, Python: none: there is no connection",
		"lesson 3, step 2, Go: none",
		"lesson 4, step 6, Python: no call",
	}, dark)
}

// assertMade fails for a line on which none of the calls stands before a comment.
func assertMade(t *testing.T, line string, calls [][]string) {
	t.Helper()
	line, _, _ = strings.Cut(line, "//")
	line, _, _ = strings.Cut(line, "# ")
	for _, call := range calls {
		name, _, _ := strings.Cut(words(template.HTML(call[1])), "(")
		name = name[strings.LastIndexAny(name, " .")+1:]
		if strings.Contains(line, name) {
			return
		}
	}
	assert.Fail(t, "no call", "%q has none of %v", line, calls)
}

// small is a course of one lesson.
func small(t *testing.T, files map[string]string) *course.Course {
	t.Helper()
	all := map[string]string{}
	for name, text := range files {
		all["lesson01-x/"+name] = text
	}
	c := written(t, all)
	c, err := course.Open(c.Root)
	require.NoError(t, err)
	return c
}

const calls = "# X\n\n`b_server.py`, `a_client.py`\n\n## Line by line\n\n| Python | Go | What the kernel does |\n|---|---|---|\n" +
	"| `s.recv(4)` | `conn.Read(buf)` | [*one*](server.go) |\n| `s.recv(…)`, `hear` | `Write` | two |\n| `x = s.name` and more | `errGone` | three |\n"

func TestALineLightsOnlyWhereTheCallIsMade(t *testing.T) {
	c := small(t, map[string]string{
		"README.md": calls,
		"python/b_server.py": "# s.recv(4)\n\"\"\"\ns.recv(4)\n\"\"\"\nprint('s.recv(4)')\ndef hear(n):\n  pass\ns.recv( 4 )\ns.recv(5)\n" +
			"other.recv(4)\nx=s.name # x = s.name\nxx = s.name\nx = s.names\nf(s.recv(\n  4))\nprint(f'{s.recv(4)}')\n",
		"server.go": "package x\n\n// conn.Read(buf)\nfunc Read() string {\n\tconn.Read(buf)\n\tRead()\n\tc.conn.Read(other)\n\tx.\n\t\tWrite()\n" +
			"\t/* errGone\n\terrGone */\n\treturn errGone + `errGone` + limit\n}\n",
		"client.go":           "package x\n\nfunc _() { conn.Read(buf) }\n",
		"limits.go":           "package x\n\nvar limit = Write(1)\nvar nobodys = Write(2)\n",
		"quiet.go":            "package x\n",
		"server/main.go":      "package main\n\nfunc main() { errGone() }\n",
		"client/main.go":      "package main\n\nfunc main() { Write(2) }\n",
		"x_test.go":           "package x\n\nvar _ = Write(3)\n",
		"internal/i.go":       "package i\n\nvar _ = Write(4)\n",
		"testdata/broken.go":  "Write(5)",
		"python/a_client.py":  "s.recv(4)",
		"python/z_server.py":  "s.recv(",
		"python/.hidden/a.py": "s.recv(4)",
	})
	m, err := Compare(c, "1", "server")
	require.NoError(t, err)
	assert.Equal(t, []Step{
		{"<code>s.recv(4)</code>", "<code>conn.Read(buf)</code>", "<em>one</em>"},
		{"<code>s.recv(…)</code>, <code>hear</code>", "<code>Write</code>", "two"},
		{"<code>x = s.name</code> and more", "<code>errGone</code>", "three"},
	}, m.Steps)
	assert.Equal(t, map[string]map[int][]int{
		"lesson01-x/python/b_server.py": {8: {1}, 9: {1, 2}, 11: {3}, 14: {1}, 16: {1}},
		"lesson01-x/python/z_server.py": {1: {1, 2}},
	}, stepsIn(m.Python))
	assert.Equal(t, map[string]map[int][]int{
		"lesson01-x/server.go":      {5: {1}, 7: {1}, 9: {2}},
		"lesson01-x/server/main.go": {3: {3}},
		"lesson01-x/limits.go":      {3: {2}},
	}, stepsIn(m.Go))
	m, err = Compare(c, "lesson01-x", "client")
	require.NoError(t, err)
	assert.Equal(t, map[string]map[int][]int{"lesson01-x/python/a_client.py": {1: {1}}}, stepsIn(m.Python))
	assert.Equal(t, map[string]map[int][]int{"lesson01-x/client.go": {3: {1}}}, stepsIn(m.Go), "no client takes step 2 in Python")
	assert.Equal(t, "lesson01-x/client.go", m.Go[0].Path, "the main one first")
}

func TestWhatARoleDoesNotUseIsNotItsStep(t *testing.T) {
	c := small(t, map[string]string{
		"README.md": "## Line by line\n\n| Python | Go | What the kernel does |\n|---|---|---|\n| none | `Open` | |\n| none | `Sync` | |\n",
		"server.go": "package x\n\nfunc serve() { share(limits{}) }\n",
		"client.go": "package x\n\nfunc get() { var p *part[int]; p.keep() }\n",
		"common.go": "package x\n\nfunc share() { Open() }\n\ntype part[T any] struct{ limit }\n\nfunc (p *part[T]) keep() { Open() }\n" +
			"func (l limit) last() { Sync() }\n\ntype (\n\tlimit struct{}\n\tlimits struct{}\n)\n\nfunc (limits) Read() { Sync() }\n\nvar _, _ = Open(), Sync()\n",
	})
	for role, want := range map[string]map[int][]int{"server": {3: {1}, 15: {2}}, "client": {7: {1}, 8: {2}}} {
		m, err := Compare(c, "1", role)
		require.NoError(t, err)
		assert.Equal(t, map[string]map[int][]int{"lesson01-x/" + role + ".go": {}, "lesson01-x/common.go": want}, stepsIn(m.Go), role)
	}
}

func TestTheSameMethodOfAnotherSocketIsTheSameStepAndThatOfAFileIsNot(t *testing.T) {
	table := "## Line by line\n\n| Python | Go | What the kernel does |\n|---|---|---|\n| `socket.socket()`, `server.bind()` | `net.Listen` | |\n" +
		"| `socket.socket()`, `client.connect()` | `net.Dial` | |\n| `conn.recv(4)` | `Read` | |\n| `conn.recv(5)` | `Read` | |\n| `conn.close` at last | `Close` | |\n"
	c := small(t, map[string]string{
		"README.md":          table,
		"python/a_server.py": "server = socket.socket()\nserver.bind()\nconn.recv(4)\nconn.close()\n",
		"python/a_client.py": "client = socket.socket()\nclient.connect()\nclient.recv(5)\nclient.recv(6)\nfile.recv(4)\nfile.close()\nclient.close()\n",
		"server.go":          "package x\n\nvar _ = net.Listen()\nvar _ = conn.Read()\nvar _ = conn.Close()\n",
		"client.go":          "package x\n\nvar _ = net.Dial()\nvar _ = conn.Read()\nvar _ = conn.Close()\n",
	})
	for role, want := range map[string][2]map[int][]int{
		"server": {{1: {1}, 2: {1}, 3: {3}, 4: {5}}, {3: {1}, 4: {3}, 5: {5}}},
		"client": {{1: {2}, 2: {2}, 3: {4}, 7: {5}}, {3: {2}, 4: {4}, 5: {5}}},
	} {
		m, err := Compare(c, "1", role)
		require.NoError(t, err)
		assert.Equal(t, map[string]map[int][]int{"lesson01-x/python/a_" + role + ".py": want[0]}, stepsIn(m.Python), role)
		assert.Equal(t, map[string]map[int][]int{"lesson01-x/" + role + ".go": want[1]}, stepsIn(m.Go), role)
	}
}

func stepsIn(files []File) map[string]map[int][]int {
	found := map[string]map[int][]int{}
	for _, f := range files {
		found[f.Path] = map[int][]int{}
		for i, line := range f.Lines {
			if line.Steps != nil {
				found[f.Path][i+1] = line.Steps
			}
		}
	}
	return found
}

func TestWhatStandsInAComparedFileIsAllShown(t *testing.T) {
	c := the(t)
	all, err := compared()
	require.NoError(t, err)
	for _, l := range c.Lessons {
		for _, role := range []string{"server", "client"} {
			m := all[l.Name+role]
			assert.Equal(t, l.Name+"/"+role+".go", m.Go[0].Path)
			for _, f := range append(m.Python, m.Go...) {
				source, err := os.ReadFile(filepath.Join(c.Root, filepath.FromSlash(f.Path)))
				require.NoError(t, err)
				var shown template.HTML
				for _, line := range f.Lines {
					shown += line.HTML + "\n"
				}
				assertHarmless(t, shown)
				assert.Equal(t, string(source), words(shown), f.Path)
			}
		}
	}
}

func TestAProgramThatDoesNotParseIsLinkedAsFarAsItDoes(t *testing.T) {
	for source, want := range map[string]map[int][]int{
		"package x\n\nfunc _() {\n\tconn.Read(buf)\n\tif\n}\n": {4: {1}},
		"no Go": {},
		"":      {},
	} {
		c := small(t, map[string]string{"README.md": calls, "server.go": source})
		m, err := Compare(c, "1", "server")
		require.NoError(t, err, source)
		assert.Equal(t, map[string]map[int][]int{"lesson01-x/server.go": want}, stepsIn(m.Go), source)
	}
}

func TestWhatCannotBeComparedIsAnErrorThatSaysWhy(t *testing.T) {
	table := "## Line by line\n\n| Python | Go | What the kernel does |\n|---|---|---|\n"
	for _, test := range []struct{ lesson, role, readme, source, want string }{
		{"2", "server", table, "package x", `there is no lesson "2"`},
		{"1", "both", table, "package x", `the role is server or client, not "both"`},
		{"1", "server", "# X\n", "package x", "lesson01-x/README.md has no table of calls"},
		{"1", "server", "## Line by line\n\n| Python | Go |\n|---|---|\n", "package x", "lesson01-x/README.md has no table of calls"},
		{"1", "server", table, "package x\xff", "lesson01-x/server.go is not text"},
	} {
		c := small(t, map[string]string{"README.md": test.readme, "server.go": test.source})
		_, err := Compare(c, test.lesson, test.role)
		assert.EqualError(t, err, test.want)
	}
	c := small(t, map[string]string{"server.go": ""})
	_, err := Compare(c, "1", "server")
	assert.ErrorIs(t, err, os.ErrNotExist)
}
