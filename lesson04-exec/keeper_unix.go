//go:build unix

package remote

import (
	"os"
	"os/exec"
)

// A keeper is a shell that waits for the end of a pipe, and then kills a command's
// group. The other end is the server's. When the server ends, the kernel closes
// that, kill -9 or not. On its own a command would outlive a killed server, with
// its time limit gone.
type keeper struct {
	shell *exec.Cmd
	pipe  *os.File
}

func startKeeper() (*keeper, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	shell := exec.Command("sh", "-c", `read -r group && { read -r _; kill -s KILL -- "-$group"; }`)
	shell.SysProcAttr = ownSession("") // what ends the server's group spares the keeper
	shell.Stdin, shell.Env = r, environment()
	if err := shell.Start(); err != nil {
		w.Close()
		return nil, err
	}
	return &keeper{shell, w}, nil
}

// start starts cmd, which leads a group. It tells the keeper so itself, before it
// becomes what it is to be: there is no moment at which nobody would end it.
func (k *keeper) start(cmd *exec.Cmd) error {
	cmd.ExtraFiles = []*os.File{k.pipe} // its descriptor 3
	cmd.Args = append([]string{"sh", "-c", `echo $$ >&3; exec "$0" "$@" 3>&-`}, cmd.Args...)
	return cmd.Start()
}

// end ends the keeper, when nothing is left to be kept.
func (k *keeper) end() {
	k.shell.Process.Kill() // before the pipe is closed
	k.shell.Wait()         // its error is the kill
	k.pipe.Close()
}
