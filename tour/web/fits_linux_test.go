package web

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// complaints are what the page's scripts and its policy have reported.
func complaints(b *browser) *[]string {
	var all []string
	require.NoError(b.t, chromedp.Listen(b.ctx, func(event any) {
		switch event := event.(type) {
		case *runtime.EventExceptionThrown:
			all = append(all, fmt.Sprintf("%s %+v", event.ExceptionDetails.Text, event.ExceptionDetails.Exception))
		case *log.EventEntryAdded:
			all = append(all, event.Entry.Text)
		}
	}))
	return &all
}

// fits looks at what a reader of the page needs: no text smaller than 14 px, a
// contrast of at least 4.5 between text and what is behind it, and no page wider
// than its window. It returns what is wrong.
const fits = `(() => {
	const wrong = new Set();
	if (document.documentElement.scrollWidth > innerWidth) {
		for (const e of document.querySelectorAll("main *")) {
			if (e.getBoundingClientRect().right > innerWidth + 1 && !e.closest("pre, .table, .transcript, .unseen")) {
				wrong.add("too wide: " + e.tagName + "." + e.className);
				break;
			}
		}
		wrong.add("wider than the window by " + (document.documentElement.scrollWidth - innerWidth));
	}
	const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
	const paint = layers => {
		canvas.clearRect(0, 0, 1, 1);
		for (const colour of layers) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
		return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
	};
	const light = rgb => rgb.map(c => c / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
		.reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
	const known = new Map();
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const e = walker.currentNode.parentElement;
		if (!walker.currentNode.data.trim() || !e.checkVisibility() || e.closest(".unseen, :disabled, .skip, option, template")) continue;
		const style = getComputedStyle(e);
		if (parseFloat(style.fontSize) < 14) wrong.add("small: " + style.fontSize + " " + e.tagName + "." + e.className);
		const behind = [];
		for (let at = e; at; at = at.parentElement) behind.unshift(getComputedStyle(at).backgroundColor);
		const key = style.color + behind.join();
		if (!known.has(key)) {
			const [a, b] = [light(paint([...behind, style.color])), light(paint(behind))];
			known.set(key, (Math.max(a, b) + .05) / (Math.min(a, b) + .05));
		}
		if (known.get(key) < 4.5) wrong.add("pale: " + known.get(key).toFixed(2) + " " + e.tagName + "." + e.className + " " + style.color + " on " + behind.at(-1));
	}
	return [...wrong].join("; ");
})()`

func TestEveryPageCanBeReadInLightAndDarkOnAPhoneAndOnAWideScreen(t *testing.T) {
	s, home, _ := serve(t)
	b := open(t, home)
	said := complaints(b)
	for _, c := range []struct {
		theme string
		width int64
	}{{"light", 360}, {"dark", 1600}} { // what fits does not depend on the colours
		do(b, chromedp.Evaluate[bool](fmt.Sprintf(`localStorage.setItem("tour.theme", JSON.stringify(%q)) ?? true`, c.theme)))
		do(b, chromedp.EmulateViewport(c.width, 900))
		for _, view := range views(s) {
			do(b, chromedp.Navigate(home+strings.TrimSuffix(view, ".")))
			b.sees(fmt.Sprintf(`document.documentElement.dataset.theme === %q`, c.theme))
			assert.Empty(t, do(b, chromedp.Evaluate[string](fits)), "%s, %d wide, %s", c.theme, c.width, view)
			if dir := os.Getenv("TOUR_SCREENSHOTS"); dir != "" {
				name := strings.NewReplacer("/", "-", "?", "-").Replace(view)
				require.NoError(t, os.WriteFile(fmt.Sprintf("%s/%s-%d-%s.png", dir, c.theme, c.width, name), do(b, chromedp.CaptureScreenshot()), 0o600))
			}
		}
	}
	assert.Empty(t, *said, "no script fails, and no policy is broken")
}
