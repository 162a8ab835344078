//SOURCES ../package-info.java
//SOURCES ../api/package-info.java
//SOURCES ../cli/package-info.java
//SOURCES ../docker/package-info.java
//SOURCES ../project/package-info.java
//SOURCES Delivery.java
//SOURCES DeployReport.java
//SOURCES EngineImage.java
//SOURCES ImageOptions.java
//SOURCES ImageSource.java
//SOURCES Pushable.java
//SOURCES Resume.java
//SOURCES Revision.java
//SOURCES Session.java
/** From an image on this machine to an image in the registry: what the scripts share of the flow. */
package lib.delivery;
