/** What lies on disk: the project's root, its profiles, the credentials and the tenants. */
package lib.project;
