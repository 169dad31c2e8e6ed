package page

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/alecthomas/chroma/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	rule      = regexp.MustCompile(`(?m)^(:root\S*) (\.chroma(?: \.\w+)?) \{ (.*) \}$`)
	color     = regexp.MustCompile(`(?:^|[; ])color: (#[0-9a-f]{6});`)
	backColor = regexp.MustCompile(`background-color: (#[0-9a-f]{6});`)
)

// luminance is that of a colour like #1a2b3c, as WCAG 2 defines it.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	all, err := strconv.ParseUint(colour[1:], 16, 32)
	require.NoError(t, err)
	var sum float64
	for i, share := range []float64{.0722, .7152, .2126} { // blue, green, red
		part := float64(all>>(8*i)&0xff) / 255
		if part <= .04045 {
			part /= 12.92
		} else {
			part = math.Pow((part+.055)/1.055, 2.4)
		}
		sum += share * part
	}
	return sum
}

func contrast(t *testing.T, a, b string) float64 {
	one, other := luminance(t, a), luminance(t, b)
	return (max(one, other) + .05) / (min(one, other) + .05)
}

// properties returns the colours that the tour's own style sheet gives to those
// that page.css expects, in light and in dark.
func properties(t *testing.T) (light, dark map[string]string) {
	t.Helper()
	css, err := os.ReadFile(filepath.FromSlash("../web/static/tour.css"))
	require.NoError(t, err)
	light, dark = map[string]string{}, map[string]string{}
	for _, m := range regexp.MustCompile(`--([a-z0-9-]+): (#[0-9a-f]{6});`).FindAllStringSubmatch(string(css), -1) {
		if _, seen := light[m[1]]; !seen {
			light[m[1]] = m[2]
		}
		dark[m[1]] = m[2] // which comes after
	}
	return light, dark
}

func TestEveryColourOfCodeCanBeReadInLightAndInDark(t *testing.T) {
	assert.InDelta(t, 21, contrast(t, "#000000", "#ffffff"), .001)
	assert.InDelta(t, 4.54, contrast(t, "#767676", "#ffffff"), .01)
	themes := map[string]int{}
	light, dark := properties(t) // of the page around
	fore, back := map[string]string{":root": light["fg"]}, map[string]string{}
	rules := rule.FindAllStringSubmatch(CSS(), -1)
	for _, whole := range []bool{true, false} {
		for _, m := range rules {
			theme, target, declarations := m[1], m[2], m[3]
			if whole != (target == ".chroma") {
				continue
			}
			themes[theme]++
			own, ground := fore[theme], back[theme]
			if c := color.FindStringSubmatch(declarations); c != nil {
				own = c[1]
			}
			if c := backColor.FindStringSubmatch(declarations); c != nil {
				ground = c[1]
			}
			if whole {
				fore[theme], back[theme] = own, ground
			}
			require.NotEmpty(t, own)
			require.NotEmpty(t, ground)
			assert.GreaterOrEqual(t, contrast(t, own, ground), 4.5, "%s %s: %s on %s", theme, target, own, ground)
			if ground == back[theme] {
				lit := dark["lit"]
				if theme == ":root" {
					lit = light["lit"]
				}
				assert.GreaterOrEqual(t, contrast(t, own, lit), 4.5, "%s %s: %s on a lit line, %s", theme, target, own, lit)
			}
		}
	}
	require.Len(t, themes, 3, "light, dark by the system's wish, dark by the reader's")
	for theme, rules := range themes {
		assert.Greater(t, rules, 20, theme)
	}
	assert.Equal(t, themes[":root:not([data-theme=light])"], themes[":root[data-theme=dark]"])
	assert.Greater(t, luminance(t, back[":root"]), .8)
	assert.Less(t, luminance(t, back[":root[data-theme=dark]"]), .05)
	assert.Equal(t, strings.Count(CSS(), "{"), strings.Count(CSS(), "}"))
}

func TestNoLetterIsSmallerThan14Pixels(t *testing.T) {
	const root = 17 // pixels, in web/static/tour.css
	sizes := regexp.MustCompile(`font(?:-size)?:([^;}]*)`).FindAllStringSubmatch(CSS(), -1)
	assert.NotEmpty(t, sizes)
	for _, m := range sizes {
		value := strings.TrimSpace(m[1])
		if value == "inherit" {
			continue
		}
		number, ok := strings.CutSuffix(value, "rem")
		require.True(t, ok, value)
		size, err := strconv.ParseFloat(number, 64)
		require.NoError(t, err)
		assert.GreaterOrEqual(t, size*root, 14.0, value)
	}
}

func TestEveryClassThatIsWrittenIsInTheStyleSheet(t *testing.T) {
	c := the(t)
	code := map[string]bool{}
	for _, name := range chroma.StandardTypes {
		code[name] = true
	}
	about, rules, _ := strings.Cut(sheet, "*/")
	seen := map[string]bool{}
	for _, l := range c.Lessons {
		var all []element
		for _, file := range []string{l.README(), l.Runs()} {
			p, err := Render(c, file, in)
			require.NoError(t, err)
			all = append(all, elements(t, p.HTML)...)
		}
		for _, file := range []string{l.Name, l.Name + "/server.go"} {
			html, err := Source(c, file, in)
			require.NoError(t, err)
			all = append(all, elements(t, html)...)
		}
		for _, classes := range with(all, "class") {
			for _, class := range strings.Fields(classes) {
				seen[class] = true
			}
		}
	}
	for _, e := range []event{{kind: "message", head: "none"}, {kind: "message", head: "lost", from: 1}, {kind: "note", side: "left"}, {kind: "note", side: "right"}} {
		for _, class := range strings.Fields(e.classes()) {
			seen[class] = true
		}
	}
	for _, action := range actions {
		seen[action] = true
	}
	digits := regexp.MustCompile(`-\d+$`)
	letter := map[string]string{"lanes": "lanes-N", "from": "from-I", "to": "to-J", "terminal": "terminal-N"}
	for class := range seen {
		name := class
		if family := digits.ReplaceAllString(class, ""); family != class {
			name = letter[family]
		}
		named := regexp.MustCompile(`\.` + regexp.QuoteMeta(name) + `\b`)
		assert.True(t, name != "" && (named.MatchString(about) || named.MatchString(rules)) || code[class], class)
	}
	for _, class := range []string{"sequence", "lanes-3", "from-2", "transcript", "terminal-2", "code", "listing", "table", "source", "kn"} {
		assert.True(t, seen[class], class)
	}
}

func TestThereIsAPlaceForEachLaneThatADiagramCanHave(t *testing.T) {
	for lane := 1; lane <= maxLanes; lane++ {
		n := strconv.Itoa(lane)
		for _, want := range []string{"from-" + n + " { --from: " + n, "to-" + n + " { --to: " + n} {
			assert.Contains(t, sheet, want)
		}
		assert.True(t, lane == 2 || strings.Contains(sheet, "lanes-"+n+" { --lanes: "+n), lane)
	}
	page, err := os.ReadFile("page.css")
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(CSS(), string(page)))
}
