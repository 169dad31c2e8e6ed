package transfer

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// bytesRead is how many bytes this process has had from read and its sisters.
func bytesRead(t testing.TB) (n int) {
	t.Helper()
	text, err := os.ReadFile("/proc/self/io")
	require.NoError(t, err)
	_, err = fmt.Sscanf(strings.SplitN(string(text), "\n", 2)[0], "rchar: %d", &n)
	require.NoError(t, err)
	return n
}

func TestOfThousandsThatAskAtOnceOneComputesTheMd5(t *testing.T) {
	synctest.Test(t, thousandsAsk)
}

func thousandsAsk(t *testing.T) {
	const size = 8 << 20
	dir := t.TempDir()
	write(t, dir, "popular", random(size))
	settle(t, dir, "popular", time.Hour)
	file, info, err := open(openRoot(t, dir), "popular")
	require.NoError(t, err)
	defer file.Close()
	var c checksums
	var asking sync.WaitGroup
	sums := make(chan string, 5000)
	before := bytesRead(t)
	for range cap(sums) {
		asking.Go(func() {
			sum, err := c.of(t.Context(), "popular", file, info)
			assert.NoError(t, err)
			sums <- sum
		})
	}
	asking.Wait()
	read := bytesRead(t) - before
	assert.InDelta(t, size, read, size/2, "bytes read, by all of them together")
	want := sumOf(t, new(checksums), dir, "popular")
	close(sums)
	for sum := range sums {
		require.Equal(t, want, sum)
	}
}
