package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
)

// others are the other people's programs, as far as they are installed, that
// move the file called name. stop ends those that serve; it can always be
// called.
func (b *bench) others(ctx context.Context, d *depot, name string) (sides []side, stop func(), err error) {
	var servers []*process
	stop = func() {
		for _, server := range servers {
			server.stop()
		}
	}
	web := side{name: webServer, tool: "nginx"}
	if b.installed("nginx") {
		web.tool = "curl"
	}
	if b.installed("nginx") && b.installed("curl") {
		server, port, err := d.nginx(ctx)
		if err != nil {
			return nil, stop, err
		}
		servers = append(servers, server)
		web.sample = func(ctx context.Context) (float64, error) {
			place := d.path("download", name)
			return d.timed(name, place, func() error {
				return exec.CommandContext(ctx, "curl", "-sf", "-o", place, "http://127.0.0.1:"+port+"/"+name).Run()
			})
		}
	}
	cat := side{name: netcat, tool: "nc"}
	if b.installed("nc") && !openBSD(ctx) {
		b.lacks["nc"] = true
	}
	cat.sample = func(ctx context.Context) (float64, error) {
		return d.timed(name, d.path("download", name), func() error { return d.netcat(ctx, name) })
	}
	rate := side{name: ceiling, tool: "iperf3"}
	if b.installed("iperf3") {
		server, port, err := iperf(ctx)
		if err != nil {
			return nil, stop, err
		}
		servers = append(servers, server)
		rate.sample = func(ctx context.Context) (float64, error) { return iperfRate(ctx, port, max(d.size[name], 64<<20)) }
	}
	return []side{web, cat, rate}, stop, nil
}

const nginxConf = `daemon off;
master_process off;
pid nginx.pid;
error_log stderr;
events {}
http {
	access_log off;
	sendfile on;
	client_body_temp_path .;
	proxy_temp_path .;
	fastcgi_temp_path .;
	uwsgi_temp_path .;
	scgi_temp_path .;
	server {
		listen 127.0.0.1:%s;
		root %s;
	}
}
`

// nginx serves the shared files.
func (d *depot) nginx(ctx context.Context) (server *process, port string, err error) {
	program, err := lookPath("nginx")
	if err != nil {
		return nil, "", err
	}
	hold, port, err := holdPort()
	if err != nil {
		return nil, "", err
	}
	conf := fmt.Sprintf(nginxConf, port, d.path("share"))
	if err := os.WriteFile(d.path("nginx", "nginx.conf"), []byte(conf), 0o600); err != nil {
		hold.Close()
		return nil, "", err
	}
	server, err = startOn(ctx, hold, program, "-p", d.path("nginx"), "-c", "nginx.conf")
	return server, port, err
}

// openBSD reports whether nc is the one whose flags are used here.
func openBSD(ctx context.Context) bool {
	help, _ := exec.CommandContext(ctx, "nc", "-h").CombinedOutput() // some fail at -h
	return strings.Contains(string(help), "OpenBSD")
}

// listens is what nc says with -v once it does: Listening on 127.0.0.1 43215
var listens = regexp.MustCompile(`^Listening on \S+ (\d+)\n$`)

// netcat sends a shared file from one nc to another.
func (d *depot) netcat(ctx context.Context, name string) error {
	from, err := os.Open(d.path("share", name))
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.Create(d.path("download", name))
	if err != nil {
		return err
	}
	defer to.Close()
	sender := exec.CommandContext(ctx, "nc", "-n", "-N", "-v", "-l", "127.0.0.1", "0")
	sender.Stdin = from
	said, err := sender.StderrPipe()
	if err != nil {
		return err
	}
	if err := sender.Start(); err != nil {
		return err
	}
	line, err := bufio.NewReader(said).ReadString('\n')
	if err != nil || !listens.MatchString(line) {
		sender.Process.Kill() // an error says that it has ended
		sender.Wait()
		return fmt.Errorf("nc says %q instead of where it listens", line)
	}
	port := listens.FindStringSubmatch(line)[1]
	receiver := exec.CommandContext(ctx, "nc", "-d", "127.0.0.1", port)
	receiver.Stdout = to
	return firstError(receiver.Run(), sender.Wait())
}

// iperf starts iperf3's server.
func iperf(ctx context.Context) (server *process, port string, err error) {
	hold, port, err := holdPort()
	if err != nil {
		return nil, "", err
	}
	server, err = start(ctx, "iperf3", "-s", "-p", port, "--forceflush")
	if err != nil {
		hold.Close()
		return nil, "", err
	}
	server.port = hold
	if _, err := server.await("listening"); err != nil {
		return nil, "", err
	}
	server.drain()
	return server, port, nil
}

// iperfRate has iperf3 send size bytes and returns how many came in a second.
// Of few bytes it says that none came.
func iperfRate(ctx context.Context, port string, size int64) (float64, error) {
	out, err := exec.CommandContext(ctx, "iperf3", "-c", "127.0.0.1", "-p", port, "-n", fmt.Sprint(size), "-J").Output()
	if err != nil {
		return 0, fmt.Errorf("iperf3: %w\n%s", err, out)
	}
	var report struct {
		End struct {
			Received struct {
				BitsPerSecond float64 `json:"bits_per_second"`
			} `json:"sum_received"`
		} `json:"end"`
	}
	err = json.Unmarshal(out, &report)
	return report.End.Received.BitsPerSecond / 8, err
}
