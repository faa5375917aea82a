package document

import (
	"encoding/json"
	"errors"
	"fmt"
)

// ErrKind says that stored JSON names a block this program does not know.
var ErrKind = errors.New("document: unknown kind of block")

// Block is one thing in the reading order. The kinds are the structs of this package and no others.
type Block interface {
	// Kind is the block's name in JSON.
	Kind() string
	// KeepsWithNext says that no page may end between this block and the one after it.
	KeepsWithNext() bool
}

// Blocks is a list of blocks that survives JSON: each object carries its "kind".
type Blocks []Block

// MarshalJSON writes the blocks with their kinds.
func (bs Blocks) MarshalJSON() ([]byte, error) {
	out := []byte{'['}
	for i, b := range bs {
		if i > 0 {
			out = append(out, ',')
		}
		body, err := json.Marshal(b)
		if err != nil {
			return nil, fmt.Errorf("block %d %s: %w", i, b.Kind(), err)
		}
		out = append(out, `{"kind":"`+b.Kind()+`"`...)
		if len(body) > len("{}") {
			out = append(out, ',')
		}
		out = append(out, body[1:]...)
	}
	return append(out, ']'), nil
}

// UnmarshalJSON reads what MarshalJSON wrote; ErrKind for a block it does not know.
func (bs *Blocks) UnmarshalJSON(data []byte) error {
	var raw []json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	list := make(Blocks, len(raw))
	for i, r := range raw {
		var head struct {
			Kind string `json:"kind"`
		}
		if err := json.Unmarshal(r, &head); err != nil {
			return err
		}
		read := kinds[head.Kind]
		if read == nil {
			return fmt.Errorf("block %d %q: %w", i, head.Kind, ErrKind)
		}
		b, err := read(r)
		if err != nil {
			return fmt.Errorf("block %d %s: %w", i, head.Kind, err)
		}
		list[i] = b
	}
	*bs = list
	return nil
}

// kinds is filled in init because Columns, a block, holds Blocks, whose reader uses it.
var kinds map[string]func(json.RawMessage) (Block, error)

func init() {
	kinds = map[string]func(json.RawMessage) (Block, error){}
	know[Title]()
	know[Addressee]()
	know[Heading]()
	know[Paragraph]()
	know[Note]()
	know[Rule]()
	know[PageBreak]()
	know[Facts]()
	know[People]()
	know[Bar]()
	know[Table]()
	know[Shares]()
	know[Proof]()
	know[Voice]()
	know[List]()
	know[Columns]()
	know[Photo]()
	know[QR]()
	know[Signature]()
	know[Boxes]()
	know[Footer]()
}

func know[B Block]() {
	var zero B
	kinds[zero.Kind()] = func(r json.RawMessage) (Block, error) {
		var b B
		err := json.Unmarshal(r, &b)
		return b, err
	}
}
