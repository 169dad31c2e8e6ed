package web

import (
	"context"
	"sync"
	"time"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/runner"
	"example.com/gosockets/tour/wire"
)

// pause is how long a prepared step is shown before it is done, for the eye.
const pause = 700 * time.Millisecond

// view tells the page what happens on its stage.
func (d *director) view(ctx context.Context, paced bool) runner.View {
	var mu sync.Mutex
	decoders := map[string]*decoder{}
	names := map[course.Action]string{course.Start: "start"}
	for name, action := range actions {
		if name != "fault" {
			names[action] = name
		}
	}
	return runner.View{
		Step: func(step course.Step) {
			action := names[step.Action]
			if action == "" {
				return // what is printed comes by Print
			}
			d.socket.say(news{Is: "step", Terminal: step.Terminal, Action: action, Text: step.Text})
			if paced && step.Action != course.Start {
				select {
				case <-time.After(pause):
				case <-ctx.Done():
				}
			}
		},
		Print: func(terminal string, printed []byte) {
			mu.Lock()
			defer mu.Unlock()
			if decoders[terminal] == nil {
				decoders[terminal] = &decoder{}
			}
			d.socket.say(news{Is: "print", Terminal: terminal, Text: decoders[terminal].decode(printed)})
		},
		Ended: func(terminal string, status int) {
			d.socket.say(news{Is: "ended", Terminal: terminal, Status: status})
		},
		Wire: func(e wire.Event) { d.socket.say(news{Is: "wire", Wire: newCrossing(e)}) },
	}
}
