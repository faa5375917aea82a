package document

import "time"

// Document is one paper: its metadata, its blocks in reading order, and the files that travel inside the PDF.
type Document struct {
	Meta        Meta         `json:"meta"`
	Blocks      Blocks       `json:"blocks"`
	Attachments []Attachment `json:"attachments,omitempty"`
}

// Meta describes the paper. Equal documents give equal bytes, so the instant is an argument, never the clock.
type Meta struct {
	Title     string    `json:"title"`            // of the file and the window
	Author    string    `json:"author"`           // the organisation
	Subject   string    `json:"subject,omitzero"` // one line: what the paper is about
	Language  string    `json:"language"`         // BCP 47; "ja" when empty
	Template  string    `json:"template"`         // the layout rules it was made under, "usage/v1"
	Number    string    `json:"number,omitzero"`  // printed at the foot of each page, "R-2026-0031"
	URL       string    `json:"url,omitzero"`     // where the accessible edition is read
	CreatedAt time.Time `json:"created_at"`
}

// Attachment is a file inside the PDF, such as 使途明細.csv. The page links to it instead.
type Attachment struct {
	Name        string `json:"name"`
	Description string `json:"description,omitzero"`
	MediaType   string `json:"media_type"` // "text/csv"
	Bytes       []byte `json:"bytes"`
}
