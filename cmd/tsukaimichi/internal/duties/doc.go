// Package duties reminds a group of the reports it promised: its representative and treasurer get a letter 30 and 7 days before the day, on the
// day, and every week while the report is late. The same goes for the report on what the group decided to use gifts for that nobody asked for. It first lets campaigns find money that came after a last report, which is to be reported on as well.
// The key of a letter names the promise, the step and the reader, so that whoever turns the job, and however often, each letter is written once.
package duties
