//SOURCES ../package-info.java
//SOURCES ../api/package-info.java
//SOURCES ../cli/package-info.java
//SOURCES ../project/package-info.java
//SOURCES Browser.java
//SOURCES BrowserLogin.java
//SOURCES Callback.java
//SOURCES CallbackPage.java
//SOURCES CallbackServer.java
//SOURCES Identity.java
//SOURCES Login.java
//SOURCES Logout.java
//SOURCES Provider.java
//SOURCES Service.java
//SOURCES Whoami.java
/** Who acts: a token comes through the browser or a pipe, is checked with the API, and only then is saved. */
package lib.login;
