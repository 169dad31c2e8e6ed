package page

import (
	"html/template"
	"strings"
	"sync"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// languages are those that are coloured. Chroma would take long to find out that
// it does not know one.
var languages = map[string]bool{"go": true, "python": true, "sh": true, "diff": true}

// highlight colours code by classes, a fragment a line. A language that is none
// of languages is shown plain.
func highlight(language, code string) []template.HTML {
	var lines []template.HTML
	for _, line := range chroma.SplitTokensIntoLines(tokens(language, code)) {
		var out strings.Builder
		for _, token := range line {
			text := template.HTMLEscapeString(strings.TrimSuffix(token.Value, "\n"))
			if class := class(token.Type); class != "" && text != "" {
				text = `<span class="` + class + `">` + text + `</span>`
			}
			out.WriteString(text)
		}
		lines = append(lines, template.HTML(out.String()))
	}
	return lines
}

// known are the tokens of the latest files, by language and code: a lexer needs a
// millisecond for some twenty lines.
var known = struct {
	sync.Mutex
	tokens map[[2]string][]chroma.Token
}{tokens: map[[2]string][]chroma.Token{}}

const maxKnown = 1000 // files and excerpts; the course has half of that

// tokens cuts code in pieces that, one after the other, are code again.
func tokens(language, code string) []chroma.Token {
	key := [2]string{language, code}
	known.Lock()
	found, ok := known.tokens[key]
	known.Unlock()
	if ok {
		return found
	}
	found = tokenise(language, code, maxColouring)
	known.Lock()
	defer known.Unlock()
	if len(known.tokens) >= maxKnown {
		clear(known.tokens)
	}
	known.tokens[key] = found
	return found
}

// maxColouring is the time that the colours of one text may take: some texts
// take the square of their length. What is left then stays plain.
const maxColouring = 2 * time.Second

func tokenise(language, code string, limit time.Duration) []chroma.Token {
	lexer := lexers.Fallback
	if languages[language] {
		lexer = lexers.Get(language)
	}
	next, err := lexer.Tokenise(&chroma.TokeniseOptions{State: "root", EnsureLF: true}, code)
	if err != nil { // the lexer, not the code, is broken
		return []chroma.Token{{Type: chroma.Text, Value: code}}
	}
	var found []chroma.Token
	late := time.Now().Add(limit)
	for token := next(); token != chroma.EOF; token = next() {
		found = append(found, token)
		code = strings.TrimPrefix(code, token.Value)
		if time.Now().After(late) {
			return append(found, chroma.Token{Type: chroma.Text, Value: code})
		}
	}
	return found
}

// class is chroma's name for a kind of token, or for what it is a kind of.
func class(kind chroma.TokenType) string {
	for ; kind > 0; kind = kind.Parent() {
		if name, ok := chroma.StandardTypes[kind]; ok {
			return name
		}
	}
	return ""
}

// pre is a highlighted piece of code, which the keyboard can scroll.
func pre(language, code string) string {
	var out strings.Builder
	out.WriteString(`<pre class="chroma" tabindex="0"><code>`)
	for _, line := range highlight(language, code) {
		out.WriteString(string(line) + "\n")
	}
	out.WriteString("</code></pre>\n")
	return out.String()
}
