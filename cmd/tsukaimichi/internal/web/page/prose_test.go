package page

import "testing"

func TestTypedTextIsEscapedAndKeepsItsLines(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, got, want string }{
		{"lines", string(Lines("一<script>\r\n二\n")), "一&lt;script&gt;<br>二"},
		{"paragraphs", string(Prose("一\n二\n\n\n\n三")), "<p>一<br>二</p><p>三</p>"},
		{"nothing", string(Prose(" \n\n ")), ""},
		{"police", string(Tel("#9110")), `<a class="nowrap" href="tel:%239110">#9110</a>`},
		{"telephone", string(Tel(`03-１２34"`)), `<a class="nowrap" href="tel:031234">03-１２34&#34;</a>`},
		{"mail", string(MailTo(`a+b@example.jp`)), `<a href="mailto:a%2Bb%40example.jp">a+b@example.jp</a>`},
		{"one line", NoBreak("練習 花子"), "練習\u00a0花子"},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, test.got, test.want)
		}
	}
}
