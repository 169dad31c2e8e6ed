package check

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/runner"
)

// transcripts plays every transcript of the page.
func (k *checker) transcripts(ctx context.Context, r *runner.Runner, running *sync.WaitGroup) {
	for _, block := range k.page.BlocksOf("console") {
		running.Go(func() {
			steps, err := block.Transcript(k.page.File)
			if err == nil {
				err = r.Play(ctx, k.page.File, steps, runner.View{})
			}
			if err != nil {
				k.failed(block.Line, err)
			}
		})
	}
}

// change checks that the tests do what a diff block says once its small change has
// been made. No file of the lesson is touched: the compiler is shown another.
func (k *checker) change(ctx context.Context, r *runner.Runner, b course.Block) {
	if len(b.Args) != 2 {
		return // blocks says so
	}
	verdict, list, _ := strings.Cut(b.Args[1], "=")
	want := map[string]string{"fails": "fail", "passes": "pass"}[verdict]
	if want == "" || list == "" {
		k.drift(b.Line, "expected fails=TESTS or passes=TESTS, this is %q", b.Args[1])
		return
	}
	names := strings.Split(list, ",")
	for _, name := range names {
		mentioned := slices.ContainsFunc(testsIn(k.page.Section("Practise").Spans), func(t named) bool { return t.name == name })
		if !k.sources.Tests[name] {
			k.drift(b.Line, "there is no test %s", name)
			return
		}
		if !mentioned {
			k.drift(b.Line, "the text of %q does not mention %s", "Practise", name)
		}
	}
	file := filepath.Join(k.lesson.Dir, filepath.FromSlash(b.Args[0]))
	source, err := applied(k.lesson.Dir, b.Args[0], b.Lines)
	if err != nil {
		k.drift(b.Line, "%s: %v", b.Args[0], err)
		return
	}
	overlay, err := overlaid(file, source)
	if err != nil {
		k.drift(b.Line, "%v", err)
		return
	}
	defer os.RemoveAll(filepath.Dir(overlay))
	results, output, err := r.Test(ctx, k.lesson.Dir, overlay, names)
	if err != nil {
		k.drift(b.Line, "%v", err)
		return
	}
	k.verdict(b.Line, want, names, results, output)
}

func (k *checker) verdict(line int, want string, names []string, results map[string]string, output string) {
	for _, name := range names {
		switch got := results[name]; {
		case strings.Contains(output, "panic: test timed out"):
			k.drift(line, "with this change %s does not end", name)
		case got == "":
			k.drift(line, "with this change %s does not run:\n%s", name, tail(output, 12))
		case got == "skip":
			k.note(line, "%s skips itself here", name)
		case got != want && want == "fail":
			k.drift(line, "expected %s to fail with this change, it passes", name)
		case got != want:
			k.drift(line, "expected %s to pass with this change, it fails:\n%s", name, tail(output, 12))
		}
	}
}

// overlaid returns an overlay file for the go command, in a folder of its own, in
// which file holds source, by both its names: below a symbolic link the go command
// knows a file by the one or by the other, depending on PWD.
func overlaid(file, source string) (overlay string, err error) {
	real, err := filepath.EvalSymlinks(file)
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "tour")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(dir)
		}
	}()
	changed, overlay := filepath.Join(dir, "changed.go"), filepath.Join(dir, "overlay.json")
	list, err := json.Marshal(map[string]any{"Replace": map[string]string{file: changed, real: changed}})
	if err != nil {
		return "", err
	}
	return overlay, errors.Join(os.WriteFile(changed, []byte(source), 0o600), os.WriteFile(overlay, list, 0o600))
}

// applied is what a file below dir holds after a change. Its lines start with a blank, a - or a
// +, as in a diff. The old ones have to stand in file one after the other, exactly
// once.
func applied(dir, file string, diff []string) (string, error) {
	source, err := course.ReadFile(dir, file)
	if err != nil {
		return "", errors.New("cannot be read")
	}
	var before, after []string
	for i, line := range diff {
		mark, text := " ", ""
		if line != "" { // an editor may have taken the blank of an empty line
			mark, text = line[:1], line[1:]
		}
		switch mark {
		case " ":
			before, after = append(before, text), append(after, text)
		case "-":
			before = append(before, text)
		case "+":
			after = append(after, text)
		default:
			return "", fmt.Errorf("line %d of the change starts with none of blank, - and +", i+1)
		}
	}
	lines := strings.Split(string(source), "\n")
	at, found := 0, 0
	for i := 0; i+len(before) <= len(lines); i++ {
		if slices.Equal(lines[i:i+len(before)], before) {
			at, found = i, found+1
		}
	}
	if len(before) == 0 || found != 1 {
		return "", fmt.Errorf("expected the lines to be changed exactly once, they are there %d times", found)
	}
	lines = slices.Replace(lines, at, at+len(before), after...)
	return strings.Join(lines, "\n"), nil
}

// tail returns the last lines of a text, which say why.
func tail(text string, count int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return "\t" + strings.Join(lines[max(0, len(lines)-count):], "\n\t")
}
