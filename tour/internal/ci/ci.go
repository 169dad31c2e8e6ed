// Package ci holds back the tests that a learner need not wait for.
package ci

import (
	"os"
	"testing"
)

// Only skips the test unless the environment says CI=true. Does is what the test
// does that takes so long, as a word and its object: "opens a browser".
func Only(t testing.TB, does string) {
	t.Helper()
	if os.Getenv("CI") != "true" {
		t.Skip(does + ": runs with CI=true")
	}
}
