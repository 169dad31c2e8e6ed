package runner

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"

	"example.com/gosockets/tour/course"
)

// tools are the other people's programs that a transcript may start. They take
// HOST PORT as two arguments.
var tools = map[string]bool{"nc": true, "ncat": true, "telnet": true}

var (
	quoted  = regexp.MustCompile(`'[^']*'|"[^"]*"|[^\s'"]+`)
	goIn    = regexp.MustCompile(`^go run -C (lesson[^\s/]+) \./`)
	goRun   = regexp.MustCompile(`^\./([^/]+)/([^.].*?)/?$`)
	meta    = regexp.MustCompile("[|&;<>$`*?()]")
	decimal = regexp.MustCompile(`^\d+$`)
)

// needs returns the tool that must be installed for the command to run, or "".
func needs(command string) string {
	if tool, _, _ := strings.Cut(command, " "); tool == "python3" || tools[tool] {
		return tool
	}
	return ""
}

// missing returns ErrSkipped when the transcript starts something that is not
// installed here. Where a machine checks the course (CI=true) Python has to be.
func missing(steps []course.Step) error {
	for _, step := range steps {
		if step.Action != course.Start {
			continue
		}
		tool := needs(step.Text)
		if tool == "" {
			continue
		}
		if _, err := exec.LookPath(tool); err != nil {
			if tool == "python3" && os.Getenv("CI") == "true" {
				return errors.New("python3 is not installed, and CI=true says it has to be")
			}
			return fmt.Errorf("%w: %s is not installed", ErrSkipped, tool)
		}
	}
	return nil
}

// inFolder splits "go run -C LESSON ./PROGRAM", which starts a program in that
// lesson's folder, into the folder and the command without it.
func inFolder(command string) (folder, rest string) {
	m := goIn.FindStringSubmatch(command)
	if m == nil {
		return "", command
	}
	return m[1], "go run ./" + m[1] + "/" + command[len(m[0]):]
}

// options are those that a transcript may give to a lesson's program.
var options = map[string]bool{
	"addr": true, "broadcast": true, "concurrent": true, "connect": true, "dir": true, "encoding": true, "exchange": true, "force": true,
	"framing": true, "half-close": true, "max-clients": true, "max-output": true, "network": true, "resume": true, "send-empty": true, "timeout": true,
}

// foreign returns what in the arguments of a command a transcript may not ask for,
// or "": other options, a host that is not on loopback, a file outside. A page
// might be anybody's, and is played when somebody looks at it. Multicast is for
// lesson 3, and :PORT for the Go server of lesson 4, which refuses it; for another
// it would be every address of this machine, as an empty one is.
func foreign(words []string) string {
	refuses := words[0] == "go" && len(words) > 2 && strings.HasPrefix(words[2], "./lesson04-")
	for _, word := range words[1:] {
		value := word
		if strings.HasPrefix(word, "-") {
			name, rest, given := strings.Cut(strings.TrimLeft(word, "-"), "=")
			if !options[name] || words[0] != "go" {
				return word
			}
			if !given {
				continue // its value, if any, is the next word
			}
			value = rest
		}
		host, _, err := net.SplitHostPort(value)
		ip := net.ParseIP(host)
		switch {
		case value == "":
			return strconv.Quote(word) // not "", which is none
		case strings.HasSuffix(value, ".sock"): // its path is translated
		case err != nil:
			if !filepath.IsLocal(filepath.FromSlash(value)) {
				return word
			}
		case host == "" && refuses, host == "localhost", ip.IsLoopback(), ip.IsMulticast():
		default:
			return word
		}
	}
	return ""
}

// argv turns the command that a transcript shows into the one to start, with
// real addresses. banner is the first line a server will print, "" for any
// other program.
func (s *Stage) argv(ctx context.Context, command, banner string) ([]string, error) {
	if strings.TrimSpace(quoted.ReplaceAllString(command, "")) != "" {
		return nil, s.drift("unknown command %q: its quotes do not match", command)
	}
	var words []string
	for _, word := range quoted.FindAllString(command, -1) {
		if meta.MatchString(word) && !strings.ContainsAny(word[:1], `'"`) {
			return nil, s.drift("unknown command %q: no shell reads it, so no pipes and no redirections", command)
		}
		words = append(words, strings.Trim(word, `'"`))
	}
	if len(words) > 0 {
		asked := words
		if tools[words[0]] && len(words) == 3 { // HOST PORT
			asked = []string{words[0], net.JoinHostPort(words[1], words[2])}
		}
		if word := foreign(asked); word != "" {
			return nil, s.drift("unknown command %q: %s is no option, no address on loopback and no file inside that a transcript may name", command, word)
		}
	}
	switch {
	case len(words) > 2 && words[0] == "go" && words[1] == "run":
		return s.goProgram(ctx, words[2], words[3:], banner)
	case len(words) > 1 && words[0] == "python3" && path.Ext(words[1]) == ".py":
		return s.pythonProgram(words[1], words[2:], banner)
	case len(words) == 3 && tools[words[0]] && decimal.MatchString(words[2]):
		host, port := words[1], words[2]
		real, err := s.names.argument(host+":"+port, false)
		if err != nil {
			return nil, err
		}
		words[2] = strings.TrimPrefix(real, host+":")
		return words, nil
	}
	return nil, s.drift("unknown command %q", command)
}

