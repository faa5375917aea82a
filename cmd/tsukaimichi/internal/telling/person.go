package telling

import (
	"crypto/hmac"
	"strconv"
)

// PersonPath is where somebody who signs in stops the letters about grants, without signing in.
func (l Links) PersonPath(personID int64) string {
	who := "p" + strconv.FormatInt(personID, 10)
	return "/grant-letters/" + strconv.FormatInt(personID, 10) + "/" + l.token(0, who)
}

// ReadPerson says whether a link of PersonPath was made here for the person; ErrLink otherwise.
func (l Links) ReadPerson(personID int64, token string) error {
	if !hmac.Equal([]byte(token), []byte(l.token(0, "p"+strconv.FormatInt(personID, 10)))) {
		return ErrLink
	}
	return nil
}
