//SOURCES ../package-info.java
//SOURCES ApiUrl.java
//SOURCES BearerExpiry.java
//SOURCES Credentials.java
//SOURCES Dockerfile.java
//SOURCES Environment.java
//SOURCES Profile.java
//SOURCES Profiles.java
//SOURCES Project.java
//SOURCES ProjectFile.java
//SOURCES Substitution.java
//SOURCES Target.java
//SOURCES Tenant.java
//SOURCES TenantId.java
//SOURCES TenantStore.java
/** What lies on disk: the project's root, its profiles, the credentials and the tenants. */
package lib.project;
