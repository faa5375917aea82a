// Package seal keeps secrets that the program must be able to read again, such as an organisation's payment key,
// unreadable at rest. A copy of the database alone opens nothing: the key lives in the settings or in a file
// beside the data, never in the database.
//
// A sealed text is bound to its organisation and its purpose: moved to another row or another column it does not
// open. It names the key it was sealed with, so keys can be changed one row at a time: a Box seals with its
// current key and still opens what older keys sealed.
//
// Passwords, codes and links are not sealed but hashed where they are kept: nobody needs to read them again.
package seal
