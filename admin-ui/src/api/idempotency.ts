/**
 * A new idempotency key: 128 random bits as hexadecimal digits. `crypto.randomUUID` exists on HTTPS and localhost only, and
 * intranets often have plain HTTP.
 */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Keys for the attempts at one command: the same content sent again keeps its key, so that it is carried out once even where
 * the first answer was lost; changed content is a new command.
 */
export class CommandKey {
  private content: string | undefined;
  private key = "";

  for(content: unknown): string {
    const text = JSON.stringify(content);
    if (text !== this.content) {
      this.content = text;
      this.key = newKey();
    }
    return this.key;
  }

  /** The command was answered: the next one is new even if it says the same. */
  settle(): void {
    this.content = undefined;
  }
}
