/** Who acts: a token comes through the browser or a pipe, is checked with the API, and only then is saved. */
package lib.login;
