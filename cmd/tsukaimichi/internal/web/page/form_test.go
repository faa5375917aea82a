package page

import (
	"net/url"
	"testing"
)

func TestProblemsStandInTheOrderOfThePageAndTheFirstHasTheFocus(t *testing.T) {
	t.Parallel()
	form := NewForm(url.Values{"name": {"山"}}, map[string]string{"mail": "書いてください。", "agree": "入れてください。", "gone": "この欄はありません。", "": "もう一度。"})
	name := form.Field(Field{Name: "name", Label: "お名前"})
	mail := form.Field(Field{Name: "mail", Label: "メール"})
	agree := form.Tick(Tick{Name: "agree", Label: "同意"})
	if name.Autofocus || !mail.Autofocus || agree.Focus {
		t.Errorf("focus: name %t, mail %t, agree %t; want mail alone", name.Autofocus, mail.Autofocus, agree.Focus)
	}
	if name.Value != "山" {
		t.Errorf("what was typed is lost: %q", name.Value)
	}
	want := []string{"", "mail", "agree", ""}
	got := form.Problems()
	if len(got) != len(want) {
		t.Fatalf("got %d problems, want %d: %v", len(got), len(want), got)
	}
	for i, problem := range got {
		if problem.FieldID != want[i] {
			t.Errorf("problem %d leads to %q, want %q", i, problem.FieldID, want[i])
		}
	}
}

func TestChoiceTypedReplacesTheFirstOne(t *testing.T) {
	t.Parallel()
	offered := Choices{Name: "show", Value: "none", Options: []Option{{Value: "none"}, {Value: "name"}}}
	fresh := NewForm(nil, nil).Choices(offered)
	if !fresh.Options[0].Chosen || fresh.Options[1].Chosen {
		t.Errorf("fresh: %+v", fresh.Options)
	}
	typed := NewForm(url.Values{"show": {"name"}}, nil).Choices(offered)
	if typed.Options[0].Chosen || !typed.Options[1].Chosen {
		t.Errorf("typed: %+v", typed.Options)
	}
	if offered.Options[0].Chosen {
		t.Error("the offer itself was changed")
	}
}
