//SOURCES ../package-info.java
//SOURCES ../project/package-info.java
//SOURCES Account.java
//SOURCES ApiCall.java
//SOURCES ApiResponse.java
//SOURCES AuthorizeUrl.java
//SOURCES Deployment.java
//SOURCES ManagementApi.java
//SOURCES RegistryToken.java
//SOURCES StatusPoller.java
//SOURCES TokenExchange.java
/** The Management API: one class that speaks HTTP, one record a body. */
package lib.api;
