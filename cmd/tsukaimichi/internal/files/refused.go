package files

// Refused is the text key of the reason why an upload is not kept, for the person who chose it.
type Refused string

// The reasons.
const (
	Empty         Refused = "file.empty"
	HEIC          Refused = "file.heic"
	PDFActive     Refused = "file.pdf_active"
	PDFLocked     Refused = "file.pdf_locked"
	TooLarge      Refused = "file.too_large"
	TooManyPixels Refused = "file.too_many_pixels"
	UnknownType   Refused = "file.unknown_type"
	Unreadable    Refused = "file.unreadable"
)

// Error returns the key; people get its text.
func (r Refused) Error() string { return "files: refused: " + string(r) }
