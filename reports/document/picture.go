package document

// Photo is a picture with what it shows. Its bytes are cleaned before they are printed: place and device are dropped.
type Photo struct {
	Bytes   []byte `json:"bytes,omitempty"` // JPEG, PNG or WebP; needed for the PDF
	Source  string `json:"source,omitzero"` // address of the cleaned picture; needed for the page
	Alt     string `json:"alt"`             // for those who cannot see it
	Caption string `json:"caption,omitzero"`
	Keep    bool   `json:"keep,omitzero"`
}

// QR is a code for a phone's camera, with the same address in letters beside it.
type QR struct {
	Text    string `json:"text"`
	Caption string `json:"caption,omitzero"`
	Keep    bool   `json:"keep,omitzero"`
}

// Kind names the block.
func (Photo) Kind() string { return "photo" }

// Kind names the block.
func (QR) Kind() string { return "qr" }

// KeepsWithNext is as the writer says.
func (p Photo) KeepsWithNext() bool { return p.Keep }

// KeepsWithNext is as the writer says.
func (q QR) KeepsWithNext() bool { return q.Keep }
