package basictcp

import (
	"net"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Claim 10: http is 80, https is 443, an unknown name is an error.

func TestTheWebServicesHavePorts80And443AndAnUnknownNameIsAnError(t *testing.T) {
	for name, want := range map[string]int{"http": 80, "https": 443} {
		port, err := net.LookupPort("tcp", name)
		require.NoError(t, err)
		assert.Equal(t, want, port)
	}
	_, err := net.LookupPort("tcp", "nosuch")
	var unknown *net.DNSError
	assert.ErrorAs(t, err, &unknown)
}

func TestPythonAndPlainKnowTheSameServices(t *testing.T) {
	python3(t) // or skip
	if _, err := os.Stat("/etc/services"); err != nil {
		t.Skip("needs /etc/services: without it Python knows no service, and Go the usual ones")
	}
	unknown := map[string]string{
		"Python": "OSError: service/proto not found",
		"plain":  "lookup tcp/nosuch: unknown port",
	}
	for kind, says := range unknown {
		status, lines := startSide(t, kind, "services", "ssh").exit(t)
		assert.Zero(t, status, kind)
		assert.Equal(t, []string{"http 80", "https 443", "ssh 22"}, lines, kind)
		status, lines = startSide(t, kind, "services", "nosuch").exit(t)
		assert.Equal(t, 1, status, kind)
		assert.Equal(t, says, lines[len(lines)-1], kind)
	}
}

func TestAnAddressMayNameItsService(t *testing.T) {
	addr, err := net.ResolveTCPAddr("tcp4", "127.0.0.1:http")
	require.NoError(t, err)
	assert.Equal(t, "127.0.0.1:80", addr.String())
}
