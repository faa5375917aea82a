package embpg

import (
	"os/exec"
	"syscall"
)

// endWithParent has the kernel ask the child for a fast shutdown when the thread that started it ends.
func endWithParent(attributes *syscall.SysProcAttr) {
	attributes.Pdeathsig = syscall.SIGINT
}

// mapRoot makes root look like the account inside a user namespace: PostgreSQL sees that it is not root, and every
// directory that root reaches stays within reach.
func mapRoot(attributes *syscall.SysProcAttr, a account) {
	attributes.Cloneflags = syscall.CLONE_NEWUSER
	attributes.UidMappings = []syscall.SysProcIDMap{{ContainerID: a.uid, HostID: 0, Size: 1}}
	attributes.GidMappings = []syscall.SysProcIDMap{{ContainerID: a.gid, HostID: 0, Size: 1}}
}

// canMap tries a user namespace: containers often forbid them.
func canMap(a account) bool {
	try := exec.Command("/bin/true")
	try.SysProcAttr = &syscall.SysProcAttr{}
	mapRoot(try.SysProcAttr, a)
	return try.Run() == nil
}
