package campaigns

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Goal is what a plan wants to reach besides yen: people who come, meals, times, hours of help, things. A plan may have goals and no yen at all.
type Goal struct {
	Kind   GoalKind `json:"kind"`
	Name   string   `json:"name"` // tells it from the others
	Target int64    `json:"target"`
	Unit   string   `json:"unit"`
}

// GoalKind says what is counted.
type GoalKind string

// What can be counted besides yen. Hours and things are given, as yen are; the others are what comes of it.
const (
	GoalPeople GoalKind = "people"
	GoalMeals  GoalKind = "meals"
	GoalTimes  GoalKind = "times"
	GoalHours  GoalKind = "hours"
	GoalThings GoalKind = "things"
)

// GoalKinds are all of them, people first.
var GoalKinds = []GoalKind{GoalPeople, GoalMeals, GoalTimes, GoalHours, GoalThings}

// Given reports whether what is counted is a gift: hours or things.
func (k GoalKind) Given() bool { return k == GoalHours || k == GoalThings }

// MaxGoals is the most goals a plan has.
const MaxGoals = 8

// Goals are the goals of a plan in their order.
type Goals []Goal

// Scan reads them as the database gives them.
func (g *Goals) Scan(src any) error {
	raw, ok := src.([]byte)
	if !ok {
		return errors.New("campaigns: goals are not JSON")
	}
	return json.Unmarshal(raw, g)
}

// Yenless reports whether the plan asks for no yen: only hands and things.
func (p Plan) Yenless() bool { return len(p.Uses) == 0 && len(p.Goals) > 0 }

// fitGoals says what even a draft cannot hold.
func (p Plan) fitGoals(bad ledger.Invalid) {
	bad.Need(len(p.Goals) <= MaxGoals, "goals", "goal.too_many")
	names := map[string]bool{}
	for i, g := range p.Goals {
		field := func(part string) string { return fmt.Sprintf("goal%d_%s", i+1, part) }
		bad.Need(slices.Contains(GoalKinds, g.Kind), field("kind"), "field.unknown")
		bad.Need(g.Name != "", field("name"), "goal.name_missing")
		bad.Need(!names[g.Name], field("name"), "goal.name_twice")
		bad.Need(utf8.RuneCountInString(g.Name) <= 30, field("name"), "field.too_long")
		bad.Need(printable(g.Name), field("name"), "field.characters")
		bad.Need(g.Target >= 1 && g.Target <= 9_999_999, field("target"), "goal.target_missing")
		bad.Need(g.Unit != "", field("unit"), "goal.unit_missing")
		bad.Need(utf8.RuneCountInString(g.Unit) <= 10 && printable(g.Unit), field("unit"), "field.too_long")
		names[g.Name] = true
	}
}

func insertGoals(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64, version int, goals Goals) error {
	for i, g := range goals {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO plan_goal (organisation_id, campaign_id, version, position, kind, name, target, unit)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, organisationID, campaignID, version, i+1, g.Kind, g.Name, g.Target, g.Unit)
		if err != nil {
			return fmt.Errorf("goal %d of campaign %d: %w", i+1, campaignID, ledger.Classify(err))
		}
	}
	return nil
}

// text writes the goals in words, to compare them.
func (g Goals) text() string {
	text := ""
	for i, goal := range g {
		if i > 0 {
			text += "\n"
		}
		text += fmt.Sprintf("%s　%s%s", goal.Name, ledger.Yen(goal.Target), goal.Unit)
	}
	return text
}

// Reach is what was reached on a day, as somebody of the group counted it: never yen, and nobody's name.
type Reach struct {
	ID         int64       `db:"id"`
	CampaignID int64       `db:"campaign_id"`
	Kind       GoalKind    `db:"kind"`
	Name       string      `db:"name"` // of the goal, or of what was given besides
	Unit       string      `db:"unit"`
	On         ledger.Date `db:"reached_on"`
	Count      int64       `db:"count"`
	Givers     int         `db:"givers"` // of hours and things: how many people gave them
	Note       string      `db:"note"`   // for the group
	Key        string      `db:"key"`    // of the form
}

