package endure

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"runtime"
	"strconv"
	"time"
)

// A subject is a server and what to expect of it.
type subject struct {
	program  string
	args     []string // besides -addr
	env      []string
	dir      string                              // where it runs
	network  string                              // tcp or udp
	exchange func(random) (request, want []byte) // makes up a request, and tells the answer to it
	once     bool                                // it ends after its first client
	whole    bool                                // a request must arrive in one piece
	limit    time.Duration                       // the shortest after which it drops a client, or 0
	stops    time.Duration                       // after which it answers that it has stopped, or 0
	limits   time.Duration                       // the longest that they let it hold on to a client with nothing to say
	slack    time.Duration                       // on top of that: what a machine takes that has other things to do
}

// hold is a safety net for a client that is to be dropped.
func (s *subject) hold() time.Duration { return s.limits + s.slack }

// newSubject returns the server of a lesson, with limits so short that they are
// reached within the load. It may use dir.
func newSubject(lesson int, programs, dir string) (*subject, error) {
	s := &subject{program: filepath.Join(programs, "server"), dir: dir, network: "tcp"}
	if runtime.GOOS == "windows" {
		s.program += ".exe"
	}
	clients := []string{"-max-clients", strconv.Itoa(maxClients), "-idle-timeout", "5s"}
	s.limit = 5 * time.Second
	s.limits = 2 * s.limit // one wait for a client to say something, one for it to take the answer
	s.slack = time.Minute
	switch lesson {
	case 1:
		s.once, s.whole = true, true
		s.args = []string{"-timeout", "10s"}
		s.limit = 10 * time.Second
		s.exchange = upper(1024)
	case 2:
		s.args = append(clients, "-concurrent")
		s.exchange = upper(600)
	case 3:
		s.network = "udp"
		s.limit = 0
		s.exchange = datagram
	case 4:
		s.whole = true
		s.args = append(clients, "-timeout", "4s", "-max-output", "65536", "-dir", dir)
		s.stops = 4 * time.Second
		s.limits += s.stops
		s.exchange = command
	case 5:
		s.args = append(clients, "-framing", "header", "-exchange", "count")
		s.exchange = count
	case 6:
		s.whole = true
		s.args = append(clients, "-timeout", "5s", "-dir", dir)
		files, err := newFiles(dir)
		if err != nil {
			return nil, err
		}
		s.exchange = files.exchange
	default:
		return nil, fmt.Errorf("nobody knows the protocol of lesson %d", lesson)
	}
	return s, nil
}

// upper is answered with its own bytes in capitals.
func upper(n int) func(random) (request, want []byte) {
	return func(rng random) (request, want []byte) {
		request = rng.bytes(n)
		return request, capitals(request)
	}
}

func capitals(b []byte) []byte {
	b = append([]byte(nil), b...)
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
	}
	return b
}

// serialNumber is the length of what tells one datagram from another.
const serialNumber = 16

func datagram(rng random) (request, want []byte) {
	request = append(fmt.Appendf(nil, "%016x", rng.Uint64()), rng.bytes(1000)...)
	return request, capitals(request)
}

func command(rng random) (request, want []byte) {
	n := rng.IntN(10000)
	if runtime.GOOS == "windows" {
		return fmt.Appendf(nil, "echo %d", n), fmt.Appendf(nil, "%d\r\n", n)
	}
	switch rng.IntN(4) {
	case 0:
		return fmt.Appendf(nil, "echo %d >&2; exit 3", n), fmt.Appendf(nil, "%d\n(exit status 3)\n", n)
	case 1:
		return fmt.Appendf(nil, "printf %%030000d %d", n), fmt.Appendf(nil, "%030000d", n)
	}
	return fmt.Appendf(nil, "echo %d", n), fmt.Appendf(nil, "%d\n", n)
}

// count asks for the numbers up to one.
func count(rng random) (request, want []byte) {
	last := 1 + rng.IntN(10000)
	numbers := []byte("1")
	for n := 2; n <= last; n++ {
		numbers = fmt.Appendf(numbers, " %d", n)
	}
	return message(fmt.Append(nil, last)), message(numbers)
}

// message is a frame of lesson 5.
func message(body []byte) []byte {
	return frame(struct {
		FileName string `json:"file_name"`
		FileSize int    `json:"file_size"`
		MD5      string `json:"md5"`
	}{"message", len(body), sum(body)}, body)
}

// frame is the length of a header, the header and a body.
func frame(header any, body []byte) []byte {
	text, err := json.Marshal(header)
	if err != nil {
		panic(err) // a struct of strings and numbers
	}
	frame := binary.LittleEndian.AppendUint32(nil, uint32(len(text)))
	return append(append(frame, text...), body...)
}

func sum(body []byte) string {
	sum := md5.Sum(body)
	return hex.EncodeToString(sum[:])
}
