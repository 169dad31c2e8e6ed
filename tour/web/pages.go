package web

import (
	"bytes"
	"errors"
	"html/template"
	"io/fs"
	"net/http"
	"os/exec"
	"path"
	"strings"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/page"
)

// A view is what the templates get. Content is what only one of them knows.
type view struct {
	Base    string // the path of the tour's home, with a slash at its end
	Name    string // of the template
	Title   string
	Lesson  *course.Lesson // nil on pages that belong to none
	Lessons []entry
	Content any
}

// An entry is a lesson in the list of lessons.
type entry struct{ Name, Title string }

// show writes the page that the template makes of content.
func (s *Server) show(w http.ResponseWriter, name, title string, lesson *course.Lesson, content any) {
	v := view{Base: "/" + s.token + "/", Name: name, Title: title, Lesson: lesson, Content: content}
	for _, l := range s.course.Lessons {
		title := l.Name
		if p, err := s.course.Page(l.README()); err == nil {
			title = p.Title
		}
		v.Lessons = append(v.Lessons, entry{l.Name, title})
	}
	var out bytes.Buffer
	if err := s.pages.ExecuteTemplate(&out, name+".html", v); err != nil {
		http.Error(w, "making this page: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(out.Bytes()) // a browser that has left needs no page
}

// fail answers a request that cannot be served.
func (s *Server) fail(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	if errors.Is(err, fs.ErrNotExist) {
		status = http.StatusNotFound
	}
	http.Error(w, err.Error(), status)
}

// link returns where in the tour a file of the course is shown.
func (s *Server) link(target string) string {
	file, anchor, _ := strings.Cut(target, "#")
	if anchor != "" {
		anchor = "#" + anchor
	}
	base := "/" + s.token + "/"
	if file == "README.md" {
		return base + anchor
	}
	dir, name := path.Split(file)
	if s.course.Lesson(path.Clean(dir)) != nil && name == "README.md" {
		return base + "lessons/" + dir + anchor
	}
	return base + "files/" + file + anchor
}

func (s *Server) home(w http.ResponseWriter, r *http.Request) {
	p, err := page.Render(s.course, "README.md", s.link)
	if err != nil {
		s.fail(w, err)
		return
	}
	s.show(w, "home", p.Title, nil, p)
}

// file shows any file of the course that a learner may look at.
func (s *Server) file(w http.ResponseWriter, r *http.Request) {
	file := strings.TrimSuffix(r.PathValue("path"), "/")
	if file == "" {
		file = "."
	}
	content := struct {
		Path string
		HTML template.HTML
	}{Path: file}
	var err error
	if path.Ext(file) == ".md" {
		var p *page.Page
		if p, err = page.Render(s.course, file, s.link); err == nil {
			content.HTML = p.HTML
		}
	} else {
		content.HTML, err = page.Source(s.course, file, s.link)
	}
	if err != nil {
		s.fail(w, err)
		return
	}
	s.show(w, "file", file, nil, content)
}

// lesson finds the lesson that a request is about.
func (s *Server) lesson(show func(http.ResponseWriter, *http.Request, *course.Lesson)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("lesson")
		lesson := s.course.Lesson(name)
		if lesson == nil || lesson.Name != name {
			http.Error(w, "there is no such lesson", http.StatusNotFound)
			return
		}
		show(w, r, lesson)
	}
}

// enter is for who leaves out the slash: the mux would redirect to a path without
// the token.
func (s *Server) enter(w http.ResponseWriter, r *http.Request, lesson *course.Lesson) {
	http.Redirect(w, r, s.link(lesson.README()), http.StatusSeeOther)
}

func (s *Server) read(w http.ResponseWriter, r *http.Request, lesson *course.Lesson) {
	p, err := page.Render(s.course, lesson.README(), s.link)
	if err != nil {
		s.fail(w, err)
		return
	}
	s.show(w, "read", p.Title, lesson, p)
}

func (s *Server) compare(w http.ResponseWriter, r *http.Request, lesson *course.Lesson) {
	content := struct {
		Role string
		*page.Comparison
	}{Role: "server"}
	if r.URL.Query().Get("role") == "client" {
		content.Role = "client"
	}
	var err error
	if content.Comparison, err = page.Compare(s.course, lesson.Name, content.Role); err != nil {
		s.fail(w, err)
		return
	}
	s.show(w, "compare", "Compare", lesson, content)
}

func (s *Server) run(w http.ResponseWriter, r *http.Request, lesson *course.Lesson) {
	content := struct {
		*course.Runs
		Texts      []template.HTML
		NoPython   bool
		NoGo       bool
		MaxClients []int
	}{}
	var err error
	if content.Runs, err = s.course.Runs(lesson); err != nil {
		s.fail(w, err)
		return
	}
	for _, run := range content.Runs.Runs {
		html, err := page.Text(lesson.Runs(), run.Text, s.link)
		if err != nil {
			s.fail(w, err)
			return
		}
		content.Texts = append(content.Texts, html)
	}
	for i := range maxClients {
		content.MaxClients = append(content.MaxClients, i+1)
	}
	_, err = exec.LookPath("python3")
	content.NoPython = err != nil
	_, err = exec.LookPath("go")
	content.NoGo = err != nil
	s.show(w, "run", "Run", lesson, content)
}

func (s *Server) prove(w http.ResponseWriter, r *http.Request, lesson *course.Lesson) {
	p, err := page.Render(s.course, lesson.Name+"/PROOF.md", s.link)
	if err != nil {
		s.fail(w, err)
		return
	}
	s.show(w, "prove", "Prove", lesson, p.HTML)
}

// static sends the style sheets and scripts.
func (s *Server) static(w http.ResponseWriter, r *http.Request) {
	switch file := r.PathValue("file"); file {
	case "page.css":
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write([]byte(page.CSS()))
	default:
		http.ServeFileFS(w, r, files, "static/"+file)
	}
}
