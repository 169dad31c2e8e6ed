package page

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/styles"
)

//go:embed page.css
var sheet string

// CSS is the style sheet for what this package writes, colours of code included.
// It is light or dark as the system wishes, or as the attribute data-theme of
// the root element says. The comment at its top tells what it expects.
func CSS() string {
	light, dark := colours("github"), colours("github-dark")
	return sheet + light(":root") +
		"@media (prefers-color-scheme: dark) {\n" + dark(":root:not([data-theme=light])") + "}\n" +
		dark(":root[data-theme=dark]")
}

// colours returns the rules of one of chroma's styles, for the part of a page
// that a selector names. Bold and italic are left out: they tell nothing that
// the colour does not. So is a background that is the whole's, since it would
// cover that of a line.
func colours(name string) func(selector string) string {
	style := styles.Get(name)
	whole := style.Get(chroma.Background)
	return func(selector string) string {
		var out strings.Builder
		for _, kind := range slices.Backward(slices.Sorted(maps.Keys(chroma.StandardTypes))) {
			entry := style.Get(kind)
			target := " .chroma ." + chroma.StandardTypes[kind]
			switch {
			case kind == chroma.Background:
				target = " .chroma"
			case kind <= 0 || kind == chroma.Text || kind == chroma.TextWhitespace || chroma.StandardTypes[kind] == "":
				continue // no token, or one that nobody sees
			}
			declarations := ""
			if entry.Colour.IsSet() && kind != chroma.NameBuiltinPseudo { // github's is too pale
				declarations += "color: " + entry.Colour.String() + ";"
			}
			if entry.Background.IsSet() && (kind == chroma.Background || entry.Background != whole.Background) {
				declarations += " background-color: " + entry.Background.String() + ";"
			}
			if declarations != "" {
				fmt.Fprintf(&out, "%s%s { %s }\n", selector, target, strings.TrimSpace(declarations))
			}
		}
		return out.String()
	}
}
