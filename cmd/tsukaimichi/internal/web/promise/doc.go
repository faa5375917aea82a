// Package promise says in words how a promise changes: the same words for everybody, for members and for who gave.
package promise
