package bench

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestABenchmarksOutputIsRead(t *testing.T) {
	speed, allocated := bySize{}, bySize{}
	for range 2 {
		parseBenchmarks(`goos: linux
BenchmarkFramings/copy/64_B-2         	26381980	        20.0 ns/op	4678.69 MB/s	       0 B/op	       0 allocs/op
BenchmarkFramings/prefix/1_MiB        	    8100	     50000 ns/op	23609.30 MB/s	     263 B/op	       0 allocs/op
BenchmarkOther/prefix/1_MiB           	    8100	     50000 ns/op	23609.30 MB/s	     263 B/op	       0 allocs/op
PASS
`, speed, allocated)
	}
	assert.Equal(t, bySize{"64 B": {"copy": {5e7, 5e7}}, "1 MiB": {"prefix": {20_000, 20_000}}}, speed)
	assert.Equal(t, bySize{"64 B": {"copy": {0, 0}}, "1 MiB": {"prefix": {263, 263}}}, allocated)
}
