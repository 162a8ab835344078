/** From an image on this machine to an image in the registry: what the scripts share of the flow. */
package lib.delivery;
