package web

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/tour/internal/ci"
)

// open returns a browser that shows the page at an address. It looks for Chromium
// by the names that Linux gives it, and so do the tests that use it. They run beside
// each other: most of the time they wait.
func open(t *testing.T, url string) *browser {
	t.Helper()
	ci.Only(t, "opens a browser")
	t.Parallel()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		require.NotEqual(t, "true", os.Getenv("CI"), "chromium is not installed, and CI=true says it has to be")
		t.Skip("chromium is not installed")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(t.TempDir()), chromedp.WSURLReadTimeout(look),
		chromedp.WindowSize(1400, 1000))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	_, err := chromedp.Run(ctx, chromedp.Navigate("about:blank")) // the browser lives as long as this context
	require.NoError(t, err)
	b := &browser{t, ctx}
	do(b, chromedp.Navigate(url))
	return b
}

// A browser shows one page.
type browser struct {
	t   *testing.T
	ctx context.Context
}

func do[T any](b *browser, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, look)
	defer cancel()
	result, err := chromedp.Run(ctx, action)
	require.NoError(b.t, err)
	return result
}

// click clicks on the first element of that selector.
func (b *browser) click(selector string) {
	b.t.Helper()
	do(b, chromedp.Click(selector))
}

// changes is how often the page has changed since it was first asked.
const changes = `window.changes ??= (new MutationObserver(() => window.changes++).observe(document,
	{subtree: true, childList: true, characterData: true, attributes: true}), 0)`

// sees waits until a JavaScript expression is true, for as long as the page goes on
// changing: what a busy machine shows late is not missing.
func (b *browser) sees(expression string) {
	b.t.Helper()
	for {
		before := do(b, chromedp.Evaluate[int](changes))
		_, err := chromedp.Run(b.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(look)))
		if err == nil {
			return
		}
		if !errors.Is(err, chromedp.ErrPollingTimeout) || do(b, chromedp.Evaluate[int](changes)) == before {
			b.t.Log(do(b, chromedp.Evaluate[string]("document.body.innerText.slice(-5000)")))
			require.NoError(b.t, err, expression)
		}
	}
}

// text waits until the text of the first element of that selector contains what
// is expected.
func (b *browser) text(selector, expected string) {
	b.t.Helper()
	b.sees(fmt.Sprintf("document.querySelector(%q)?.textContent.includes(%q)", selector, expected))
}

// screen is the selector of what a terminal shows.
func screen(terminal string) string { return fmt.Sprintf(".terminal[aria-label=%q] pre", terminal) }

// typed types a line into a terminal.
func (b *browser) typed(terminal, line string) {
	b.t.Helper()
	do(b, chromedp.SendKeys(fmt.Sprintf(".terminal[aria-label=%q] input", terminal), line+"\r"))
}

// press presses a button of a terminal.
func (b *browser) press(terminal, button string) {
	b.t.Helper()
	b.click(fmt.Sprintf(".terminal[aria-label=%q] [data-do=%q]", terminal, button))
}

// choose makes the learner's own run of an exchange, with the first server and the
// first client of these languages, and starts it.
func (b *browser) choose(exchange int, server, client string) {
	b.t.Helper()
	do(b, chromedp.Evaluate[bool](fmt.Sprintf(`(() => {
		const form = document.getElementById("choose");
		const choose = (select, name) => select.value = [...select.options].find(o => o.textContent.startsWith(name)).value;
		form.elements.exchange.value = "%d";
		form.dispatchEvent(new Event("change"));
		const set = form.querySelector("fieldset:enabled");
		choose(set.querySelector("[name=server]"), %q);
		choose(set.querySelector("[name=client]"), %q);
		form.requestSubmit();
		return true;
	})()`, exchange, server, client)))
}
