// Package rehearsed lets tests use the whole program as a treasurer begins it: built from the tree, in practice mode, in an empty folder, with its sample organisations.
//
// There is one program for each test binary. It starts with the first test that asks for it and ends with End. Main is the TestMain of a package that
// has nothing else to begin and end; its folders lie in memory where there is room. A story asks Today for its day, which does not end before it.
//
// Only tests import it.
package rehearsed
