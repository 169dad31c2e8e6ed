//go:build unix

package remote

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ownVariables are what shells set for themselves and their children.
var ownVariables = []string{"PWD", "OLDPWD", "SHLVL", "_"}

// variables returns what a command finds in its environment.
func variables(t *testing.T) []string {
	t.Helper()
	found := strings.Split(strings.TrimSpace(answer(t, serve(t, Server{}).addr, "/usr/bin/env")), "\n")
	found = slices.DeleteFunc(found, func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		return slices.Contains(ownVariables, name)
	})
	slices.Sort(found)
	return found
}

func TestACommandSeesAListedEnvironmentAndNoSecrets(t *testing.T) {
	t.Setenv("API_TOKEN", "secret")
	t.Setenv("SSH_AUTH_SOCK", "secret")
	t.Setenv("LD_PRELOAD", "")
	t.Setenv("HOME", "/home/someone")
	t.Setenv("LANG", "C.UTF-8")
	t.Setenv("LC_ALL", "C")
	t.Setenv("TZ", "UTC")
	for _, windows := range []string{"SystemRoot", "ComSpec", "PATHEXT", "TEMP"} {
		t.Setenv(windows, "x")
	}
	assert.Equal(t, []string{"ComSpec=x", "HOME=/home/someone", "LANG=C.UTF-8", "LC_ALL=C", "PATH=" + os.Getenv("PATH"),
		"PATHEXT=x", "SystemRoot=x", "TEMP=x", "TZ=UTC"}, variables(t))
}

// An empty list must not be taken for none, which would mean everything.
func TestAServerWithNoneOfTheListedVariablesPassesNothingOn(t *testing.T) {
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if slices.Contains([]string{"HOME", "LANG", "LC_ALL", "TZ", "SystemRoot", "ComSpec", "PATHEXT", "TEMP"}, name) {
			t.Setenv(name, "") // puts it back when the test ends
			require.NoError(t, os.Unsetenv(name))
		}
	}
	t.Setenv("API_TOKEN", "secret")
	path := os.Getenv("PATH")
	assert.Equal(t, []string{"PATH=" + path}, variables(t))
	t.Setenv("PATH", "")
	require.NoError(t, os.Unsetenv("PATH"))
	assert.Equal(t, []string{}, environment())
	assert.NotNil(t, environment())
}

func TestAPythonCommandSeesTheServersWholeEnvironment(t *testing.T) {
	t.Setenv("API_TOKEN", "secret")
	python := startPython(t, "command_server.py", "127.0.0.1:0")
	assert.Contains(t, answer(t, python.listening(t), "env"), "API_TOKEN=secret")
}
