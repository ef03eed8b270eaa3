import { Link } from "@tanstack/react-router";

/** The way from an import back to the list that it fills. */
export function BackToList({ module, kind, title }: { module: string; kind: string; title: string }) {
  return (
    <Link to="/modules/$module/$kind" params={{ module, kind }}>
      ← {title}
    </Link>
  );
}
