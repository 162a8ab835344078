//SOURCES ../../sandbox/package-info.java
/** The sandbox keeps its promises: over real http, with the JDK's own client. */
package sandbox;