// NoteReach writes down what was reached. Hours and things may be given that no goal names. The same form sent twice is one. Invalid says what is
// missing; ErrNotFound for a draft.
func NoteReach(ctx context.Context, tx *sqlx.Tx, organisationID int64, r Reach, by ledger.Actor, at time.Time) error {
	c, err := Find(ctx, tx, organisationID, r.CampaignID)
	if err != nil || !c.Public() {
		return errors.Join(err, fmt.Errorf("campaign %d: %w", r.CampaignID, ErrNotFound))
	}
	bad := ledger.Invalid{}
	bad.Need(slices.Contains(GoalKinds, r.Kind), "goal", "goal.reach_what")
	bad.Need(r.Name != "" && utf8.RuneCountInString(r.Name) <= 30 && printable(r.Name), "name", "goal.name_missing")
	bad.Need(r.Unit != "" && utf8.RuneCountInString(r.Unit) <= 10 && printable(r.Unit), "unit", "goal.unit_missing")
	bad.Need(r.Count >= 1 && r.Count <= 9_999_999, "count", "goal.count_missing")
	bad.Need(r.Givers >= 0 && r.Givers <= 99_999, "givers", "goal.count_missing")
	bad.Need(!r.Kind.Given() || r.Givers >= 1, "givers", "goal.givers_missing")
	bad.Need(!r.On.IsZero(), "reached_on", "income.day_missing")
	bad.Need(!r.On.After(ledger.DateOf(at)), "reached_on", "income.day_in_future")
	bad.Need(utf8.RuneCountInString(r.Note) <= 200, "note", "field.too_long")
	bad.Need(r.Key != "", "key", "form.expired")
	if err = bad.Err(); err != nil {
		return err
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO reached (organisation_id, campaign_id, kind, name, unit, reached_on, count, givers, note, key, entered_by, entered_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		    ON CONFLICT ON CONSTRAINT reached_key DO NOTHING`,
		organisationID, c.ID, r.Kind, r.Name, r.Unit, r.On, r.Count, r.Givers, r.Note, r.Key, actor, at)
	if err != nil {
		return fmt.Errorf("reached by campaign %d: %w", c.ID, ledger.Classify(err))
	}
	return nil
}

// TakeBackReach takes back what was counted by mistake. ErrNotFound if it was, or is not there.
func TakeBackReach(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, at time.Time) error {
	result, err := tx.ExecContext(ctx, `
		UPDATE reached
		   SET taken_back_at = $3
		 WHERE organisation_id = $1 AND id = $2 AND taken_back_at IS NULL`, organisationID, id, at)
	if err != nil {
		return fmt.Errorf("reached %d: %w", id, ledger.Classify(err))
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("reached %d: %w", id, ErrNotFound))
	}
	return nil
}

// Reaches returns what was counted of a campaign, the latest first.
func Reaches(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) ([]Reach, error) {
	var all []Reach
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT id, campaign_id, kind, name, unit, reached_on, count, givers, note, key
		  FROM reached
		 WHERE organisation_id = $1 AND campaign_id = $2 AND taken_back_at IS NULL
		 ORDER BY reached_on DESC, id DESC
		 LIMIT 200`, organisationID, campaignID)
	if err != nil {
		return nil, fmt.Errorf("reached by campaign %d: %w", campaignID, err)
	}
	return all, nil
}

// GoalProgress is a goal and how far it is reached; what was given besides the goals has no target.
type GoalProgress struct {
	Goal
	Reached int64 `json:"reached"`
	Givers  int   `json:"givers,omitempty"` // of hours and things, each time counted
}

// findGoals returns how far the goals of a plan are reached, of a standing call in its year, and then what was given besides.
func findGoals(ctx context.Context, q sqlx.QueryerContext, c Campaign, p Plan) ([]GoalProgress, error) {
	var sums []struct {
		Kind   GoalKind `db:"kind"`
		Name   string   `db:"name"`
		Unit   string   `db:"unit"`
		Count  int64    `db:"count"`
		Givers int      `db:"givers"`
	}
	from, before := p.window()
	err := sqlx.SelectContext(ctx, q, &sums, `
		SELECT kind, name, unit, sum(count)::bigint AS count, sum(givers)::int AS givers
		  FROM reached
		 WHERE organisation_id = $1 AND campaign_id = $2 AND taken_back_at IS NULL AND ($3::date IS NULL OR (reached_on >= $3 AND reached_on < $4::date))
		 GROUP BY kind, name, unit
		 ORDER BY array_position(ARRAY['people', 'meals', 'times', 'hours', 'things'], kind), name, unit`, c.OrganisationID, c.ID, from, before)
	if err != nil {
		return nil, fmt.Errorf("goals of campaign %d: %w", c.ID, err)
	}
	var out []GoalProgress
	for _, g := range p.Goals {
		out = append(out, GoalProgress{Goal: g})
	}
	for _, s := range sums {
		at := slices.IndexFunc(out, func(g GoalProgress) bool { return g.Kind == s.Kind && g.Name == s.Name && g.Unit == s.Unit })
		if at < 0 {
			out = append(out, GoalProgress{Goal: Goal{Kind: s.Kind, Name: s.Name, Unit: s.Unit}})
			at = len(out) - 1
		}
		out[at].Reached, out[at].Givers = s.Count, s.Givers
	}
	return out, nil
}
