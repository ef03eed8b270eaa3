/** Stands in for the form library's Markdown renderer: our texts are plain, and nothing in them becomes markup. */
export default function PlainText({ children }: { children?: React.ReactNode }) {
  return <>{children}</>;
}

export { PlainText as Markdown };
