//go:build unix && !linux

package embpg

import "syscall"

// endWithParent can do nothing here: a server left behind is stopped by the next Start.
func endWithParent(*syscall.SysProcAttr) {}

func mapRoot(*syscall.SysProcAttr, account) {}

func canMap(account) bool { return false }
