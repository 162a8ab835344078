/** The Management API: one class that speaks HTTP, one record a body, the retry rule. */
package lib.api;
