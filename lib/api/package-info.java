//SOURCES ../package-info.java
//SOURCES ../project/package-info.java
//SOURCES Account.java
//SOURCES ApiAnswer.java
//SOURCES ApiCall.java
//SOURCES ApiRefusal.java
//SOURCES Bearer.java
//SOURCES DeployCall.java
//SOURCES Deployment.java
//SOURCES Http.java
//SOURCES LimitedBody.java
//SOURCES ManagementApi.java
//SOURCES RegistryToken.java
//SOURCES Retry.java
//SOURCES StatusPoller.java
//SOURCES TenantStatus.java
/** The Management API: one class that speaks HTTP, one record a body, the retry rule. */
package lib.api;
