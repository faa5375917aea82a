// Package fonts carries Noto Sans JP, Regular and Bold, unmodified under the SIL Open Font License (OFL.txt).
//
// Notably it has 髙, 﨑 and 𠮷, which common surnames need and most free Japanese faces lack.
package fonts

import _ "embed"

// Regular is Noto Sans JP Regular, a TrueType file.
//
//go:embed NotoSansJP_400Regular.ttf
var Regular []byte

// Bold is Noto Sans JP Bold, a TrueType file.
//
//go:embed NotoSansJP_700Bold.ttf
var Bold []byte
