package check

import (
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"golang.org/x/mod/modfile"

	"example.com/gosockets/tour/course"
)

// links checks that each relative link leads to a file or folder of the course,
// and its anchor to a heading.
func (k *checker) links() {
	for _, link := range k.page.Links {
		target, err := url.Parse(link.To)
		switch {
		case err != nil:
			k.drift(link.Line, "not a link: %q", link.To)
			continue
		case target.IsAbs() || target.Host != "":
			continue // the world outside is not looked at
		}
		file := k.page.File
		if target.Path != "" {
			file = path.Join(path.Dir(k.page.File), target.Path)
		}
		if !k.exists(file) {
			k.drift(link.Line, "the link %s leads nowhere", link.To)
		} else if target.Fragment != "" && path.Ext(file) == ".md" && !k.hasAnchor(file, target.Fragment) {
			k.drift(link.Line, "the link %s leads to no heading", link.To)
		}
	}
}

// exists reports whether a path relative to the root is there, in the course.
func (k *checker) exists(file string) bool {
	if !filepath.IsLocal(filepath.FromSlash(file)) {
		return false
	}
	_, err := os.Stat(filepath.Join(k.course.Root, filepath.FromSlash(file)))
	return err == nil
}

func (k *checker) hasAnchor(file, anchor string) bool {
	page, err := k.course.Page(file)
	if err != nil {
		return false
	}
	for _, h := range page.Headings {
		if h.Anchor == anchor {
			return true
		}
	}
	return false
}

// everyLessonLinked checks that a reader finds every lesson from this page.
func (k *checker) everyLessonLinked() {
	linked := map[string]bool{}
	for _, link := range k.page.Links {
		lesson, _, _ := strings.Cut(path.Clean(link.To), "/")
		linked[lesson] = true
	}
	for _, lesson := range k.course.Lessons {
		if !linked[lesson.Name] {
			k.drift(k.page.Line, "no link leads to %s", lesson.Name)
		}
	}
}

// workspace checks that go run finds every lesson from the root.
func (k *checker) workspace() {
	source, err := course.ReadFile(k.course.Root, "go.work")
	if err != nil {
		k.driftIn("go.work", 0, "cannot be read: %v", err)
		return
	}
	work, err := modfile.ParseWork("go.work", source, nil)
	if err != nil {
		k.driftIn("go.work", 0, "%v", err)
		return
	}
	used := map[string]bool{}
	for _, use := range work.Use {
		used[path.Clean(use.Path)] = true
	}
	for _, lesson := range k.course.Lessons {
		if !used[lesson.Name] {
			k.driftIn("go.work", 0, "does not use ./%s", lesson.Name)
		}
	}
}

var (
	inShell   = regexp.MustCompile(`'[^']*'|"[^"]*"|[^\s;&|]+`)
	selecting = map[string]string{"run": "Test|Fuzz|Example", "bench": "Benchmark", "fuzz": "Fuzz"}
)

// shell checks the commands of a block: the paths exist and the tests that are
// selected do too. Paths start at the root, or where a cd or -C leads.
func (k *checker) shell(b course.Block) {
	dir, cloned := ".", false
	for i, text := range b.Lines {
		line := b.Line + 1 + i
		text, _, _ = strings.Cut(text, "#")
		words := inShell.FindAllString(text, -1)
		here := dir // -C is for one command
		for i, word := range words {
			next := ""
			if i+1 < len(words) {
				next = strings.Trim(words[i+1], `'"`)
			}
			flag, value, joined := strings.Cut(strings.TrimLeft(word, "-"), "=")
			if !joined {
				value = next
			}
			switch {
			case word == "clone":
				cloned = true
			case word == "cd" && cloned:
				cloned = false // into the root, whatever its name there
			case word == "cd":
				if k.pathExists(line, path.Join(dir, next), next) {
					dir = path.Join(dir, next)
					here = dir
				}
			case word == "-C":
				if k.pathExists(line, path.Join(dir, next), next) {
					here = path.Join(dir, next)
				}
			case strings.HasPrefix(word, "./") || word == "." && i > 0:
				k.pathExists(line, path.Join(here, strings.TrimSuffix(word, "...")), word)
			case selecting[flag] != "" && strings.HasPrefix(word, "-") && strings.Contains(text, "test"):
				k.selects(line, flag, strings.Trim(value, `'"`))
			}
		}
	}
}

func (k *checker) pathExists(line int, file, shown string) bool {
	if !k.exists(file) {
		k.drift(line, "there is no %s here", shown)
		return false
	}
	return true
}

// selects checks what a -run, -bench or -fuzz picks: each alternative is the
// name, or a part of the name, of something that exists.
func (k *checker) selects(line int, flag, value string) {
	kind := regexp.MustCompile("^(" + selecting[flag] + ")")
	for alternative := range strings.SplitSeq(value, "|") {
		name, _, _ := strings.Cut(alternative, "/")
		if strings.Trim(name, "^$()") == "" {
			continue // -run '^$' is how to run none
		}
		pattern, err := regexp.Compile(strings.Trim(name, "()"))
		if err != nil {
			k.drift(line, "-%s %s cannot be understood: %v", flag, value, err)
			return
		}
		found := false
		for test := range k.sources.Tests {
			found = found || kind.MatchString(test) && pattern.MatchString(test)
		}
		if !found {
			k.drift(line, "-%s %s finds nothing", flag, name)
		}
	}
}
