package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// machine says where and when figures were taken. postgres may be empty.
func machine(postgres string) string {
	parts := []string{time.Now().Format("2006-01-02"), cpuModel(), fmt.Sprintf("%d cores", runtime.NumCPU())}
	if postgres != "" {
		parts = append(parts, "PostgreSQL "+postgres)
	}
	return strings.Join(append(parts, strings.Replace(runtime.Version(), "go", "Go ", 1)), ", ")
}

// cpuModel is the processor's name where the system tells it, else its kind.
func cpuModel() string {
	file, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if name, value, _ := strings.Cut(lines.Text(), ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

// postgresVersion asks the server, "15.8".
func postgresVersion(ctx context.Context, db *sqlx.DB) (string, error) {
	var version string
	if err := db.GetContext(ctx, &version, `SHOW server_version`); err != nil {
		return "", err
	}
	version, _, _ = strings.Cut(version, " ")
	return version, nil
}
