// Package web is the course in a browser: pages that are made from the lessons,
// and a socket for each page on which real programs are started, talked to and
// watched.
//
// It runs nothing but what the pages of tour/runs and the lessons' tests name.
// What a browser sends chooses among them; a learner's text goes to a program's
// standard input and nowhere else.
package web

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"sync"
	"time"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/runner"
)

//go:embed templates static
var files embed.FS

// A Server serves one course on one listener.
type Server struct {
	course  *course.Course
	runner  *runner.Runner
	token   string
	hosts   map[string]bool // what a browser may call this server
	pages   *template.Template
	places  chan struct{} // one for each socket that is open
	session time.Duration // that a socket lives
	idle    time.Duration // that programs run on with nothing done to them
	reading time.Duration // that a request may take to arrive, its body included
	pause   time.Duration // between the steps of a prepared run, for the eye
	open    sync.WaitGroup
	ctx     context.Context // ends when the server stops

	mu       sync.Mutex
	code     string // of Once, until it is used
	codeEnds time.Time
}

// maxSockets is how many pages may have programs at once.
const maxSockets = 8

// New returns a server for the course of r, with a token of its own.
func New(r *runner.Runner) (*Server, error) {
	pages, err := template.New("").Funcs(template.FuncMap{"add": func(a, b int) int { return a + b }}).ParseFS(files, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("reading the templates: %w", err)
	}
	return &Server{
		course:  r.Course(),
		runner:  r,
		token:   rand.Text(),
		session: time.Hour,
		idle:    10 * time.Minute,
		reading: 10 * time.Second,
		pause:   1200 * time.Millisecond,
		pages:   pages,
		places:  make(chan struct{}, maxSockets),
	}, nil
}

// URL is the address to open in a browser when the server listens on ln.
func (s *Server) URL(ln net.Listener) string { return fmt.Sprintf("http://%s/%s/", ln.Addr(), s.token) }

// Once is an address that leads to URL a single time and for a minute, and the
// latest such address. It is for a file from which a browser is to find its way:
// one that is left behind is worth nothing.
func (s *Server) Once(ln net.Listener) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.code, s.codeEnds = rand.Text(), time.Now().Add(time.Minute)
	return fmt.Sprintf("http://%s/%s%s", ln.Addr(), once, s.code)
}

const once = "once/"

// Serve serves on ln, which has to be on loopback, until ctx ends. Then it ends
// all programs that pages have started, and returns nil.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	addr, ok := ln.Addr().(*net.TCPAddr)
	if !ok || !addr.IP.IsLoopback() {
		ln.Close()
		return fmt.Errorf("%s is not on loopback: others could run programs here", ln.Addr())
	}
	s.hosts = map[string]bool{addr.String(): true, fmt.Sprintf("localhost:%d", addr.Port): true}
	s.ctx = ctx
	server := &http.Server{
		Handler:        s.guard(s.routes()),
		ReadTimeout:    s.reading, // who has no token can still send
		IdleTimeout:    2 * time.Minute,
		MaxHeaderBytes: 16 << 10,
	}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	err := server.Serve(ln)
	s.open.Wait() // each ends with ctx, after its programs
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serving the course: %w", err)
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	at := func(path string, handler http.HandlerFunc) { mux.HandleFunc("GET "+path, handler) }
	at("/{$}", s.home)
	at("/static/{file}", s.static)
	at("/files/{path...}", s.file)
	at("/lessons/{lesson}", s.lesson(s.enter))
	at("/lessons/{lesson}/{$}", s.lesson(s.read))
	at("/lessons/{lesson}/compare", s.lesson(s.compare))
	at("/lessons/{lesson}/run", s.lesson(s.run))
	at("/lessons/{lesson}/prove", s.lesson(s.prove))
	at("/lessons/{lesson}/socket", s.lesson(s.socket))
	return http.StripPrefix("/"+s.token, mux)
}
