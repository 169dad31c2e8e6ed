package web

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/runner"
)

const (
	maxOrders  = 16      // that wait for their turn
	maxClients = 3       // on one stage
	maxTyped   = 4 << 10 // bytes in one line
)

// An act is something that is done on a stage.
type act func(ctx context.Context, stage *runner.Stage) error

// A director does what the page of one lesson orders. There is one stage, or one
// run of tests, at a time: the next ends the one before.
type director struct {
	server *Server
	socket *socket
	lesson *course.Lesson

	cancel context.CancelFunc       // ends what is under way; nil when nothing ever was
	ended  chan struct{}            // closed once it has ended
	acts   chan act                 // on the stage; nil when the latest was a run of tests
	starts map[string][]course.Step // by terminal: what starts its program again
}

// obey does what o says, or says why not.
func (d *director) obey(o order) {
	var err error
	switch o.Do {
	case "play":
		err = d.play(o)
	case "start":
		err = d.start(o)
	case "type", "eof", "interrupt", "kill", "fault":
		err = d.act(o)
	case "again":
		err = d.again(o)
	case "prove":
		err = d.prove(o)
	case "stop":
		d.stop()
		d.socket.say(news{Is: "stopped"})
	default:
		err = fmt.Errorf("unknown order %q", o.Do)
	}
	if err != nil {
		d.socket.say(news{Is: "error", Text: err.Error()})
	}
}

// stop ends what is under way and waits until all its programs are gone.
func (d *director) stop() {
	if d.cancel != nil {
		d.cancel()
		<-d.ended
	}
}

// begin does work after what is under way has ended.
func (d *director) begin(work func(ctx context.Context) error) {
	d.stop()
	ctx, cancel := context.WithCancel(d.socket.ctx)
	ended := make(chan struct{})
	d.cancel, d.ended = cancel, ended
	go func() {
		defer close(ended)
		defer cancel()
		if err := work(ctx); err != nil && ctx.Err() == nil {
			d.socket.say(news{Is: "error", Text: err.Error()})
		}
	}()
}

// underWay reports whether there is a stage, or a run of tests.
func (d *director) underWay() bool {
	if d.cancel == nil {
		return false
	}
	select {
	case <-d.ended:
		return false
	default:
		return true
	}
}

// play stages a prepared run.
func (d *director) play(o order) error {
	runs, err := d.server.course.Runs(d.lesson)
	if err != nil {
		return err
	}
	if o.Run < 0 || o.Run >= len(runs.Runs) || o.Way < 0 || o.Way >= len(runs.Runs[o.Run].Ways) {
		return errors.New("there is no such run")
	}
	d.perform(runs.Runs[o.Run].Ways[o.Way].Steps, o.Paced)
	return nil
}

// start stages a server and its clients, as the learner has chosen them.
func (d *director) start(o order) error {
	runs, err := d.server.course.Runs(d.lesson)
	if err != nil {
		return err
	}
	if o.Exchange < 0 || o.Exchange >= len(runs.Exchanges) || len(o.Clients) > maxClients {
		return fmt.Errorf("choose one exchange, a server, and at most %d clients", maxClients)
	}
	programs := runs.Exchanges[o.Exchange].Programs
	command := func(side string, i int) string {
		if i < 0 || i >= len(programs) || programs[i].Side != side {
			err = fmt.Errorf("there is no such %s", side)
			return ""
		}
		return programs[i].Command
	}
	steps := []course.Step{
		{Terminal: "server", Action: course.Start, Text: command("server", o.Server)},
		{Terminal: "server", Action: course.Print, Text: "listening on 127.0.0.1:8081"},
	}
	for i, client := range o.Clients {
		steps = append(steps, course.Step{Terminal: fmt.Sprint("client ", i+1), Action: course.Start, Text: command("client", client)})
	}
	if err != nil {
		return err
	}
	d.perform(steps, false)
	return nil
}

