package transfer

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
)

// A header comes in front of each answer. On the wire an answer is
//
//	bytes               content
//	4                   n, the length of the header: an int32, little-endian
//	n                   the header, a JSON object in UTF-8
//	file_size - offset  the content, from offset on
//
// and the next answer follows at once. The original has the first three keys;
// a program that does not know the others loses nothing by ignoring them.
type header struct {
	FileName string `json:"filename"`
	MD5      string `json:"md5"`              // of the whole file: 32 hexadecimal digits, or anything for want of one
	FileSize int64  `json:"file_size"`        // of the whole file, in bytes
	Offset   int64  `json:"offset,omitempty"` // how many bytes of it are left out at its beginning
	Error    string `json:"error,omitempty"`  // why this is not the file; the content says the same
	Hashed   int    `json:"hashed,omitempty"` // the reason passes: ask again; percent of the file that the server has hashed
}

// maxHeader is the longest header accepted, in bytes.
const maxHeader = 64 << 10

// What is wrong with a header. A connection is of no use after any of these:
// nothing says where the next answer begins.
var (
	errHeaderLength = errors.New("the length of the answer's header is out of bounds")
	errHeaderJSON   = errors.New("the answer's header is not the JSON it should be")
	errHeaderSize   = errors.New("the answer's header announces an impossible size")
)

func writeHeader(w io.Writer, h header) error {
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	frame := binary.LittleEndian.AppendUint32(nil, uint32(len(text)))
	_, err = w.Write(append(frame, text...))
	return err
}

// readHeader reads a header and not a byte more. It returns io.EOF if the
// stream has ended before it, and io.ErrUnexpectedEOF if it ends in it.
func readHeader(r io.Reader) (header, error) {
	var length [4]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return header{}, err
	}
	n := int32(binary.LittleEndian.Uint32(length[:]))
	if n <= 0 || n > maxHeader { // before anything is allocated for it
		return header{}, fmt.Errorf("%w: %d bytes", errHeaderLength, n)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return header{}, unexpected(err)
	}
	h := header{FileSize: -1} // to see that the key is there
	if err := json.Unmarshal(text, &h); err != nil {
		return header{}, fmt.Errorf("%w: %w", errHeaderJSON, err)
	}
	if h.Offset < 0 || h.Offset > h.FileSize { // as any offset is of a negative size
		return header{}, fmt.Errorf("%w: %d bytes from %d on", errHeaderSize, h.FileSize, h.Offset)
	}
	h.MD5 = strings.ToLower(h.MD5)
	return h, nil
}

// unexpected turns an EOF inside an answer into io.ErrUnexpectedEOF.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// because adds the cause to what has happened. A connection that was closed on
// this side was closed by Ctrl-C, and that needs no words.
func because(what string, err error) error {
	if errors.Is(err, net.ErrClosed) {
		return errors.New(what)
	}
	return fmt.Errorf("%s: %w", what, err)
}
