package loops

import (
	"cmp"
	"fmt"
)

// Choose returns whether name is the exchange in which the server greets, and
// the address to use: addr or, where it is empty, the original's.
func Choose(name, addr string) (address string, greet bool, err error) {
	switch name {
	case "upper":
		return cmp.Or(addr, "127.0.0.1:8081"), false, nil
	case "greet":
		return cmp.Or(addr, "127.0.0.1:2000"), true, nil
	}
	return "", false, fmt.Errorf("unknown exchange %q: choose upper or greet", name)
}
