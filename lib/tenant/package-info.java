/** Where a deploy goes: which tenants there are, and which of them a profile names. */
package lib.tenant;
