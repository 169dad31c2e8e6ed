// Package check holds the course to what its pages say: it compares each page
// with the sources, plays its transcripts and makes its small changes, and
// reports where they have come apart.
package check

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"sync"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/runner"
)

// A Report is what a check has found.
type Report struct {
	Drifts []course.Drift // by file and line
	Notes  []string       // what could not be looked at here, and why
}

// sections are the level-2 headings of a lesson's README, in their order.
var sections = []string{
	"Run it", "Line by line", "What goes wrong", "Fit for strangers", "Practise", "Proof", "Further reading",
}

// A checker looks at one page. Its methods each check one thing and note what
// they find; they can be called from several goroutines.
type checker struct {
	course  *course.Course
	page    *course.Page
	lesson  *course.Lesson  // nil for the pages at the root
	sources *course.Sources // the lesson's; at the root only the tests of all lessons
	written []string        // tests that a change on the page adds

	mu     sync.Mutex
	report Report
}

// Lesson checks a lesson, its README and its other pages.
func Lesson(ctx context.Context, r *runner.Runner, lesson *course.Lesson) Report {
	k := newChecker(r.Course(), lesson.README(), lesson)
	if k.open() {
		k.read()
		k.run(ctx, r)
	}
	report := k.done()
	for _, name := range []string{"PROOF.md", "GO.md", "REFERENCE.md"} {
		page := lesson.Name + "/" + name
		if name == "PROOF.md" || newChecker(r.Course(), page, lesson).exists(page) {
			report.Drifts = append(report.Drifts, Beside(r.Course(), lesson, page).Drifts...)
		}
	}
	return report
}

// Beside checks a lesson's page that stands beside its README.
func Beside(c *course.Course, lesson *course.Lesson, page string) Report {
	k := newChecker(c, page, lesson)
	if k.open() {
		k.links()
		k.testNames()
		switch path.Base(page) {
		case "PROOF.md":
			k.blocks()
			k.proof()
		case "REFERENCE.md":
			k.blocks()
			k.tables(0)
		}
	}
	return k.done()
}

// FrontDoor checks a page at the root, such as README.md.
func FrontDoor(c *course.Course, file string) Report {
	k := newChecker(c, file, nil)
	if k.open() {
		k.blocks()
		k.links()
		k.testNames()
		k.everyLessonLinked()
		k.workspace()
	}
	return k.done()
}

func newChecker(c *course.Course, file string, lesson *course.Lesson) *checker {
	return &checker{
		course:  c,
		lesson:  lesson,
		page:    &course.Page{File: file},
		sources: &course.Sources{Tests: map[string]bool{}},
	}
}

// open reads the page and the sources it speaks of.
func (k *checker) open() bool {
	page, err := k.course.Page(k.page.File)
	if err != nil {
		k.drift(0, "cannot be read: %v", err)
		return false
	}
	k.page = page
	if k.lesson != nil {
		if k.sources, err = k.lesson.Sources(); err == nil {
			err = k.sources.Broken
		}
		if err != nil {
			k.drift(0, "%v", err)
			return false
		}
		return true
	}
	for _, lesson := range k.course.Lessons {
		if sources, err := lesson.Sources(); err == nil { // if not, the lesson's own check says so
			maps.Copy(k.sources.Tests, sources.Tests)
		}
	}
	return true
}

// read makes the checks that need no program.
func (k *checker) read() {
	k.learnNewTests()
	k.structure()
	k.blocks()
	k.links()
	k.testNames()
	k.mainClaims()
	k.flags()
	k.tables(k.tableOfCalls())
	k.house()
	k.length()
}

// run makes the others. The runner bounds how much of it happens at once.
func (k *checker) run(ctx context.Context, r *runner.Runner) {
	var running sync.WaitGroup
	k.transcripts(ctx, r, &running)
	for _, block := range k.page.BlocksOf("diff") {
		running.Go(func() { k.change(ctx, r, block) })
	}
	running.Wait()
}

// FrontDoors are the pages at the root.
var FrontDoors = []string{"README.md", "README.zh-CN.md", "TROUBLE.md"}

// drift notes a drift on a line of the page.
func (k *checker) drift(line int, format string, args ...any) {
	k.driftIn(k.page.File, line, format, args...)
}

// driftIn notes a drift in another file, named relative to the root.
func (k *checker) driftIn(file string, line int, format string, args ...any) {
	k.add(course.Drift{File: file, Line: line, Text: fmt.Sprintf(format, args...)})
}

func (k *checker) add(d course.Drift) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.report.Drifts = append(k.report.Drifts, d)
}

func (k *checker) note(line int, format string, args ...any) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.report.Notes = append(k.report.Notes, fmt.Sprintf("%s:%d: ", k.page.File, line)+fmt.Sprintf(format, args...))
}

func (k *checker) done() Report {
	slices.SortStableFunc(k.report.Drifts, func(a, b course.Drift) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Text, b.Text))
	})
	slices.Sort(k.report.Notes)
	return k.report
}
