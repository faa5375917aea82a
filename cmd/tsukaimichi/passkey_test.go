package main

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
)

// hands are a person at a keyboard with a telephone that opens doors.
type hands struct{ *chromium.Hands }

// device puts a telephone that knows its holder's finger into the tab.
func (h *hands) device() webauthn.AuthenticatorID {
	h.T.Helper()
	ctx, cancel := context.WithTimeout(h.Context, chromium.Within)
	defer cancel()
	id, err := chromedp.Run(ctx, func(ctx context.Context, t *chromedp.Target) (webauthn.AuthenticatorID, error) {
		if _, err := cdp.Call(ctx, t, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return "", err
		}
		added, err := cdp.Call(ctx, t, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal, HasResidentKey: true,
			HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		}})
		return added.AuthenticatorID, err
	})
	h.Must(err)
	return id
}

// credentials are the passkeys in the device.
func (h *hands) credentials(device webauthn.AuthenticatorID) []*webauthn.Credential {
	h.T.Helper()
	ctx, cancel := context.WithTimeout(h.Context, chromium.Within)
	defer cancel()
	all, err := chromedp.Run(ctx, func(ctx context.Context, t *chromedp.Target) (webauthn.GetCredentialsResult, error) {
		return cdp.Call(ctx, t, webauthn.GetCredentials, webauthn.GetCredentialsParams{AuthenticatorID: device})
	})
	h.Must(err)
	return all.Credentials
}

// pressesHere presses a button whose script stays on the page, and waits for its words.
func (h *hands) pressesHere(name, words string) {
	h.T.Helper()
	h.Reach(name, "BUTTON")
	h.Keys("\r")
	for deadline := time.Now().Add(chromium.Within); !strings.Contains(h.Reads(), words); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			h.T.Fatalf("%s presses %q and waits in vain for %q in\n%s", h.Name, name, words, h.Reads())
		}
	}
}

// TestPasskeys has one program for both parts.
func TestPasskeys(t *testing.T) {
	t.Parallel()
	x := &chromium.Examiner{Axe: chromium.Axe(t)}
	chromium.Browser(t)
	p := practise(t, true)
	f := p.found("hoshino")
	at := strings.Replace(p.at, "127.0.0.1", "localhost", 1) // a passkey belongs to a name, not to a number
	t.Run("made by keyboard and opens the door", func(t *testing.T) { madeAndOpensTheDoor(t, p, f, x, &hands{chromium.Sit(t, "代表", at)}) })
	t.Run("an answer counts once", func(t *testing.T) { answerCountsOnce(t, p, f, &hands{chromium.Sit(t, "会計", at)}) })
}

// madeAndOpensTheDoor, with a device of the browser's own: made on the way to the members, shown as a second factor, used to sign in without any
// mail, copied and refused, taken away and refused.
func madeAndOpensTheDoor(t *testing.T, p *practising, f found, x *chromium.Examiner, h *hands) {
	device := h.device()
	h.comesByMail(p, f.representative.SubjectID)
	h.GoTo("/desk/hoshino/settings/members")
	h.Sees("確かめる方法を1つ用意してください")
	h.looks(x)
	h.Fills("パスキーの名前", "代表のスマートフォン")
	h.Presses("この機械にパスキーをつくる")
	h.Sees("メンバーを足す")
	if made := h.credentials(device); len(made) != 1 || !made[0].IsResidentCredential || made[0].RpID != "localhost" {
		t.Fatalf("in the device: %+v", made)
	}

	h.moveOn(p)
	h.GoTo("/desk/hoshino/settings/members")
	h.looks(x)
	h.Presses("パスキーで確かめる")
	h.Sees("メンバーを足す")
	h.moveOn(p) // while the form is filled in
	h.Fills("名前", "練習 桃子")
	h.Fills("メールアドレス", "momoko@renshu.example")
	h.Chooses("監事")
	h.Reach("メンバーを足す", "BUTTON")
	if status, err := h.Follow(chromedp.KeyEvent("\r")); err != nil || status != http.StatusForbidden {
		t.Fatalf("the form that comes too early: %d, %v", status, err)
	}
	h.Sees("入れた内容は、この画面が持っています")
	h.looks(x)
	h.Presses("パスキーで確かめて続ける")
	h.Sees("練習 桃子", "momoko@renshu.example")
	h.Presses("終わる")
	h.GoTo("/sign-in")
	h.Presses("パスキーでサインインする")
	h.Sees("今日の仕事")
	h.GoTo("/desk/hoshino/settings/members") // a finger was shown at the door
	h.Sees("メンバーを足す")
	var count int64
	if err := p.db.Get(&count, `SELECT sign_count FROM passkey`); err != nil || count < 3 {
		t.Errorf("the passkey was used twice and counts %d, %v", count, err)
	}

	p.db.MustExec(`UPDATE passkey SET sign_count = 1000`) // as if a copy had been used much
	h.Presses("終わる")
	h.GoTo("/sign-in")
	h.pressesHere("パスキーでサインインする", "このパスキーでは確かめられませんでした")
	p.db.MustExec(`UPDATE passkey SET sign_count = 0`)
	h.Presses("パスキーでサインインする")
	h.Presses("自分のこと")
	h.Sees("代表のスマートフォン", "に使いました")
	h.Presses("「代表のスマートフォン」を消す")
	h.Presses("このパスキーを消す")
	h.Sees("パスキーを消しました")
	h.Presses("終わる")
	h.GoTo("/sign-in")
	h.pressesHere("パスキーでサインインする", "このパスキーでは確かめられませんでした")
}

