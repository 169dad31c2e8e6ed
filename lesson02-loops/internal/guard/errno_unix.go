//go:build unix

package guard

import "syscall"

const errConnReset = syscall.ECONNRESET

// passingErrors are what Accept may fail with today and not tomorrow: the
// process or the machine is out of descriptors or memory. (The package net
// itself tries again when a client has left before it was accepted.)
var passingErrors = []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM}
