//SOURCES ../package-info.java
//SOURCES ../api/package-info.java
//SOURCES ../cli/package-info.java
//SOURCES ../project/package-info.java
//SOURCES TenantList.java
//SOURCES TenantUse.java
/** Where a deploy goes: which tenants there are, and which of them a profile names. */
package lib.tenant;
