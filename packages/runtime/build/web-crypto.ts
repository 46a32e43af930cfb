/** Stands in for Node's module of this name, which a library asks for where a browser has none of its own; see vite.config.ts. */
export const webcrypto: Crypto = globalThis.crypto
