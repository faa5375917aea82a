package pdf

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// packages says where a program comes from.
var packages = map[string]string{
	"qpdf": "qpdf", "pdftotext": "poppler-utils", "pdfinfo": "poppler-utils", "pdfdetach": "poppler-utils", "pdfimages": "poppler-utils", "pdffonts": "poppler-utils", "pdftoppm": "poppler-utils",
}

// tool finds a program from outside. Where it is missing the test is skipped, and under CI failed.
func tool(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf("%s is missing: apt-get install %s", program, packages[program])
	default:
		t.Skipf("%s is missing: apt-get install %s", program, packages[program])
	}
	return path
}

// run runs a program on a PDF ("FILE" in the arguments) in a folder of its own and returns what it wrote.
func run(t *testing.T, pdf []byte, program string, args ...string) (output, folder string) {
	t.Helper()
	path := tool(t, program)
	folder = t.TempDir()
	file := filepath.Join(folder, "paper.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = file
		}
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "TZ=UTC") // it writes days as people here do
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	return string(out), folder
}
