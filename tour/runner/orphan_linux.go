package runner

import "syscall"

// endWithParent makes the kernel end the process when this one is killed and
// has no time to do it: with SIGTERM, on which the lessons' Go servers end what
// they have started in their turn. What others have started runs on; a keeper ends
// that, too. The kernel looks at the thread that started the process, so no
// goroutine may end while it is locked to a thread.
func endWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGTERM }
