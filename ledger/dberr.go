package ledger

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strings"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// What the database refuses, by the rule that was broken. Each stands for one named constraint or guard.
var (
	ErrUnbalanced    = errors.New("ledger: entries do not sum to zero in each fund")
	ErrIncomplete    = errors.New("ledger: entries do not make up their transaction")
	ErrPeriodClosed  = errors.New("ledger: the period is closed")
	ErrAccountClosed = errors.New("ledger: no such account, or it is closed")
	ErrFundClosed    = errors.New("ledger: no such fund, or it is closed")
	ErrForeignUse    = errors.New("ledger: the use belongs to another fund")
	ErrNoSuchRow     = errors.New("ledger: what is named does not exist in this organisation")
	ErrPostedBefore  = errors.New("ledger: this source is booked already")
	ErrReversed      = errors.New("ledger: already reversed")
	ErrGift          = errors.New("ledger: a gift needs its paid donation")
	ErrNotCollecting = errors.New("ledger: the fund does not collect on that day")
	ErrNoPromise     = errors.New("ledger: a fund collects only for published stated uses")
	ErrRefundTooMuch = errors.New("ledger: refunds would exceed the gift")
	ErrFrozen        = errors.New("ledger: posted or published rows are never changed")
	ErrSamePerson    = errors.New("ledger: another person has to check")
	ErrSegment       = errors.New("ledger: an expense needs its segment, and 事業費 its initiative")
	ErrOpeningOnly   = errors.New("ledger: 3100 takes opening balances only")
	ErrIsolation     = errors.New("ledger: the book is written in READ COMMITTED")
	ErrNoRight       = errors.New("ledger: the database role has no right to do that")
	ErrUseHeld       = errors.New("ledger: nothing may be spent on this use now")
	ErrNotVetted     = errors.New("ledger: an operator has not looked at who this group is")
)

var rules = map[string]error{
	"entry_balanced_per_fund":       ErrUnbalanced,
	"entry_fund_transfer_pairs":     ErrUnbalanced,
	"entry_set_complete":            ErrIncomplete,
	"entry_one_organisation":        ErrIncomplete,
	"transaction_entry_count":       ErrIncomplete,
	"transaction_has_its_entries":   ErrIncomplete,
	"transaction_is_recorded":       ErrIncomplete,
	"transaction_reversal_mirrors":  ErrIncomplete,
	"expense_lines_add_up":          ErrIncomplete,
	"entry_pkey":                    ErrIncomplete,
	"entry_amount_range":            ErrOverflow,
	"entry_expense_has_segment":     ErrSegment,
	"entry_program_has_initiative":  ErrSegment,
	"entry_opening_only":            ErrOpeningOnly,
	"entry_read_committed":          ErrIsolation,
	"entry_period_open":             ErrPeriodClosed,
	"period_pkey":                   ErrPeriodClosed,
	"entry_account_open":            ErrAccountClosed,
	"entry_fund_open":               ErrFundClosed,
	"entry_use_of_its_fund":         ErrForeignUse,
	"entry_use_not_held":            ErrUseHeld,
	"entry_transaction_exists":      ErrNoSuchRow,
	"transaction_actor_exists":      ErrNoSuchRow,
	"transaction_donation_exists":   ErrNoSuchRow,
	"transaction_refund_exists":     ErrNoSuchRow,
	"transaction_reverses_exists":   ErrNoSuchRow,
	"entry_initiative_exists":       ErrNoSuchRow,
	"organisation_has_log":          ErrNoSuchRow,
	"entry_counterparty_exists":     ErrNoSuchRow,
	"transaction_source_key":        ErrPostedBefore,
	"transaction_one_opening":       ErrPostedBefore,
	"transaction_one_booking":       ErrPostedBefore,
	"expense_key":                   ErrPostedBefore,
	"expense_transaction_key":       ErrPostedBefore,
	"transaction_reverses_key":      ErrReversed,
	"entry_gift_has_donation":       ErrGift,
	"entry_refund_has_refund":       ErrGift,
	"entry_gift_while_collecting":   ErrNotCollecting,
	"fund_collects_for_stated_uses": ErrNoPromise,
	"donation_refund_cap":           ErrRefundTooMuch,
	"donation_paid_stays":           ErrFrozen,
	"donation_steps":                ErrFrozen,
	"donation_refunded_is_sum":      ErrFrozen,
	"expense_checked_by_another":    ErrSamePerson,
	"redaction_by_another":          ErrSamePerson,
	"campaign_of_vetted_group":      ErrNotVetted,
	"vetting_by_operator":           ErrNoRight,
}

// states are the SQLSTATEs that say enough by themselves.
var states = map[pqerror.Code]error{
	"TM001": ErrFrozen,  // ours: refuse_change
	"42501": ErrNoRight, // insufficient_privilege
}

// partition is the suffix a distributed database adds to a constraint's name.
var partition = regexp.MustCompile(`_\d+$`)

// quoted finds a constraint's name in a message, for servers that leave the field empty.
var quoted = regexp.MustCompile(`constraint "([a-z0-9_]+)"`)

// Classify adds to a database error the sentinel of the rule it broke, by SQLSTATE first and then by the name of
// the constraint. Any other error, and nil, come back as they are.
func Classify(err error) error {
	var pe *pq.Error
	if !errors.As(err, &pe) {
		return err
	}
	if rule, ok := states[pe.Code]; ok {
		return fmt.Errorf("%w: %w", rule, err)
	}
	if rule, ok := rules[ConstraintName(err)]; ok {
		return fmt.Errorf("%w: %w", rule, err)
	}
	switch pe.Code {
	case "23503": // foreign_key_violation
		return fmt.Errorf("%w: %w", ErrNoSuchRow, err)
	case "22021", "22P05": // a character no text can hold: NUL, also inside JSON
		return Invalid{"": "field.characters"}
	}
	return err
}

// ConstraintName returns the name of the constraint a database error broke, or nothing.
func ConstraintName(err error) string {
	var pe *pq.Error
	if !errors.As(err, &pe) {
		return ""
	}
	name := pe.Constraint
	if name == "" {
		if found := quoted.FindStringSubmatch(pe.Message); found != nil {
			name = found[1]
		}
	}
	return partition.ReplaceAllString(name, "")
}

// away are the SQLSTATEs of a server that is stopping, starting or full.
var away = []pqerror.Code{"57P01", "57P02", "57P03", "53300"}

// Unreachable reports whether an error says that the database could not be reached or went away meanwhile. Whether what was asked
// for was done is not known then; asking again with the same key is safe.
func Unreachable(err error) bool {
	var pe *pq.Error
	if errors.As(err, &pe) {
		return slices.Contains(away, pe.Code) || strings.HasPrefix(string(pe.Code), "08") // connection_exception
	}
	var network *net.OpError
	return errors.Is(err, driver.ErrBadConn) || errors.As(err, &network)
}

func retryable(err error) bool {
	if ConstraintName(err) == "entry_period_open" {
		return true // closing overtook the posting; the next try books on the first open day
	}
	var pe *pq.Error
	return errors.As(err, &pe) && (pe.Code == "40001" || pe.Code == "40P01")
}
