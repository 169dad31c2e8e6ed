package sticky

import (
	"fmt"
	"strconv"
)

// maxCount bounds an answer of count to less than maxMessage.
const maxCount = 100_000

// count returns the numbers from 1 to the one in msg, with a blank between
// them: what lesson 4 answers to the command seq -s ' '.
func count(msg []byte) []byte {
	last, err := strconv.Atoi(string(msg))
	if err != nil || last < 1 || last > maxCount {
		return fmt.Appendf(nil, "not a number from 1 to %d", maxCount)
	}
	answer := []byte("1")
	for n := 2; n <= last; n++ {
		answer = strconv.AppendInt(append(answer, ' '), int64(n), 10)
	}
	return answer
}
