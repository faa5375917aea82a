package archive

import (
	"fmt"
	"strings"
)

// readme tells whoever opens the archive what it is, years later and without the program.
func (m Manifest) readme() string {
	var names []string
	for _, o := range m.Organisations {
		names = append(names, o.Slug)
	}
	return fmt.Sprintf(`使い道（Tsukaimichi）の控え

 作った日時　%[1]s（UTC）
 団体　　　　%[2]s
 必要な鍵　　%[3]s（封の鍵。この中には入っていません）

名前や住所が入っています。通帳と同じように、鍵のかかる所にしまってください。
元に戻すには:  tsukaimichi restore この控え --owner-url … --files … --seal-key …

 database/     データベースの表（PostgreSQL の COPY の書き方。1行目は列の名前）
 files/        領収書・レシート・写真・報告書（団体の番号／種類／SHA-256）
 checkpoints/  記録簿のチェックポイント（署名つき）
 manifest.json 中身の一覧と SHA-256

A backup of Tsukaimichi, made %[1]s, of: %[2]s.
It holds personal data: keep it as you keep the passbook. The sealing key %[3]s is needed and is not in here.
Restore with: tsukaimichi restore FILE --owner-url … --files … --seal-key …
`, m.MadeAt.Format("2006-01-02 15:04"), strings.Join(names, " "), m.KeyName)
}
