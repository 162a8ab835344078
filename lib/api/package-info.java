/** The Management API: one class that speaks HTTP, one record a body. */
package lib.api;
