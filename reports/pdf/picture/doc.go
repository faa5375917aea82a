// Package picture cleans photographs before anyone else sees them: turned upright, made no larger than a page needs,
// and written anew, so that the place, the time and the device in the original go no further.
package picture
