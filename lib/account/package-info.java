/** Login and tenant: who somebody is, and where their profiles deploy to. */
package lib.account;
