package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"

	"example.com/gosockets/tour/course"
)

const (
	maxMessage   = 8 << 10     // bytes in one message of a browser
	maxPending   = 256 << 10   // bytes that wait for a slow browser; then the programs wait
	writeTimeout = time.Minute // for a browser that takes nothing
)

// An order is what a page asks for.
type order struct {
	Do       string   `json:"do"`
	Run      int      `json:"run"`
	Way      int      `json:"way"`
	Exchange int      `json:"exchange"`
	Server   int      `json:"server"`
	Clients  []int    `json:"clients"`
	Terminal string   `json:"terminal"`
	Text     string   `json:"text"`
	Tests    []string `json:"tests"`
	Paced    bool     `json:"paced"`
}

// news is what a page is told. Is says which of the others count:
//
//	"stage"  the programs before are gone, new ones will come
//	"stopped" the programs are gone, and none will come
//	"step"   Action (start, type, eof, interrupt, kill) has happened in Terminal, which can be the wire, with Text
//	"print"  Terminal has printed Text
//	"ended"  the program in Terminal has ended with Status
//	"wire"   Wire has crossed
//	"note"   Text for the learner
//	"error"  Text for the learner: what has been asked for cannot be
//	"yours"  the prepared steps are over, and the programs run on
//	"test"   the test Text has ended with Action (pass, fail, skip) after having printed Output
//	"proven" all tests have ended
type news struct {
	Is       string    `json:"is"`
	Terminal string    `json:"terminal,omitempty"`
	Action   string    `json:"action,omitempty"`
	Text     string    `json:"text"` // may be empty: so can be the line that is typed
	Output   string    `json:"output,omitempty"`
	Status   int       `json:"status,omitempty"`
	Wire     *crossing `json:"wire,omitempty"`
}

// A socket is the connection to one page. What it says is put in a queue, which
// goes out in as few messages as the browser's speed allows.
type socket struct {
	conn *websocket.Conn
	ctx  context.Context // ends with the session
	base context.Context // ends with the server
	end  context.CancelFunc

	mu      sync.Mutex
	pending []news
	size    int           // bytes in pending, more or less
	more    chan struct{} // something is pending
	less    chan struct{} // nothing is
}

// socket serves the socket of one page. All that the page has started ends with
// it.
func (s *Server) socket(w http.ResponseWriter, r *http.Request, lesson *course.Lesson) {
	select {
	case s.places <- struct{}{}:
		defer func() { <-s.places }()
	default:
		http.Error(w, "too many pages run programs: close one", http.StatusServiceUnavailable)
		return
	}
	s.open.Add(1)
	defer s.open.Done()
	conn, err := websocket.Accept(w, r, nil) // checks Origin once more
	if err != nil {
		return // the browser has been told
	}
	defer conn.CloseNow()
	conn.SetReadLimit(maxMessage)
	ctx, cancel := context.WithTimeout(s.ctx, s.session)
	defer cancel()
	k := &socket{conn: conn, ctx: ctx, base: s.ctx, end: cancel, more: make(chan struct{}, 1), less: make(chan struct{}, 1)}
	var working sync.WaitGroup
	defer working.Wait() // after cancel
	defer cancel()
	working.Go(k.write)
	director := &director{server: s, socket: k, lesson: lesson}
	defer director.stop()
	for {
		_, message, err := conn.Read(s.ctx) // not ctx: its end is told by write, which then closes
		if err != nil {
			return // the page is closed
		}
		var o order
		if err := json.Unmarshal(message, &o); err != nil {
			k.say(news{Is: "error", Text: "that was no order: " + err.Error()})
			continue
		}
		director.obey(o)
	}
}

// say puts news into the queue. When too much is there already it waits until
// the browser has taken it.
func (k *socket) say(n news) {
	k.mu.Lock()
	for k.size > maxPending {
		k.mu.Unlock()
		select {
		case <-k.less:
		case <-k.ctx.Done():
			return
		}
		k.mu.Lock()
	}
	last := len(k.pending) - 1
	if n.Is == "print" && last >= 0 && k.pending[last].Is == "print" && k.pending[last].Terminal == n.Terminal {
		k.pending[last].Text += n.Text
	} else {
		k.pending = append(k.pending, n)
	}
	k.size += 100 + len(n.Text) + len(n.Output)
	if n.Wire != nil {
		k.size += 2 * len(n.Wire.Data)
	}
	k.mu.Unlock()
	select {
	case k.more <- struct{}{}:
	default: // it is known
	}
}

// write sends what is pending until the socket ends.
func (k *socket) write() {
	defer k.end()
	defer k.conn.CloseNow()
	for {
		select {
		case <-k.more:
		case <-k.ctx.Done():
		}
		if errors.Is(k.ctx.Err(), context.DeadlineExceeded) {
			k.conn.Close(websocket.StatusGoingAway, "this page has been open for an hour: load it again")
		}
		if k.ctx.Err() != nil {
			return
		}
		k.mu.Lock()
		pending := k.pending
		k.pending, k.size = nil, 0
		k.mu.Unlock()
		select {
		case k.less <- struct{}{}:
		default:
		}
		if len(pending) == 0 {
			continue // it went with what was said before
		}
		message, err := json.Marshal(pending)
		if err != nil {
			return // never: it is plain data
		}
		ctx, cancel := context.WithTimeout(k.base, writeTimeout) // not k.ctx: half a message closes without a word
		err = k.conn.Write(ctx, websocket.MessageText, message)
		cancel()
		if err != nil {
			return
		}
	}
}
