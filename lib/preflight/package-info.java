//SOURCES ../package-info.java
//SOURCES ../api/package-info.java
//SOURCES ../cli/package-info.java
//SOURCES ../docker/package-info.java
//SOURCES ../project/package-info.java
//SOURCES ../registry/package-info.java
//SOURCES BuildSources.java
//SOURCES Doctor.java
//SOURCES Engines.java
//SOURCES Findings.java
//SOURCES Ground.java
//SOURCES Look.java
//SOURCES Needs.java
//SOURCES Preflight.java
//SOURCES PushProof.java
/** What would stop a run, found before it starts: everything at once, each with its fix. */
package lib.preflight;
