package door

import (
	"net/url"
	"strings"
	"testing"
)

func TestNextPageIsAlwaysOneOfOurs(t *testing.T) {
	t.Parallel()
	for next, want := range map[string]string{
		"/desk": "/desk", "/desk/hoshino/settings/members": "/desk/hoshino/settings/members", "/account": "/account",
		"/account/app?next=%2Fdesk": "/account/app?next=%2Fdesk", "/desk/hoshino/book?month=2026-11&q=%E7%B1%B3": "/desk/hoshino/book?month=2026-11&q=%E7%B1%B3",
		"/desk/%E6%98%9F": "/desk/%E6%98%9F",
		"":                "/desk", "/": "/desk", "/c/fuyu": "/desk", "/sign-out": "/desk", "/deskevil": "/desk", "desk": "/desk",
		"//evil.example": "/desk", "///evil.example": "/desk", `/\evil.example`: "/desk", `\\evil.example`: "/desk", `/desk\..\..\evil`: "/desk",
		"https://evil.example/desk": "/desk", "https:evil.example": "/desk", "https:/desk": "/desk", "javascript:alert(1)": "/desk", "JaVaScRiPt:alert(1)": "/desk", "data:text/html,x": "/desk",
		"/%2fevil.example": "/desk", "/%2Fevil.example": "/desk", "/%5cevil.example": "/desk", "%2f%2fevil.example": "/desk", "/desk/%2f%2fevil.example": "/desk", "/desk/%252fevil": "/desk",
		"/desk/../..//evil.example": "/desk", "/desk/..": "/desk", "/desk/%2e%2e//evil": "/desk", "/desk//evil.example": "/desk", "/desk/./x": "/desk",
		"/desk\r\nLocation: https://evil.example": "/desk", "/desk\t": "/desk", "\t//evil.example": "/desk", "/\t/evil.example": "/desk", "/desk\x00": "/desk", "/desk/%0d%0aSet-Cookie:x": "/desk", "/desk/%00": "/desk",
		"//user@evil.example/desk": "/desk", "/desk@evil.example": "/desk", " /desk": "/desk", "/desk#//evil": "/desk",
		"/desk/" + strings.Repeat("a", 1000): "/desk",
	} {
		if got := localPath(next); got != want {
			t.Errorf("localPath(%q) = %q; want %q", next, got, want)
		}
	}
}

func FuzzNextPageStaysOnTheSite(f *testing.F) {
	for _, seed := range []string{"/desk/x?y=1", "//evil", `/\evil`, "/desk/%2e%2e/%2f", "https:/desk", "/account\n", "/desk?//evil", "/desk;//evil"} {
		f.Add(seed)
	}
	site, err := url.Parse("https://tsukaimichi.example/confirm")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, next string) {
		got := localPath(next)
		to, err := site.Parse(got)
		if err != nil || to.Host != site.Host || to.Scheme != "https" || to.User != nil || strings.ContainsAny(got, "\\\r\n\t\x00") ||
			strings.HasPrefix(got, "//") || !(within(to.Path, "/desk") || within(to.Path, "/account")) {
			t.Errorf("localPath(%q) = %q, which leads to %v, %v", next, got, to, err)
		}
		if again := localPath(got); again != got {
			t.Errorf("localPath(%q) = %q and then %q", next, got, again)
		}
	})
}