// looks has the page looked at as the crawl does: no link leads to these.
func (h *hands) looks(x *chromium.Examiner) {
	h.T.Helper()
	faults, err := x.Page(h.Tab)
	h.Must(err)
	for _, fault := range faults {
		h.T.Errorf("%s: %s", h.Name, fault)
	}
	h.Must(h.Do(chromedp.EmulateViewport(1280, 800)))
}

// moveOn lets a day pass.
func (h *hands) moveOn(p *practising) {
	h.T.Helper()
	p.post("/practice/clock", url.Values{"days": {"1"}})
}

// comesByMail signs in by a link.
func (h *hands) comesByMail(p *practising, personID int64) {
	h.T.Helper()
	h.GoTo("/sign-in/link?t=" + url.QueryEscape(p.link(personID)))
	h.Presses("サインインする")
}

// answerCountsOnce: the site takes no answer twice, none to a question asked before the last, none of another kind.
func answerCountsOnce(t *testing.T, p *practising, f found, h *hands) {
	h.device()
	h.comesByMail(p, f.treasurer.SubjectID)
	h.GoTo("/account")
	h.Presses("この機械にパスキーをつくる")
	h.GoTo("/sign-in") // leads to the desk: signed in
	_, err := chromium.Ask[string](h.Tab, takeAnswers)
	h.Must(err)
	for what, want := range map[string]string{"first": "200", "again": "422", "other ceremony": "422", "old question": "422", "garbage": "422", "empty": "422"} {
		got, err := chromium.Ask[string](h.Tab, `answers["`+what+`"]()`)
		h.Must(err)
		if got != want {
			t.Errorf("%s answer: %s; want %s", what, got, want)
		}
	}
}

// takeAnswers signs by hand what the page's script would, so that answers can be sent again and to other addresses.
const takeAnswers = `(async () => {
  const bytes = t => Uint8Array.from(atob(t.replaceAll("-", "+").replaceAll("_", "/")), c => c.charCodeAt(0));
  const text = b => btoa(String.fromCharCode(...new Uint8Array(b))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const post = async (path, body) => fetch(path, {method: "POST", headers: {"Content-Type": "application/json"}, body: typeof body === "string" ? body : JSON.stringify(body)});
  const sign = async from => {
    const {publicKey: o} = await (await post(from + "/begin", {})).json();
    const k = await navigator.credentials.get({publicKey: {...o, challenge: bytes(o.challenge), allowCredentials: (o.allowCredentials ?? []).map(c => ({...c, id: bytes(c.id)}))}});
    const r = k.response;
    return {answer: {id: k.id, rawId: text(k.rawId), type: k.type, clientExtensionResults: {}, response: {clientDataJSON: text(r.clientDataJSON),
      authenticatorData: text(r.authenticatorData), signature: text(r.signature), userHandle: r.userHandle ? text(r.userHandle) : undefined}}};
  };
  const status = async (path, body) => String((await post(path, body)).status);
  globalThis.answers = {
    async first() { return status("/confirm/passkey", await sign("/confirm/passkey")); },
    async again() { const a = await sign("/confirm/passkey"); await status("/confirm/passkey", a); return status("/confirm/passkey", a); },
    async "other ceremony"() { const a = await sign("/sign-in/passkey"); return status("/confirm/passkey", a); },
    async "old question"() { const a = await sign("/confirm/passkey"); await post("/confirm/passkey/begin", {}); return status("/confirm/passkey", a); },
    async garbage() { await sign("/confirm/passkey"); return status("/confirm/passkey", "{\"answer\": {\"id\": 1}}"); },
    async empty() { await sign("/confirm/passkey"); return status("/confirm/passkey", ""); },
  };
  return "ready";
})()`
