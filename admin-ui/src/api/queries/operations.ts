import { api, data } from "../client";
import type { Turn } from "../types";

const command = (id: string, key: string) => ({ path: { id }, header: { "Idempotency-Key": key } });

/** What somebody does with a task beside completing it. */
export type Deed =
  | { kind: "transfer" | "delegate"; to: string; comment?: string }
  | { kind: "return"; to: string; straight: boolean; comment?: string }
  | { kind: "copy"; people: string[]; comment?: string }
  | { kind: "add-signers"; people: string[]; turn: Turn; comment?: string }
  | { kind: "remove-signer"; person: string; comment?: string }
  | { kind: "hand-back" | "take-back" | "urge" | "withdraw"; comment?: string };

/** Carries out a deed once. */
export function operate(task: string, key: string, deed: Deed) {
  const params = command(task, key);
  switch (deed.kind) {
    case "transfer":
      return data(api.POST("/tasks/{id}/transfer", { params, body: { to: deed.to, comment: deed.comment } }));
    case "delegate":
      return data(api.POST("/tasks/{id}/delegate", { params, body: { to: deed.to, comment: deed.comment } }));
    case "return": {
      const { to, straight, comment } = deed;
      return data(api.POST("/tasks/{id}/return", { params, body: { to, straight, comment } }));
    }
    case "copy":
      return data(
        api.POST("/tasks/{id}/copy", { params, body: { people: deed.people, comment: deed.comment } }),
      );
    case "add-signers": {
      const { people, turn, comment } = deed;
      return data(api.POST("/tasks/{id}/add-signers", { params, body: { people, turn, comment } }));
    }
    case "remove-signer":
      return data(
        api.POST("/tasks/{id}/remove-signer", {
          params,
          body: { person: deed.person, comment: deed.comment },
        }),
      );
    case "hand-back":
    case "take-back":
      return data(api.POST("/tasks/{id}/hand-back", { params, body: { comment: deed.comment } }));
    case "urge":
      return data(api.POST("/tasks/{id}/urge", { params, body: { comment: deed.comment } }));
    case "withdraw":
      return data(api.POST("/tasks/{id}/withdraw", { params, body: { comment: deed.comment } }));
  }
}
