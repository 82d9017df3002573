// Under the same key the same is asked once, however often it is sent. (randomUUID is not there without TLS.)
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
