package finish

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options say what gofpdf cannot.
type Options struct {
	Title, Author, Subject string
	Language               string // BCP 47
	Created                time.Time
	Font                   string            // PostScript name of the face, "NotoSansJP"
	Codes                  []uint16          // in use, in order
	Private                map[uint16]string // what private codes read as
	Under                  [][]byte          // for each page, operators drawn before its text
	Files                  []File
}

// File travels inside the PDF.
type File struct {
	Name, Description, MediaType string
	Bytes                        []byte
}

// Finish rewrites b; ErrForm if it is not what gofpdf writes. The result depends on b and the options alone.
func Finish(b []byte, o Options) ([]byte, error) {
	f, err := read(b)
	if err != nil {
		return nil, err
	}
	w := work{file: f, options: o}
	for n := range f.objects {
		w.last = max(w.last, n)
	}
	if err := w.pages(); err != nil {
		return nil, err
	}
	w.pictures()
	w.fonts()
	w.compress()
	w.describe()
	return w.write(), nil
}

type work struct {
	file
	options Options
	last    int   // highest object number
	content []int // the streams of the pages
}

var (
	kids     = regexp.MustCompile(`/Kids \[([^\]]*)\]`)
	contents = regexp.MustCompile(`/Contents (\d+) 0 R`)
	ref      = regexp.MustCompile(`(\d+) 0 R`)
)

// pages lays the shapes under the text of each page.
func (w *work) pages() error {
	var tree []byte
	for _, o := range w.objects {
		if bytes.Contains(o.value, []byte("/Type /Pages")) {
			tree = o.value
		}
	}
	list := kids.FindSubmatch(tree)
	if list == nil {
		return ErrForm
	}
	pages := ref.FindAllSubmatch(list[1], -1)
	if len(pages) != len(w.options.Under) { // gofpdf began a page of its own accord
		return ErrForm
	}
	for i, under := range w.options.Under {
		m := contents.FindSubmatch(w.objects[number(pages[i][1])].value)
		if m == nil {
			return ErrForm
		}
		n := number(m[1])
		w.content = append(w.content, n)
		o := w.objects[n]
		if len(under) > 0 {
			o.stream = slices.Concat([]byte("q\n"), under, []byte("Q\n"), o.stream)
		}
		w.objects[n] = o
	}
	return nil
}

var (
	pictureRef  = regexp.MustCompile(`(/I[0-9a-f]{40}) (\d+) 0 R\n?`)
	pictureName = regexp.MustCompile(`/I[0-9a-f]{40}`)
)

// pictures names each picture by its content, in the resources and on the pages, and lists one used twice once.
func (w *work) pictures() {
	names := map[string]string{}
	for _, o := range w.objects {
		for _, m := range pictureRef.FindAllSubmatch(o.value, -1) {
			p := w.objects[number(m[2])]
			h := sha256.New()
			h.Write(references(p.value, func(int) int { return 0 }))
			h.Write(p.stream)
			names[string(m[1])] = fmt.Sprintf("/I%x", h.Sum(nil)[:8])
		}
	}
	if len(names) == 0 {
		return
	}
	for n, o := range w.objects {
		if slices.Contains(w.content, n) {
			o.stream = pictureName.ReplaceAllFunc(o.stream, func(m []byte) []byte {
				if name, ok := names[string(m)]; ok {
					return []byte(name)
				}
				return m
			})
		}
		if i := bytes.Index(o.value, []byte("/XObject <<")); i >= 0 {
			list := map[string]string{}
			value := pictureRef.ReplaceAllFunc(o.value, func(m []byte) []byte {
				parts := pictureRef.FindSubmatch(m)
				name, target := names[string(parts[1])], string(parts[2])
				if old, ok := list[name]; !ok || number([]byte(target)) < number([]byte(old)) {
					list[name] = target
				}
				return nil
			})
			var dictionary strings.Builder
			for _, name := range slices.Sorted(maps.Keys(list)) {
				fmt.Fprintf(&dictionary, "\n%s %s 0 R", name, list[name])
			}
			o.value = slices.Insert(value, i+len("/XObject <<"), []byte(dictionary.String())...)
		}
		w.objects[n] = o
	}
}

// compress deflates the pages, which gofpdf left plain.
func (w *work) compress() {
	for _, n := range w.content {
		z := deflate(w.objects[n].stream)
		w.objects[n] = object{fmt.Appendf(nil, "<</Filter /FlateDecode /Length %d>>", len(z)), z}
	}
}

// write numbers the objects by first mention, so that map order and leftovers of gofpdf leave no trace.
func (w *work) write() []byte {
	numbers := map[int]int{}
	var order []int
	visit := func(n int) int {
		if numbers[n] == 0 {
			order = append(order, n)
			numbers[n] = len(order)
		}
		return numbers[n]
	}
	visit(w.root)
	visit(w.info)
	out := []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	var offsets []int
	for i := 0; i < len(order); i++ { // order grows while objects mention others
		o := w.objects[order[i]]
		offsets = append(offsets, len(out))
		out = fmt.Appendf(out, "%d 0 obj\n", i+1)
		out = append(out, references(o.value, visit)...)
		if o.stream != nil {
			out = append(out, "\nstream\n"...)
			out = append(out, o.stream...)
			out = append(out, "\nendstream"...)
		}
		out = append(out, "\nendobj\n"...)
	}
	id, table := sha256.Sum256(out), len(out)
	out = fmt.Appendf(out, "xref\n0 %d\n0000000000 65535 f \n", len(order)+1)
	for _, at := range offsets {
		out = fmt.Appendf(out, "%010d 00000 n \n", at)
	}
	return fmt.Appendf(out, "trailer\n<</Size %d /Root 1 0 R /Info 2 0 R /ID [<%x> <%x>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(order)+1, id[:16], id[:16], table)
}

// add appends an object and returns its number.
func (w *work) add(o object) int {
	w.last++
	w.objects[w.last] = o
	return w.last
}

// addStream appends a deflated stream with more dictionary entries.
func (w *work) addStream(entries string, b []byte) int {
	z := deflate(b)
	return w.add(object{fmt.Appendf(nil, "<<%s/Filter /FlateDecode /Length %d>>", entries, len(z)), z})
}

// deflaters are kept because each takes a megabyte to make.
var deflaters = sync.Pool{New: func() any { return zlib.NewWriter(nil) }}

func deflate(b []byte) []byte {
	var out bytes.Buffer
	z := deflaters.Get().(*zlib.Writer)
	defer deflaters.Put(z)
	z.Reset(&out)
	_, _ = z.Write(b) // a buffer takes everything
	_ = z.Close()
	return out.Bytes()
}
