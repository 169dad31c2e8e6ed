package web

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"

	"example.com/gosockets/tour/runner"
)

// prove runs tests of the lesson: those that the order names, or all.
func (d *director) prove(o order) error {
	sources, err := d.lesson.Sources()
	if err != nil {
		return err
	}
	for _, name := range o.Tests {
		if !sources.Tests[name] {
			return fmt.Errorf("there is no test %q", name)
		}
	}
	absent := slices.DeleteFunc(slices.Sorted(maps.Keys(sources.Absent)), func(name string) bool {
		return len(o.Tests) > 0 && !slices.Contains(o.Tests, name)
	})
	d.acts = nil
	d.begin(func(ctx context.Context) error {
		for _, name := range absent {
			d.socket.say(news{Is: "test", Text: name, Action: "skip", Output: "it is for other systems than " + runtime.GOOS})
		}
		output, err := d.server.runner.Prove(ctx, d.lesson.Dir, o.Tests, func(r runner.Result) {
			d.socket.say(news{Is: "test", Text: r.Test, Action: r.Ended, Output: new(decoder).decode([]byte(r.Output))})
		})
		if err != nil {
			return err
		}
		d.socket.say(news{Is: "proven", Output: new(decoder).decode([]byte(output))})
		return nil
	})
	return nil
}
