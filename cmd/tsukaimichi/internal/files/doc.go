// Package files keeps the papers, photos and prints of the organisations and decides which uploads are fit to keep.
//
// A file lies under its organisation, its kind and the SHA-256 of its bytes, so it never changes, the same photo
// lies there once, and a row that names the hash can prove the bytes. Reading checks the hash. The kind keeps what is
// public apart from what is not: a public page asks for a photo and can never be handed a receipt by its hash.
// Organisation 0 is the program itself (checkpoints of the log).
//
// Uploads pass Photo or Evidence first. A photo is decoded and drawn anew, which removes where and when it was taken
// and whatever else hid in it; a PDF stays as it is, since it is evidence, but one that runs programs is refused.
// A Refused is a text key for the person who chose the file.
//
// Redact paints places of a kept photo black and makes it anew: no byte of the copy depends on what was there.
//
// Nothing else in the program touches the store: moving it from a directory to an object store is a URL.
package files
