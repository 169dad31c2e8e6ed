package web

import (
	"crypto/subtle"
	"fmt"
	"html"
	"net/http"
	"strings"
	"time"
)

// policy lets a page use what this server sends it, and nothing else: no inline
// scripts or styles, no other host, no frame around it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guard lets a request pass when it comes from this very server's pages: it names
// the host that the server listens on, so that no other name has been made to
// point here; it has this server's origin, or none; and its path begins with the
// token. Other pages in the same browser can send requests to a loopback port,
// but they know no token, and what they send says where it comes from.
func (s *Server) guard(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer") // the address has the token in it
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !s.hosts[r.Host] {
			http.Error(w, "this server does not answer to that host name", http.StatusMisdirectedRequest)
			return
		}
		h.Set("Content-Security-Policy", policy+"; connect-src ws://"+r.Host) // older browsers do not take 'self' for it
		if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host {
			http.Error(w, "this request comes from another site", http.StatusForbidden)
			return
		}
		if code, ok := strings.CutPrefix(r.URL.Path, "/"+once); ok && r.Method == http.MethodGet && s.redeem(code) {
			// Who comes from a file comes from another site, and by a redirect
			// would still do. From this page on it is the server's own.
			h.Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write(Redirect("/" + s.token + "/"))
			return
		}
		if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
			http.Error(w, "this request comes from another site", http.StatusForbidden)
			return
		}
		token, _, inside := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		if subtle.ConstantTimeCompare([]byte(token), []byte(s.token)) != 1 {
			http.Error(w, "this address lacks the token of the tour that runs now: open the address that it shows in its terminal", http.StatusForbidden)
			return
		}
		if !inside {
			http.Redirect(w, r, "/"+s.token+"/", http.StatusSeeOther)
			return
		}
		cross.ServeHTTP(w, r)
	})
}

// Redirect is a page that leads to url at once, without a script.
func Redirect(url string) []byte {
	return fmt.Appendf(nil, "<!doctype html>\n<meta charset=\"utf-8\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"+
		"<meta http-equiv=\"refresh\" content=\"0; url=%s\">\n<title>Sockets in Go</title>\n<a href=\"%[1]s\">Open the course</a>\n", html.EscapeString(url))
}

// redeem reports whether code is the one of Once, and makes it worthless if so.
func (s *Server) redeem(code string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.code == "" || time.Now().After(s.codeEnds) || subtle.ConstantTimeCompare([]byte(code), []byte(s.code)) != 1 {
		return false
	}
	s.code = ""
	return true
}
