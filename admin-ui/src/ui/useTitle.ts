import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { meQuery } from "../api/queries/session";

/** Names the window after the page and the system. */
export function useTitle(title: string): void {
  const { data: me } = useQuery({ ...meQuery, enabled: false });
  const system = me?.system_title;
  useEffect(() => {
    document.title = [title, system ?? "Docket"].filter(Boolean).join(" · ");
  }, [title, system]);
}
