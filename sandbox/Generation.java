package sandbox;

/** The two wire forms of the Management API. */
public enum Generation {
    /** Of December 2025: the operator's token opens tenant calls; the registry token has {@code password}. */
    G1,
    /** Of August 2026: tenant calls need an exchanged token; the registry token names repository and tag. */
    G2
}