// perform does the steps on a new stage, and then what the learner does.
func (d *director) perform(steps []course.Step, paced bool) {
	d.stop()
	d.socket.say(news{Is: "stage"})
	learners := make(chan act, maxOrders)
	d.acts, d.starts = learners, startsIn(steps)
	d.begin(func(ctx context.Context) error {
		if err := d.build(ctx, steps); err != nil {
			return err
		}
		var pacing atomic.Bool
		pacing.Store(paced)
		stage, err := d.server.runner.Stage(d.lesson.Runs(), steps, d.view(ctx, &pacing))
		if err != nil {
			return err
		}
		defer stage.Close()
		err = stage.Do(ctx, steps...)
		pacing.Store(false) // a learner sets the pace
		if err != nil {
			d.complain(ctx, err) // what runs, runs on
		} else {
			d.socket.say(news{Is: "yours"})
		}
		for {
			select {
			case act := <-learners:
				if err := act(ctx, stage); err != nil {
					d.complain(ctx, err)
				}
			case <-time.After(d.server.idle): // others on this machine can reach the ports
				d.socket.say(news{Is: "note", Text: "the programs were ended, since nothing has been done for a while: press Run again"})
				return nil
			case <-ctx.Done():
				return nil
			}
		}
	})
}

// build builds the programs, if any of them is to be built, and says so when that
// takes long enough to be noticed.
func (d *director) build(ctx context.Context, steps []course.Step) error {
	inGo := func(s course.Step) bool { return strings.HasPrefix(s.Text, "go ") && s.Action == course.Start }
	if !slices.ContainsFunc(steps, inGo) {
		return nil
	}
	noticed := time.AfterFunc(200*time.Millisecond, func() {
		d.socket.say(news{Is: "note", Text: "building the programs of this lesson, once and after each change"})
	})
	defer noticed.Stop()
	_, err := d.server.runner.Build(ctx, d.lesson)
	return err
}

// complain tells the learner in what way something else has come than should.
func (d *director) complain(ctx context.Context, err error) {
	var drift *course.Drift
	if errors.As(err, &drift) {
		err = errors.New(drift.Text) // the line of the run says nothing here
	}
	if ctx.Err() == nil {
		d.socket.say(news{Is: "error", Text: err.Error()})
	}
}

// actions are the steps that a learner can take, by what a page calls them.
var actions = map[string]course.Action{
	"type": course.Type, "eof": course.EndInput, "interrupt": course.Interrupt, "kill": course.Kill, "fault": course.Type,
}

// act is for what a learner does to a program or to the wire.
func (d *director) act(o order) error {
	step := course.Step{Terminal: o.Terminal, Action: actions[o.Do], Text: o.Text}
	if o.Do == "fault" {
		step.Terminal = course.Wire
	}
	if len(o.Text) > maxTyped || strings.ContainsAny(o.Text, "\r\n") {
		return fmt.Errorf("expected one line of at most %d bytes", maxTyped)
	}
	return d.hand(func(ctx context.Context, stage *runner.Stage) error { return stage.Do(ctx, step) })
}

// again starts the program of a terminal once more, after it has ended.
func (d *director) again(o order) error {
	steps := d.starts[o.Terminal]
	if steps == nil {
		return fmt.Errorf("no program was started in %s", o.Terminal)
	}
	return d.hand(func(ctx context.Context, stage *runner.Stage) error { return stage.Again(ctx, steps...) })
}

// startsIn returns what it takes to start the latest program of each terminal: for
// a server that is to wait until it listens, too.
func startsIn(steps []course.Step) map[string][]course.Step {
	starts := map[string][]course.Step{}
	for _, step := range steps {
		switch t := step.Terminal; {
		case step.Action == course.Start:
			starts[t] = []course.Step{step}
		case step.Action == course.Print && len(starts[t]) == 1 && strings.HasPrefix(step.Text, "listening on "):
			starts[t] = append(starts[t], step)
		}
	}
	return starts
}

// hand has something of the learner's done on the stage.
func (d *director) hand(act act) error {
	if d.acts == nil || !d.underWay() {
		return errors.New("no program runs: press Run first")
	}
	select {
	case d.acts <- act:
		return nil
	default:
		return errors.New("the programs are busy: what you did has been left out")
	}
}
