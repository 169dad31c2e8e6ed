package basictcp

import (
	"net"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Claim 10: http is 80, https is 443, an unknown name is an error.

func TestTheWebServicesHavePorts80And443(t *testing.T) {
	for name, want := range map[string]int{"http": 80, "https": 443} {
		port, err := net.LookupPort("tcp", name)
		require.NoError(t, err)
		assert.Equal(t, want, port)
	}
}

func TestAnUnknownServiceIsAnError(t *testing.T) {
	_, err := net.LookupPort("tcp", "nosuch")
	var unknown *net.DNSError
	assert.ErrorAs(t, err, &unknown)
}

func TestGoAndPythonKnowTheSameServices(t *testing.T) {
	python3(t) // or skip
	if _, err := os.Stat("/etc/services"); err != nil {
		t.Skip("needs /etc/services: without it Python knows no service, and Go the usual ones")
	}
	status, goLines := startGo(t, "services", "ssh").exit(t)
	assert.Zero(t, status)
	status, pythonLines := startPython(t, "services.py", "ssh").exit(t)
	assert.Zero(t, status)
	assert.Equal(t, []string{"http 80", "https 443", "ssh 22"}, goLines)
	assert.Equal(t, goLines, pythonLines)

	status, goLines = startGo(t, "services", "nosuch").exit(t)
	assert.Equal(t, 1, status)
	assert.Equal(t, "services: lookup tcp/nosuch: unknown port; check the spelling, or use an IP address and a port number", goLines[2])
	status, pythonLines = startPython(t, "services.py", "nosuch").exit(t)
	assert.Equal(t, 1, status)
	assert.Equal(t, "OSError: service/proto not found", pythonLines[len(pythonLines)-1])
}

func TestAnAddressMayNameItsService(t *testing.T) {
	addr, err := net.ResolveTCPAddr("tcp4", "127.0.0.1:http")
	require.NoError(t, err)
	assert.Equal(t, "127.0.0.1:80", addr.String())

	// The program reaches port 80, whether or not somebody listens there.
	_, lines := startGo(t, "client", "-addr", "localhost:http", "-exchange", "greet", "-timeout", "100ms").exit(t)
	assert.Contains(t, lines[0], ":80")
}
