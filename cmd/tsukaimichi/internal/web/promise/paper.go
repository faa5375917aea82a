package promise

// PaperWay says how a call was handed out on paper.
func PaperWay(way string) string {
	return map[string]string{"circular": "回覧", "leaflet": "チラシ・手紙", "board": "掲示", "meeting": "総会・集まりの資料", "other": "そのほかの紙"}[way]
}
