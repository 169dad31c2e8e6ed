package page

import (
	"cmp"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"example.com/gosockets/tour/course"
)

// programsOf reads the lesson's programs by their language's ending, each in the
// order in which they are to be shown, tests left out.
func programsOf(c *course.Course, l *course.Lesson, readme string) (map[string][]*program, error) {
	found := map[string][]*program{}
	err := fs.WalkDir(os.DirFS(l.Dir), ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() && file != "." && (name[0] == '.' || name == "testdata" || name == "internal") {
			return fs.SkipDir
		}
		if language(name) == "" || strings.HasSuffix(name, "_test.go") || name[0] == '.' || name[0] == '_' {
			return nil
		}
		source, err := read(c, path.Join(l.Name, filepath.ToSlash(file)))
		if err != nil {
			return err
		}
		found[path.Ext(name)] = append(found[path.Ext(name)], newProgram(path.Join(l.Name, file), string(source)))
		return nil
	})
	for _, programs := range found {
		slices.SortStableFunc(programs, func(a, b *program) int {
			return cmp.Compare(rank(a.path, readme), rank(b.path, readme))
		})
	}
	return found, err
}

// rank says how early a file is shown. Go: server.go and client.go, then the
// programs around them, then the rest. Python: in the order in which the README
// first names them; those it does not name come last.
func rank(file, readme string) int {
	if path.Ext(file) == ".py" {
		if at := strings.Index(readme, path.Base(file)); at >= 0 {
			return at
		}
		return len(readme)
	}
	_, file, _ = strings.Cut(file, "/")
	order := []string{"server.go", "client.go", "server/main.go", "client/main.go"}
	if at := slices.Index(order, file); at >= 0 {
		return at
	}
	return len(order)
}

// takes reports whether a file plays a part in a role: it does unless it belongs
// to the other one. A program that is no server is a client.
func takes(file, role string) bool {
	_, file, _ = strings.Cut(file, "/")
	switch {
	case path.Ext(file) == ".py":
		return strings.HasSuffix(file, "_server.py") == (role == "server")
	case strings.HasPrefix(file, "plain/"):
		return strings.HasSuffix(path.Dir(file), "_server") == (role == "server")
	case path.Base(file) == "main.go":
		return (file == "server/main.go") == (role == "server")
	case file == "server.go" || file == "client.go":
		return file == role+".go"
	}
	return true
}

// taken is which steps are taken on which lines of which programs. Both count
// from 1.
type taken map[*program]map[int][]int

// in is what of it is taken in a role, and the steps that are taken in the other
// role only.
func (t taken) in(role string) (here taken, foreign []int) {
	part := func(role string) taken {
		plays := plays(slices.Collect(maps.Keys(t)), role)
		return t.only(func(p *program, line, _ int) bool { return takes(p.path, role) && plays(p, line) })
	}
	here = part(role)
	own := here.steps()
	for step := range part(otherRole[role]).steps() {
		if !own[step] {
			foreign = append(foreign, step)
		}
	}
	return here, foreign
}

func (t taken) without(foreign []int) taken {
	return t.only(func(_ *program, _, step int) bool { return !slices.Contains(foreign, step) })
}

func (t taken) only(so func(p *program, line, step int) bool) taken {
	some := taken{}
	for p, lines := range t {
		some[p] = map[int][]int{}
		for line, steps := range lines {
			for _, step := range steps {
				if so(p, line, step) {
					some[p][line] = append(some[p][line], step)
				}
			}
		}
	}
	return some
}

func (t taken) steps() map[int]bool {
	all := map[int]bool{}
	for _, lines := range t {
		for _, steps := range lines {
			for _, step := range steps {
				all[step] = true
			}
		}
	}
	return all
}

// findSteps finds where steps are taken. A step is the code in a row's cell. A call
// goes to the steps that name it with the very same arguments, or if none does to
// those that name it, or if none does to those that name the same method of
// another socket: a client's client.recv is the table's conn.recv. When that leaves
// several, it goes to those without arguments of their own. A step of which no
// program makes a call is found where its words stand.
func findSteps(programs []*program, steps [][]string) taken {
	linked := taken{}
	for _, p := range programs {
		linked[p] = map[int][]int{}
	}
	called := make([]bool, len(steps))
	mark := func(p *program, line, step int) {
		if at := linked[p][line]; !slices.Contains(at, step+1) {
			linked[p][line] = append(at, step+1)
		}
	}
	for _, p := range programs {
		for _, c := range p.calls {
			for _, step := range stepsOf(c, steps) {
				mark(p, c.line, step)
				called[step] = true
			}
		}
	}
	for step, codes := range steps {
		if called[step] {
			continue
		}
		for _, code := range codes {
			words := wholeWords(code)
			for _, p := range programs {
				for i, line := range p.code {
					if words.MatchString(line) {
						mark(p, i+1, step)
					}
				}
			}
		}
	}
	for _, lines := range linked {
		for _, at := range lines {
			slices.Sort(at)
		}
	}
	return linked
}

// sockets are what the Python programs call theirs.
var sockets = map[string]bool{"server": true, "client": true, "conn": true, "second": true, "beside": true}

func stepsOf(c call, steps [][]string) []int {
	socket, method, _ := strings.Cut(c.name, ".")
	var found [4][]int      // the best first
	other := map[int]bool{} // steps with arguments that are not the call's
	for step, codes := range steps {
		for _, code := range codes {
			name, arguments, _ := strings.Cut(dense(code), "(")
			of, does, _ := strings.Cut(name, ".")
			sibling := sockets[socket] && sockets[of] && does == method
			var level int
			switch {
			case dense(code) == c.text:
				level = 0
			case name == c.name || strings.HasSuffix(c.name, "."+name):
				level = 1
			case sibling && strings.HasSuffix(c.text, "("+arguments):
				level = 2
			case sibling:
				level = 3
			default:
				continue
			}
			found[level] = append(found[level], step)
			if sockets[of] && arguments != "" && !strings.Contains(arguments, "…") && !strings.Contains(arguments, "...") {
				other[step] = level%2 == 1
			}
		}
	}
	for _, candidates := range found {
		if len(candidates) == 1 {
			return candidates
		}
		if candidates != nil { // arguments tell them apart: those of another call are not meant
			return slices.DeleteFunc(candidates, func(step int) bool { return other[step] })
		}
	}
	return nil
}

// wholeWords finds code in a line, whatever blanks are between its words.
func wholeWords(code string) *regexp.Regexp {
	quoted := strings.ReplaceAll(regexp.QuoteMeta(strings.Join(strings.Fields(code), " ")), " ", `\s*`)
	return regexp.MustCompile(`(^|[^\pL\pN_])` + quoted + `($|[^\pL\pN_])`)
}
