package sandbox;

/** How the registry asks for credentials. */
public enum RegistryScheme {
    /** With every request. */
    BASIC,
    /** Once, at {@code /token}, for a bearer token. */
    BEARER
}
