package web

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/runner"
	"example.com/gosockets/tour/wire"
)

// view tells the page what happens on its stage.
func (d *director) view(ctx context.Context, paced *atomic.Bool) runner.View {
	var mu sync.Mutex
	decoders := map[string]*decoder{}
	names := map[course.Action]string{
		course.Start: "start", course.Type: "type", course.EndInput: "eof", course.Interrupt: "interrupt", course.Kill: "kill",
	}
	begun := false
	return runner.View{
		Step: func(step course.Step) {
			action := names[step.Action]
			if action == "" {
				return // what is printed comes by Print
			}
			first := !begun
			begun = true
			if paced.Load() && !first {
				select {
				case <-time.After(d.server.pause):
				case <-ctx.Done():
				}
			}
			d.socket.say(news{Is: "step", Terminal: step.Terminal, Action: action, Text: step.Text})
		},
		Print: func(terminal string, printed []byte) {
			mu.Lock()
			defer mu.Unlock()
			if decoders[terminal] == nil {
				decoders[terminal] = &decoder{}
			}
			if text := decoders[terminal].decode(printed); text != "" {
				d.socket.say(news{Is: "print", Terminal: terminal, Text: text})
			}
		},
		Ended: func(terminal string, status int) {
			d.socket.say(news{Is: "ended", Terminal: terminal, Status: status})
		},
		Wire: func(e wire.Event) { d.socket.say(news{Is: "wire", Wire: newCrossing(e)}) },
	}
}
