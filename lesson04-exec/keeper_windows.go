package remote

import "os/exec"

// A keeper does nothing here: a command outlives a server that is killed.
type keeper struct{}

func startKeeper() (*keeper, error) { return new(keeper), nil }

func (k *keeper) start(cmd *exec.Cmd) error { return cmd.Start() }

func (k *keeper) end() {}
