package telling

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
)

// ErrLink says that a link was not made here.
var ErrLink = errors.New("telling: not a link of ours")

// Links makes the private links at which letters are stopped. Nothing of them is kept: the key makes them again.
type Links struct {
	Site string // where our own pages are, without a slash at the end
	Key  []byte // of private links
}

// Path is where a reader chooses which letters he gets.
func (l Links) Path(organisationID int64, r news.Reader) string {
	who := "g" + strconv.FormatInt(r.DonorID, 10)
	if r.DonorID == 0 {
		who = "f" + strconv.FormatInt(r.FollowerID, 10)
	}
	return fmt.Sprintf("/letters/%d/%s/%s", organisationID, who, l.token(organisationID, who))
}

// Stop is the whole address a letter of a kind names; asked for by POST it stops that kind (RFC 8058).
func (l Links) Stop(organisationID int64, r news.Reader, kind news.Kind) string {
	return l.Site + l.Path(organisationID, r) + "?kind=" + string(kind)
}

// Read returns whose letters a link is about: of a giver his DonorID, of a follower his FollowerID. ErrLink if it was not made here.
func (l Links) Read(organisationID int64, who, token string) (news.Reader, error) {
	if !hmac.Equal([]byte(token), []byte(l.token(organisationID, who))) {
		return news.Reader{}, ErrLink
	}
	number, isFollower := strings.CutPrefix(who, "f")
	id, err := strconv.ParseInt(strings.TrimPrefix(number, "g"), 10, 64)
	switch {
	case err != nil:
		return news.Reader{}, ErrLink
	case isFollower:
		return news.Reader{FollowerID: id}, nil
	}
	return news.Reader{DonorID: id}, nil
}

func (l Links) token(organisationID int64, who string) string {
	mac := hmac.New(sha256.New, l.Key)
	mac.Write([]byte("letters " + strconv.FormatInt(organisationID, 10) + " " + who))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
