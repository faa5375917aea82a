// Package coordinating is the board of a coordinator over all groups he helps, under /desk/-/board.
//
// Each draft stands in one line with its deadline and the kind of it, the days left, how much is written, a light in shape and word with its reason, the next task and
// whose turn it is. A group is there for as long as the coordinator has his role in it, asked at each request: the day after the role ends it is gone. The board
// changes nothing; what is to be done is done at the group's own desk, and approving is not the coordinator's.
package coordinating
