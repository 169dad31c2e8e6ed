package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
)

var modelName = regexp.MustCompile(`(?m)^model name\s*: (.*)$`)

// machine names what all this was measured on.
func (b *bench) machine(ctx context.Context) string {
	system := runtime.GOOS
	if release := said(ctx, "uname", "-r"); release != "" {
		system += " " + release
	}
	text := fmt.Sprintf("Measured on %s, %d cores, %s, with %s", processor(ctx), runtime.NumCPU(), system, runtime.Version())
	if b.installed("python3") {
		text += " and " + said(ctx, "python3", "--version")
	}
	return text + "."
}

func processor(ctx context.Context) string {
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if m := modelName.FindSubmatch(info); m != nil {
			return string(m[1])
		}
	}
	if brand := said(ctx, "sysctl", "-n", "machdep.cpu.brand_string"); brand != "" {
		return brand
	}
	if identifier := os.Getenv("PROCESSOR_IDENTIFIER"); identifier != "" {
		return identifier
	}
	return runtime.GOARCH
}

// said returns what a command prints, or "" when there is no such command.
func said(ctx context.Context, argv ...string) string {
	out, err := exec.CommandContext(ctx, argv[0], argv[1:]...).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
