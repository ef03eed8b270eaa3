import type { OfferView } from "../../api/types";

/** Whether taking an offer is to be thought over twice. Finishing is what everybody works towards: that is no danger. */
export function isDangerous({ effect }: OfferView): boolean {
  return effect === "pauses" || effect === "cancels";
}
