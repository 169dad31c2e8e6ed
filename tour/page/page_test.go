package page

import (
	"encoding/xml"
	"errors"
	"html/template"
	"io"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/tour/course"
)

// the returns the course that this package belongs to.
func the(t *testing.T) *course.Course {
	t.Helper()
	c, err := course.Open(".")
	require.NoError(t, err)
	require.Len(t, c.Lessons, 6)
	return c
}

// written returns a course of these files.
func written(t *testing.T, files map[string]string) *course.Course {
	t.Helper()
	c := &course.Course{Root: t.TempDir()}
	for name, text := range files {
		file := filepath.Join(c.Root, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	}
	return c
}

// in is a Linker.
func in(target string) string { return "/in/" + target }

// An element is what a start tag says.
type element struct {
	name       string
	attributes map[string]string
}

// elements reads HTML as strictly as XML is read.
func elements(t *testing.T, html template.HTML) []element {
	t.Helper()
	text := strings.NewReplacer("<br>", "<br/>", "<hr>", "<hr/>").Replace(string(html))
	decoder := xml.NewDecoder(strings.NewReader("<all>" + text + "</all>"))
	var found []element
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return found[1:]
		}
		require.NoError(t, err)
		if start, ok := token.(xml.StartElement); ok {
			e := element{start.Name.Local, map[string]string{}}
			for _, a := range start.Attr {
				e.attributes[a.Name.Local] = a.Value
			}
			found = append(found, e)
		}
	}
}

// with returns the values that an attribute has.
func with(elements []element, attribute string) []string {
	var values []string
	for _, e := range elements {
		if value, ok := e.attributes[attribute]; ok {
			values = append(values, value)
		}
	}
	return values
}

var (
	allowedElements = strings.Fields("a b blockquote br code div em figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre span strong " +
		"table tbody td th thead tr ul")
	allowedAttributes = strings.Fields("align aria-label class data-test href id rel role start tabindex target title")
	allowedLinks      = regexp.MustCompile(`^(#.+|https?://[^/].*|/in/.*)$`)
)

// assertHarmless fails for HTML that could do anything but be read.
func assertHarmless(t *testing.T, html template.HTML) {
	t.Helper()
	for _, e := range elements(t, html) {
		assert.True(t, slices.Contains(allowedElements, e.name), e.name)
		for name := range e.attributes {
			assert.True(t, slices.Contains(allowedAttributes, name), "%s of %s", name, e.name)
		}
		if to, ok := e.attributes["href"]; ok {
			assert.Regexp(t, allowedLinks, to)
			if strings.HasPrefix(to, "http") {
				assert.Equal(t, "noreferrer noopener", e.attributes["rel"], to)
				assert.Equal(t, "_blank", e.attributes["target"], to)
			}
		}
	}
}

func TestEveryPageOfTheCourse(t *testing.T) {
	c := the(t)
	files := []string{"README.md", "README.zh-CN.md", "TROUBLE.md"}
	for _, l := range c.Lessons {
		files = append(files, l.README(), l.Runs())
	}
	for _, file := range files {
		t.Run(strings.ReplaceAll(file, "/", " "), func(t *testing.T) {
			t.Parallel()
			var targets []string
			p, err := Render(c, file, func(target string) string {
				targets = append(targets, target)
				return in(target)
			})
			require.NoError(t, err)
			assertHarmless(t, p.HTML)
			source, err := c.Page(file)
			require.NoError(t, err)
			all := elements(t, p.HTML)
			assert.Equal(t, source.Title, p.Title)
			assertHeadingsHaveAnchors(t, source, p, all)
			assertLinksLead(t, c, source, targets, all)
			assertTranscripts(t, source, all)
		})
	}
}

func assertHeadingsHaveAnchors(t *testing.T, source *course.Page, p *Page, all []element) {
	var want, got []string
	var contents []course.Heading
	for _, h := range source.Headings {
		want = append(want, h.Anchor)
		if h.Level == 2 {
			contents = append(contents, h)
		}
	}
	for _, e := range all {
		if regexp.MustCompile(`^h\d$`).MatchString(e.name) {
			got = append(got, e.attributes["id"])
		}
	}
	assert.Equal(t, want, got)
	assert.Equal(t, contents, p.Contents)
}

func assertLinksLead(t *testing.T, c *course.Course, source *course.Page, targets []string, all []element) {
	relative := 0
	for _, link := range source.Links {
		if !strings.Contains(link.To, "://") && link.To[0] != '#' {
			relative++
		}
	}
	for _, b := range source.Blocks {
		if len(b.Args) > 0 && slices.Contains([]string{"go", "python", "diff", "text"}, b.Kind) {
			relative++
		}
	}
	assert.Len(t, targets, relative, "each goes through the function once")
	for _, target := range targets {
		file, anchor, _ := strings.Cut(target, "#")
		html, err := Source(c, file, in)
		require.NoError(t, err, target)
		if path.Ext(file) == ".md" { // which is shown as the page it is
			p, err := Render(c, file, in)
			require.NoError(t, err)
			html = p.HTML
		}
		if anchor != "" {
			assert.Contains(t, with(elements(t, html), "id"), anchor, target)
		}
	}
	for _, to := range with(all, "href") {
		if anchor, ok := strings.CutPrefix(to, "#"); ok {
			anchor, err := url.PathUnescape(anchor)
			require.NoError(t, err)
			assert.Contains(t, with(all, "id"), anchor)
		}
	}
}

func assertTranscripts(t *testing.T, source *course.Page, all []element) {
	transcripts, lines := 0, 0
	line := regexp.MustCompile(`^terminal-[1-9] (print|start|type|eof|interrupt|kill|rest|exit)$`)
	for _, e := range all {
		switch class := e.attributes["class"]; {
		case class == "transcript":
			transcripts++
		case strings.HasPrefix(class, "terminal-"):
			assert.Regexp(t, line, class)
			lines++
		}
	}
	want := 0
	for _, b := range source.BlocksOf("console") {
		want += len(b.Lines)
	}
	assert.Len(t, source.BlocksOf("console"), transcripts)
	assert.Equal(t, want, lines)
}

func TestATranscriptNumbersItsTerminalsAsTheyAppear(t *testing.T) {
	lines := []string{"b | $ x", "b | <i>", "a | $ y", "b | >>> z", "b | ^D", "b | ^C", "b | [kill]", "a | …", "a | [exit 1]"}
	html := newDocument("x.md", []byte("```console\n"+strings.Join(lines, "\n")+"\n```\n"), in)
	out, err := html.html(html.root)
	require.NoError(t, err)
	assert.Equal(t, []string{"transcript", "terminal-1 start", "terminal-1 print", "terminal-2 start", "terminal-1 type", "terminal-1 eof",
		"terminal-1 interrupt", "terminal-1 kill", "terminal-2 rest", "terminal-2 exit"}, with(elements(t, out), "class"))
	assert.Contains(t, out, "<b>b</b> <code>&lt;i&gt;</code>")
}
