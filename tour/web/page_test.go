package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// views are the pages of the tour, by their paths.
func views(s *Server) []string {
	all := []string{"", "files/.", "files/README.zh-CN.md", "files/TROUBLE.md", "files/lesson02-loops/server.go", "files/lesson05-sticky-packets/python"}
	for _, lesson := range s.course.Lessons {
		for _, view := range []string{"", "compare", "compare?role=client", "run", "prove"} {
			all = append(all, "lessons/"+lesson.Name+"/"+view)
		}
	}
	return all
}

var (
	linked = regexp.MustCompile(`(?:href|src)="([^"]*)"`)
	named  = regexp.MustCompile(`id="([^"]*)"`)
)

func TestEveryLinkOfEveryPageLeadsSomewhere(t *testing.T) {
	s, home, _ := serve(t)
	pages := map[string]string{} // what stands at an address
	get := func(address string) string {
		if _, known := pages[address]; !known {
			answer, body := ask(t, http.MethodGet, address)
			assert.Equal(t, http.StatusOK, answer.StatusCode, address)
			pages[address] = body
		}
		return pages[address]
	}
	for _, view := range views(s) {
		base, err := url.Parse(home + strings.TrimSuffix(view, "."))
		require.NoError(t, err)
		for _, m := range linked.FindAllStringSubmatch(get(base.String()), -1) {
			to, err := base.Parse(strings.ReplaceAll(m[1], "&amp;", "&"))
			require.NoError(t, err)
			if to.Host != base.Host {
				continue // the web
			}
			anchor := to.Fragment
			to.Fragment = ""
			body := get(to.String())
			if anchor != "" {
				assert.True(t, strings.Contains(body, `id="`+anchor+`"`), "%s: no #%s on %s", view, anchor, to)
			}
		}
	}
	assert.Greater(t, len(pages), 80)
}

func TestNoPageSaysAnythingTwiceByTheSameName(t *testing.T) {
	s, home, _ := serve(t)
	for _, view := range views(s) {
		_, body := ask(t, http.MethodGet, home+strings.TrimSuffix(view, "."))
		seen := map[string]bool{}
		for _, m := range named.FindAllStringSubmatch(body, -1) {
			assert.False(t, seen[m[1]], "%s: two of #%s", view, m[1])
			seen[m[1]] = true
		}
	}
}
