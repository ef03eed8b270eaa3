/**
 * What the server wrote into the page: `csp-nonce`, `demo`, `system-title`. A development server leaves the placeholders
 * (`__CSP_NONCE__` and the like), which count as absent.
 */
export function meta(name: string): string | undefined {
  const content = document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content;
  return content && !/^__[A-Z_]+__$/.test(content) ? content : undefined;
}