func (s *Stage) goProgram(ctx context.Context, target string, args []string, banner string) ([]string, error) {
	m := goRun.FindStringSubmatch(target)
	if m == nil || path.Clean(m[2]) != m[2] { // the folder that is read is to be the program's
		return nil, s.drift("go run %s: expected ./LESSON/PROGRAM", target)
	}
	lesson := s.runner.course.Lesson(m[1])
	if lesson == nil {
		return nil, s.drift("go run %s: there is no lesson %s", target, m[1])
	}
	programs, err := s.runner.Build(ctx, lesson)
	if err != nil {
		return nil, err
	}
	program := filepath.Join(programs, path.Base(m[2]))
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	if _, err := os.Stat(program); err != nil {
		return nil, s.drift("go run %s: there is no such program", target)
	}
	sources, err := lesson.Sources()
	if err != nil {
		return nil, err
	}
	args, addr, err := s.addresses(args, banner)
	if err != nil {
		return nil, err
	}
	if addr != "" && sources.HasFlag(m[2], "addr") {
		args, addr = append([]string{"-addr", addr}, args...), ""
	}
	source, err := goSource(lesson.Dir, m[2])
	if err != nil {
		return nil, err
	}
	args, err = s.argument(args, addr, source, banner)
	return append([]string{program}, args...), err
}

// goSource is all the Go code of a folder of a lesson.
func goSource(dir, folder string) (source []byte, err error) {
	files, err := fs.Glob(os.DirFS(dir), folder+"/*.go")
	for _, file := range files {
		text, readErr := course.ReadFile(dir, file)
		source, err = append(source, text...), errors.Join(err, readErr)
	}
	return source, err
}

var (
	// takesAddress matches a program whose first argument is an address.
	takesAddress = regexp.MustCompile(`\bargv\[1\]|\bos\.Args\[1\]`)
	// hasAddress matches a program that knows one itself.
	hasAddress = regexp.MustCompile(`127\.\d+\.\d+\.\d+|localhost|\[::1?\]`)
)

// argument adds an address, if there is one, to the arguments of a program that
// takes it. One that would go to an address of its own instead is a drift: other
// people's programs are there.
func (s *Stage) argument(args []string, addr string, source []byte, banner string) ([]string, error) {
	switch {
	case addr == "":
	case takesAddress.Match(source):
		return append(args, addr), nil
	case banner != "" || hasAddress.Match(source):
		return nil, s.drift("%s takes no address, and would be where others are: expected -addr, os.Args[1] or sys.argv[1]", s.step.Text)
	}
	return args, nil
}

func (s *Stage) pythonProgram(script string, args []string, banner string) ([]string, error) {
	source, err := course.ReadFile(s.dir, script)
	if err != nil {
		return nil, s.drift("python3 %s: there is no such file", script)
	}
	args, addr, err := s.addresses(args, banner)
	if err != nil {
		return nil, err
	}
	args, err = s.argument(args, addr, source, banner)
	return append([]string{"python3", "-u", script}, args...), err // -u: each line as it is printed
}

// addresses translates the addresses among args. When there is none it returns
// the one to add: for a server the host that its banner names, for anything
// else the latest server's.
func (s *Stage) addresses(args []string, banner string) (real []string, extra string, err error) {
	server := banner != ""
	given := false
	for _, arg := range args {
		given = given || isAddress(arg)
		translated, err := s.names.argument(arg, server)
		if err != nil {
			return nil, "", err
		}
		real = append(real, translated)
	}
	switch {
	case given:
		return real, "", nil
	case server:
		extra, err = s.names.argument(strings.TrimPrefix(banner, listening), true)
		return real, extra, err
	case s.server != "":
		extra, err = s.names.argument(s.server, false)
		return real, extra, err
	}
	port, err := s.names.silent("127.0.0.1")
	return real, "127.0.0.1:" + port, err
}
